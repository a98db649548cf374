"""Capturing with and without a signal: kept on the phone, and sent once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from portfolio.models import Evidence, EvidenceFile, EvidenceVersion
from tests.browser.doors import let_in
from tests.browser.offline.phone import (
    away,
    bar,
    capture,
    get_ready,
    pause,
    signed_out_page,
    wait_until,
    wait_until_sent,
)
from tests.browser.sending import CHUNK, MB, PHONE, SLACK, recording, sha256
from tests.browser.tunnels import tunnel
from tests.factories import Cast


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


def test_a_closed_browser_forgets_nothing(
    phone: Callable[[], BrowserContext], cast: Cast, site: str, photo: Path
) -> None:
    context = phone()
    page = away(context, cast, site)
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
    page = away(context, cast, site)
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
    page = away(context, cast, site)
    page.get_by_role("button", name="Record your voice").click()
    page.get_by_role("button", name="Stop recording (0:02)").click()
    expect(page.locator("[data-files] .upload-item")).to_contain_text("voice-")
    page.get_by_role("button", name="Keep and send").click()
    expect(page.locator("[data-done]")).to_be_visible()
    context.set_offline(False)
    wait_until_sent(page, cast.learner)
    assert EvidenceFile.objects.get().name.startswith("voice-")


# A film of coloured frames, made by the browser itself.
FILM = """async () => {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  const type = "video/webm;codecs=vp8";
  const recorder = new MediaRecorder(canvas.captureStream(), { mimeType: type });
  const pieces = [];
  recorder.addEventListener("dataavailable", ({ data }) => pieces.push(data));
  const stopped = new Promise((resolve) => recorder.addEventListener("stop", resolve));
  recorder.start(100);
  for (let frame = 0; new Blob(pieces).size < 2000; frame += 1) {
    pen.fillStyle = `hsl(${(40 * frame) % 360} 80% 50%)`;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    await new Promise(requestAnimationFrame);
  }
  recorder.stop();
  await stopped;
  return [...new Uint8Array(await new Blob(pieces).arrayBuffer())];
}"""


def test_a_film_is_taken_without_a_signal(
    page: Page, cast: Cast, site: str, tmp_path: Path
) -> None:
    get_ready(page, cast, site)
    film = tmp_path / "till.webm"
    film.write_bytes(bytes(page.evaluate(FILM)))
    page.context.set_offline(True)
    page.get_by_label("Film").set_input_files(film)
    expect(page.locator("[data-files] .upload-item")).to_contain_text("till.webm")
    page.get_by_role("button", name="Keep and send").click()
    expect(page.locator("[data-done]")).to_be_visible()
    page.context.set_offline(False)
    wait_until_sent(page, cast.learner)
    blob = EvidenceFile.objects.get().blob
    assert (blob.media_type, blob.sha256) == ("video/webm", sha256(film))


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
