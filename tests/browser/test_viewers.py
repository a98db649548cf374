"""Viewers in a browser: by mouse, touch and keyboard, wide and narrow, and without scripts."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from files.models import Preview
from portfolio.anchors.texts import account_text
from portfolio.models import EvidenceFile
from tests.browser.doors import sign_in
from tests.browser.shown import SRT, Item, book, letter, mail, make_item, photo
from tests.factories import jpeg
from tests.files.previews import makers

LISTEN = """
window.picked = [];
document.addEventListener("signpost:select", ({ detail }) => window.picked.push(detail));
"""
VIEWER = """async ([id, name, argument]) => {
  const { viewerOf } = await import(document.querySelector('script[src*="viewers/viewer"]').src);
  await viewerOf(document.getElementById(id))[name](argument);
}"""
NOTHING = dict.fromkeys(
    "kind file quote prefix suffix start page last_page x y width height begins ends".split()
)


@pytest.fixture
def item() -> Item:
    return make_item()


@pytest.fixture
def trouble(page: Page) -> Iterator[list[str]]:
    """What the browser complains of: errors in scripts, and what the policy blocked."""
    heard: list[str] = []
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("console", lambda line: heard.append(line.text) if line.type == "error" else None)
    yield heard
    assert heard == []


@pytest.fixture
def opened(page: Page, item: Item, trouble: list[str]) -> Callable[..., Locator]:
    """Her own page of one file, ready for use; gives its viewer."""

    def open_it(name: str, data: bytes, *, marking: bool = True) -> Locator:
        item.add(name, data)
        page.add_init_script(LISTEN)
        sign_in(page, item.cast.learner)
        page.goto(item.large(name, "?marking=1" if marking else ""))
        expect(page.locator("[data-bar], [data-text], [data-sheet]").first).to_be_visible()
        return page.locator("[data-viewer]")

    return open_it


def picked(page: Page, count: int = 1) -> dict[str, Any]:
    """The last thing that was picked, once there are so many."""
    page.wait_for_function("(count) => window.picked.length >= count", arg=count)
    found = page.evaluate("window.picked")
    assert len(found) == count
    return found[-1]


def tell(page: Page, viewer: Locator, name: str, argument: Any = None) -> None:
    page.evaluate(VIEWER, [viewer.get_attribute("id"), name, argument])


def place(file: EvidenceFile | None, sha256: str = "", **fields: Any) -> dict[str, Any]:
    return {
        **NOTHING,
        "file": file.pk if file else None,
        "sha256": file.blob.sha256 if file else sha256,
        **fields,
    }


def select_words(page: Page, holder: str, start: int, end: int) -> None:
    """As a finger or Shift and the arrow keys do it; counted in JavaScript's units."""
    page.evaluate(
        """([holder, start, end]) => {
          const walker = document.createTreeWalker(
            document.querySelector(holder), NodeFilter.SHOW_TEXT);
          const range = document.createRange();
          let at = 0;
          while (walker.nextNode()) {
            const { length } = walker.currentNode.data;
            if (at <= start && start < at + length) range.setStart(walker.currentNode, start - at);
            if (at < end && end <= at + length) range.setEnd(walker.currentNode, end - at);
            at += length;
          }
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }""",
        [holder, start, end],
    )


# Everything on one page ------------------------------------------------------------------------


def fill(item: Item) -> None:
    item.add("letter.pdf", letter())
    item.add("shop.jpg", photo())
    item.add("call.mp4", makers.film(size=(160, 120)))
    item.add("call.srt", SRT)
    item.add("talk.wav", makers.film("wav", codec=None, sound="pcm_s16le"))
    item.add("notes.txt", b"I rang him back.")
    item.add("calls.xlsx", book())
    item.add("thanks.eml", mail())
    item.add("old.zip", b"PK\3\4")
    item.anchor(None, "P1", "passage", quote="Mr Hale", start=7)
    item.anchor("shop.jpg", "P2", "region", x=0.3, y=0.15, width=0.4, height=0.25)
    item.anchor("letter.pdf", "P3", "passage", page=1, quote="rang her", start=2)
    item.anchor("call.mp4", "P4", "moment", begins=0.5, ends=1)
    item.anchor("talk.wav", "P5", "moment", begins=0.5, ends=1)
    item.anchor("calls.xlsx", "P6", "whole")


def test_every_kind_is_right_wide_and_narrow_light_and_dark(
    page: Page, item: Item, trouble: list[str]
) -> None:
    fill(item)
    sign_in(page, item.cast.learner)
    for width in (360, 1440):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            page.goto(item.address)
            expect(page.locator("[data-bar]").first).to_be_visible()
            root = "document.documentElement"
            assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"), (width, scheme)
            found = Axe().run(page).response["violations"]
            assert [(each["id"], [n["target"] for n in each["nodes"]]) for each in found] == []


def test_what_a_thumb_presses_is_large_enough(page: Page, item: Item, trouble: list[str]) -> None:
    fill(item)
    sign_in(page, item.cast.learner)
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(item.address)
    expect(page.locator("[data-bar]").first).to_be_visible()
    for target in page.locator(".viewer button:visible, .viewer-moments a:visible").all():
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= 44, target.inner_html()
        assert box["width"] >= 44, target.inner_html()


def test_everything_is_there_without_scripts(browser: Browser, base_url: str, item: Item) -> None:
    fill(item)
    with browser.new_context(java_script_enabled=False, base_url=base_url) as context:
        page = context.new_page()
        sign_in(page, item.cast.learner)
        page.goto(item.address)
        expect(page.locator("[data-bar]:visible, [data-strip]:visible")).to_have_count(0)
        expect(page.get_by_role("img", name="Page 2 of 3")).to_be_visible()
        expect(page.get_by_role("img", name="shop.jpg")).to_be_visible()
        for player in ("video", "audio"):
            expect(page.locator(f"{player}[controls]")).to_be_visible()
        expect(page.get_by_text("I rang him back.")).to_be_visible()
        expect(page.get_by_role("cell", name="129 October")).to_have_count(0)
        expect(page.get_by_role("cell", name="late", exact=True)).to_be_visible()
        expect(page.get_by_text("It came on time today.")).to_be_visible()
        expect(page.locator(".viewer-box:visible")).to_have_count(2)
        expect(page.get_by_role("link", name="P4 0:00.5 to 0:01")).to_be_visible()
        page.get_by_role("link", name="See it large").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("letter.pdf")


# Pages -----------------------------------------------------------------------------------------


def test_pages_by_keyboard(page: Page, opened: Callable[..., Locator]) -> None:
    viewer = opened("letter.pdf", letter())
    stage = viewer.locator("[data-stage]")
    first = viewer.locator("[data-page]").first
    stage.focus()
    page.keyboard.press("+")
    expect(viewer.locator("[data-zoom]")).to_have_text("125 %")
    assert width(first) == pytest.approx(1.25 * inner_width(stage), rel=0.01)
    page.keyboard.press("0")
    expect(viewer.locator("[data-zoom]")).to_have_text("100 %")
    page.keyboard.press("n")
    expect(viewer.locator("[data-jump]")).to_have_value("2")
    expect(viewer.get_by_role("img", name="Page 2 of 3")).to_be_in_viewport()
    upright = first.evaluate("(page) => page.offsetHeight / page.offsetWidth")
    page.keyboard.press("r")
    sideways = first.evaluate("(page) => page.offsetHeight / page.offsetWidth")
    assert upright * sideways == pytest.approx(1, rel=0.01)
    expect(viewer.locator("[data-jump]")).to_have_value("2")
    viewer.locator("[data-jump]").fill("3")
    viewer.locator("[data-jump]").press("Enter")
    expect(viewer.get_by_role("img", name="Page 3 of 3")).to_be_in_viewport()
    # No trap: Tab leads through the tools and out again.
    stage.focus()
    page.keyboard.press("Tab")
    assert stage.evaluate("(stage) => stage !== document.activeElement")


def width(element: Locator) -> float:
    return element.evaluate("(element) => element.getBoundingClientRect().width")


def inner_width(element: Locator) -> float:
    return element.evaluate("(element) => element.clientWidth")


def test_words_lie_over_their_picture(page: Page, opened: Callable[..., Locator]) -> None:
    viewer = opened("letter.pdf", letter())
    layer = viewer.locator(".viewer-words").first
    expect(layer).to_have_js_property("textContent", "I rang her\nback today")
    sheet = viewer.locator("[data-turn]").first.bounding_box()
    word = layer.locator("span", has_text="back").bounding_box()
    assert sheet is not None
    assert word is not None
    # An inch and a line down the margin: 72 of 612 points from the left, 120 of 792 down.
    assert (word["x"] - sheet["x"]) / sheet["width"] == pytest.approx(72 / 612, abs=0.01)
    assert (word["y"] - sheet["y"]) / sheet["height"] == pytest.approx(0.115, abs=0.02)


def test_words_of_a_page_are_selected_as_a_passage(
    page: Page, item: Item, opened: Callable[..., Locator]
) -> None:
    viewer = opened("letter.pdf", letter())
    layer = viewer.locator(".viewer-words").nth(1)
    viewer.locator("[data-stage]").press("n")
    expect(layer).to_have_js_property("textContent", "He was glad of it\nand said so twice")
    layer.locator("span", has_text="glad").hover(position={"x": 1, "y": 15})
    page.mouse.down()
    layer.locator("span", has_text="said").hover(position={"x": 50, "y": 12})
    page.mouse.up()
    made = picked(page)
    file = item.files["letter.pdf"]
    assert made["kind"] == "passage"
    assert (made["file"], made["sha256"], made["page"]) == (file.pk, file.blob.sha256, 2)
    assert made["start"] == 7
    assert made["quote"].startswith("glad of it\nand sa")
    assert made["prefix"] == "He was "


def test_goto_and_show_on_a_page(page: Page, item: Item, opened: Callable[..., Locator]) -> None:
    viewer = opened("letter.pdf", letter())
    file = item.files["letter.pdf"]
    passage = place(file, kind="passage", page=3, start=4, quote="third page")
    tell(page, viewer, "goTo", passage)
    expect(viewer.get_by_role("img", name="Page 3 of 3")).to_be_in_viewport()
    expect(viewer.locator(".viewer-flash")).to_be_in_viewport()
    expect(viewer.locator("[data-jump]")).to_have_value("3")
    region = place(file, kind="region", page=2, x=0.1, y=0.1, width=0.5, height=0.2)
    other = {**region, "file": file.pk + 1}
    shown = [{**passage, "code": "P1", "id": 7}, {**region, "code": "P2"}, {**other, "code": "P3"}]
    tell(page, viewer, "show", shown)
    expect(viewer.locator(".viewer-box")).to_have_count(2)
    expect(viewer.locator(".viewer-label")).to_have_text(["P2", "P1"])
    expect(viewer.locator("#mark-7")).to_have_count(1)
    expect(viewer.locator("[data-page='3'] [data-marked]")).to_have_text("Marked here: P1")
    tell(page, viewer, "show", [])
    expect(viewer.locator(".viewer-box, .viewer-label")).to_have_count(0)


# A part of a picture ---------------------------------------------------------------------------


def near(made: dict[str, Any], x: float, y: float, across: float, down: float) -> None:
    found = [made[key] for key in ("x", "y", "width", "height")]
    assert found == pytest.approx([x, y, across, down], abs=0.015)


def drag(page: Page, viewer: Locator, x: float, y: float, to_x: float, to_y: float) -> None:
    box = viewer.locator("[data-page]").first.bounding_box()
    assert box is not None
    at = lambda u, v: (box["x"] + u * box["width"], box["y"] + v * box["height"])  # noqa: E731
    page.mouse.move(*at(x, y))
    page.mouse.down()
    page.mouse.move(*at(to_x, to_y), steps=4)
    page.mouse.up()


def test_a_part_is_marked_by_mouse(page: Page, item: Item, opened: Callable[..., Locator]) -> None:
    viewer = opened("shop.jpg", photo())
    drag(page, viewer, 0.2, 0.2, 0.4, 0.4)
    assert page.evaluate("window.picked") == []  # only once the tool is in hand
    viewer.get_by_role("button", name="Mark a part").click()
    drag(page, viewer, 0.3, 0.15, 0.7, 0.4)
    made = picked(page)
    assert (made["kind"], made["page"], made["file"]) == ("region", None, item.files["shop.jpg"].pk)
    near(made, 0.3, 0.15, 0.4, 0.25)
    expect(viewer.locator(".viewer-frame")).to_be_visible()
    tell(page, viewer, "clear")
    expect(viewer.locator(".viewer-frame")).to_have_count(0)


@pytest.mark.parametrize(
    ("turns", "box"),
    [
        (1, (0.2, 0.4, 0.3, 0.5)),
        (2, (0.4, 0.5, 0.5, 0.3)),
        (3, (0.5, 0.1, 0.3, 0.5)),
    ],
)
def test_a_part_of_a_turned_picture_is_where_it_lies_on_the_picture(
    page: Page, opened: Callable[..., Locator], turns: int, box: tuple[float, ...]
) -> None:
    viewer = opened("shop.jpg", photo())
    for _ in range(turns):
        viewer.get_by_role("button", name="Turn").click()
    viewer.get_by_role("button", name="Mark a part").click()
    drag(page, viewer, 0.1, 0.2, 0.6, 0.5)
    near(picked(page), *box)
    # What was drawn is seen where it was drawn.
    frame = viewer.locator(".viewer-frame").bounding_box()
    seen = viewer.locator("[data-page]").bounding_box()
    assert frame is not None
    assert seen is not None
    assert (frame["x"] - seen["x"]) / seen["width"] == pytest.approx(0.1, abs=0.02)
    assert (frame["y"] - seen["y"]) / seen["height"] == pytest.approx(0.2, abs=0.02)


def test_a_part_is_marked_by_keyboard(page: Page, opened: Callable[..., Locator]) -> None:
    viewer = opened("shop.jpg", photo())
    viewer.get_by_role("button", name="Mark a part").press("Enter")
    frame = viewer.locator(".viewer-frame")
    expect(frame).to_be_focused()
    expect(viewer.locator("[data-said]")).to_contain_text("Arrow keys move the box")
    for key, times in (("ArrowRight", 5), ("ArrowUp", 10), ("Shift+ArrowDown", 5)):
        for _ in range(times):
            page.keyboard.press(key)
    page.keyboard.press("Enter")
    near(picked(page), 0.35, 0.2, 0.4, 0.45)
    page.keyboard.press("Escape")
    expect(frame).to_have_count(0)
    expect(viewer.get_by_role("button", name="Mark a part")).to_be_focused()
    expect(viewer.get_by_role("button", name="Mark a part")).to_have_attribute(
        "aria-pressed", "false"
    )


def test_a_part_is_marked_by_touch(browser: Browser, base_url: str, item: Item) -> None:
    item.add("letter.pdf", letter())
    phone = {"width": 360, "height": 740}
    with browser.new_context(base_url=base_url, viewport=phone, has_touch=True) as context:
        page = context.new_page()
        page.add_init_script(LISTEN)
        sign_in(page, item.cast.learner)
        page.goto(item.large("letter.pdf", "?marking=1"))
        viewer = page.locator("[data-viewer]")
        viewer.get_by_role("button", name="Mark a part").tap()
        sheet = viewer.locator("[data-page]").first
        sheet.scroll_into_view_if_needed()
        box = sheet.bounding_box()
        assert box is not None
        touch(page, box, [(0.2, 0.1), (0.4, 0.2), (0.6, 0.25)])
        made = picked(page)
    assert (made["kind"], made["page"]) == ("region", 1)
    near(made, 0.2, 0.1, 0.4, 0.15)


def touch(page: Page, box: Any, path: list[tuple[float, float]]) -> None:
    """A finger drawn along a path, as the browser gets it from the screen."""
    session = page.context.new_cdp_session(page)
    for number, (u, v) in enumerate(path):
        point = {"x": box["x"] + u * box["width"], "y": box["y"] + v * box["height"]}
        kind = "touchMove" if number else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_picture_is_moved_by_mouse_once_it_is_larger_than_its_space(
    page: Page, opened: Callable[..., Locator]
) -> None:
    viewer = opened("shop.jpg", photo())
    stage = viewer.locator("[data-stage]")
    for _ in range(6):
        viewer.get_by_role("button", name="Larger").click()
    before = stage.evaluate("(stage) => [stage.scrollLeft, stage.scrollTop]")
    box = stage.bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + 200)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] - 60, middle[1] - 40, steps=3)
    page.mouse.up()
    after = stage.evaluate("(stage) => [stage.scrollLeft, stage.scrollTop]")
    assert [b - a for a, b in zip(before, after, strict=True)] == pytest.approx([60, 40], abs=2)


# Film and sound --------------------------------------------------------------------------------


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


# Text ------------------------------------------------------------------------------------------


def test_a_sentence_of_the_account_is_selected(page: Page, item: Item, trouble: list[str]) -> None:
    item.version.account_html = "<p>\N{GRINNING FACE} I rang <em>Mr Hale</em> back.</p>"
    item.version.save()
    page.add_init_script(LISTEN)
    sign_in(page, item.cast.learner)
    page.goto(item.address)
    # JavaScript counts the face as two; the server, as one.
    select_words(page, "#account-viewer [data-text]", 5, 17)
    made = picked(page)
    text = account_text(item.version)
    assert (made["kind"], made["file"], made["page"]) == ("passage", None, None)
    assert made["quote"] == "rang Mr Hale"
    assert text[made["start"] :].startswith("rang Mr Hale")
    assert (made["prefix"], made["suffix"]) == ("\N{GRINNING FACE} I ", " back.")


def test_passages_are_shown_and_gone_to_without_changing_the_text(
    page: Page, item: Item, opened: Callable[..., Locator]
) -> None:
    text = "Line of \N{GRINNING FACE} notes.\n" * 200 + "The end of it."
    viewer = opened("notes.txt", text.encode())
    file, start = item.files["notes.txt"], text.index("end of it")
    first = place(file, kind="passage", start=start, quote="end of it")
    second = place(file, kind="passage", start=start + 4, quote="of it.")
    holder = viewer.locator("[data-text]")
    tell(page, viewer, "show", [{**first, "code": "P1"}, {**second, "code": "P2"}])
    expect(viewer.locator("mark")).to_have_text(["end ", "of it", "."])
    assert viewer.locator("mark[data-label]").evaluate_all(
        "(marks) => marks.map((mark) => mark.dataset.label)"
    ) == ["P1", "P2"]
    expect(holder).to_have_js_property("textContent", text)
    expect(viewer.locator("mark").first).not_to_be_in_viewport()
    tell(page, viewer, "goTo", first)
    expect(viewer.locator("mark").first).to_be_in_viewport()
    tell(page, viewer, "show", [])
    expect(viewer.locator("mark")).to_have_count(0)
    expect(holder).to_have_js_property("textContent", text)


def test_sheets_are_seen_one_at_a_time(opened: Callable[..., Locator]) -> None:
    viewer = opened("calls.xlsx", book())
    expect(viewer.get_by_role("cell", name="1 October", exact=True)).to_be_visible()
    expect(viewer.get_by_role("cell", name="late", exact=True)).to_be_hidden()
    viewer.get_by_role("link", name="Complaints").press("Enter")
    expect(viewer.get_by_role("cell", name="late", exact=True)).to_be_visible()
    expect(viewer.get_by_role("link", name="Complaints")).to_have_attribute("aria-current", "true")


# On its way ------------------------------------------------------------------------------------


def test_what_is_being_made_comes_by_itself(page: Page, item: Item, trouble: list[str]) -> None:
    item.add("shop.jpg", jpeg((300, 200)))
    Preview.objects.all().delete()
    sign_in(page, item.cast.learner)
    page.goto(item.address)
    # The page asks; the worker makes it; the viewer comes in the place of what was there.
    expect(page.get_by_role("button", name="Turn")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("img", name="shop.jpg")).to_be_visible()
    assert Preview.objects.get().status == Preview.Status.READY
