"""What looks alike, as an assessor meets it: on the marking page, in the list, side by side."""

import pytest
from playwright.sync_api import Page, expect
from pytest_playwright import CreateContextCallback

from tests.browser.axe import looked_over
from tests.factories import PASSWORD, Cast, make_cast, make_edition
from tests.portfolio.likeness.conftest import Learner, drawing, prose, saved

SHARED = prose(1, 90).capitalize()
SIZES = ({"width": 360, "height": 740}, {"width": 1440, "height": 900})


@pytest.fixture
def cast() -> Cast:
    """Amira and Tom have handed in what is partly the same, and nearly the same picture."""
    cast = make_cast(password=PASSWORD)
    edition = make_edition()
    amira = Learner(cast, cast.learner, edition, cast.assessor)
    tom = Learner(cast, cast.second_learner, edition, cast.assessor)
    amira.hands_in(f"On Monday I opened the shop alone.\n\n{SHARED}.")
    tom.hands_in(f"{SHARED}.\n\nThat is how I look after our regulars.")
    amira.hands_in("", ("window.jpg", saved(drawing(1))), title="The window")
    tom.hands_in("", ("display.png", saved(drawing(1).resize((500, 375)), "PNG")), title="Display")
    return cast


def no_findings(page: Page) -> None:
    for size in SIZES:
        page.set_viewport_size(size)
        found = looked_over(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_from_the_callout_to_both_sides_to_a_shared_form(
    new_context: CreateContextCallback, cast: Cast
):
    page = new_context(viewport=SIZES[1]).new_page()
    page.goto("/")
    page.get_by_label("E-mail").fill(cast.assessor.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Evidence 1").first.click()
    expect(page.get_by_text("It may be a shared form or shared work")).to_be_visible()
    no_findings(page)
    page.get_by_role("link", name="Tom Reed, evidence 1").click()
    expect(page.locator("mark")).to_have_count(2)
    no_findings(page)
    page.get_by_text("This is a form or text that many use").click()
    page.get_by_label("What is it called?").fill("Opening checks, June")
    page.get_by_role("button", name="It is shared").click()
    expect(page.get_by_role("row")).to_have_count(2)  # the head and the picture
    no_findings(page)
    page.get_by_role("link", name="Tom Reed, evidence 2").click()
    for side in (0, 1):
        picture = page.locator(".likeness-picture").nth(side)
        expect(picture).to_have_js_property("complete", True)
        expect(picture).not_to_have_js_property("naturalWidth", 0)
    no_findings(page)
    page.get_by_role("link", name="Look-alikes").first.click()
    page.get_by_role("link", name="Shared forms").click()
    no_findings(page)
    end = page.get_by_role("row", name="Opening checks, June").get_by_role("button")
    end.click()
    page.locator("dialog button[value=yes]").click()
    expect(page.get_by_text("counts again")).to_be_visible()
    expect(end).to_have_count(0)
