"""A learner is told: by the bell, and by an e-mail whose link leads, after signing in, to the
exact decision."""

import re

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.mailing import mail_at_once
from accounts.models import Notice
from assessments import actions
from assessments.models import Submission
from tests.assessments.conftest import Unit
from tests.factories import (
    PASSWORD,
    make_cast,
    make_edition,
    make_enrolment,
    make_guide,
    make_portfolio,
)

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def unit() -> Unit:
    cast, edition = make_cast(password=PASSWORD), make_edition()
    portfolio = make_portfolio(cast.centre, cast.learner)
    enrolment = make_enrolment(portfolio, edition, cast.assessor, cast.trainee)
    return Unit(cast, enrolment, make_guide(edition))


@pytest.fixture
def returned(unit: Unit) -> Submission:
    """A decision that can't be undone any more."""
    submission = unit.submitted("P1", "P2")
    unit.judge(submission, P1="Say when it was.")
    actions.return_(submission=submission, feedback="Nearly there.", by=unit.cast.assessor)
    Notice.objects.update(due_at=timezone.now())
    return submission


def sign_in(page: Page, unit: Unit) -> None:
    page.fill("[name=login]", unit.cast.learner.email)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in").first.click()


def test_from_the_e_mail_by_signing_in_to_the_decision(
    page: Page, unit: Unit, returned: Submission, site: str, settings
) -> None:
    page.set_viewport_size(PHONE)
    settings.ORIGIN = site
    mail_at_once()
    (message,) = [each for each in mail.outbox if each.to == [unit.cast.learner.email]]
    link = re.search(rf"{re.escape(site)}\S+/notices/\d+/", message.body)
    assert link
    page.goto(link[0])
    with page.expect_response("**/notices/*/open/"):  # the page marks it as read
        sign_in(page, unit)
    number = returned.version.evidence.number
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Decision on evidence {number}")
    expect(page.get_by_text("Say when it was.")).to_be_visible()
    assert "notice=" not in page.url
    expect(page.locator(".bell-count")).to_have_count(0)
    assert Notice.objects.get(recipient=unit.cast.learner).read_at
    page.reload()
    expect(page.locator(".bell-count")).to_have_count(0)


def test_from_the_bell_through_the_list(page: Page, unit: Unit, returned: Submission) -> None:
    page.set_viewport_size(PHONE)
    page.goto("/accounts/login/")
    sign_in(page, unit)
    bell = page.get_by_role("link", name="Notices 1 new")
    bell.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Notices")
    page.get_by_role("button", name="Open").press("Enter")
    expect(page.get_by_text("Nearly there.")).to_be_visible()
    page.get_by_role("link", name="All decisions").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Decisions")
    page.get_by_role("link", name="I disagree").click()
    expect(page.get_by_label("Why you think the decision is wrong")).to_be_visible()


def test_choosing_when(page: Page, unit: Unit, returned: Submission) -> None:
    page.goto("/accounts/login/")
    sign_in(page, unit)
    page.locator("#account-menu summary").click()
    page.get_by_role("link", name="Notices by e-mail").click()
    page.get_by_label("Once a day, all together").check(force=True)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your choice is saved.")).to_be_visible()
    mail_at_once()
    assert unit.cast.learner.email not in [to for each in mail.outbox for to in each.to]
