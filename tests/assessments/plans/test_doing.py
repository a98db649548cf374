"""What was planned is done, overdue or reviewed; and what decisions asked of the learner."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import actions
from assessments.models import ActionPoint
from assessments.planning import overdue_for_assessor, overdue_of
from ledger.models import Entry
from ledger.transitions import TransitionRefused
from portfolio.models import Enrolment
from tests.assessments.conftest import Unit
from tests.assessments.plans.conftest import (
    agreed,
    change,
    decided_with_point,
    let_days_go_by,
    planned,
    soon,
)

# Done, overdue, reviewed --------------------------------------------------------------------


def test_done_by_whom_it_concerns_and_not_done_after_all(unit: Unit, make) -> None:
    action = make().actions.get()
    for _twice in range(2):
        actions.mark_plan_action(action=action, done=True, by=unit.cast.learner)
    assert (action.done_by, bool(action.done_at)) == (unit.cast.learner, True)
    assert Entry.objects.filter(verb="plan_action_done").count() == 1
    actions.mark_plan_action(action=action, done=False, by=unit.cast.learner)
    assert (action.done_by, action.done_at) == (None, None)
    assert Entry.objects.filter(verb="plan_action_reopened").count() == 1


def test_the_review_closes_it_and_the_next_is_a_new_one(unit: Unit, make) -> None:
    plan = agreed(make(planned("Done."), planned("Left.")), unit)
    done, left = plan.actions.order_by("pk")
    actions.mark_plan_action(action=done, done=True, by=unit.cast.learner)
    with pytest.raises(ValidationError, match="how it went"):
        actions.review_plan(plan=plan, review=" ", by=unit.cast.assessor)
    actions.review_plan(plan=plan, review="Half of it.", by=unit.cast.assessor)
    assert Entry.objects.get(verb="plan_reviewed").facts["not_done"] == [left.pk]
    for verb in (
        lambda: change(plan),
        lambda: actions.review_plan(plan=plan, review="Again.", by=unit.cast.assessor),
        lambda: actions.agree_plan(plan=plan, revision=1, by=unit.cast.learner),
        lambda: actions.mark_plan_action(action=left, done=True, by=unit.cast.learner),
    ):
        with pytest.raises(TransitionRefused, match="Ben Osei reviewed this plan"):
            verb()
    assert make().pk != plan.pk


def test_overdue_is_seen_by_both_until_it_is_done(unit: Unit, make) -> None:
    plan = make(planned("Hers."), planned("Theirs.", who="assessor"))
    decided = decided_with_point(unit)
    both = overdue_of(unit.portfolio), overdue_for_assessor(unit.cast.assessor, unit.cast.centre)
    assert both == ([], [])
    let_days_go_by(plan)
    ActionPoint.objects.filter(pk=decided.pk).update(due_on=soon(-3))
    hers = overdue_of(unit.portfolio)
    assert hers == overdue_for_assessor(unit.cast.assessor, unit.cast.centre)
    assert [(each.what, each.whose) for each in hers] == [
        ("Ask him how it went.", "learner"),
        ("", "assessor"),
        ("Hers.", "learner"),
        ("Theirs.", "assessor"),
    ]
    assert overdue_for_assessor(unit.cast.other_assessor, unit.cast.centre) == []
    actions.mark_action_point(point=decided, done=True, by=unit.cast.learner)
    actions.mark_plan_action(action=plan.actions.get(text="Hers."), done=True, by=unit.cast.learner)
    assert [each.what for each in overdue_of(unit.portfolio)] == ["", "Theirs."]
    actions.review_plan(plan=plan, review="Enough.", by=unit.cast.assessor)
    assert overdue_of(unit.portfolio) == []


def test_days_in_a_closed_unit_are_overdue_to_nobody(unit: Unit, make) -> None:
    let_days_go_by(make())
    Enrolment.objects.filter(pk=unit.enrolment.pk).update(status="withdrawn")
    assert overdue_of(unit.portfolio) == []


# What a decision asked for ------------------------------------------------------------------


def test_she_says_that_it_is_done(unit: Unit) -> None:
    point = decided_with_point(unit)
    with pytest.raises(PermissionDenied):
        actions.mark_action_point(point=point, done=True, by=unit.cast.assessor)
    actions.mark_action_point(point=point, done=True, by=unit.cast.learner)
    assert point.done_at
    assert Entry.objects.get(verb="action_point_done").facts["action"] == point.pk
    actions.mark_action_point(point=point, done=False, by=unit.cast.learner)
    assert point.done_at is None


def test_of_a_draft_nothing_can_be_done(unit: Unit, signed_in, url_of) -> None:
    point = actions.add_action_point(
        submission=unit.submitted("P1"), text="Soon.", due_on=soon(), by=unit.cast.assessor
    )
    page = url_of("action_point", pk=point.pk)
    assert signed_in(unit.cast.learner).post(page, {"done": "on"}).status_code == 404
    actions.mark_action_point(point=point, done=True, by=unit.cast.learner)
    assert point.done_at is None


def test_overdue_takes_one_statement_however_much_there_is(unit: Unit, make) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            overdue_for_assessor(unit.cast.assessor, unit.cast.centre)
        return len(queries)

    plan = make()
    let_days_go_by(plan)
    few = count()
    change(plan, *(planned(f"Row {n}.") for n in range(8)))
    let_days_go_by(plan)
    assert count() == few == 1
