"""The lists of learners and of their evidence: columns, filters and orders."""

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.lists import Choice, Column, Joined, Listing, Words, at, field, number_in, split
from portfolio.enrolments import UNALLOCATED, choices_in, narrowed, with_progress
from portfolio.models import (
    Allocation,
    Claim,
    Enrolment,
    EvidenceVersion,
    ExpertWitness,
    Likeness,
    Redaction,
    TemplateText,
)
from portfolio.templatetags.likenesses import FORM_KINDS, form_kind, percent
from portfolio.templatetags.redacting import hidden_what, hidden_where

LEARNERS = (
    field("learner", _("Learner"), "portfolio__learner__name"),
    Column("email", _("E-mail address"), at("portfolio.learner.email"), shown=False),
    Column("registration", _("Registration"), at("portfolio.registration_number"), shown=False),
    field("cohort", _("Cohort"), "portfolio__cohort"),
    field("unit", _("Unit"), "edition__standard__urn"),
    Column("title", _("Title"), at("edition.title"), shown=False),
    field("met", _("Met"), "met", number=True),
    Column("criteria", _("Criteria"), at("criteria"), shown=False),
    Column("assessors", _("Assessors"), lambda row: ", ".join(split(row.assessor_names))),
    Column("state", _("State"), Enrolment.get_status_display, ("status",)),
    Column("started", _("Started on"), at("started_on"), shown=False),
)


def learners(request: HttpRequest, seen: QuerySet[Enrolment]) -> Listing:
    choices = choices_in(request.centre, seen)
    return Listing(
        request=request,
        name="learners",
        caption=_("Learners"),
        columns=LEARNERS,
        row="portfolio/_enrolment_row.html",
        every=with_progress(seen),
        filters=[each for each in _learner_filters(choices) if each],
        order=("portfolio__learner__name", "edition__standard__urn", "pk"),
        in_file=_with_assessor_names,
    )


def _learner_filters(choices: dict[str, list]) -> list[Words | Choice | None]:
    assessors = [(each.pk, each.name) for each in choices["assessors"]]
    cohorts = [(each, each) for each in choices["cohorts"]]
    return [
        Words(
            "text",
            _("Learner"),
            (
                "portfolio__learner__name",
                "portfolio__learner__email",
                "portfolio__registration_number",
            ),
            _("A learner is found by name, e-mail address or registration number."),
        ),
        _by("unit", _("Unit"), [(each, each) for each in choices["units"]]),
        _by("cohort", _("Cohort"), cohorts) if cohorts else None,
        _by("assessor", _("Assessor"), [(UNALLOCATED, _("Nobody yet")), *assessors]),
        _by("state", _("State"), Enrolment.Status.choices),
    ]


def _by(key: str, label: Any, choices: Any) -> Choice:
    return Choice(key, label, choices, lambda rows, value: narrowed(rows, **{key: value}))


def _with_assessor_names(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    running = Allocation.objects.filter(enrolment=OuterRef("pk"), ended_at=None)
    names = running.order_by().values("enrolment").annotate(all=Joined("assessor__name"))
    return enrolments.annotate(assessor_names=Subquery(names.values("all")))


# Evidence that looks alike, and the forms that many share. -----------------------------------

LEARNER = "evidence__portfolio__learner__name"
LIKENESSES = (
    Column("later", _("Submitted later"), lambda row: _side(row.version), (f"version__{LEARNER}",)),
    Column(
        "before",
        _("Submitted before"),
        lambda row: _side(row.other_version),
        (f"other_version__{LEARNER}",),
    ),
    Column("kind", _("What is alike"), Likeness.get_kind_display, ("kind",)),
    Column("share", _("How much"), lambda row: percent(row.share), ("share",), number=True),
    field("found", _("Found"), "found_at"),
)
SHARED = (
    field("name", _("Name"), "name"),
    Column("kind", _("What it is"), form_kind, ("kind",)),
    field("added", _("Added"), "added_at"),
    Column("by", _("Added by"), at("added_by.name"), shown=False),
    field("ended", _("Ended"), "ended_at"),
)


def likenesses(request: HttpRequest, seen: QuerySet[Likeness]) -> Listing:
    return Listing(
        request=request,
        name="look-alikes",
        caption=_("Look-alikes"),
        columns=LIKENESSES,
        row="portfolio/_likeness_row.html",
        every=seen,
        filters=[
            Words("text", _("Learner"), (f"version__{LEARNER}", f"other_version__{LEARNER}")),
            Choice("kind", _("What is alike"), Likeness.Kind.choices, _of_kind, is_lenient=True),
        ],
        order=("-found_at", "-pk"),
    )


def shared_forms(request: HttpRequest, seen: QuerySet[TemplateText]) -> Listing:
    return Listing(
        request=request,
        name="shared-forms",
        caption=_("Shared forms"),
        columns=SHARED,
        row="portfolio/_shared_form_row.html",
        every=seen.select_related("added_by"),
        filters=[
            Words("text", _("Name"), ("name",)),
            Choice("kind", _("What it is"), list(FORM_KINDS.items()), _of_kind, is_lenient=True),
        ],
        order=("ended_at", "name", "pk"),
    )


def _of_kind(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(kind=value)


def _side(version: EvidenceVersion) -> str:
    about = {
        "name": version.evidence.portfolio.learner.name,
        "number": version.evidence.number,
    }
    return _t("%(name)s, evidence %(number)d") % about


# What was hidden, and the centre's expert witnesses. -----------------------------------------

HIDDEN = (
    Column(
        "evidence",
        _("Evidence"),
        lambda row: f"{row.evidence.number}. {row.version.title}",
        ("evidence__number", "version__title"),
    ),
    Column("learner", _("Learner"), at("evidence.portfolio.learner.name"), (LEARNER,)),
    Column("hidden", _("Hidden"), lambda row: f"{hidden_where(row)}, {hidden_what(row)}"),
    field("by", _("By"), "made_by__name"),
    field("when", _("When"), "finished_at"),
    field("opened", _("Opened"), "times_opened", number=True),
    Column("original", _("Original"), is_named=False),
)
EXPERTS = (
    field("name", _("Name"), "name"),
    Column("email", _("E-mail address"), at("email"), shown=False),
    field("unit", _("Unit"), "edition__standard__urn"),
    Column("competence", _("Competent because"), at("competence")),
    field("approved", _("Approved"), "approved_at"),
    Column("by", _("Approved by"), at("approved_by.name"), shown=False),
)


def redactions(request: HttpRequest, seen: QuerySet[Redaction]) -> Listing:
    return Listing(
        request=request,
        name="hidden-parts",
        caption=_("Hidden parts"),
        columns=HIDDEN,
        row="portfolio/_redaction_row.html",
        every=seen.select_related("file"),
        filters=[
            Words("text", _("Learner"), (LEARNER,)),
            Words("by", _("Hidden by"), ("made_by__name",)),
        ],
        order=("-created_at", "-pk"),
    )


def experts(request: HttpRequest, seen: QuerySet[ExpertWitness], *, may_end: bool) -> Listing:
    buttons = [Column("end", _("End the approval"), is_named=False)] if may_end else []
    return Listing(
        request=request,
        name="expert-witnesses",
        caption=_("Expert witnesses"),
        columns=[*EXPERTS, *buttons],
        row="portfolio/_expert_row.html",
        every=seen,
        filters=[
            Words("text", _("Name"), ("name", "email")),
            Words("unit", _("Unit"), ("edition__standard__urn", "edition__title")),
        ],
        order=("name", "pk"),
    )


# A learner's own evidence. --------------------------------------------------------------------

EVIDENCE = (
    field("number", _("Number"), "evidence__number", number=True),
    field("title", _("Title"), "title"),
    Column(
        "method",
        _("How it shows competence"),
        EvidenceVersion.get_method_display,
        ("method",),
    ),
    field("gathered", _("Date of the work"), "gathered_on"),
    Column("units", _("Units"), lambda row: ", ".join(split(row.unit_names))),
    Column("state", _("State"), EvidenceVersion.get_status_display, ("status",)),
)


def evidence(
    request: HttpRequest, versions: QuerySet[EvidenceVersion], units: QuerySet[Enrolment]
) -> Listing:
    """`versions` is everything in the portfolio; what was given up is shown only when asked for."""
    is_asked = request.GET.get("state") == EvidenceVersion.Status.WITHDRAWN
    return Listing(
        request=request,
        name="my-evidence",
        caption=_("My evidence"),
        columns=EVIDENCE,
        row="",
        every=versions if is_asked else versions.current(),
        filters=[
            Words("q", _("Search"), ("title", "account"), also=_numbered),
            Choice("state", _("State"), EvidenceVersion.Status.choices, _in_state, _("All"), True),
            Choice(
                "unit",
                _("Unit"),
                [(each.pk, each.edition.standard.urn) for each in units],
                _claiming,
                _("All"),
                is_lenient=True,
            ),
        ],
        order=("-evidence__number", "-number"),
        a_page=25,
        in_file=_with_unit_names,
    )


def _numbered(words: str) -> Q:
    number = number_in(words)
    return Q(evidence__number=number) if number is not None and len(words) < 9 else Q()


def _in_state(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(status=value)


def _claiming(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(pk__in=Claim.objects.filter(enrolment=number_in(value)).values("version"))


def _with_unit_names(versions: QuerySet[EvidenceVersion]) -> QuerySet[EvidenceVersion]:
    claims = Claim.objects.filter(version=OuterRef("pk")).order_by().values("version")
    names = claims.annotate(all=Joined("enrolment__edition__standard__urn")).values("all")
    return versions.annotate(unit_names=Subquery(names))
