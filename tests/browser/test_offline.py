"""Capturing without a signal: kept on the phone, sent once, and never for another account."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect

from accounts.models import User
from portfolio.models import Evidence, EvidenceFile, EvidenceVersion
from tests.browser.doors import let_in
from tests.browser.test_uploads import CHUNK, DESK, MB, PHONE, SLACK, recording, sha256
from tests.browser.tunnels import tunnel
from tests.factories import (
    PASSWORD,
    Cast,
    jpeg,
    make_cast,
    make_edition,
    make_enrolment,
    make_portfolio,
)

FAKE_DEVICES = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@pytest.fixture
def cast() -> Cast:
    made = make_cast(password=PASSWORD)
    edition = make_edition()
    for learner in (made.learner, made.second_learner):
        make_enrolment(make_portfolio(made.centre, learner), edition)
    return made


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "shop.jpg"
    path.write_bytes(jpeg((640, 480)))
    return path


@pytest.fixture
def phone(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], tmp_path: Path, site: str
) -> Iterator[Callable[[], BrowserContext]]:
    """A phone: opened again, it holds what it held when it was closed."""
    opened: list[BrowserContext] = []

    def open_it() -> BrowserContext:
        arguments = [*browser_type_launch_args["args"], *FAKE_DEVICES]
        launch = {**browser_type_launch_args, "args": arguments}
        folder = str(tmp_path / "phone")
        context = browser_type.launch_persistent_context(folder, base_url=site, **PHONE, **launch)
        opened.append(context)
        return context

    yield open_it
    for context in opened:
        context.close()


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def on_each(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Page]:
    yield from signed_out_page(browser, site, request.param)


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    yield from signed_out_page(browser, site, PHONE)


def signed_out_page(browser: Browser, address: str, device: dict[str, Any]) -> Iterator[Page]:
    context = browser.new_context(base_url=address, **device)
    yield context.new_page()
    context.close()


def get_ready(page: Page, cast: Cast, address: str, learner: Any = None) -> None:
    """Sign in, open the capture page once, and let the phone keep what it needs."""
    let_in(page.context, learner or cast.learner, address)
    page.goto(f"/c/{cast.centre.slug}/capture/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    expect(page.locator("form#capture")).to_be_visible()
    page.wait_for_function("JSON.parse(localStorage['signpost.account'])?.centres")
    page.wait_for_function(
        "Object.values(JSON.parse(localStorage['signpost.account']).centres)[0].at > 0"
    )
    poll(page, "() => caches.match('/capture/').then(Boolean)")


def capture(page: Page, *files: Path, text: str = "I calmed him down.", title: str = "") -> None:
    if files:
        page.get_by_label("Choose files").set_input_files(files)
        expect(page.locator("[data-files] .upload-item")).to_have_count(len(files))
    page.get_by_label("What happened?").fill(text)
    if title:
        page.get_by_text("Title and unit (optional)").click()
        page.get_by_label("Title", exact=True).fill(title)
    page.get_by_role("button", name="Keep and send").click()
    expect(page.locator("[data-done]")).to_be_visible()


# What the phone holds of an account's captures, once `%s` is true of them.
HELD = """async (user) => {
  const opening = indexedDB.open(`signpost-${user}`);
  const database = await new Promise((done) => (opening.onsuccess = () => done(opening.result)));
  const asking = database.transaction("captures").objectStore("captures").getAll();
  const held = await new Promise((done) => (asking.onsuccess = () => done(asking.result)));
  database.close();
  return %s;
}"""


def poll(page: Page, question: str, about: Any = None) -> None:
    """Ask until the answer is yes; Playwright's own waiting takes a promise for a yes."""
    deadline = time.monotonic() + 45
    while not page.evaluate(question, about):
        assert time.monotonic() < deadline, question
        page.wait_for_timeout(50)


def wait_until(page: Page, learner: User, condition: str) -> None:
    poll(page, HELD % condition, learner.pk)


def wait_until_sent(page: Page, learner: User) -> None:
    wait_until(page, learner, "held.length === 0")
    expect(bar(page)).to_be_hidden()


def bar(page: Page) -> Any:
    return page.locator("#outbox-bar")


def faults(page: Page) -> list[str]:
    return [each["id"] for each in Axe().run(page).response["violations"]]


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


# With a signal


def test_with_a_signal_a_capture_is_sent_at_once(
    on_each: Page, cast: Cast, site: str, photo: Path
) -> None:
    page = on_each
    get_ready(page, cast, site)
    capture(page, photo, title="An unhappy customer")
    wait_until_sent(page, cast.learner)
    [version] = EvidenceVersion.objects.all()
    assert (version.title, version.status, version.account) == (
        "An unhappy customer",
        "draft",
        "I calmed him down.",
    )
    file = version.files.get()
    assert file.name == "shop.jpg"
    assert file.blob.sha256 == sha256(photo)
    page.goto(f"/c/{cast.centre.slug}/evidence/")
    expect(page.get_by_text("An unhappy customer")).to_be_visible()


def test_a_unit_may_be_named(page: Page, cast: Cast, site: str) -> None:
    get_ready(page, cast, site)
    page.get_by_text("Title and unit (optional)").click()
    page.get_by_label("Unit").select_option(index=1)
    capture(page)
    wait_until_sent(page, cast.learner)
    urn = cast.learner.portfolios.get().enrolments.get().edition.standard.urn
    assert EvidenceVersion.objects.get().title.startswith(f"{urn}: Captured ")


# Without


def test_without_a_signal_it_waits_and_is_sent_once(
    on_each: Page, cast: Cast, site: str, photo: Path
) -> None:
    page = on_each
    get_ready(page, cast, site)
    page.context.set_offline(True)
    page.goto(f"/c/{cast.centre.slug}/evidence/")  # any page: there is none without a signal
    expect(page.get_by_role("heading", level=1)).to_have_text("Capture without a signal")
    capture(page, photo, title="In the tunnel")
    expect(bar(page)).to_contain_text("1 capture is not sent yet")
    expect(page.locator(".outbox-item h3")).to_have_text("In the tunnel")
    assert not Evidence.objects.exists()
    page.context.set_offline(False)
    expect(page.locator(".outbox-item.is-sent")).to_contain_text("number 1", timeout=30_000)
    expect(bar(page)).to_be_hidden()
    assert EvidenceVersion.objects.get().title == "In the tunnel"
    page.get_by_role("link", name="Open it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("In the tunnel")


def test_what_is_unsent_is_said_on_every_page(page: Page, cast: Cast, site: str) -> None:
    get_ready(page, cast, site)
    page.context.set_offline(True)
    capture(page)
    pause(page)
    page.context.set_offline(False)
    for address in ("", "evidence/", "standards/", "outbox/"):
        page.goto(f"/c/{cast.centre.slug}/{address}")
        expect(bar(page)).to_contain_text("1 capture is not sent yet")
    bar(page).get_by_role("link", name="Open the outbox").click()
    expect(page.locator(".outbox-item")).to_have_count(1)


def pause(page: Page) -> None:
    """What waits is to be there still when the signal is back. Without a signal, any page is
    the one that the phone keeps."""
    page.goto("/capture/")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Go on")).to_be_visible()


def test_a_closed_browser_forgets_nothing(
    phone: Callable[[], BrowserContext], cast: Cast, site: str, photo: Path
) -> None:
    context = phone()
    page = context.pages[0]
    get_ready(page, cast, site)
    context.set_offline(True)
    capture(page, photo, title="Before the battery died")
    context.close()
    context = phone()
    context.set_offline(True)
    page = context.pages[0]
    page.goto(f"/c/{cast.centre.slug}/")
    expect(page.locator(".outbox-item h3")).to_have_text("Before the battery died")
    capture(page, text="And once more.")
    expect(page.locator(".outbox-item")).to_have_count(2)
    context.set_offline(False)
    expect(page.locator(".outbox-item").first).to_contain_text("Sign in again to send")
    let_in(context, cast.learner, site)
    page.goto(f"/c/{cast.centre.slug}/outbox/")
    wait_until_sent(page, cast.learner)
    made = EvidenceVersion.objects.order_by("evidence__number")
    assert [version.account for version in made] == ["I calmed him down.", "And once more."]
    assert EvidenceFile.objects.get().blob.sha256 == sha256(photo)


def test_what_nobody_finished_is_there_after_a_crash(
    phone: Callable[[], BrowserContext], cast: Cast, site: str, photo: Path
) -> None:
    context = phone()
    page = context.pages[0]
    get_ready(page, cast, site)
    context.set_offline(True)
    page.get_by_label("Take a photo").set_input_files(photo)
    expect(page.locator(".capture-picture")).to_be_visible()
    page.get_by_label("What happened?").fill("He was shouting")
    wait_until(page, cast.learner, 'held[0]?.text === "He was shouting"')
    context.close()
    context = phone()
    context.set_offline(True)
    page = context.pages[0]
    page.goto("/capture/")
    expect(page.get_by_label("What happened?")).to_have_value("He was shouting")
    expect(page.locator("[data-files] .upload-item")).to_contain_text("shop.jpg")


def test_a_voice_is_recorded_without_a_signal(
    phone: Callable[[], BrowserContext], cast: Cast, site: str
) -> None:
    context = phone()
    page = context.pages[0]
    get_ready(page, cast, site)
    context.set_offline(True)
    page.get_by_role("button", name="Record your voice").click()
    page.get_by_role("button", name="Stop recording (0:02)").click()
    expect(page.locator("[data-files] .upload-item")).to_contain_text("voice-")
    page.get_by_role("button", name="Keep and send").click()
    expect(page.locator("[data-done]")).to_be_visible()
    context.set_offline(False)
    wait_until_sent(page, cast.learner)
    assert EvidenceFile.objects.get().name.startswith("voice-")


def test_a_long_film_goes_on_where_the_tunnel_cut_it(
    browser: Browser, site: str, cast: Cast, tmp_path: Path
) -> None:
    film = recording(tmp_path, "film.wav", megabytes=12)
    with tunnel(site) as road:
        opened = signed_out_page(browser, road.address, PHONE)
        page = next(opened)
        get_ready(page, cast, road.address)
        before = road.up
        road.cut_after(7 * MB)
        capture(page, film)
        assert road.is_cut.wait(30)
        road.mend()
        wait_until_sent(page, cast.learner)
        assert road.up - before <= film.stat().st_size + CHUNK + SLACK
        assert EvidenceFile.objects.get().blob.sha256 == sha256(film)
        opened.close()


def test_an_answer_that_was_lost_makes_no_second_item(page: Page, cast: Cast, site: str) -> None:
    """The server took it in, and the phone never heard so."""
    get_ready(page, cast, site)
    lost: list[int] = []

    def lose(route: Any) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.context.route("**/captures/", lose)
    capture(page)
    expect(bar(page)).to_contain_text("1 capture is not sent yet")
    wait_until_sent(page, cast.learner)
    assert lost == [201]
    assert Evidence.objects.count() == 1


def test_two_tabs_send_it_once(page: Page, cast: Cast, site: str, photo: Path) -> None:
    get_ready(page, cast, site)
    page.context.set_offline(True)
    capture(page, photo)
    other = page.context.new_page()
    other.goto(f"/c/{cast.centre.slug}/outbox/")
    expect(other.locator(".outbox-item")).to_have_count(1)
    page.context.set_offline(False)
    for each in (page, other):
        wait_until_sent(each, cast.learner)
    assert Evidence.objects.count() == 1
    assert EvidenceFile.objects.count() == 1


def test_a_refused_file_keeps_the_rest(
    page: Page, cast: Cast, site: str, photo: Path, tmp_path: Path
) -> None:
    program = tmp_path / "tool.exe"
    program.write_bytes(b"MZ" + bytes(5000))
    get_ready(page, cast, site)
    capture(page, photo, program)
    page.goto(f"/c/{cast.centre.slug}/outbox/")
    expect(page.locator(".outbox-item")).to_contain_text("Could not be sent", timeout=30_000)
    expect(page.locator(".upload-item.is-refused")).to_contain_text("This is a program")
    with page.expect_download() as copy:
        page.get_by_role("button", name="Save a copy: tool.exe").click()
    assert Path(copy.value.path()).read_bytes() == program.read_bytes()
    page.get_by_role("button", name="Take out: tool.exe").click()
    expect(page.locator(".outbox-item.is-sent")).to_be_visible(timeout=30_000)
    assert [file.name for file in EvidenceFile.objects.all()] == ["shop.jpg"]


def test_a_capture_may_be_thrown_away_after_a_question(page: Page, cast: Cast, site: str) -> None:
    get_ready(page, cast, site)
    page.context.set_offline(True)
    capture(page)
    page.goto("/capture/")
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="No, go back").click()
    expect(page.locator(".outbox-item")).to_have_count(1)
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Yes, go on").click()
    expect(page.locator(".outbox-item")).to_have_count(0)
    expect(bar(page)).to_be_hidden()


# Room


# What a browser says when the disk is full, at the moment when it is asked to keep the bytes.
FULL = """() => {
  navigator.storage.estimate = async () => ({quota: 2_000_000, usage: 1_000_000});
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value, key) {
    if (this.name === "bytes") throw new DOMException("full", "QuotaExceededError");
    return key === undefined ? put.call(this, value) : put.call(this, value, key);
  };
}"""


def test_a_full_phone_loses_nothing_that_was_kept(
    page: Page, cast: Cast, site: str, photo: Path, tmp_path: Path
) -> None:
    get_ready(page, cast, site)
    page.context.set_offline(True)
    capture(page, photo, title="Kept before")
    page.evaluate(FULL)
    page.get_by_label("Choose files").set_input_files(recording(tmp_path, megabytes=1))
    expect(page.locator("[data-trouble]")).to_contain_text("There is no room for talk.wav")
    expect(page.locator("[data-warning]")).to_contain_text("nearly full: 976.6 KB left")
    expect(page.locator("[data-files] .upload-item")).to_have_count(0)
    wait_until(page, cast.learner, "held.length === 1")  # of the other, not a row is left
    page.context.set_offline(False)
    wait_until_sent(page, cast.learner)
    assert EvidenceVersion.objects.get().title == "Kept before"


def test_that_the_browser_may_throw_it_away_is_said(page: Page, cast: Cast, site: str) -> None:
    get_ready(page, cast, site)
    page.context.set_offline(True)
    capture(page)
    page.goto("/capture/")
    expect(page.locator("[data-warning]").first).to_contain_text("may delete what is not sent yet")


# Signing out, and somebody else


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").last.click()


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


# The browser's own ways


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
    devtools.send("ServiceWorker.dispatchSyncEvent", sync)
    deadline = time.monotonic() + 45
    while not Evidence.objects.exists():
        assert time.monotonic() < deadline
        page.wait_for_timeout(50)
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
