"""Words in the cells of a spreadsheet: chosen, highlighted and gone to."""

from playwright.sync_api import Browser, Locator, Page, expect

from files.previews import text_of
from tests.browser.anchors.claims_page import add_to, claims_of, only, row, saved
from tests.browser.doors import sign_in
from tests.browser.shown import Item, book
from tests.factories import make_claims

CSV = b"Day,What\n5 October,rang Mr Hale\n6 October,wrote to the yard\n"


def drag(page: Page, first: Locator, last: Locator) -> None:
    """Over all of the words, from the first letter in one cell to the last in another."""
    first.scroll_into_view_if_needed()
    begin, end = first.bounding_box(), last.bounding_box()
    assert begin is not None
    assert end is not None
    page.mouse.move(begin["x"] + 3, begin["y"] + begin["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] - 3, end["y"] + end["height"] / 2, steps=6)
    page.mouse.up()


def test_cells_by_mouse_and_back_to_them_by_a_click(desk: Page, item: Item) -> None:
    item.add("calls.xlsx", book())
    page = claims_of(desk, item)
    viewer = page.locator("[data-kind=table]")
    viewer.get_by_role("link", name="Complaints").click()
    cell = viewer.get_by_role("cell")
    drag(page, cell.filter(has_text="Name"), cell.filter(has_text="late"))
    expect(page.locator("[data-sheet-place]")).to_have_text("calls.xlsx, “Name What Hale late”")
    add_to(page, "P4")
    anchor = only(item)
    assert anchor.quote == "Name\tWhat\nHale\tlate"
    assert text_of(item.files["calls.xlsx"].blob)[anchor.start :].startswith(anchor.quote)
    marks = viewer.locator("mark")
    expect(marks).to_have_text(["Name", "What", "Hale", "late"])
    expect(marks.last).to_have_attribute("data-label", "P4")
    viewer.get_by_role("link", name="Calls", exact=True).click()
    expect(marks.last).to_be_hidden()
    row(page, "P4").get_by_role("link", name="calls.xlsx, “Name What Hale late”").click()
    expect(marks.last).to_be_in_viewport()


def test_cells_by_keyboard(desk: Page, item: Item) -> None:
    item.add("calls.csv", CSV)
    page = claims_of(desk, item)
    page.locator("[data-kind=table]").get_by_role("button", name="Choose words").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    for _ in range(4):  # the second ends its cell, the third goes on to the next
        page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("[data-sheet-place]")).to_have_text("calls.csv, “5 October rang”")
    page.keyboard.press("Enter")
    page.keyboard.type("P6")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    saved(page)
    assert only(item, "P6").quote == "5 October\trang"


def test_marks_in_cells_without_scripts(browser: Browser, base_url: str, item: Item) -> None:
    item.add("calls.xlsx", book())
    text = text_of(item.files["calls.xlsx"].blob)
    make_claims(item.version, item.claim("P4").enrolment, "P1")
    for code, quote in (("P4", "Hale\tlate"), ("P1", "120 October\t360")):
        item.anchor("calls.xlsx", code, "passage", quote=quote, start=text.index(quote))
    with browser.new_context(java_script_enabled=False, base_url=base_url) as context:
        page = context.new_page()
        sign_in(page, item.cast.learner)
        page.goto(item.address)
        page.get_by_role("link", name="calls.xlsx, “Hale late”").click()
        expect(page.locator("mark").first).to_be_in_viewport()
        expect(page.locator("mark")).to_have_text(["Hale", "late"])
        # What stands in a row that is not shown here is one link further.
        page.get_by_role("link", name="calls.xlsx, “120 October 360”").click()
        page.get_by_role("link", name="It stands further on: go there").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("calls.xlsx")
        expect(page.locator("mark", has_text="120 October")).to_be_in_viewport()
