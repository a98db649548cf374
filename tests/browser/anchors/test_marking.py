"""Exact places marked by mouse, touch and keyboard, at a desk and on a phone."""

from typing import Any

import pytest
from playwright.sync_api import CDPSession, Locator, Page, expect

from portfolio.anchors.texts import account_text
from portfolio.models import Anchor
from tests.browser.anchors.claims_page import add_to, claims_of, only, row, saved
from tests.browser.shown import Item, letter, photo

# A passage


def words(page: Page, text: str) -> dict[str, float]:
    """Where some words of the account stand in the window."""
    found: dict[str, float] = page.locator("#account-viewer [data-text]").evaluate(
        """(holder, text) => {
          const walker = document.createTreeWalker(holder, NodeFilter.SHOW_TEXT);
          let node = walker.nextNode();
          while (!node.data.includes(text)) node = walker.nextNode();
          const range = document.createRange();
          range.setStart(node, node.data.indexOf(text));
          range.setEnd(node, node.data.indexOf(text) + text.length);
          const { left, right, top, bottom } = range.getBoundingClientRect();
          return { left, right, middle: (top + bottom) / 2 };
        }""",
        text,
    )
    return found


def test_words_by_mouse(desk: Page, item: Item) -> None:
    page = claims_of(desk, item)
    page.locator("#account-viewer").scroll_into_view_if_needed()
    at = words(page, "delivery had come late")
    page.mouse.move(at["left"] + 1, at["middle"])
    page.mouse.down()
    page.mouse.move(at["right"] - 1, at["middle"], steps=6)
    page.mouse.up()
    expect(page.locator("[data-sheet-place]")).to_have_text("“delivery had come late”")
    add_to(page, "P5")
    anchor = only(item, "P5")
    assert anchor.quote == "delivery had come late"
    assert account_text(item.version)[anchor.start :].startswith(anchor.quote)
    expect(page.locator("#account-viewer .viewer-mark")).to_have_attribute("data-label", "P5")
    expect(row(page, "P5").get_by_role("checkbox", name="P5")).to_be_checked()


def choose_by_keys(page: Page, code: str) -> None:
    """What is chosen shows this criterion."""
    page.keyboard.press("Enter")
    expect(page.get_by_label("It shows")).to_be_focused()
    page.keyboard.type(code)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    saved(page)


def test_words_by_keyboard(desk: Page, item: Item) -> None:
    page = claims_of(desk, item)
    page.get_by_role("button", name="Choose words with the keyboard").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("[data-sheet-place]")).to_have_text("“rang Mr Hale”")
    choose_by_keys(page, "P6")
    assert only(item, "P6").quote == "rang Mr Hale"
    assert page.evaluate("document.activeElement !== document.body")


def test_words_of_a_page_by_keyboard(desk: Page, item: Item) -> None:
    item.add("letter.pdf", letter())
    page = claims_of(desk, item)
    viewer = page.locator("[data-kind=pages]")
    viewer.locator("[data-stage]").press("n")
    expect(viewer.locator("[data-jump]")).to_have_value("2")
    viewer.get_by_role("button", name="Choose words with the keyboard").focus()
    page.keyboard.press("Enter")
    expect(viewer.locator(".viewer-words").nth(1)).to_be_focused()
    page.keyboard.press("ArrowRight")
    for _ in range(2):
        page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("[data-sheet-place]")).to_have_text("letter.pdf, page 2: “was glad”")
    choose_by_keys(page, "P6")
    anchor = only(item, "P6")
    assert (anchor.page, anchor.quote, anchor.start) == (2, "was glad", 3)
    expect(viewer.locator(".viewer-label text")).to_have_text("P6")


def test_words_by_touch(phone: Page, item: Item) -> None:
    """The phone's own handles choose the words; a browser without a hand is told to choose them."""
    page = claims_of(phone, item)
    row(page, "P4").get_by_role("button", name="Mark the place").tap()
    expect(page.locator("#account-viewer")).to_be_in_viewport()
    expect(page.locator("[data-sheet-place]")).to_contain_text("Marking for P4")
    page.locator("#account-viewer [data-text]").evaluate(
        """(holder) => {
          const walker = document.createTreeWalker(holder, NodeFilter.SHOW_TEXT);
          let node = walker.nextNode();
          while (!node.data.includes("delivery")) node = walker.nextNode();
          const start = node.data.indexOf("delivery");
          getSelection().setBaseAndExtent(node, start, node, start + "delivery".length);
        }"""
    )
    expect(page.locator("[data-sheet-place]")).to_have_text("“delivery”")
    add_to(page, "P4", tap=True)
    assert only(item).quote == "delivery"
    page.get_by_role("button", name="Done").tap()
    expect(row(page, "P4")).to_be_in_viewport()


# A part of a picture


def at_point(box: Any, x: float, y: float) -> tuple[float, float]:
    return box["x"] + box["width"] * x, box["y"] + box["height"] * y


def draw(page: Page, viewer: Locator, *, finger: bool) -> None:
    sheet = viewer.locator("[data-turn]")
    page.wait_for_function("() => document.querySelector('.viewer-page img').naturalWidth > 0")
    box = settled(sheet)
    first, last = at_point(box, 0.3, 0.15), at_point(box, 0.7, 0.4)
    if not finger:
        page.mouse.move(*first)
        page.mouse.down()
        page.mouse.move(*last, steps=5)
        page.mouse.up()
        return
    stroke(page.context.new_cdp_session(page), first, last)


def stroke(session: CDPSession, first: tuple[float, float], last: tuple[float, float]) -> None:
    """A finger that leaves the glass while it moves: what it taps next counts all the same."""
    (x1, y1), (x2, y2) = first, last
    for share in (0, 0.2, 0.4, 0.6, 0.8, 1):
        point = {"x": x1 + (x2 - x1) * share, "y": y1 + (y2 - y1) * share}
        kind = "touchMove" if share else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def settled(sheet: Locator) -> Any:
    """Where it stands in the middle of the window, clear of the bars, once nothing moves it."""
    box = None
    while box is None or box != sheet.bounding_box():
        sheet.evaluate("(sheet) => sheet.scrollIntoView({ block: 'center', behavior: 'instant' })")
        box = sheet.bounding_box()
        sheet.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    return box


SIGN = pytest.approx((0.3, 0.15, 0.4, 0.25), abs=0.02)


def box_of(anchor: Anchor) -> tuple[float | None, ...]:
    return anchor.x, anchor.y, anchor.width, anchor.height


def test_a_box_by_mouse(desk: Page, item: Item) -> None:
    item.add("shop.jpg", photo())
    page = claims_of(desk, item)
    row(page, "P4").get_by_role("button", name="Mark the place").click()
    viewer = page.locator("[data-kind=picture]")
    viewer.get_by_role("button", name="Mark a part").click()
    draw(page, viewer, finger=False)
    add_to(page, "P4")
    anchor = only(item)
    assert anchor.kind == "region"
    assert box_of(anchor) == SIGN
    expect(viewer.locator(".viewer-label text")).to_have_text("P4")
    expect(viewer.locator(".viewer-frame")).to_have_count(0)


def test_a_box_by_touch(phone: Page, item: Item) -> None:
    item.add("shop.jpg", photo())
    page = claims_of(phone, item)
    viewer = page.locator("[data-kind=picture]")
    viewer.get_by_role("button", name="Mark a part").tap()
    draw(page, viewer, finger=True)
    add_to(page, "P4", tap=True)
    assert box_of(only(item)) == SIGN


def test_a_box_by_keyboard(desk: Page, item: Item) -> None:
    item.add("shop.jpg", photo())
    page = claims_of(desk, item)
    row(page, "P4").get_by_role("button", name="Mark the place").focus()
    page.keyboard.press("Enter")
    page.locator("[data-kind=picture] [data-stage]").focus()
    page.keyboard.press("m")
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("button", name="Add", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    saved(page)
    anchor = only(item)
    assert anchor.kind == "region"
    assert 0 < anchor.x < anchor.x + anchor.width <= 1


# A moment


def test_a_moment_by_mouse(desk: Page, item: Item, film: str) -> None:
    page = claims_of(desk, item)
    viewer = page.locator("[data-kind=film]")
    for name in ("On 5 seconds", "Mark start", "On 5 seconds", "Mark end"):
        viewer.get_by_role("button", name=name).click()
    expect(page.locator("[data-sheet-place]")).to_have_text("call.mp4, 0:05 to 0:10")
    add_to(page, "P4")
    anchor = only(item)
    assert (anchor.begins, anchor.ends) == (5, 10)
    expect(viewer.get_by_role("link", name="P4 0:05 to 0:10")).to_be_visible()


def test_a_moment_by_touch(phone: Page, item: Item, film: str) -> None:
    page = claims_of(phone, item)
    viewer = page.locator("[data-kind=film]")
    for name in ("On 5 seconds", "Mark start", "On 5 seconds", "Mark end"):
        viewer.get_by_role("button", name=name).tap()
    add_to(page, "P4", tap=True)
    assert (only(item).begins, only(item).ends) == (5, 10)


def test_a_moment_by_keyboard(desk: Page, item: Item, film: str) -> None:
    page = claims_of(desk, item)
    page.locator("[data-kind=film] [data-strip]").focus()
    for key in ("l", "i", "l", "o"):
        page.keyboard.press(key)
    expect(page.get_by_label("It shows")).to_be_focused()
    page.keyboard.type("P5")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    saved(page)
    assert (only(item, "P5").begins, only(item, "P5").ends) == (5, 10)
    expect(page.locator("[data-kind=film] [data-strip]")).to_be_focused()


# Pages and whole files


@pytest.mark.parametrize("way", ["mouse", "touch", "keyboard"])
def test_pages_and_a_whole_file(request: Any, item: Item, way: str) -> None:
    item.add("letter.pdf", letter())
    page = claims_of(request.getfixturevalue("phone" if way == "touch" else "desk"), item)
    fold = row(page, "P4").locator(".exactly")
    press(page, fold.locator("summary"), way)
    for typed, label in (("2–3", "pages 2 to 3"), ("", "all of it")):
        fold.get_by_label("In", exact=True).select_option("letter.pdf")
        fold.get_by_label("Page", exact=True).fill(typed)
        press(page, fold.get_by_role("button", name="Add this place"), way)
        expect(row(page, "P4").get_by_role("link", name=f"letter.pdf, {label}")).to_be_visible()
        expect(fold.get_by_label("Page", exact=True)).to_have_value("")
    kinds = Anchor.objects.filter(claim__version=item.version).values_list("kind", flat=True)
    assert sorted(kinds) == ["pages", "whole"]


def press(page: Page, element: Locator, way: str) -> None:
    if way == "touch":
        element.tap()
    elif way == "mouse":
        element.click()
    else:
        element.focus()
        page.keyboard.press("Enter")
