"""One click goes to the exact place."""

from playwright.sync_api import Browser, Page, expect

from assessments.actions import submit
from tests.browser.anchors.claims_page import PHONE
from tests.browser.doors import sign_in
from tests.browser.shown import Item, letter, photo


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
