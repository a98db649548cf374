"""The lists of what assessors have to do: their columns, filters and orders."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.lists import Choice, Column, Listing, Words, at, field, number_in, where
from assessments import worklist
from portfolio.models import Enrolment
from standards.models import Edition

ENROLMENT = "enrolment__"
Pairs = Iterable[tuple[Any, Any]]

# Of what hangs on an enrolment: whose it is, for which unit, and the box that finds the learner.
LEARNER = field("learner", _("Learner"), "enrolment__portfolio__learner__name")
UNIT = field("unit", _("Unit"), "enrolment__edition__standard__urn")
LEARNERS_NAME = Words("text", _("Learner"), ("enrolment__portfolio__learner__name",))

QUEUE = (
    Column("evidence", _("Evidence"), lambda row: _numbered(row.version), ("version__title",)),
    LEARNER,
    UNIT,
    field("claims", _("Claims"), "claim_count", number=True),
    field("waiting", _("Waiting for"), "submitted_at"),
)

CASELOAD = (
    field("learner", _("Learner"), "portfolio__learner__name"),
    field("unit", _("Unit"), "edition__standard__urn"),
    Column("title", _("Title"), at("edition.title"), shown=False),
    field("met", _("Criteria met"), "met_count", number=True),
    Column("criteria", _("Criteria"), at("criteria_count"), shown=False),
    field("judging", _("Criteria to judge"), "judging_count", number=True),
    field("waiting", _("Evidence waiting"), "waiting_count", number=True),
    Column("state", _("State"), Enrolment.get_status_display, ("status",)),
)

COUNTERSIGNATURES = (
    LEARNER,
    UNIT,
    Column("title", _("Title"), at("enrolment.edition.title"), shown=False),
    field("assessor", _("Signed by"), "assessor__name"),
    field("signed", _("Signed on"), "signed_at"),
    Column("look", _("Look at it"), is_named=False),
)


def queue(request: HttpRequest) -> tuple[Listing, worklist.Choices]:
    """What waits for me, and the learners and units it comes from."""
    waiting = worklist.waiting(request.user, request.centre)
    choices = worklist.choices_in(waiting)
    listing = Listing(
        request=request,
        name="queue",
        caption=_("Evidence to judge"),
        columns=QUEUE,
        row="assessments/_queue_row.html",
        every=worklist.with_rows(waiting),
        filters=[
            by_learner(choices.learners.items(), ENROLMENT),
            by_edition(choices.units.items(), ENROLMENT),
        ],
        order=("submitted_at", "pk"),
    )
    return listing, choices


def caseload(request: HttpRequest, mine: QuerySet[Enrolment]) -> Listing:
    return Listing(
        request=request,
        name="my-learners",
        caption=_("My learners"),
        columns=CASELOAD,
        row="assessments/_caseload_row.html",
        every=mine,
        filters=[
            Words("text", _("Learner"), ("portfolio__learner__name",)),
            by_edition(editions_of(mine)),
            Choice("state", _("State"), Enrolment.Status.choices, where("status")),
        ],
        order=("portfolio__learner__name", "edition__standard__urn", "pk"),
        keeps=["ready"],
    )


def countersignatures(request: HttpRequest) -> Listing:
    rows = worklist.to_countersign(request.user, request.centre)
    return Listing(
        request=request,
        name="to-countersign",
        caption=_("To countersign"),
        columns=COUNTERSIGNATURES,
        row="assessments/_countersignature_row.html",
        every=rows,
        filters=[
            LEARNERS_NAME,
            Words("by", _("Signed by"), ("assessor__name",)),
        ],
        order=("signed_at", "pk"),
    )


def by_learner(choices: Pairs, at: str = "") -> Choice:
    return Choice(
        "learner",
        _("Learner"),
        choices,
        where(f"{at}portfolio__learner", number_in),
        _("All learners"),
    )


def by_edition(choices: Pairs, at: str = "", *, is_lenient: bool = False) -> Choice:
    return Choice(
        "unit",
        _("Unit"),
        choices,
        where(f"{at}edition", number_in),
        _("All units"),
        is_lenient,
        is_wide=True,
    )


def editions_of(enrolments: QuerySet[Enrolment]) -> list[tuple[int, str]]:
    """The units that they are on, to choose from."""
    return named(Edition.objects.filter(pk__in=enrolments.order_by().values("edition")))


def named(editions: QuerySet[Edition]) -> list[tuple[int, str]]:
    rows = editions.order_by("standard__urn", "title").values_list("pk", "standard__urn", "title")
    return [(pk, f"{urn} {title}") for pk, urn, title in rows]


def _numbered(version: Any) -> str:
    return f"{version.evidence.number}. {version.title}"
