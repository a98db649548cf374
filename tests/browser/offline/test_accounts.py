"""Captures are never for another account: signing out, and somebody else."""

from pathlib import Path

from django.conf import settings
from playwright.sync_api import Page, expect

from portfolio.models import Evidence, EvidenceFile, EvidenceVersion
from tests.browser.offline.phone import bar, capture, get_ready, pause, sign_out, wait_until_sent
from tests.factories import PASSWORD, Cast


def test_signing_out_with_something_unsent_asks_first(page: Page, cast: Cast, site: str) -> None:
    get_ready(page, cast, site)
    page.context.set_offline(True)
    capture(page, title="Only hers")
    pause(page)
    page.context.set_offline(False)
    sign_out(page)
    expect(page.get_by_role("dialog")).to_contain_text("Not sent yet: 1.")
    page.get_by_role("button", name="No, go back").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign out?")
    sign_out(page)
    page.get_by_role("button", name="Yes, go on").click()
    page.wait_for_url("**/accounts/login/**")
    expect(bar(page)).to_be_hidden()


def test_the_next_account_on_the_phone_neither_sees_nor_sends_it(
    page: Page, cast: Cast, site: str, photo: Path
) -> None:
    get_ready(page, cast, site)
    page.context.set_offline(True)
    capture(page, photo, title="Only hers")
    pause(page)
    page.context.set_offline(False)
    sign_out(page)
    page.get_by_role("button", name="Yes, go on").click()
    page.wait_for_url("**/accounts/login/**")
    get_ready(page, cast, site, cast.second_learner)
    page.goto(f"/c/{cast.centre.slug}/outbox/")
    expect(page.get_by_text("Nothing waits here.")).to_be_visible()
    expect(bar(page)).to_be_hidden()
    page.context.set_offline(True)
    page.goto(f"/c/{cast.centre.slug}/outbox/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Capture without a signal")
    expect(page.get_by_text("Nothing waits here.")).to_be_visible()
    assert "Only hers" not in page.content()
    page.context.set_offline(False)
    assert not Evidence.objects.exists()
    page.context.clear_cookies()
    get_ready(page, cast, site)
    page.goto(f"/c/{cast.centre.slug}/outbox/")
    page.get_by_role("button", name="Go on").click()
    wait_until_sent(page, cast.learner)
    assert EvidenceVersion.objects.get().evidence.portfolio.learner == cast.learner


KEPT = """async () => {
  const kept = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const answer = await cache.match(request, {ignoreVary: true});
      const type = answer.headers.get("Content-Type") ?? "";
      kept[request.url] = /text|javascript|json|svg/.test(type) ? await answer.text() : "";
    }
  }
  return kept;
}"""


def test_no_cache_holds_anything_of_an_account(page: Page, cast: Cast, site: str) -> None:
    get_ready(page, cast, site)
    for address in ("", "evidence/", "capture/", "outbox/", "standards/"):
        page.goto(f"/c/{cast.centre.slug}/{address}")
    before: dict[str, str] = page.evaluate(KEPT)
    sign_out(page)
    page.wait_for_url("**/accounts/login/**")
    after: dict[str, str] = page.evaluate(KEPT)
    assert before.keys() == after.keys()
    assert f"{site}/capture/" in after
    for address, content in (before | after).items():
        path = address.removeprefix(site)
        assert path == "/capture/" or path.startswith("/static/")
        for private in (cast.learner.name, cast.learner.email, cast.centre.name, cast.centre.slug):
            assert private not in content, address
    assert page.evaluate("localStorage['signpost.account']") is None
    page.context.set_offline(True)
    page.goto(f"/c/{cast.centre.slug}/capture/")
    expect(page.locator("[data-capture-cannot]")).to_contain_text("Sign in on this device once")
    assert cast.centre.name not in page.content()


def test_an_expired_session_keeps_everything_and_says_so(
    page: Page, cast: Cast, site: str, photo: Path
) -> None:
    get_ready(page, cast, site)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    capture(page, photo)
    expect(bar(page)).to_have_class("outbox-bar is-trouble")
    page.goto(f"/c/{cast.centre.slug}/outbox/")
    page.wait_for_url("**/accounts/login/**")
    expect(bar(page)).to_contain_text("Sign in to send what waits on this device: 1")
    page.fill("[name=login]", cast.learner.email)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in").first.click()
    page.wait_for_url("**/outbox/")
    wait_until_sent(page, cast.learner)
    assert EvidenceFile.objects.count() == 1
