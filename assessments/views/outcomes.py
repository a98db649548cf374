from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from assessments.outcomes import keys, outcome_of, outcomes
from portfolio.views.loading import own_portfolio

A_PAGE = 10


@require_GET
def decisions(request: HttpRequest) -> HttpResponse:
    """What was decided about a learner's work, why, and what to do next; newest first."""
    portfolio = own_portfolio(request)
    page = Paginator(keys(portfolio) if portfolio else [], A_PAGE).get_page(request.GET.get("page"))
    if portfolio:
        page.object_list = outcomes(portfolio, page.object_list, request.user)
    return render(request, "assessments/decisions.html", {"page_obj": page})


@require_GET
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them, where a notice leads."""
    portfolio = own_portfolio(request)
    outcome = outcome_of(portfolio, pk, request.user) if portfolio else None
    if outcome is None:
        raise Http404
    return render(request, "assessments/decision.html", {"outcome": outcome})
