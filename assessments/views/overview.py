"""The whole: an assessor's learners across units, and a centre in figures."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.lists import answer
from assessments import worklist
from assessments.overview import figures, listed, week
from assessments.overview.matrix import matrix_of
from assessments.overview.permissions import can_see_caseload, can_see_overview
from assessments.overview.scope import Scope, choices_in
from portfolio.models import Allocation, Enrolment
from portfolio.workflow import EnrolmentStatus


@require_GET
def matrix(request: HttpRequest) -> HttpResponseBase:
    """My learners across units; what waits and for how long; this week."""
    if not can_see_caseload(request.user, request.centre):
        raise PermissionDenied
    mine = mine_of(request)
    return _matrix(request, mine, lambda: {**_week(request, mine), "is_mine": True})


@require_GET
def centre_matrix(request: HttpRequest) -> HttpResponseBase:
    """The same for a learner, a cohort, an assessor or a unit of the centre."""
    _only_overseers(request)
    scope = Scope.read(request.centre, request.GET)
    more = {"finds_learners": True}
    return _matrix(request, scope.enrolments(), lambda: more | _filters(request, scope))


def _matrix(
    request: HttpRequest, enrolments: QuerySet[Enrolment], more: Callable[[], dict[str, Any]]
) -> HttpResponseBase:
    """The page, or its file, which needs nothing of `more`."""
    cells = listed.cells(request, enrolments)
    if cells.is_file:
        return answer(cells, "")
    matrix = matrix_of(enrolments, page=request.GET.get("page"))
    context = {"matrix": matrix, "cells": cells, **more()}
    return render(request, "assessments/overview_matrix.html", context)


@require_GET
def overview(request: HttpRequest) -> HttpResponseBase:
    """The centre in figures, by unit, cohort or assessor."""
    _only_overseers(request)
    scope = Scope.read(request.centre, request.GET)
    period = figures.Period.read(request.GET.get("weeks", ""))
    key = request.GET.get("by", "")
    grouping = figures.GROUPINGS.get(key, figures.GROUPINGS["unit"])
    groups = listed.groups(request, figures.groups_of(scope, grouping, period), grouping)
    if groups.is_file:
        return answer(groups, "")
    spans = figures.spans_of(scope, period)
    context = {
        "whole": figures.of_whole(scope, spans),
        "spans": spans,
        "charts": listed.charts(spans, period),
        "grouping": grouping,
        "groupings": figures.GROUPINGS.values(),
        "period": period,
        "periods": figures.PERIODS.items(),
        **_filters(request, scope),
    }
    return answer(groups, "assessments/overview_centre.html", context)


def _week(request: HttpRequest, mine: QuerySet[Enrolment]) -> dict[str, Any]:
    visits = list(week.visits_of(request.user, request.centre)[: week.VISITS])
    this_week = week.end_of_week(timezone.localdate())
    return {
        "ages": week.ages_of(worklist.waiting(request.user, request.centre)),
        "visits": visits,
        "gone_by": week.gone_by(visits, timezone.now()),
        "actions": week.actions_of(mine, this_week, many=week.ACTIONS),
    }


def mine_of(request: HttpRequest) -> QuerySet[Enrolment]:
    running = Allocation.objects.filter(assessor=request.user, ended_at=None)
    here = Enrolment.objects.in_centre(request.centre).filter(pk__in=running.values("enrolment"))
    return here.exclude(status=EnrolmentStatus.WITHDRAWN)


def _only_overseers(request: HttpRequest) -> None:
    if not can_see_overview(request.user, request.centre):
        raise PermissionDenied


def _filters(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    return {"scope": scope, "choices": choices_in(request.centre)}
