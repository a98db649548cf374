"""Each learner on each unit: how far they are."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.lists import Column, Joined, split
from assessments.models import SignOff
from assessments.overview.listed import word_of
from assessments.overview.matrix import AT_ONCE, Cell, told_of, with_counts
from assessments.overview.scope import Scope
from portfolio.models import Allocation, Enrolment

Told = tuple[dict[str, Any], Cell]


def _row(name: str) -> Callable[[Told], Any]:
    return lambda told: told[0][name]


def _cell(name: str) -> Callable[[Told], Any]:
    return lambda told: getattr(told[1], name)


COLUMNS = (
    Column("learner", _("Learner"), _row("portfolio__learner__name")),
    Column("email", _("E-mail address"), _row("portfolio__learner__email")),
    Column("registration", _("Registration"), _row("portfolio__registration_number")),
    Column("cohort", _("Cohort"), _row("portfolio__cohort")),
    Column("unit", _("Unit"), _row("edition__standard__urn")),
    Column("title", _("Title"), _row("edition__title")),
    Column("assessors", _("Assessors"), lambda told: ", ".join(split(told[0]["assessors"]))),
    Column("state", _("State"), lambda told: word_of(told[1].state)),
    Column("started", _("Started on"), _row("started_on")),
    Column("criteria", _("Criteria"), _cell("criteria")),
    Column("claimed", _("Claimed"), _cell("claimed")),
    Column("met", _("Met"), _cell("met")),
    Column("waiting", _("Evidence waiting"), _cell("waiting")),
    Column("oldest", _("Waiting since"), _cell("oldest")),
    Column("last", _("Last handed in or decided"), _cell("last")),
    Column("signed", _("Signed off at"), _row("signed_at")),
    Column("signer", _("Signed off by"), _row("signed_by")),
    Column("countersigner", _("Countersigned by"), _row("countersigned_by")),
)
MORE = (
    "portfolio__learner__email",
    "portfolio__registration_number",
    "started_on",
    "assessors",
    "signed_at",
    "signed_by",
    "countersigned_by",
)


def rows(scope: Scope) -> Iterator[Told]:
    found = with_counts(_with_people(scope.enrolments()), MORE)
    return told_of(found.iterator(chunk_size=AT_ONCE))


def _with_people(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    running = Allocation.objects.filter(enrolment=OuterRef("pk"), ended_at=None)
    names = running.order_by().values("enrolment").annotate(all=Joined("assessor__name"))
    signed = SignOff.objects.in_force().filter(enrolment=OuterRef("pk")).order_by("-round")
    return enrolments.annotate(
        assessors=Subquery(names.values("all")),
        signed_at=Subquery(signed.values("signed_at")[:1]),
        signed_by=Subquery(signed.values(name=F("assessor__name"))[:1]),
        countersigned_by=Subquery(signed.values(name=F("countersigner__name"))[:1]),
    )
