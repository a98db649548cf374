"""Claiming criteria in a browser: the place is asked for at the tick, and a long list narrows."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.doors import sign_in
from tests.factories import (
    make_cast,
    make_claims,
    make_edition,
    make_enrolment,
    make_portfolio,
    make_version,
)


@pytest.fixture
def claims_page(page: Page) -> Page:
    """The claims of a draft, open before the learner, with P1 claimed already."""
    cast = make_cast()
    portfolio = make_portfolio(cast.centre, cast.learner)
    enrolment = make_enrolment(portfolio, make_edition(performance=3, knowledge=2))
    version = make_version(portfolio)
    make_claims(version, enrolment, "P1")
    sign_in(page, cast.learner)
    page.goto(f"/c/{cast.centre.slug}/evidence/{version.evidence_id}/claims/")
    return page


def test_the_place_is_asked_for_once_the_criterion_is_ticked(claims_page: Page) -> None:
    expect(claims_page.get_by_label("Where in it is P1?")).to_be_visible()
    place = claims_page.get_by_label("Where in it is P2?")
    expect(place).to_be_hidden()
    claims_page.get_by_role("checkbox", name="P2").press("Space")
    place.fill("page 2")
    claims_page.get_by_role("button", name="Save claims").click()
    expect(claims_page.get_by_text("Where in it: page 2")).to_be_visible()


def test_the_list_narrows_to_words_and_to_what_is_ticked(claims_page: Page) -> None:
    boxes = claims_page.locator("[name=criterion]:visible")
    count = claims_page.locator("[data-claims-count]")
    expect(count).to_have_text("5 of 5 shown, 1 ticked")
    search = claims_page.get_by_label("Find criteria by word or code")
    search.fill("k2 ASKS")
    expect(boxes).to_have_count(1)
    expect(claims_page.get_by_text("Performance criteria")).to_be_hidden()
    here = claims_page.url
    search.press("Enter")
    search.fill("")
    expect(boxes).to_have_count(5)
    assert claims_page.url == here
    claims_page.get_by_label("Only those I ticked").press("Space")
    expect(boxes).to_have_count(1)
    expect(count).to_have_text("1 of 5 shown, 1 ticked")


def test_what_is_hidden_keeps_its_tick(claims_page: Page) -> None:
    claims_page.get_by_label("Find criteria by word or code").fill("K2")
    claims_page.get_by_role("checkbox", name="K2").press("Space")
    claims_page.get_by_role("button", name="Save claims").click()
    for code in ("P1", "K2"):
        expect(claims_page.locator(".code", has_text=code)).to_be_visible()
