"""The viewers of accounts, texts and sheets."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from portfolio.anchors.texts import account_text
from tests.browser.doors import sign_in
from tests.browser.shown import Item, book
from tests.browser.viewers.telling import LISTEN, picked, place, select_words, tell


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
