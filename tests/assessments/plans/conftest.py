"""A plan of the unit, made, changed and agreed in one line each."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from assessments import actions
from assessments.actions import Planned
from assessments.models import ActionPoint, Plan, PlanAction
from tests.assessments.conftest import Unit

PEOPLE = [
    "learner",
    "second_learner",
    "assessor",
    "other_assessor",
    "trainee",
    "iqa",
    "admin",
    "data_lead",
]
ASSESSING = {"assessor", "trainee"}  # both are allocated to the unit


def soon(days: int = 7) -> date:
    return timezone.localdate() + timedelta(days=days)


def planned(text: str = "Film a talk with a customer.", **more: Any) -> Planned:
    return Planned(**{"who": "learner", "text": text, "due_on": soon(), **more})


@pytest.fixture
def make(unit: Unit) -> Callable[..., Plan]:
    def make_it(*rows: Planned, **more: Any) -> Plan:
        said = {"note": "The counter.", "review_on": soon(30), "by": unit.cast.assessor, **more}
        return actions.make_plan(
            enrolment=unit.enrolment, planned=list(rows) or [planned()], **said
        )

    return make_it


def change(plan: Plan, *rows: Planned, **more: Any) -> Plan:
    said = {
        "revision": plan.revision,
        "note": "Changed.",
        "review_on": plan.review_on,
        "by": plan.made_by,
    }
    return actions.change_plan(plan=plan, planned=list(rows) or [planned()], **{**said, **more})


def agreed(plan: Plan, unit: Unit) -> Plan:
    for person in (unit.cast.learner, unit.cast.assessor):
        actions.agree_plan(plan=plan, revision=plan.revision, by=person)
    return plan


def let_days_go_by(plan: Plan) -> None:
    yesterday = soon(-1)
    Plan.objects.filter(pk=plan.pk).update(review_on=yesterday)
    PlanAction.objects.filter(plan=plan).update(due_on=yesterday)
    plan.refresh_from_db()


def decided_with_point(unit: Unit) -> ActionPoint:
    submission = unit.submitted("P1")
    unit.judge(submission)
    point = actions.add_action_point(
        submission=submission, text="Ask him how it went.", due_on=soon(), by=unit.cast.assessor
    )
    actions.accept(
        submission=submission, feedback="Good.", personal_data="clear", by=unit.cast.assessor
    )
    return ActionPoint.objects.get(pk=point.pk)
