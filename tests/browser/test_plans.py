"""A unit's rules, an assessment plan and imported decisions, by hand in a browser; every page on
a phone and on a desk, without anything for axe to find."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessments import actions
from assessments.models import Judgement, Plan, SignOff
from portfolio.models import Enrolment, ImportedDecision
from tests.browser.test_main_job import DESK, PHONE, no_findings, sign_in
from tests.factories import (
    PASSWORD,
    make_cast,
    make_claims,
    make_edition,
    make_enrolment,
    make_guide,
    make_portfolio,
    make_version,
)


@pytest.fixture
def unit() -> Enrolment:
    cast = make_cast(password=PASSWORD)
    edition = make_edition()
    make_guide(edition, points=1)
    made = make_enrolment(make_portfolio(cast.centre, cast.learner), edition, cast.assessor)
    made.cast = cast
    return made


@pytest.fixture
def visit(new_context, unit) -> Callable[..., Page]:
    """A person's browser, at a page of the unit's centre."""

    def go(who: str, path: str, size=DESK) -> Page:
        page = sign_in(new_context, getattr(unit.cast, who), size)
        page.goto(f"/c/{unit.cast.centre.slug}/{path}")
        return page

    return go


def looks_well(page: Page) -> None:
    """At both widths."""
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        no_findings(page)


def accepted(unit: Enrolment, method: str, *codes: str) -> None:
    version = make_version(unit.portfolio, method=method)
    make_claims(version, unit, *codes)
    submission = actions.submit(version=version, declared=True, by=unit.cast.learner)[0]
    for claim in version.claims.all():
        actions.save_judgement(
            claim=claim,
            submission=submission,
            outcome="met",
            reason="",
            feedback="",
            by=unit.cast.assessor,
            **dict.fromkeys(Judgement.VARCS, True),
        )
    actions.accept(
        submission=submission, feedback="Good.", personal_data="clear", by=unit.cast.assessor
    )


def signs(page: Page) -> None:
    page.get_by_role("group", name="1. Award credit").get_by_role("checkbox").first.check(
        force=True
    )
    page.get_by_label("I looked through the evidence").check(force=True)
    page.get_by_label("I declare this.").check(force=True)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign the unit off").click()
    expect(page.get_by_text("The unit is signed off.")).to_be_visible()


def test_rules_are_set_refuse_the_sign_off_and_are_kept(unit, visit) -> None:
    accepted(unit, "account", "P1", "P2", "K1")
    admin = visit("admin", f"standards/editions/{unit.edition_id}/")
    admin.get_by_role("link", name="What we ask of the evidence").click()
    looks_well(admin)
    admin.get_by_label("Pieces of evidence, at least").fill("2")
    admin.get_by_role("button", name="Save", exact=True).click()
    expect(admin.get_by_text("They hold from now on.")).to_be_visible()
    admin.get_by_label("Each of these methods must be used").check(force=True)
    admin.get_by_label("Observation", exact=True).check(force=True)
    admin.get_by_label("P1 do what P1 asks").check(force=True)
    admin.get_by_role("button", name="Add the rule").click()
    expect(admin.get_by_role("row", name="P1")).to_contain_text("Observation")
    looks_well(admin)

    assessor = visit("assessor", f"enrolments/{unit.pk}/sign-off/")
    expect(assessor.get_by_text("P1 needs evidence by observation.")).to_be_visible()
    expect(
        assessor.get_by_text("At least 2 pieces of evidence are needed. So far: 1.")
    ).to_be_visible()
    expect(assessor.get_by_role("button", name="Sign the unit off")).to_have_count(0)
    looks_well(assessor)
    learner = visit("learner", f"units/{unit.pk}/", PHONE)
    expect(learner.get_by_text("P1 needs evidence by observation.")).to_be_visible()

    accepted(unit, "observation", "P1")
    assessor.reload()
    signs(assessor)
    assert SignOff.objects.get().is_complete


def test_a_plan_is_made_agreed_by_both_done_and_reviewed(unit, visit) -> None:
    day = (timezone.localdate() + timedelta(days=10)).isoformat()
    assessor = visit("assessor", f"units/{unit.pk}/")
    assessor.get_by_role("link", name="Make a plan").click()
    looks_well(assessor)
    assessor.get_by_label("What is planned?").fill("Her Saturdays at the counter.")
    assessor.get_by_label("When do you review it together?").fill(day)
    assessor.get_by_label("Does what?").first.fill("Film a talk with a customer")
    assessor.get_by_label("By when?").first.fill(day)
    assessor.get_by_label("Criteria").first.fill("P1, K1")
    assessor.get_by_role("button", name="Save and agree").click()
    expect(assessor.get_by_text("The learner agrees next.")).to_be_visible()
    looks_well(assessor)

    learner = visit("learner", "", PHONE)
    learner.get_by_role("link", name="Read it").click()
    no_findings(learner)
    learner.get_by_role("button", name="I agree to this plan").click()
    expect(learner.get_by_text("You have both agreed to the plan.")).to_be_visible()
    learner.get_by_role("button", name="It is done").click()
    expect(learner.get_by_text("Marked as done.")).to_be_visible()
    no_findings(learner)

    assessor.reload()
    expect(assessor.get_by_text("Agreed by both")).to_be_visible()
    assessor.get_by_text("Review and close the plan").click()
    assessor.get_by_label("How did it go?").fill("She did what she set out to do.")
    assessor.get_by_role("button", name="Save the review").click()
    expect(assessor.get_by_text("The plan is reviewed and closed.")).to_be_visible()
    looks_well(assessor)
    assert Plan.objects.get().review == "She did what she set out to do."


def test_decisions_are_imported_shown_for_ever_and_earn_a_marking_point(unit, visit) -> None:
    assessor = visit("assessor", f"units/{unit.pk}/imported/")
    looks_well(assessor)
    assessor.get_by_role("button", name="Import what is ticked").click()
    expect(assessor.get_by_text("There is a problem")).to_be_visible()
    looks_well(assessor)
    for code in ("P1", "P2", "K1"):
        assessor.get_by_label(f"{code} do what {code} asks").check()
    assessor.get_by_label("Where were they decided?").fill("Westside Centre")
    assessor.get_by_label("Who decided them?").fill("Uma Grant")
    assessor.get_by_label("When?").fill("2026-03-03")
    assessor.get_by_label("What did you see of it?").fill("The signed unit record.")
    assessor.get_by_role("button", name="Import what is ticked").click()
    expect(assessor.get_by_text("3 criteria count as met.")).to_be_visible()
    looks_well(assessor)

    assessor.locator("#K1").get_by_role("link", name="Take back").click()
    looks_well(assessor)
    assessor.get_by_label("Why is it taken back?").fill("Of another unit.")
    assessor.get_by_role("button", name="Take it back").click()
    expect(assessor.get_by_text("K1 is open again")).to_be_visible()
    looks_well(assessor)
    accepted(unit, "account", "K1")

    learner = visit("learner", f"units/{unit.pk}/", PHONE)
    expect(learner.get_by_text("Imported, not judged again").first).to_be_visible()
    no_findings(learner)
    assessor.goto(f"/c/{unit.cast.centre.slug}/enrolments/{unit.pk}/sign-off/")
    looks_well(assessor)
    assessor.get_by_label("Imported: P1, P2").check(force=True)
    signs(assessor)
    earned = assessor.locator(".credits")
    expect(earned).to_contain_text("decided at Westside Centre by Uma Grant")
    looks_well(assessor)
    assert ImportedDecision.objects.in_force().count() == 2
