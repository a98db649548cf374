"""What the lists of learners ask of the database: a fixed number of queries."""

from django.db.models import Count, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Centre, User
from portfolio.models import Allocation, Enrolment
from portfolio.progress import counts_as_met
from standards.models import Criterion

UNALLOCATED = "none"


def with_progress(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Each with its learner and unit, its assessors in `running`, and `met` of `criteria`."""
    running = Allocation.objects.filter(ended_at=None).select_related("assessor")
    criteria = Criterion.objects.filter(edition=OuterRef("edition"))
    met = criteria.filter(counts_as_met(OuterRef("pk"), OuterRef(OuterRef("pk"))))
    return (
        enrolments.select_related("portfolio__learner", "edition__standard")
        .defer("edition__source_text", "edition__metadata")
        .annotate(
            met=_count(met.order_by().values("edition"), "pk"),
            criteria=_count(criteria.order_by().values("edition"), "pk"),
        )
        .prefetch_related(
            Prefetch("allocations", queryset=running.order_by("pk"), to_attr="running")
        )
    )


def _count(rows: QuerySet, what: str) -> Coalesce:
    counted = rows.order_by().annotate(n=Count(what, distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def narrowed(
    enrolments: QuerySet[Enrolment],
    *,
    text: str = "",
    unit: str = "",
    cohort: str = "",
    assessor: str = "",
    state: str = "",
) -> QuerySet[Enrolment]:
    if text:
        enrolments = enrolments.filter(
            Q(portfolio__learner__name__icontains=text)
            | Q(portfolio__learner__email__icontains=text)
            | Q(portfolio__registration_number__icontains=text)
        )
    if unit:
        enrolments = enrolments.filter(edition__standard__urn=unit)
    if cohort:
        enrolments = enrolments.filter(portfolio__cohort=cohort)
    if state:
        enrolments = enrolments.filter(status=state)
    return _by_assessor(enrolments, assessor)


def _by_assessor(enrolments: QuerySet[Enrolment], assessor: str) -> QuerySet[Enrolment]:
    running = Allocation.objects.filter(ended_at=None)
    if assessor == UNALLOCATED:
        return enrolments.exclude(pk__in=running.values("enrolment"))
    if assessor.isdecimal():
        its = running.filter(assessor=int(assessor[:18]))
        return enrolments.filter(pk__in=its.values("enrolment"))
    return enrolments


def choices_in(centre: Centre, seen: QuerySet[Enrolment]) -> dict[str, list]:
    """What the filters offer: only what the person can see."""
    units = seen.order_by("edition__standard__urn").values_list("edition__standard__urn", flat=True)
    cohorts = seen.exclude(portfolio__cohort="").order_by("portfolio__cohort")
    running = Allocation.objects.filter(enrolment__in=seen, ended_at=None)
    return {
        "units": list(units.distinct()),
        "cohorts": list(cohorts.values_list("portfolio__cohort", flat=True).distinct()),
        "assessors": list(User.objects.filter(pk__in=running.values("assessor")).order_by("name")),
    }
