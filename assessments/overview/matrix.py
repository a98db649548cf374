"""Learners across units: how far each is, what waits, what is stuck. A fixed number of
statements, however many learners and units a page shows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from assessments.models import Submission
from assessments.overview.stuck import is_stuck
from assessments.workflow import SubmissionStatus
from portfolio.models import Claim, Enrolment, ImportedDecision, Portfolio
from portfolio.workflow import ClaimStatus, EnrolmentStatus
from standards.models import Criterion

LEARNERS_A_PAGE = 50
AT_ONCE = 5000
READY = "ready"
STUCK = "stuck"
WAITING = "waiting"
CLOSED = (EnrolmentStatus.SIGNED_OFF, EnrolmentStatus.AWAITING_COUNTERSIGNATURE)
HANDED_IN = (ClaimStatus.SUBMITTED, ClaimStatus.MET, ClaimStatus.NOT_YET)
ROW = (
    "pk",
    "status",
    "portfolio",
    "portfolio__learner",
    "portfolio__learner__name",
    "portfolio__cohort",
    "edition",
    "edition__title",
    "edition__standard__urn",
    "criteria",
    "imported_count",
    "stuck",
)


@dataclass(frozen=True)
class Unit:
    edition: int
    urn: str
    title: str


@dataclass(frozen=True)
class Cell:
    """One learner on one unit. `claimed` are the criteria that anything was handed in for:
    what a learner still drafts is hers alone."""

    enrolment: int
    learner: int
    unit: Unit
    state: str
    criteria: int
    met: int
    claimed: int
    waiting: int
    oldest: datetime | None
    last: datetime | None

    @property
    def bar(self) -> dict[str, int]:
        """Of a bar that is a hundred long, how far it is met, and claimed."""
        whole = max(self.criteria, 1)
        return {"met": 100 * self.met // whole, "claimed": 100 * self.claimed // whole}


@dataclass(frozen=True)
class Row:
    portfolio: int
    learner: int
    name: str
    cohort: str
    cells: list[Cell | None]


@dataclass(frozen=True)
class Matrix:
    units: list[Unit]
    rows: list[Row]
    page_obj: Page[Any]


def matrix_of(enrolments: QuerySet[Enrolment], *, page: str | None) -> Matrix:
    """Of units that were already found to be this person's to see."""
    learners = Portfolio.objects.filter(pk__in=enrolments.order_by().values("portfolio"))
    ordered = learners.order_by("learner__name", "pk").values_list("pk", flat=True)
    page_obj = Paginator(ordered, LEARNERS_A_PAGE).get_page(page)
    shown = enrolments.filter(portfolio__in=list(page_obj.object_list))
    cells = list(cells_of(with_counts(shown)))
    units = sorted({cell.unit for _who, cell in cells}, key=lambda each: (each.urn, each.edition))
    return Matrix(units, _rows(cells, units), page_obj)


Who = tuple[int, str, str]  # portfolio, name, cohort


def cells_of(rows: Iterable[dict[str, Any]]) -> Iterator[tuple[Who, Cell]]:
    for row, cell in told_of(rows):
        yield (row["portfolio"], row["portfolio__learner__name"], row["portfolio__cohort"]), cell


def told_of(rows: Iterable[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], Cell]]:
    """Each row with its cell, AT_ONCE at a time however many there are; two statements each
    time. The rows are named one by one, or the database may read through everybody's claims."""
    read = iter(rows)
    while some := list(islice(read, AT_ONCE)):
        pks = [row["pk"] for row in some]
        claims, submissions = _claims(pks), _submissions(pks)
        for row in some:
            yield row, _cell(row, claims.get(row["pk"]), submissions.get(row["pk"]))


def with_counts(
    enrolments: QuerySet[Enrolment], more: Iterable[str] = ()
) -> QuerySet[Any, dict[str, Any]]:
    """As plain rows, learner by learner, with whatever more is asked for."""
    criteria = Criterion.objects.filter(edition=OuterRef("edition"))
    met_here = Claim.objects.filter(
        criterion=OuterRef("criterion"), enrolment=OuterRef("enrolment"), status=ClaimStatus.MET
    )
    imported = ImportedDecision.objects.in_force().filter(enrolment=OuterRef("pk"))
    return (
        enrolments.annotate(
            criteria=_count(criteria, "edition"),
            imported_count=_count(imported.filter(~Exists(met_here)), "enrolment"),
            stuck=Case(
                When(is_stuck(), then=Value(True)), default=False, output_field=BooleanField()
            ),
        )
        .order_by("portfolio__learner__name", "portfolio", "edition__standard__urn", "pk")
        .values(*ROW, *more)
    )


def _count(rows: QuerySet[Any], by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def _claims(pks: list[int]) -> dict[int, dict[str, Any]]:
    rows = Claim.objects.filter(enrolment__in=pks, status__in=HANDED_IN).order_by()
    counted = rows.values("enrolment").annotate(
        claimed=Count("criterion", distinct=True),
        met=Count("criterion", distinct=True, filter=Q(status=ClaimStatus.MET)),
    )
    return {row["enrolment"]: row for row in counted}


def _submissions(pks: list[int]) -> dict[int, dict[str, Any]]:
    waits = Q(status=SubmissionStatus.WAITING)
    rows = Submission.objects.filter(enrolment__in=pks).order_by()
    counted = rows.values("enrolment").annotate(
        waiting=Count("pk", filter=waits),
        oldest=Min("submitted_at", filter=waits),
        handed_in=Max("submitted_at"),
        decided=Max("decided_at"),
    )
    return {row["enrolment"]: row for row in counted}


def _cell(row: dict[str, Any], claims: dict[str, Any] | None, work: dict[str, Any] | None) -> Cell:
    claims = claims or {"claimed": 0, "met": 0}
    work = work or {"waiting": 0, "oldest": None, "handed_in": None, "decided": None}
    met = claims["met"] + row["imported_count"]
    moments = [each for each in (work["handed_in"], work["decided"]) if each]
    return Cell(
        enrolment=row["pk"],
        learner=row["portfolio__learner"],
        unit=Unit(row["edition"], row["edition__standard__urn"], row["edition__title"]),
        state=_state(row, met=met, waiting=work["waiting"]),
        criteria=row["criteria"],
        met=met,
        claimed=max(claims["claimed"], met),
        waiting=work["waiting"],
        oldest=work["oldest"],
        last=max(moments, default=None),
    )


def _state(row: dict[str, Any], *, met: int, waiting: int) -> str:
    """What matters most of a unit; a state of accounts/states.py, or READY."""
    if row["status"] in CLOSED:
        return row["status"]
    if waiting:
        return WAITING
    if row["criteria"] and met == row["criteria"]:
        return READY
    return STUCK if row["stuck"] else EnrolmentStatus.ACTIVE.value


def _rows(cells: list[tuple[Who, Cell]], units: list[Unit]) -> list[Row]:
    place = {unit: number for number, unit in enumerate(units)}
    rows: dict[int, Row] = {}
    for (portfolio, name, cohort), cell in cells:
        row = rows.get(portfolio)
        if row is None:
            row = rows[portfolio] = Row(portfolio, cell.learner, name, cohort, [None] * len(units))
        row.cells[place[cell.unit]] = cell
    return list(rows.values())
