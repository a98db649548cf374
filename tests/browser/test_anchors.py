"""Exact places in a browser: marked by mouse, touch and keyboard, at a desk and on a phone; gone to
by one click; and typed, where there are no scripts."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, CDPSession, Locator, Page, expect

from assessments.actions import submit
from portfolio.anchors.texts import account_text
from portfolio.models import Anchor
from tests.browser.doors import sign_in
from tests.browser.shown import Item, letter, make_item, photo
from tests.files.previews import makers

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SAVED = "Saved."


@pytest.fixture
def item() -> Item:
    """A draft with a film, a photo, a letter and an account, that claims P4 and nothing else."""
    made = make_item()
    made.version.claims.exclude(criterion__code="P4").delete()
    return made


@pytest.fixture
def film(item: Item) -> str:
    item.add("call.mp4", makers.film(size=(160, 120), seconds=14))
    return "call.mp4"


@pytest.fixture
def trouble(page: Page) -> Iterator[list[str]]:
    heard: list[str] = []
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("console", lambda line: heard.append(line.text) if line.type == "error" else None)
    yield heard
    assert heard == []


@pytest.fixture
def desk(page: Page, item: Item, trouble: list[str]) -> Page:
    page.set_viewport_size({"width": 1440, "height": 900})
    sign_in(page, item.cast.learner)
    return page


@pytest.fixture
def phone(browser: Browser, base_url: str, item: Item) -> Iterator[Page]:
    with browser.new_context(base_url=base_url, **PHONE) as context:
        page = context.new_page()
        sign_in(page, item.cast.learner)
        yield page


def claims_of(page: Page, item: Item) -> Page:
    page.goto(item.address + "claims/")
    expect(row(page, "P4").get_by_role("button", name="Mark the place")).to_be_visible()
    return page


def row(page: Page, code: str) -> Locator:
    return page.locator(f"[data-code={code}]")


def only(item: Item, code: str = "P4") -> Anchor:
    return Anchor.objects.get(claim__version=item.version, claim__criterion__code=code)


def saved(page: Page) -> None:
    expect(page.locator("[data-kept]")).to_have_text(SAVED)


def add_to(page: Page, code: str, *, tap: bool = False) -> None:
    choose(page, code)
    button = page.get_by_role("button", name="Add", exact=True)
    if tap:
        button.tap()
    else:
        button.click()
    expect(row(page, code).locator(".anchor-link")).to_have_count(1)
    saved(page)


def choose(page: Page, code: str) -> None:
    page.get_by_label("It shows").select_option(row(page, code).get_attribute("data-criterion"))


def at_point(box: Any, x: float, y: float) -> tuple[float, float]:
    return box["x"] + box["width"] * x, box["y"] + box["height"] * y


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


# A passage


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


def test_words_by_keyboard(desk: Page, item: Item) -> None:
    page = claims_of(desk, item)
    page.get_by_role("button", name="Choose words with the keyboard").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("[data-sheet-place]")).to_have_text("“rang Mr Hale”")
    page.keyboard.press("Enter")
    expect(page.get_by_label("It shows")).to_be_focused()
    page.keyboard.type("P6")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    saved(page)
    assert only(item, "P6").quote == "rang Mr Hale"
    assert page.evaluate("document.activeElement !== document.body")


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


# Kept as one goes


def test_a_place_is_taken_out_again(desk: Page, item: Item, film: str) -> None:
    item.anchor(film, "P4", "moment", begins=1, ends=2)
    page = claims_of(desk, item)
    remove = row(page, "P4").get_by_role("button", name="Remove from P4: call.mp4, 0:01 to 0:02")
    remove.focus()
    page.keyboard.press("Enter")
    saved(page)
    assert not Anchor.objects.exists()
    expect(page.locator(".viewer-moments a")).to_have_count(0)
    expect(row(page, "P4").get_by_role("checkbox", name="P4")).to_be_focused()


def test_without_a_signal_nothing_is_lost(page: Page, item: Item, film: str) -> None:
    sign_in(page, item.cast.learner)
    claims_of(page, item)
    page.context.set_offline(True)
    mark_by_script(page, film, item, begins=3, ends=4)
    expect(page.locator("[data-kept]")).to_contain_text("Not saved yet")
    assert not Anchor.objects.exists()
    page.context.set_offline(False)
    saved(page)
    assert only(item).begins == 3


def mark_by_script(page: Page, film: str, item: Item, **fields: float) -> None:
    """As the film's viewer tells it when start and end are marked."""
    file = item.files[film]
    page.evaluate(
        """([id, detail]) => document.getElementById(id).dispatchEvent(
          new CustomEvent("signpost:select", { bubbles: true, detail }))""",
        [
            f"file-{file.pk}",
            {"kind": "moment", "file": file.pk, "sha256": file.blob.sha256, **fields},
        ],
    )
    choose(page, "P4")
    page.get_by_role("button", name="Add", exact=True).click()


def test_two_tabs_add_to_each_other(
    context: BrowserContext, page: Page, item: Item, film: str
) -> None:
    sign_in(page, item.cast.learner)
    claims_of(page, item)
    other = claims_of(context.new_page(), item)
    mark_by_script(page, film, item, begins=1, ends=2)
    saved(page)
    mark_by_script(other, film, item, begins=5, ends=6)
    saved(other)
    moments = Anchor.objects.filter(claim__version=item.version).values_list("begins", flat=True)
    assert list(moments) == [1, 5]
    expect(row(other, "P4").locator(".anchor-link")).to_have_count(2)
    page.get_by_role("button", name="Save claims").click()
    expect(page.get_by_text("Your claims are saved.")).to_be_visible()
    assert Anchor.objects.count() == 2


def test_what_is_refused_is_said_at_its_criterion(page: Page, item: Item, film: str) -> None:
    sign_in(page, item.cast.learner)
    claims_of(page, item)
    mark_by_script(page, film, item, begins=90, ends=95)
    expect(row(page, "P4").get_by_text("“call.mp4” ends at 0:14")).to_be_visible()
    expect(row(page, "P4").locator(".anchor-link")).to_have_count(0)
    mark_by_script(page, film, item, begins=3, ends=4)
    saved(page)
    expect(row(page, "P4").get_by_text("ends at")).to_have_count(0)


# One click goes there


def test_the_assessor_clicks_the_code_and_the_film_plays_from_there(
    page: Page, item: Item, film: str, trouble: list[str]
) -> None:
    item.anchor(film, "P4", "moment", begins=6, ends=8)
    submission = submit(version=item.version, declared=True, by=item.cast.learner)[0]
    sign_in(page, item.cast.assessor)
    page.goto(f"/c/{item.cast.centre.slug}/submissions/{submission.pk}/")
    page.get_by_role("link", name="P4", exact=True).click()
    page.wait_for_function(
        "() => { const film = document.querySelector('video'); "
        "return film.currentTime >= 6 && film.currentTime < 9; }"
    )
    page.wait_for_function("() => document.querySelector('video').played.length > 0")


def test_on_a_phone_one_tap_leads_back_to_the_claim(
    browser: Browser, base_url: str, item: Item, film: str
) -> None:
    item.add("shop.jpg", photo())
    item.anchor(film, "P4", "moment", begins=6, ends=14)
    item.anchor("shop.jpg", "P4", "region", x=0.3, y=0.15, width=0.4, height=0.25)
    submission = submit(version=item.version, declared=True, by=item.cast.learner)[0]
    with browser.new_context(base_url=base_url, **PHONE) as context:
        page = context.new_page()
        sign_in(page, item.cast.assessor)
        page.goto(f"/c/{item.cast.centre.slug}/submissions/{submission.pk}/")
        page.get_by_role("tab", name="Claims").tap()
        page.get_by_role("link", name="P4", exact=True).tap()
        expect(page.locator("video")).to_be_in_viewport()
        page.wait_for_function("() => !document.querySelector('video').paused")
        page.get_by_role("button", name="Back to P4").tap()
        expect(page.get_by_role("link", name="P4", exact=True)).to_be_focused()
        part = page.get_by_role("link", name="shop.jpg, marked part")
        expect(part).to_be_in_viewport()
        part.tap()
        page.wait_for_function("() => document.querySelector('video').paused")


def test_an_address_with_a_mark_goes_to_its_place(page: Page, item: Item) -> None:
    item.add("letter.pdf", letter())
    anchor = item.anchor("letter.pdf", "P4", "pages", page=3, last_page=3)
    sign_in(page, item.cast.learner)
    page.goto(f"{item.address}#mark-{anchor.pk}")
    expect(page.get_by_role("img", name="Page 3 of 3")).to_be_in_viewport()


# Without scripts


def test_the_same_places_without_scripts(browser: Browser, base_url: str, item: Item) -> None:
    item.add("call.mp4", makers.film(size=(160, 120), seconds=14))
    item.add("shop.jpg", photo())
    with browser.new_context(java_script_enabled=False, base_url=base_url) as context:
        page = context.new_page()
        sign_in(page, item.cast.learner)
        for fields in (
            {"In": "call.mp4", "From (time)": "0:03", "To (time)": "0:09.5"},
            {"In": "shop.jpg", "Part of it": "Top left"},
            {"In": "the written account", "Words, just as they stand there": "had come  late"},
        ):
            page.goto(item.address + "claims/")
            type_place(row(page, "P4").locator(".exactly"), fields)
            page.get_by_role("button", name="Save claims").click()
            expect(page.get_by_text("Your claims are saved.")).to_be_visible()
        page.goto(item.address + "claims/")
        expect(row(page, "P4").locator(".anchor-link")).to_have_count(3)
        row(page, "P4").get_by_role("checkbox", name=re.compile(r"Remove\s*: shop\.jpg")).press(
            "Space"
        )
        page.get_by_role("button", name="Save claims").click()
        link = page.get_by_role("link", name="call.mp4, 0:03 to 0:09.5")
        expect(link).to_have_attribute("href", re.compile(r"\?preview=1#t=3,9\.5$"))
        page.get_by_role("link", name="“had come late”").click()
        expect(page.locator("#account-viewer .viewer-mark")).to_be_in_viewport()
    assert Anchor.objects.count() == 2


def type_place(fold: Locator, fields: dict[str, str]) -> None:
    fold.locator("summary").click()
    for label, value in fields.items():
        field = fold.get_by_label(label, exact=True)
        if field.evaluate("(field) => field.localName") == "select":
            field.select_option(value)
        else:
            field.fill(value)


# For everybody


def test_no_barriers_at_a_desk_and_on_a_phone(page: Page, item: Item, trouble: list[str]) -> None:
    item.add("call.mp4", makers.film(size=(160, 120), seconds=14))
    item.add("shop.jpg", photo())
    item.anchor("call.mp4", "P4", "moment", begins=6, ends=8)
    item.anchor("shop.jpg", "P4", "region", x=0.3, y=0.15, width=0.4, height=0.25)
    sign_in(page, item.cast.learner)
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        claims_of(page, item)
        fits(page)
        row(page, "P4").locator("summary").click()
        row(page, "P4").get_by_role("button", name="Mark the place").click()
        fits(page)
        mark_by_script_only(page, item)
        fits(page)
        page.goto(item.address)
        expect(page.locator("[data-bar]").first).to_be_visible()
        fits(page)


def mark_by_script_only(page: Page, item: Item) -> None:
    detail = {"kind": "whole", "file": item.files["shop.jpg"].pk, "sha256": "0" * 64}
    page.evaluate(
        "(detail) => document.dispatchEvent(new CustomEvent('signpost:select', { detail }))",
        detail,
    )
    expect(page.get_by_role("button", name="Not this")).to_be_visible()


def fits(page: Page) -> None:
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [n["target"] for n in each["nodes"]]) for each in found] == []
