"""What an assessor has to do this week: how long work waits, planned visits, dated actions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Value
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Centre, User
from assessments.models import ActionPoint, PlanAction, Record, Submission
from assessments.workflow import RecordStatus
from portfolio.models import Enrolment, EvidenceVersion
from portfolio.workflow import EnrolmentStatus

VISITS = 10
ACTIONS = 20
# Up to how many days, and how that is said; the last has no end.
AGES: tuple[tuple[int | None, str | Promise], ...] = (
    (2, _("up to 2 days")),
    (7, _("3 to 7 days")),
    (14, _("8 to 14 days")),
    (None, _("more than 14 days")),
)


@dataclass(frozen=True)
class Age:
    label: str | Promise
    count: int
    is_late: bool
    share: int  # of the longest bar, in hundredths


def ages_of(waiting: QuerySet[Submission]) -> list[Age]:
    """How many wait for how long; one statement."""
    now = timezone.now()
    filters: dict[str, Q] = {}
    newer = Q()
    for number, (days, _label) in enumerate(AGES):
        within = Q(submitted_at__gt=now - timedelta(days=days)) if days else Q(pk__isnull=False)
        filters[f"age{number}"] = within & ~newer if newer else within
        newer = within
    counted = waiting.order_by().aggregate(
        **{name: Count("pk", filter=where) for name, where in filters.items()}
    )
    longest = max(*counted.values(), 1)
    return [
        Age(label, counted[f"age{number}"], number >= 2, 100 * counted[f"age{number}"] // longest)
        for number, (_days, label) in enumerate(AGES)
    ]


def end_of_week(today: date) -> date:
    return today + timedelta(days=6 - today.weekday())


def visits_of(assessor: User, centre: Centre) -> QuerySet[Record]:
    """What is planned and not begun yet; one that has gone by still asks for an answer."""
    return (
        Record.objects.in_centre(centre)
        .filter(assessor=assessor, status=RecordStatus.PLANNED, planned_for__isnull=False)
        .exclude(enrolment__status=EnrolmentStatus.WITHDRAWN)
        .select_related("enrolment__portfolio__learner", "enrolment__edition__standard")
        .defer("enrolment__edition__source_text", "enrolment__edition__metadata")
        .order_by("planned_for", "pk")
    )


@dataclass(frozen=True)
class Action:
    enrolment: int
    portfolio: int
    learner: str
    urn: str
    text: str
    due_on: date
    whose: str

    @property
    def is_mine(self) -> bool:
        return self.whose == PlanAction.Who.ASSESSOR


def actions_of(
    enrolments: QuerySet[Enrolment], until: date = date.max, *, many: int | None = None
) -> list[Action]:
    """What is to be done by then or is overdue, of plans and of decisions; one statement."""
    active = enrolments.filter(status=EnrolmentStatus.ACTIVE).order_by().values("pk")
    planned = PlanAction.objects.filter(
        plan__enrolment__in=active, plan__reviewed_at=None, done_at=None, due_on__lte=until
    )
    newer = EvidenceVersion.objects.filter(
        evidence=OuterRef("submission__version__evidence"),
        number__gt=OuterRef("submission__version__number"),
        submitted_at__isnull=False,
    )
    asked = ActionPoint.objects.filter(
        ~Exists(newer),  # which is the learner's answer to what was asked
        submission__enrolment__in=active,
        submission__decided_at__isnull=False,
        submission__withdrawal=None,
        done_at=None,
        due_on__lte=until,
    )
    both = _rows(planned, "plan__enrolment", "who").union(
        _rows(asked, "submission__enrolment", Value("learner", CharField())), all=True
    )
    return [Action(*row) for row in both.order_by("due_on")[:many]]


def _rows(rows: QuerySet[Any], at: str, who: Any) -> QuerySet[Any]:
    whose = {"whose": who} if not isinstance(who, str) else {}
    return (
        rows.order_by()
        .annotate(**whose)
        .values_list(
            at,
            f"{at}__portfolio",
            f"{at}__portfolio__learner__name",
            f"{at}__edition__standard__urn",
            "text",
            "due_on",
            "whose" if whose else who,
        )
    )


def gone_by(records: Iterable[Record], now: datetime) -> set[int]:
    return {each.pk for each in records if each.planned_for and each.planned_for < now}
