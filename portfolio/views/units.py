from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.models import ASSESSING, Role
from portfolio.models import Allocation, Enrolment
from portfolio.permissions import can_add_evidence
from portfolio.progress import STATES, UnitProgress, progress_of
from portfolio.steps import needs_of
from portfolio.viewing import places_of_claims
from portfolio.views.loading import own_portfolio, own_units
from standards.models import MarkingGuide


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """A learner's units and what needs her next; others go to where their work lies."""
    if Role.LEARNER not in request.roles:
        assesses = not request.roles.isdisjoint(ASSESSING)
        page = "assessments:queue" if assesses else "portfolio:enrolments"
        return redirect(page, centre=request.centre.slug)
    portfolio = own_portfolio(request)
    if portfolio is None:
        return render(request, "portfolio/home.html", {"units": []})
    units = progress_of(own_units(request, portfolio), seen_by=request.user)
    context = {
        "portfolio": portfolio,
        "units": [(unit, unit.marks(_links_to(request, unit))) for unit in units],
        "needs": needs_of(portfolio),
    }
    return render(request, "portfolio/home.html", context)


@require_GET
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Every criterion of one unit with its state and its evidence."""
    enrolment = get_object_or_404(_units_seen(request), pk=pk)
    (progress,) = progress_of([enrolment], seen_by=request.user)
    claims = [claim for each in progress.criteria for claim in each.claims]
    prefetch_related_objects(claims, places_of_claims(request.user), "criterion")
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    context = {
        "enrolment": enrolment,
        "portfolio": enrolment.portfolio,
        "is_own": can_add_evidence(request.user, enrolment.portfolio),
        "progress": progress,
        "marks": progress.marks(_links_to(request, progress)),
        "state": state,
        "filters": [(each, progress.counts[each]) for each in STATES if progress.counts[each]],
        "criteria": progress.in_state(state),
        "guides": _guides(request, enrolment),
    }
    return render(request, "portfolio/unit.html", context)


def _links_to(request: HttpRequest, progress: UnitProgress):
    page = reverse(
        "portfolio:unit", kwargs={"centre": request.centre.slug, "pk": progress.enrolment.pk}
    )
    return lambda code: f"{page}#{code}"


def _units_seen(request: HttpRequest) -> QuerySet[Enrolment]:
    now_allocated = Allocation.objects.filter(ended_at=None).select_related("assessor")
    return (
        Enrolment.objects.visible_to(request.user)
        .in_centre(request.centre)
        .select_related("edition__standard", "portfolio__learner")
        .prefetch_related(
            Prefetch("allocations", now_allocated, to_attr="now_allocated"),
            "sign_offs__assessor",
            "sign_offs__countersigner",
            "sign_offs__withdrawal__by",
        )
    )


def _guides(request: HttpRequest, enrolment: Enrolment) -> QuerySet[MarkingGuide]:
    guides = MarkingGuide.objects.published().in_centre(request.centre)
    return guides.filter(editions=enrolment.edition_id).defer("source_text")
