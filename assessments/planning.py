"""Plans as pages show them: a unit's, and what of all plans and decisions is overdue."""

import datetime
from dataclasses import dataclass

from django.db.models import CharField, F, Prefetch, QuerySet, Value
from django.utils import timezone

from accounts.models import Centre, User
from assessments.models import ActionPoint, Plan, PlanAction
from portfolio.models import Enrolment, Portfolio
from portfolio.workflow import EnrolmentStatus

LEARNER = Value(PlanAction.Who.LEARNER.value, output_field=CharField())
ASSESSOR = Value(PlanAction.Who.ASSESSOR.value, output_field=CharField())
NO_WORDS = Value("", output_field=CharField())


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

    unit: int  # the enrolment's id
    urn: str
    learner: str
    what: str  # in its own words; empty for a review
    whose: str
    day: datetime.date

    @property
    def is_review(self) -> bool:
        return not self.what


def overdue_for_assessor(assessor: User, centre: Centre) -> list[Overdue]:
    """In the units that they assess, the longest overdue first."""
    units = Enrolment.objects.in_centre(centre).filter(
        allocations__assessor=assessor, allocations__ended_at=None
    )
    return _overdue(units)


def overdue_of(portfolio: Portfolio) -> list[Overdue]:
    return _overdue(portfolio.enrolments.all())


def _overdue(units: QuerySet[Enrolment]) -> list[Overdue]:
    """Actions of plans, actions of decisions, and reviews: one statement."""
    active = units.filter(status=EnrolmentStatus.ACTIVE).order_by().values("pk")
    today = timezone.localdate()
    actions = PlanAction.objects.open().filter(
        plan__enrolment__in=active, plan__reviewed_at=None, due_on__lt=today
    )
    points = ActionPoint.objects.asked().filter(submission__enrolment__in=active, due_on__lt=today)
    reviews = Plan.objects.running().filter(enrolment__in=active, review_on__lt=today)
    rows = _columns(actions, "plan__enrolment", what=F("text"), whose=F("who"), day=F("due_on"))
    rows = rows.union(
        _columns(points, "submission__enrolment", what=F("text"), whose=LEARNER, day=F("due_on")),
        _columns(reviews, "enrolment", what=NO_WORDS, whose=ASSESSOR, day=F("review_on")),
        all=True,
    )
    return [Overdue(**row) for row in rows.order_by("day", "learner", "what")]


def _columns(rows: QuerySet, unit: str, **own: F | Value) -> QuerySet:
    return rows.order_by().values(
        unit=F(unit),
        urn=F(f"{unit}__edition__standard__urn"),
        learner=F(f"{unit}__portfolio__learner__name"),
        **own,
    )


def to_agree(portfolio: Portfolio) -> list[Plan]:
    """Plans that wait for the learner's agreement."""
    rows = Plan.objects.running().filter(
        enrolment__portfolio=portfolio,
        enrolment__status=EnrolmentStatus.ACTIVE,
        learner_agreed_at=None,
    )
    return list(rows.select_related("enrolment__edition__standard", "made_by"))
