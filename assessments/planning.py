"""Plans as pages show them: a unit's, and what of all plans and decisions is overdue."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from accounts.models import Centre, User
from assessments.models import ActionPoint, Plan, PlanAction
from portfolio.models import Enrolment, Portfolio
from portfolio.workflow import EnrolmentStatus


def with_actions(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    actions = PlanAction.objects.select_related("done_by").prefetch_related("criteria")
    return plans.select_related("made_by", "assessor_agreed_by", "reviewed_by").prefetch_related(
        Prefetch("actions", actions)
    )


def plans_of(enrolment: Enrolment) -> tuple[Plan | None, list[Plan]]:
    """The running one, if there is one, and those that were reviewed, newest first."""
    found = list(with_actions(enrolment.plans.all()))
    for each in found:
        each.enrolment = enrolment
        for action in each.actions.all():
            action.plan = each
    running = next((each for each in found if each.reviewed_at is None), None)
    return running, [each for each in found if each.reviewed_at]


def points_of(enrolment: Enrolment) -> list[ActionPoint]:
    """What decisions on this unit asked of the learner and she has not done, soonest first."""
    rows = ActionPoint.objects.asked().filter(submission__enrolment=enrolment)
    return list(rows.select_related("submission__version__evidence").defer("submission__frozen"))


@dataclass(frozen=True)
class Overdue:
    """One thing whose day has gone by, and who was to do it."""

    enrolment: Enrolment
    what: str  # in its own words; empty for a review
    who: str
    due_on: datetime.date

    @property
    def is_review(self) -> bool:
        return not self.what


def overdue_for_assessor(assessor: User, centre: Centre) -> list[Overdue]:
    """In the units that they assess, the longest overdue first; three statements."""
    units = Enrolment.objects.in_centre(centre).filter(
        allocations__assessor=assessor, allocations__ended_at=None
    )
    return _overdue(units)


def overdue_of(portfolio: Portfolio) -> list[Overdue]:
    return _overdue(portfolio.enrolments.all())


def _overdue(units: QuerySet[Enrolment]) -> list[Overdue]:
    active = units.filter(status=EnrolmentStatus.ACTIVE).order_by().values("pk")
    found = [*_actions(active), *_points(active), *_reviews(active)]
    return sorted(found, key=lambda each: each.due_on)


def _actions(units: QuerySet) -> Iterable[Overdue]:
    rows = PlanAction.objects.open().filter(
        plan__enrolment__in=units, plan__reviewed_at=None, due_on__lt=timezone.localdate()
    )
    for row in rows.select_related(*_unit("plan__enrolment")):
        yield Overdue(row.plan.enrolment, row.text, row.who, row.due_on)


def _points(units: QuerySet) -> Iterable[Overdue]:
    rows = ActionPoint.objects.asked().filter(
        submission__enrolment__in=units, due_on__lt=timezone.localdate()
    )
    related = rows.select_related(*_unit("submission__enrolment")).defer("submission__frozen")
    for row in related:
        yield Overdue(row.submission.enrolment, row.text, PlanAction.Who.LEARNER, row.due_on)


def _reviews(units: QuerySet) -> Iterable[Overdue]:
    rows = Plan.objects.running().filter(enrolment__in=units, review_on__lt=timezone.localdate())
    for row in rows.select_related(*_unit("enrolment")):
        yield Overdue(row.enrolment, "", PlanAction.Who.ASSESSOR, row.review_on)


def _unit(path: str) -> Sequence[str]:
    return f"{path}__edition__standard", f"{path}__portfolio__learner"


def to_agree(portfolio: Portfolio) -> list[Plan]:
    """Plans that wait for the learner's agreement."""
    rows = Plan.objects.running().filter(
        enrolment__portfolio=portfolio,
        enrolment__status=EnrolmentStatus.ACTIVE,
        learner_agreed_at=None,
    )
    return list(rows.select_related("enrolment__edition__standard", "made_by"))
