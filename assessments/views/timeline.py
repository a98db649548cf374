from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.permissions import refuse_unless
from assessments import timeline
from assessments.permissions import can_see_timeline
from assessments.timeline import Happening
from assessments.views.loading import enrolment_or_404
from portfolio.models import Claim, Portfolio
from portfolio.views.loading import evidence_or_404

A_PAGE = 60


@require_GET
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    found = enrolment_or_404(request, pk)
    rows = timeline.of_unit(found, request.user)
    return _page(request, found.portfolio, rows, enrolment=found)


@require_GET
def item(request: HttpRequest, pk: int) -> HttpResponse:
    found = evidence_or_404(request, pk)
    rows = timeline.of_item(found, request.user)
    return _page(request, found.portfolio, rows, evidence=found)


@require_GET
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    seen = Claim.objects.visible_to(request.user).in_centre(request.centre)
    found = get_object_or_404(
        seen.select_related(
            "criterion",
            "enrolment__edition__standard",
            "version__evidence__portfolio__learner",
        ),
        pk=pk,
    )
    rows = timeline.of_claim(found, request.user)
    evidence = found.version.evidence
    context = {"claim": found, "enrolment": found.enrolment, "evidence": evidence}
    return _page(request, evidence.portfolio, rows, **context)


def _page(
    request: HttpRequest, portfolio: Portfolio, rows: list[Happening], **about: object
) -> HttpResponse:
    """`?check` goes through the whole chain first."""
    refuse_unless(can_see_timeline(request.user, portfolio))
    context = {
        "portfolio": portfolio,
        "page_obj": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "is_own": portfolio.learner_id == request.user.pk,
        "check": timeline.check(portfolio) if "check" in request.GET else None,
        **about,
    }
    return render(request, "assessments/timeline.html", context)
