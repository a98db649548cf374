"""What is seen and done on the page of an item's claims."""

from playwright.sync_api import Locator, Page, expect

from portfolio.models import Anchor
from tests.browser.shown import Item

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SAVED = "Saved."


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
