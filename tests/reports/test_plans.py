"""Plans with their reviews, and imported decisions, in the facts and on paper."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments import actions
from assessments.models import MarkingPointCredit, SignOff
from portfolio.actions import import_decisions, take_back_import
from portfolio.models import Enrolment
from reports import document, matrix
from reports.gather import gather
from tests.factories import make_edition, make_guide
from tests.reports.builders import Story, begin


@pytest.fixture
def story(cast) -> Story:
    """One unit with nothing in it yet."""
    made = begin(cast)
    edition = make_edition()
    make_guide(edition)
    made.enrol(edition)
    return made


def bring(story: Story, *codes: str) -> list[Any]:
    (unit,) = story.enrolments
    return import_decisions(
        enrolment=unit,
        criteria=list(unit.edition.criteria.filter(code__in=codes)),
        decided_at_centre="Westside Centre",
        decided_by_name="Uma Grant",
        decided_on=datetime.date(2026, 3, 3),
        seen="The signed unit record.",
        by=story.cast.assessor,
    )


def plan(story: Story, many: int = 1) -> Any:
    day = timezone.localdate() + datetime.timedelta(days=7)
    rows = [
        actions.Planned(
            who="learner",
            text=f"Film talk {number}.",
            due_on=day,
            method="observation",
            criteria=list(story.enrolments[0].edition.criteria.filter(code="P1")),
        )
        for number in range(many)
    ]
    return actions.make_plan(
        enrolment=story.enrolments[0],
        note="The counter.",
        review_on=day,
        planned=rows,
        by=story.cast.assessor,
    )


def test_an_imported_criterion_counts_and_says_so_wherever_it_is_printed(story: Story) -> None:
    bring(story, "P1")
    facts = gather(story.portfolio.pk)
    (unit,) = facts.units
    assert [each.state for each in unit.criteria] == ["imported", "to_do", "to_do"]
    assert (unit.met, unit.imported) == (1, 1)
    (sheet,) = matrix.sheets(unit, facts.evidence)
    assert sheet.has_imports
    html = document.render(facts)
    for part in ("progress", "matrix", "criteria"):
        section = html.split(f'id="{part}"')[1].split('<section class="part')[0]
        assert "mported" in section, part
    assert "decided 3 March 2026 at Westside Centre by Uma Grant" in html
    assert "1 of them imported" in html


def test_what_was_taken_back_stays_in_print_and_counts_no_more(story: Story) -> None:
    (row,) = bring(story, "P1")
    take_back_import(imported=row, reason="Of another unit.", by=story.cast.admin)
    facts = gather(story.portfolio.pk)
    (unit,) = facts.units
    assert (unit.criteria[0].state, unit.met) == ("to_do", 0)
    html = document.render(facts)
    assert "Of another unit." in html
    assert "Taken back by Ed Walsh" in html


def test_a_sign_off_prints_what_it_relied_on_then(story: Story) -> None:
    rows = bring(story, "P1", "P2", "K1")
    (unit,) = story.enrolments
    points = [
        p.pk for guide in unit.edition.marking_guides.all() for p in guide.marking_points.all()
    ]
    signed = actions.sign_off(
        enrolment=unit,
        credits={},
        imported={pk: [rows[0].pk] for pk in points},
        personal_data_checked=True,
        by=story.cast.assessor,
    )
    assert MarkingPointCredit.objects.filter(sign_off=signed, version=None).count() == 2
    (printed,) = gather(story.portfolio.pk).units[0].sign_offs
    assert [each.code for each in printed.imported] == ["P1", "P2", "K1"]
    assert printed.guides[0].points[0].credits[0].imported.startswith("P1, P2, K1, decided at")
    Enrolment.objects.filter(pk=unit.pk).update(status="active")
    rows[0].enrolment.refresh_from_db()
    take_back_import(imported=rows[0], reason="A mistake.", by=story.cast.admin)
    (printed,) = gather(story.portfolio.pk).units[0].sign_offs
    assert [each.code for each in printed.imported] == ["P1", "P2", "K1"]
    assert SignOff.objects.count() == 1
    html = document.render(gather(story.portfolio.pk))
    section = html.split('id="sign-offs"')[1]
    assert "Imported, not judged again" in section


def test_plans_and_their_reviews_are_printed(story: Story) -> None:
    row = plan(story)
    actions.agree_plan(plan=row, revision=1, by=story.cast.learner)
    actions.mark_plan_action(action=row.actions.get(), done=True, by=story.cast.learner)
    actions.review_plan(plan=row, review="All of it was reached.", by=story.cast.assessor)
    (told,) = gather(story.portfolio.pk).units[0].plans
    assert (told.reviewed_by, told.review) == ("Ben Osei", "All of it was reached.")
    assert told.actions[0].codes == ("P1",)
    html = document.render(gather(story.portfolio.pk))
    section = html.split('id="plans"')[1].split('<section class="part')[0]
    for words in ("Film talk 0.", "All of it was reached.", "Agreed by the learner", "Amira Khan"):
        assert words in section
    assert "Observation · P1" in section


def test_an_empty_unit_says_that_no_plan_was_made(story: Story) -> None:
    assert "No plan was made for this unit." in document.render(gather(story.portfolio.pk))


def test_many_plans_and_imports_take_no_more_queries(story: Story) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            gather(story.portfolio.pk)
        return len(queries)

    actions.review_plan(plan=plan(story), review="Well.", by=story.cast.assessor)
    bring(story, "P1")
    few = count()
    actions.review_plan(plan=plan(story, many=5), review="Well.", by=story.cast.assessor)
    plan(story, many=3)
    bring(story, "P2", "K1")
    assert count() == few
