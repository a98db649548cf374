"""A centre in figures: what is going on, how long decisions take, how often work is accepted
the first time. Three statements for the groups, three for the whole, however large the centre.

Turnaround is the time from the hand-in to the decision. Accepted the first time: of the items of
evidence handed in for the first time and decided in the period, those that were accepted. A
decision that was undone or withdrawn counts in neither.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Avg,
    Case,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    IntegerField,
    Min,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import TruncMonth, TruncWeek
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.overview.scope import Scope
from assessments.overview.stuck import is_stuck
from assessments.workflow import SubmissionStatus
from portfolio.workflow import EnrolmentStatus

PERIODS: dict[int, str | Promise] = {
    4: _("4 weeks"),
    12: _("12 weeks"),
    52: _("12 months"),
}
USUAL_PERIOD = 12
A_DAY = timedelta(days=1)

TOOK = ExpressionWrapper(F("decided_at") - F("submitted_at"), output_field=DurationField())
FIRST = Q(version__number=1)
ACCEPTED = Q(status=SubmissionStatus.ACCEPTED)


@dataclass(frozen=True)
class Grouping:
    """What the rows are: where to find it from an enrolment, and from a decision."""

    key: str
    label: str | Promise
    enrolment: tuple[str, ...]  # the value, then what names it
    decision: str
    running: str = ""  # the path to when it ended, where an enrolment may have several

    def here(self, at: str = "") -> Q:
        return Q(**{f"{at}{self.running}": None}) if self.running else Q()


GROUPINGS = {
    each.key: each
    for each in (
        Grouping(
            "unit",
            _("Unit"),
            ("edition", "edition__standard__urn", "edition__title"),
            "enrolment__edition",
        ),
        Grouping("cohort", _("Cohort"), ("portfolio__cohort",), "enrolment__portfolio__cohort"),
        Grouping(
            "assessor",
            _("Assessor"),
            ("allocations__assessor", "allocations__assessor__name"),
            "decided_by",
            "allocations__ended_at",
        ),
    )
}


@dataclass
class Figures:
    learners: int = 0
    active: int = 0
    signed_off: int = 0
    stuck: int = 0
    waiting: int = 0
    oldest: datetime | None = None
    decided: int = 0
    took: timedelta | None = None
    first: int = 0
    first_accepted: int = 0

    @property
    def days(self) -> float | None:
        return round(self.took / A_DAY, 1) if self.took is not None else None

    @property
    def first_share(self) -> int | None:
        return 100 * self.first_accepted // self.first if self.first else None


@dataclass
class Group(Figures):
    key: Any = None
    name: str = ""


@dataclass(frozen=True)
class Span:
    """One week or month of decisions."""

    starts: datetime
    figures: Figures


@dataclass(frozen=True)
class Period:
    weeks: int

    @classmethod
    def read(cls, text: str) -> "Period":
        weeks = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
        return cls(weeks if weeks in PERIODS else USUAL_PERIOD)

    @property
    def by_month(self) -> bool:
        return self.weeks > USUAL_PERIOD

    @property
    def since(self) -> datetime:
        """From the beginning of a whole week or month, so that no bar is cut."""
        day = timezone.localtime() - timedelta(weeks=self.weeks - 1)
        day = day.replace(hour=0, minute=0, second=0, microsecond=0)
        return day.replace(day=1) if self.by_month else day - timedelta(days=day.weekday())

    def starts(self) -> Iterable[datetime]:
        at, now = self.since, timezone.localtime()
        while at <= now:
            yield at
            at = _next_month(at) if self.by_month else at + timedelta(weeks=1)


def _next_month(at: datetime) -> datetime:
    return (at + timedelta(days=32)).replace(day=1)


def of_whole(scope: Scope, spans: Iterable[Span]) -> Figures:
    """Two statements; the decisions are added up from the spans."""
    found = _merged(
        Figures(),
        scope.enrolments().aggregate(**_enrolment_counts()),
        scope.waiting().aggregate(**WAITING_COUNTS),
    )
    spent = timedelta()
    for span in spans:
        each = span.figures
        found.decided += each.decided
        found.first += each.first
        found.first_accepted += each.first_accepted
        spent += (each.took or timedelta()) * each.decided
    found.took = spent / found.decided if found.decided else None
    return found


def spans_of(scope: Scope, period: Period) -> list[Span]:
    """Every week or month of the period, the empty ones too; one statement."""
    cut = TruncMonth("decided_at") if period.by_month else TruncWeek("decided_at")
    rows = _decided(scope, period).annotate(starts=cut).values("starts").annotate(**DECIDED_COUNTS)
    found = {timezone.localdate(row.pop("starts")): row for row in rows}
    return [
        Span(at, _merged(Figures(), found.get(timezone.localdate(at), {})))
        for at in period.starts()
    ]


def groups_of(scope: Scope, grouping: Grouping, period: Period) -> list[Group]:
    """Three statements."""
    groups: dict[Any, Group] = {}
    key, *names = grouping.enrolment
    enrolments = scope.enrolments().filter(grouping.here())
    for row in enrolments.values(*grouping.enrolment).annotate(**_enrolment_counts()):
        name = " ".join(str(row.pop(each)) for each in names) if names else row[key]
        found = row.pop(key)
        groups[found] = Group(key=found, name=name, **row)
    at, here = f"enrolment__{key}", grouping.here("enrolment__")
    for row in scope.waiting().filter(here).values(at).annotate(**WAITING_COUNTS):
        _merge_into(groups, row.pop(at), row)
    at = grouping.decision
    for row in _decided(scope, period).values(at).annotate(**DECIDED_COUNTS):
        _merge_into(groups, row.pop(at), row)
    groups.pop(None, None)  # nobody's
    return sorted(groups.values(), key=lambda each: each.name.casefold())


def _merge_into(groups: dict[Any, Group], key: Any, row: dict[str, Any]) -> None:
    if key in groups:
        vars(groups[key]).update(row)


def _merged(into: Any, *rows: dict[str, Any]) -> Any:
    for row in rows:
        for name, value in row.items():
            setattr(into, name, value if value is not None else getattr(into, name))
    return into


def _decided(scope: Scope, period: Period) -> QuerySet[Any]:
    return scope.decisions().filter(decided_at__gte=period.since)


def _enrolment_counts() -> dict[str, Any]:
    stuck = Case(When(is_stuck(), then=Value(1)), default=0, output_field=IntegerField())
    return {
        "learners": Count("portfolio", distinct=True),
        "active": Count("pk", filter=Q(status=EnrolmentStatus.ACTIVE)),
        "signed_off": Count("pk", filter=Q(status=EnrolmentStatus.SIGNED_OFF)),
        "stuck": Sum(stuck),
    }


WAITING_COUNTS = {"waiting": Count("pk"), "oldest": Min("submitted_at")}
DECIDED_COUNTS = {
    "decided": Count("pk"),
    "took": Avg(TOOK),
    "first": Count("pk", filter=FIRST),
    "first_accepted": Count("pk", filter=FIRST & ACCEPTED),
}
