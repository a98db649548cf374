"""An assessor's record on a phone at the workplace; and written questions, without scripts."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from assessments import actions
from assessments.models import Submission
from tests.assessments.conftest import Unit
from tests.browser.axe import looked_over
from tests.browser.doors import let_in
from tests.factories import (
    PASSWORD,
    jpeg,
    make_cast,
    make_edition,
    make_enrolment,
    make_guide,
    make_portfolio,
)
from tests.records import made

PHONE = {"width": 360, "height": 740}
SignIn = Callable[..., Page]


@pytest.fixture
def unit() -> Unit:
    cast, edition = make_cast(password=PASSWORD), make_edition()
    portfolio = make_portfolio(cast.centre, cast.learner)
    enrolment = make_enrolment(portfolio, edition, cast.assessor)
    return Unit(cast, enrolment, make_guide(edition))


@pytest.fixture
def phone_of(browser: Browser, base_url: str, unit: Unit) -> Iterator[SignIn]:
    """Somebody's own phone, signed in."""
    with ExitStack() as stack:

        def sign_in(user: User, *, scripts: bool = True) -> Page:
            context = browser.new_context(
                base_url=base_url,
                viewport=PHONE,
                has_touch=True,
                java_script_enabled=scripts,
                service_workers="block",
            )
            stack.callback(context.close)
            page = context.new_page()
            let_in(context, user, base_url)
            page.goto("/")
            return page

        yield sign_in


def right(page: Page) -> None:
    """Nothing sticks out, and axe finds nothing."""
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
    found = looked_over(page).response["violations"]
    assert [(each["id"], [n["target"] for n in each["nodes"]]) for each in found] == []


def accept(page: Page) -> None:
    """On the marking page, part by part."""
    page.get_by_role("tab", name="Claims", exact=True).click()
    page.get_by_role("radio", name="Met", exact=True).check(force=True)
    page.get_by_role("button", name="Tick all five").click()
    expect(page.locator("#tally")).to_have_text("1 met, 0 not yet, 0 to judge")
    page.get_by_role("tab", name="Decision", exact=True).click()
    page.locator("#id_feedback").fill("Good work.")
    page.get_by_label("Nobody can be recognised who").check(force=True)
    page.get_by_role("button", name="Accept").click()
    page.get_by_role("button", name="Accept and send").click()
    expect(page.get_by_text("Accepted").first).to_be_visible()


def test_an_observation_on_a_phone(unit: Unit, phone_of: SignIn) -> None:
    theirs = phone_of(unit.cast.assessor)
    theirs.goto(f"/c/{unit.cast.centre.slug}/units/{unit.enrolment.pk}/")
    theirs.get_by_role("link", name="Records", exact=True).click()
    theirs.get_by_role("link", name="New record").first.click()
    right(theirs)
    theirs.get_by_role("link", name="Observation").click()
    right(theirs)
    theirs.get_by_label("Where").fill("The front desk")
    theirs.get_by_label("What is planned?").fill("How she greets customers.")
    theirs.get_by_label("P1 do what P1 asks").check(force=True)
    theirs.get_by_role("button", name="Save the plan").click()
    expect(theirs.get_by_text("The front desk")).to_be_visible()
    right(theirs)
    theirs.get_by_role("button", name="Begin the record").click()

    theirs.get_by_label("Title").fill("Greeting a customer")
    theirs.locator("#id_account").fill("She looked up and smiled at once.")
    photo = {"name": "desk.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    theirs.locator("#id_files").set_input_files(photo)
    expect(theirs.locator(".upload-list li")).to_contain_text("desk.jpg")
    theirs.get_by_label("Nobody else can be recognised").press("Space")
    right(theirs)
    theirs.get_by_role("button", name="Save and go on").last.click()

    expect(theirs.get_by_role("heading", level=1)).to_have_text("What does it show?")
    expect(theirs.get_by_role("checkbox", name="P1")).to_be_checked()
    right(theirs)
    theirs.get_by_role("button", name="Save claims").click()
    expect(theirs.get_by_text("She looked up and smiled")).to_be_visible()
    right(theirs)
    theirs.get_by_role("button", name="Share it").click()
    expect(theirs.get_by_text("The learner has it to read.")).to_be_visible()

    hers = phone_of(unit.cast.learner)
    hers.get_by_role("link", name="Your assessor wrote a record: read it").click()
    expect(hers.get_by_text("She looked up and smiled")).to_be_visible()
    expect(hers.get_by_role("img", name="desk.jpg").first).to_be_visible()
    right(hers)
    hers.get_by_label("I declare this.").check(force=True)
    hers.get_by_role("button", name="Confirm the record").click()
    expect(hers.get_by_text("Thank you. Your assessor has it now.")).to_be_visible()
    right(hers)

    theirs.goto(f"/c/{unit.cast.centre.slug}/queue/")
    theirs.get_by_role("link", name="Greeting a customer").click()
    expect(theirs.get_by_text("Confirmed by the learner")).to_be_attached()
    right(theirs)
    accept(theirs)
    hers.goto(f"/c/{unit.cast.centre.slug}/units/{unit.enrolment.pk}/")
    assert Submission.objects.get().decided_by == unit.cast.assessor
    expect(hers.locator("#P1")).to_contain_text("Met")


def test_she_sees_it_differently_on_her_phone(unit: Unit, phone_of: SignIn) -> None:
    record = made(unit.cast, unit.enrolment, account="She smiled.")
    actions.share_record(record=record, by=unit.cast.assessor)
    hers = phone_of(unit.cast.learner)
    hers.goto(f"/c/{unit.cast.centre.slug}/records/{record.pk}/")
    hers.get_by_text("I see it differently").click()
    hers.get_by_label("What is different?").fill("It was two customers.")
    right(hers)
    hers.get_by_role("button", name="Send it back to my assessor").click()
    expect(hers.get_by_text("It was two customers.")).to_be_visible()
    expect(hers.get_by_text("She smiled.")).to_have_count(0)
    right(hers)


def test_written_questions_without_scripts(unit: Unit, phone_of: SignIn) -> None:
    theirs = phone_of(unit.cast.assessor, scripts=False)
    slug = unit.cast.centre.slug
    theirs.goto(f"/c/{slug}/questions/?unit={unit.enrolment.edition_id}")
    theirs.get_by_role("link", name="Write a question").first.click()
    theirs.get_by_label("Question").fill("Why do you ring back?")
    theirs.get_by_label("Expected answer").fill("To keep the promise.")
    theirs.get_by_label("K1 do what K1 asks").check(force=True)
    theirs.get_by_role("button", name="Save the question").click()
    expect(theirs.get_by_text("Why do you ring back?").first).to_be_visible()

    theirs.goto(f"/c/{slug}/enrolments/{unit.enrolment.pk}/records/new/?kind=written")
    theirs.get_by_role("button", name="Go on to the questions").click()
    theirs.get_by_label("K1: Why do you ring back?").check(force=True)
    theirs.get_by_role("button", name="Choose these").click()
    expect(theirs.get_by_text("To keep the promise.")).to_be_visible()
    theirs.get_by_role("button", name="Ask these questions").click()

    hers = phone_of(unit.cast.learner, scripts=False)
    hers.get_by_role("link", name="Your assessor asks you some questions: answer them").click()
    expect(hers.get_by_text("To keep the promise.")).to_have_count(0)
    hers.get_by_label("1. Why do you ring back?").fill("She waits for it.")
    hers.get_by_role("button", name="Save and go on later").click()
    expect(hers.get_by_label("1. Why do you ring back?")).to_have_value("She waits for it.")
    hers.get_by_label("I declare this.").check(force=True)
    hers.get_by_role("button", name="Send my answers").click()
    expect(hers.get_by_text("She waits for it.").first).to_be_visible()
    theirs.goto(f"/c/{slug}/queue/")
    theirs.get_by_role("link", name="Written questions:").click()
    expect(theirs.get_by_text("To keep the promise.")).to_be_visible()
