"""The lists of what assessors record, and of the questions that they keep to be asked."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.lists import Choice, Column, Joined, Listing, Words, at, field, split, where
from assessments.lists import (
    ENROLMENT,
    LEARNER,
    LEARNERS_NAME,
    UNIT,
    by_edition,
    editions_of,
    named,
)
from assessments.models import Question, Record
from assessments.workflow import RecordStatus
from portfolio.hiding.guards import without
from portfolio.models import Enrolment
from standards.models import Edition

GONE_BY, TO_COME = "gone", "to_come"

VISITS = (
    field("when", _("When"), "planned_for"),
    LEARNER,
    Column("kind", _("Kind"), Record.get_kind_display, ("kind",)),
    UNIT,
    field("place", _("Where"), "place"),
)
QUESTIONS = (
    field("question", _("Question"), "text"),
    field("expected", _("Expected answer"), "expected"),
    Column("criteria", _("Criteria"), lambda row: ", ".join(split(row.codes))),
    field("unit", _("Unit"), "edition__standard__urn"),
    Column("changed", _("Changed on"), at("changed_at"), shown=False),
)


def records(
    request: HttpRequest, rows: QuerySet[Record], hidden: Mapping[int, Collection[str]]
) -> Listing:
    """Of one unit; `hidden` are the words hidden in its evidence, by the evidence's number."""

    def place(row: Record) -> str:
        number = row.evidence.number if row.evidence else None
        return without(row.place, hidden.get(number, ()))

    columns = (
        Column("kind", _("Kind"), Record.get_kind_display, ("kind",)),
        field("assessor", _("Assessor"), "assessor__name"),
        field("when", _("When"), "planned_for"),
        Column("place", _("Where"), place),
        Column("criteria", _("Criteria"), lambda row: ", ".join(split(row.codes))),
        Column("evidence", _("Evidence"), lambda row: row.evidence and row.evidence.number),
        Column("state", _("State"), Record.get_status_display, ("status",)),
        Column("confirmed", _("Confirmed"), at("confirmed_at"), shown=False),
    )
    return Listing(
        request=request,
        name="records",
        caption=_("Records of this unit"),
        columns=columns,
        row="",
        every=rows,
        filters=[
            Choice("kind", _("Kind"), Record.Kind.choices, where("kind"), is_lenient=True),
            Choice("state", _("State"), RecordStatus.choices, where("status"), is_lenient=True),
        ],
        order=("-pk",),
        a_page=25,
        in_file=_with_codes,
    )


def visits(request: HttpRequest, planned: QuerySet[Record], mine: QuerySet[Enrolment]) -> Listing:
    return Listing(
        request=request,
        name="planned-visits",
        caption=_("Planned visits"),
        columns=VISITS,
        row="assessments/_visit_row.html",
        every=planned,
        filters=[
            LEARNERS_NAME,
            by_edition(editions_of(mine), ENROLMENT),
            Choice(
                "day",
                _("When"),
                [(TO_COME, _("To come")), (GONE_BY, _("Has gone by"))],
                _gone_or_to_come,
                is_lenient=True,
            ),
        ],
        order=("planned_for", "pk"),
        a_page=25,
    )


def questions(
    request: HttpRequest, rows: QuerySet[Question], editions: QuerySet[Edition], *, may_write: bool
) -> Listing:
    do = [Column("do", _("What you can do"), is_named=False)] if may_write else []
    return Listing(
        request=request,
        name="questions",
        caption=_("Questions"),
        columns=[*QUESTIONS, *do],
        row="assessments/_question_row.html",
        every=rows,
        filters=[
            by_edition(named(editions), is_lenient=True),
            Words("q", _("Search"), ("text", "expected")),
        ],
        order=("edition__standard__urn", "edition", "pk"),
        a_page=25,
        in_file=_with_codes,
    )


def _gone_or_to_come(rows: QuerySet[Record], value: str) -> QuerySet[Record]:
    gone = Q(planned_for__lt=timezone.now())
    return rows.filter(gone if value == GONE_BY else ~gone)


def _with_codes(rows: QuerySet[Any]) -> QuerySet[Any]:
    its = rows.model.objects.filter(pk=OuterRef("pk")).order_by().values("pk")
    codes = its.annotate(all=Joined("criteria__code")).values("all")
    return rows.annotate(codes=Subquery(codes))
