"""What was hidden in an item, in what is written of whole units; and in exports made before."""

from datetime import UTC, date, datetime

import pytest

from assessments.models import Plan, PlanAction, SignOff, Withdrawal
from portfolio.actions import hide_in_account
from portfolio.models import EvidenceVersion, ImportedDecision
from reports import document
from reports.facts import Portfolio
from reports.gather import gather
from reports.options import Options
from tests.reports.builders import Story

SECRET = "Margaret Bell"
GUIDE = "Customer relationships"  # a word that the published text has as well
SAID = f"I rang {SECRET} back. {GUIDE}!"


def hide_a_name(story: Story) -> None:
    """In an account that was handed in."""
    version = EvidenceVersion.objects.get(evidence__number=2)
    EvidenceVersion.objects.filter(pk=version.pk).update(account=SAID)
    marks = [
        {"start": SAID.index(each), "end": SAID.index(each) + len(each)} for each in (SECRET, GUIDE)
    ]
    hide_in_account(version=version, marks=marks, by=story.cast.data_lead)


# In what is written of a unit -------------------------------------------------------------------


@pytest.fixture
def named(story: Story) -> Story:
    """The name stands in everything that somebody writes of a whole unit."""
    (unit,) = story.enrolments
    plan = Plan.objects.create(
        enrolment=unit,
        made_by=story.cast.assessor,
        note=f"Visit {SECRET}.",
        review_on=date(2026, 10, 30),
        revision=1,
        reviewed_by=story.cast.assessor,
        reviewed_at=datetime(2026, 10, 30, tzinfo=UTC),
        review=f"{SECRET} was visited.",
    )
    PlanAction.objects.create(plan=plan, text=f"Ring {SECRET}.", due_on=date(2026, 10, 1))
    ImportedDecision.objects.create(
        enrolment=unit,
        criterion=unit.edition.criteria.get(code="P1"),
        decided_at_centre="Westside Centre",
        decided_by_name="Uma Grant",
        decided_on=date(2026, 3, 3),
        seen=f"A letter of {SECRET}.",
        imported_by=story.cast.assessor,
        taken_back_by=story.cast.admin,
        taken_back_at=datetime(2026, 9, 5, tzinfo=UTC),
        taken_back_reason=f"{SECRET} wrote no letter.",
    )
    other = {"countersigner": story.cast.other_assessor, "countersigned_at": story.now()}
    Withdrawal.objects.create(
        kind="withdrawn",
        sign_off=SignOff.objects.get(enrolment=unit),
        by=story.cast.assessor,
        at=story.now(),
        reason=f"{SECRET} was not asked.",
    )
    refusal = f"{SECRET} was not asked again."
    story.sign_off(unit, status="refused", countersigner_reason=refusal, **other)
    return story


def of_the_unit(told: Portfolio) -> list[str]:
    (unit,) = told.units
    (plan,), (withdrawn, refused) = unit.plans, unit.sign_offs
    (imported,) = unit.criteria[0].imported
    return [
        *(plan.note, plan.review, plan.actions[0].text),
        *(imported.seen, imported.reason),
        *(refused.reason, withdrawn.taken_back.reason),
    ]


def test_what_was_written_of_a_unit_does_not_say_what_was_hidden_in_an_item(named: Story):
    assert all(SECRET in words for words in of_the_unit(gather(named.portfolio.pk)))
    hide_a_name(named)
    told = gather(named.portfolio.pk)
    assert not any(SECRET in words for words in of_the_unit(told))
    assert told.units[0].plans[0].note == "Visit █████."
    html = document.render(told)
    assert "Visit █████." in html
    assert SECRET not in html
    assert {guide.title for guide in told.units[0].sign_offs[-1].guides} == {GUIDE}


def test_the_data_lead_may_read_it_there_too(named: Story):
    hide_a_name(named)
    told = gather(named.portfolio.pk, options=Options(unredacted="The appeal board asked."))
    assert all(SECRET in words for words in of_the_unit(told))
