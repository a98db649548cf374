"""What becomes of a decision, in browsers: undone and sent anew; appealed, upheld, decided by
somebody else; checked on its timeline. Every page of it passes axe on a phone and on a desk."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_playwright import CreateContextCallback

from accounts.models import User
from assessments.models import Submission
from portfolio.models import Claim
from tests.assessments.conftest import Unit
from tests.browser.axe import looked_over
from tests.browser.doors import let_in
from tests.factories import (
    PASSWORD,
    make_cast,
    make_edition,
    make_enrolment,
    make_guide,
    make_portfolio,
)

SIZES = ({"width": 360, "height": 740}, {"width": 1440, "height": 900})


@pytest.fixture
def unit() -> Unit:
    cast, edition = make_cast(password=PASSWORD), make_edition()
    portfolio = make_portfolio(cast.centre, cast.learner)
    enrolment = make_enrolment(portfolio, edition, cast.assessor, cast.other_assessor)
    return Unit(cast, enrolment, make_guide(edition))


@pytest.fixture
def as_(new_context: CreateContextCallback, site: str) -> Callable[[User], Page]:
    """A browser of their own for each person, signed in."""
    opened: dict[int, Page] = {}

    def page_of(user: User) -> Page:
        if user.pk not in opened:
            page = new_context().new_page()
            let_in(page.context, user, site)
            opened[user.pk] = page
        return opened[user.pk]

    return page_of


def is_clean(page: Page) -> None:
    for size in SIZES:
        page.set_viewport_size(size)
        found = looked_over(page)
        assert found.violations_count == 0, found.generate_report()
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, (page.url, size)


def judge_p1(page: Page, outcome: str, why: str = "") -> None:
    claim = page.locator("article.claim").first
    claim.get_by_role("radio", name=outcome, exact=True).press("Space")
    if outcome == "Met":
        claim.get_by_role("button", name="Tick all five").press("Enter")
    if why:
        claim.get_by_label("Why").fill(why)
    expect(claim.locator(".saved")).to_contain_text("Saved")


def decide(page: Page, verb: str, feedback: str) -> None:
    page.locator("#id_feedback").fill(feedback)
    if verb == "Accept":
        page.get_by_label("Nobody can be recognised who").check(force=True)
    page.get_by_role("button", name=verb).first.click()
    page.locator("form.review-foot button[type=submit]").click()


def test_accepted_undone_and_returned(unit: Unit, as_: Callable[[User], Page]) -> None:
    submission = unit.submitted("P1")
    unit.judge(submission)
    base = f"/c/{unit.cast.centre.slug}"
    desk = as_(unit.cast.assessor)
    desk.goto(f"{base}/submissions/{submission.pk}/")
    decide(desk, "Accept", "Well done.")
    bar = desk.locator("#undo-bar")
    expect(bar).to_contain_text("Evidence 1 of Amira Khan")
    expect(bar.locator("[data-undo-left]")).to_contain_text(" s")
    is_clean(desk)
    bar.get_by_role("button").press("Enter")
    expect(desk.get_by_text("All you wrote is here again")).to_be_visible()
    expect(desk.locator("#id_feedback")).to_have_value("Well done.")
    expect(desk.get_by_role("checkbox", checked=True)).to_have_count(5)
    following = Submission.objects.in_force().get()
    assert (following.round, following.status) == (2, "waiting")

    judge_p1(desk, "Not yet", "It is another shop.")
    decide(desk, "Return", "Show the other shop.")
    expect(desk.locator("#undo-bar")).to_have_count(0)  # once is enough
    following.refresh_from_db()
    assert (following.status, following.feedback) == ("returned", "Show the other shop.")

    hers = as_(unit.cast.learner)
    hers.goto(f"{base}/evidence/{submission.version.evidence_id}/")
    expect(hers.get_by_role("heading", name="Returned for")).to_be_visible()
    expect(hers.get_by_text("does not count any more")).to_be_visible()
    is_clean(hers)


def test_appealed_upheld_and_decided_by_somebody_else(
    unit: Unit, as_: Callable[[User], Page]
) -> None:
    submission = unit.submitted("P1")
    unit.judge(submission, P1="Not shown.")
    base = f"/c/{unit.cast.centre.slug}"
    desk = as_(unit.cast.assessor)
    desk.goto(f"{base}/submissions/{submission.pk}/")
    decide(desk, "Return", "Not shown.")

    hers = as_(unit.cast.learner)
    hers.goto(f"{base}/evidence/{submission.version.evidence_id}/")
    hers.get_by_role("link", name="I disagree").click()
    is_clean(hers)
    hers.get_by_label("Why you think").fill("It is on page 2.")
    hers.get_by_role("button", name="Send my appeal").click()
    expect(hers.get_by_text("Your appeal is sent")).to_be_visible()
    is_clean(hers)

    iqa = as_(unit.cast.iqa)
    iqa.goto(f"{base}/appeals/")
    is_clean(iqa)
    iqa.get_by_role("link", name="Amira Khan").click()
    is_clean(iqa)
    iqa.get_by_label("Your answer to the learner").fill("You are right: page 2 shows it.")
    iqa.get_by_role("button", name="Uphold the appeal").click()
    expect(iqa.get_by_text("The decision is withdrawn.")).to_be_visible()

    following = Submission.objects.in_force().get()
    address = f"{base}/submissions/{following.pk}/"
    desk.goto(address)  # whoever decided reads it, and can't decide it again
    expect(desk.get_by_role("button", name="Accept")).to_have_count(0)
    other = as_(unit.cast.other_assessor)
    other.goto(address)
    judge_p1(other, "Met")
    decide(other, "Accept", "It is there.")
    expect(other.locator("#undo-bar")).to_contain_text("Amira Khan")
    assert Claim.objects.get().status == "met"

    hers.goto(f"{base}/evidence/{submission.version.evidence_id}/timeline/")
    expect(hers.locator("#main, main")).to_contain_text("Appeal upheld")
    is_clean(hers)
    hers.get_by_role("button", name="Check the whole record").click()
    expect(hers.get_by_role("heading", name="The record holds")).to_be_visible()
    is_clean(hers)


def test_withdrawn_and_declared(unit: Unit, as_: Callable[[User], Page]) -> None:
    sent = unit.accepted("P1")
    base = f"/c/{unit.cast.centre.slug}"
    iqa = as_(unit.cast.iqa)
    iqa.goto(f"{base}/submissions/{sent.pk}/")
    iqa.get_by_role("link", name="Withdraw this decision").click()
    is_clean(iqa)
    iqa.get_by_label("Why you withdraw it").fill("It shows another shop.")
    iqa.get_by_role("button", name="Withdraw it").click()
    expect(iqa.get_by_text("waits to be judged again")).to_be_visible()
    iqa.goto(f"{base}/submissions/{sent.pk}/")
    expect(iqa.locator("#taken-back")).to_contain_text("It shows another shop.")
    is_clean(iqa)

    desk = as_(unit.cast.assessor)
    desk.goto(f"{base}/learners/{unit.enrolment.pk}/interests/")
    desk.get_by_label("A friend, or another personal tie").check(force=True)
    desk.get_by_label("What it is").fill("We play chess.")
    desk.get_by_role("button", name="Declare").click()
    expect(desk.get_by_text("It is declared.")).to_be_visible()
    is_clean(desk)
    following = Submission.objects.in_force().get()
    desk.goto(f"{base}/submissions/{following.pk}/")
    expect(desk.locator("#interest-note")).to_contain_text("We play chess.")
