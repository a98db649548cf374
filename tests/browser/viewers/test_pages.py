"""The viewer of pages: by keyboard, its words, and where it is told to go."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.shown import Item, letter
from tests.browser.viewers.telling import picked, place, tell


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
