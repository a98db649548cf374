"""One click goes to the exact place."""

from playwright.sync_api import Browser, Page, expect

from assessments.actions import submit
from files.models import Preview
from tests.browser.anchors.claims_page import PHONE
from tests.browser.axe import looked_over
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


def test_a_place_beyond_the_beginning_is_on_the_page_that_shows_more(
    page: Page, item: Item, trouble: list[str]
) -> None:
    text = "Line of notes.\n" * 3_000 + "The end of it."
    item.add("notes.txt", text.encode())
    item.anchor("notes.txt", "P4", "passage", quote="end of it", start=text.index("end of it"))
    submission = submit(version=item.version, declared=True, by=item.cast.learner)[0]
    sign_in(page, item.cast.assessor)
    page.goto(f"/c/{item.cast.centre.slug}/submissions/{submission.pk}/")
    page.get_by_role("link", name="notes.txt, “end of it”").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("notes.txt")
    expect(page.locator("mark")).to_be_in_viewport()
    expect(page.locator("mark")).to_have_text("end of it")


def test_a_page_that_is_not_shown_is_said_so_beside_its_link(
    page: Page, item: Item, trouble: list[str]
) -> None:
    item.add("letter.pdf", letter())
    Preview.objects.update(facts={"pages": 210})
    item.anchor("letter.pdf", "P4", "pages", page=205, last_page=206)
    sign_in(page, item.cast.learner)
    page.goto(item.address)
    link = page.get_by_role("link", name="letter.pdf, pages 205 to 206")
    link.click()
    expect(link.locator("xpath=following-sibling::*[1]")).to_have_text(
        "That is beyond what is shown here. Download the file to see it."
    )
    expect(page.get_by_role("button", name="Back to P4")).to_have_count(0)
    expect(page.locator("[data-viewer]").get_by_text("pages 205 to 206")).to_be_visible()
    found = looked_over(page).response["violations"]
    assert [(each["id"], [n["target"] for n in each["nodes"]]) for each in found] == []
