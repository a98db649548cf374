"""A part of a picture or page, marked by mouse, touch and keyboard."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.doors import sign_in
from tests.browser.shown import Item, letter, photo
from tests.browser.viewers.telling import LISTEN, picked, tell


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
