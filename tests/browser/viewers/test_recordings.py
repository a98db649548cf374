"""The viewer of film and sound."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.shown import SRT, Item
from tests.browser.viewers.telling import picked, place, tell
from tests.files.previews import makers


def media_is(viewer: Locator, condition: str) -> None:
    """Wait for what is true of the player."""
    expect(viewer.locator("[data-media]")).to_have_count(1)
    viewer.page.wait_for_function(
        f"() => {{ const media = document.querySelector('[data-media]'); return {condition}; }}"
    )


def test_a_film_is_stepped_through_by_keyboard(page: Page, opened: Callable[..., Locator]) -> None:
    viewer = opened("call.mp4", makers.film(size=(160, 120), seconds=12))
    media_is(viewer, "media.readyState >= 1")
    strip = viewer.get_by_role("slider")
    strip.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    media_is(viewer, "media.currentTime === 2")
    expect(strip).to_have_attribute("aria-valuetext", "0:02")
    page.keyboard.press("l")
    media_is(viewer, "media.currentTime === 7")
    page.keyboard.press("j")
    page.keyboard.press(".")
    media_is(viewer, "Math.abs(media.currentTime - 2.1) < 0.001")  # ten pictures a second
    page.keyboard.press(",")
    media_is(viewer, "Math.abs(media.currentTime - 2) < 0.001")
    page.keyboard.press("Shift+>")
    media_is(viewer, "media.playbackRate === 1.25")
    expect(viewer.get_by_label("Speed")).to_have_value("1.25")
    viewer.get_by_label("Speed").select_option("0.5")
    media_is(viewer, "media.playbackRate === 0.5")
    strip.press("k")
    media_is(viewer, "!media.paused")
    expect(viewer.get_by_role("button", name="Pause")).to_be_visible()
    strip.press("k")
    media_is(viewer, "media.paused")
    strip.press("End")
    media_is(viewer, "media.currentTime > 11.5")
    page.keyboard.press("Tab")
    expect(viewer.get_by_role("button", name="Back 5 seconds")).to_be_focused()


def test_from_and_to_are_marked_while_it_plays_or_stands(
    page: Page, item: Item, opened: Callable[..., Locator]
) -> None:
    viewer = opened("talk.wav", makers.film("wav", codec=None, sound="pcm_s16le", seconds=20))
    media_is(viewer, "media.readyState >= 1")
    strip = viewer.get_by_role("slider")
    box = strip.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.25, box["y"] + 10)
    media_is(viewer, "Math.abs(media.currentTime - 5) < 0.2")
    viewer.get_by_role("button", name="Mark start").click()
    assert page.evaluate("window.picked") == []
    strip.focus()
    page.keyboard.press("l")
    page.keyboard.press("o")
    made = picked(page)
    assert made["kind"] == "moment"
    assert made["begins"] == pytest.approx(5, abs=0.2)
    assert made["ends"] == pytest.approx(10, abs=0.2)
    assert made["sha256"] == item.files["talk.wav"].blob.sha256
    expect(viewer.locator("[data-picked]")).to_contain_text("to 0:")
    tell(page, viewer, "clear")
    expect(viewer.locator("[data-picked]")).to_have_text("")


def test_a_moment_plays_from_its_start_and_stops_at_its_end(
    page: Page, item: Item, opened: Callable[..., Locator]
) -> None:
    viewer = opened("talk.wav", makers.film("wav", codec=None, sound="pcm_s16le", seconds=20))
    media_is(viewer, "media.readyState >= 1")
    file = item.files["talk.wav"]
    moment = place(file, kind="moment", begins=10, ends=10.6)
    page.evaluate("window.seen = []")
    viewer.locator("[data-media]").evaluate(
        "(media) => media.addEventListener('play', () => window.seen.push(media.currentTime))"
    )
    tell(page, viewer, "goTo", moment)
    media_is(viewer, "media.paused && media.currentTime >= 10.6")
    assert page.evaluate("window.seen") == [10]
    media_is(viewer, "media.currentTime < 12")
    tell(page, viewer, "show", [{**moment, "code": "P4"}])
    link = viewer.get_by_role("link", name="P4 0:10 to 0:10.6")
    link.press("Enter")
    media_is(viewer, "media.paused && media.currentTime >= 10.6")
    assert len(page.evaluate("window.seen")) == 2
    expect(viewer.locator("[data-bands] rect")).to_have_attribute("x", "50")


def test_captions_are_read(page: Page, item: Item, opened: Callable[..., Locator]) -> None:
    item.add("call.srt", SRT)
    viewer = opened("call.mp4", makers.film(size=(160, 120)))
    media_is(viewer, "media.textTracks[0].mode === 'showing'")
    media_is(viewer, "media.textTracks[0].cues?.length === 1")
    cue = "(media) => media.textTracks[0].cues[0].text"
    assert viewer.locator("[data-media]").evaluate(cue) == "Good morning, Mr Hale."
