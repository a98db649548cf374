"""Capturing by the browser's own ways, by keyboard alone, and without scripts."""

import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from portfolio.models import Evidence, EvidenceFile, EvidenceVersion
from tests.browser.doors import let_in
from tests.browser.offline.phone import capture, get_ready, wait_until_sent
from tests.browser.sending import faults, fits, sha256
from tests.factories import Cast


def test_the_worker_sends_when_no_page_is_open(
    page: Page, cast: Cast, site: str, photo: Path
) -> None:
    """The browser's Background Sync, set off by hand."""
    get_ready(page, cast, site)
    page.context.set_offline(True)
    capture(page, photo)
    devtools = page.context.new_cdp_session(page)
    workers: list[Any] = []
    devtools.on("ServiceWorker.workerRegistrationUpdated", lambda said: workers.append(said))
    devtools.send("ServiceWorker.enable")
    page.goto("about:blank")
    page.context.set_offline(False)
    known = [each for said in workers for each in said["registrations"]]
    sync = {"registrationId": known[-1]["registrationId"], "lastChance": True}
    sync |= {"origin": site, "tag": f"outbox-{cast.learner.pk}"}
    deadline = time.monotonic() + 45
    while not Evidence.objects.exists():
        assert time.monotonic() < deadline
        # Again, as a browser does: the worker may hear later than the page of the signal.
        devtools.send("ServiceWorker.dispatchSyncEvent", sync)
        page.wait_for_timeout(3000)
    assert EvidenceFile.objects.get().blob.sha256 == sha256(photo)


def test_the_page_can_be_installed(page: Page, cast: Cast, site: str) -> None:
    get_ready(page, cast, site)
    devtools = page.context.new_cdp_session(page)
    assert devtools.send("Page.getAppManifest")["errors"] == []
    assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] in (
        [],
        [{"errorId": "in-incognito", "errorArguments": []}],
    )


# For everybody


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_capture_and_outbox_are_usable_by_all(
    on_each: Page, cast: Cast, site: str, photo: Path, scheme: Any
) -> None:
    page = on_each
    page.emulate_media(color_scheme=scheme)
    get_ready(page, cast, site)
    page.get_by_label("Take a photo").set_input_files(photo)
    expect(page.locator(".capture-picture")).to_be_visible()
    page.locator("#capture-more summary").click()
    assert faults(page) == []
    assert fits(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Keep and send").click()
    expect(page.locator("[data-done]")).to_be_visible()
    assert faults(page) == []
    page.goto(f"/c/{cast.centre.slug}/")
    expect(page.locator(".outbox-item")).to_have_count(1)
    assert faults(page) == []
    assert fits(page)
    page.context.set_offline(False)
    expect(page.locator(".outbox-item.is-sent")).to_be_visible(timeout=30_000)
    assert faults(page) == []
    page.goto(f"/c/{cast.centre.slug}/outbox/")
    expect(page.get_by_text("Nothing waits here.")).to_be_visible()
    assert faults(page) == []
    assert fits(page)


def test_capturing_needs_only_the_keyboard(page: Page, cast: Cast, site: str) -> None:
    get_ready(page, cast, site)
    page.locator("[data-add]").first.focus()
    with page.expect_file_chooser():
        page.keyboard.press("Space")
    page.locator("[data-add]").nth(1).focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Record your voice")).to_be_focused()
    page.get_by_label("What happened?").focus()
    page.keyboard.type("By keys alone.")
    page.get_by_role("button", name="Keep and send").press("Enter")
    wait_until_sent(page, cast.learner)
    assert EvidenceVersion.objects.get().account == "By keys alone."


@pytest.mark.parametrize("name", ["capture", "outbox"])
def test_without_scripts_the_page_says_what_to_do(
    browser: Browser, cast: Cast, site: str, name: str
) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    let_in(context, cast.learner, site)
    page = context.new_page()
    page.goto(f"/c/{cast.centre.slug}/{name}/")
    said = page.locator("noscript").inner_html()
    assert "JavaScript" in said
    assert ("/evidence/add/" in said) == (name == "capture")
    context.close()
