"""A voice that is being recorded: kept piece by piece, however the recording ends."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from portfolio.models import EvidenceFile
from tests.browser.doors import let_in
from tests.browser.offline.phone import away, get_ready, poll, wait_for_files, wait_until_sent
from tests.browser.sending import faults, fits
from tests.factories import Cast

# Played without a sound, its hand moves; a broken file would say so instead.
IS_PLAYED = """() => {
  const player = document.querySelector(".capture-player");
  if (player.error) throw new Error(player.error.message);
  player.muted = true;
  if (player.paused) player.play();
  return player.currentTime > 0 || player.ended;
}"""

# As a phone does when a call comes in: the microphone is taken away.
HOLD_THE_MICROPHONE = """() => {
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => (window.microphone = await ask(wanted));
}"""
TAKE_IT_AWAY = "window.microphone.getTracks().forEach((track) => track.stop())"


def record(page: Page) -> None:
    page.get_by_role("button", name="Record your voice").click()
    for_a_while = re.compile(r"Stop recording \((?!0:00)")
    expect(page.get_by_role("button", name=for_a_while)).to_be_visible()


def test_a_recording_outlives_a_closed_browser(
    phone: Callable[[], BrowserContext], cast: Cast, site: str
) -> None:
    context = phone()
    page = away(context, cast, site)
    record(page)
    wait_for_files(page, cast.learner, "held[0]?.size > 0")
    context.close()
    context = phone()
    let_in(context, cast.learner, site)
    page = context.pages[0]
    page.goto(f"/c/{cast.centre.slug}/capture/")
    expect(page.locator("[data-files] .upload-item")).to_contain_text(
        "This recording was cut off when the page closed."
    )
    poll(page, IS_PLAYED)
    assert faults(page) == []
    assert fits(page)
    page.get_by_role("button", name="Keep and send").click()
    wait_until_sent(page, cast.learner)
    file = EvidenceFile.objects.get()
    assert re.fullmatch(r"voice-\d{8}-\d{6}\.webm", file.name)
    assert file.blob.size > 0


def test_a_recording_that_was_interrupted_is_added_and_so_is_one_under_way(
    phone: Callable[[], BrowserContext], cast: Cast, site: str
) -> None:
    page = phone().pages[0]
    get_ready(page, cast, site)
    page.evaluate(HOLD_THE_MICROPHONE)
    record(page)
    page.evaluate(TAKE_IT_AWAY)
    expect(page.locator("[data-trouble]")).to_contain_text("The recording stopped by itself.")
    expect(page.locator("[data-files] .upload-item")).to_have_count(1)
    record(page)
    page.get_by_role("button", name="Keep and send").click()
    expect(page.locator("[data-done]")).to_be_visible()
    expect(page.get_by_role("button", name="Record your voice")).to_be_visible()
    wait_until_sent(page, cast.learner)
    assert EvidenceFile.objects.filter(name__startswith="voice-").count() == 2
