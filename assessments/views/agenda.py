"""What is agreed for the days to come, as lists: visits, plans, and what is to be done."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.lists import answer
from assessments import lists_decisions, lists_records
from assessments.models import Plan
from assessments.overview import week
from assessments.overview.permissions import can_see_caseload, can_see_plans
from assessments.views.overview import mine_of
from portfolio.models import Enrolment


@require_GET
def visits(request: HttpRequest) -> HttpResponseBase:
    if not can_see_caseload(request.user, request.centre):
        raise PermissionDenied
    planned = week.visits_of(request.user, request.centre)
    listing = lists_records.visits(request, planned, mine_of(request))
    return answer(listing, "assessments/visits.html", {"now": timezone.now()})


@require_GET
def todo(request: HttpRequest) -> HttpResponseBase:
    """What learners and oneself are to do in one's units."""
    if not can_see_caseload(request.user, request.centre):
        raise PermissionDenied
    listing = lists_decisions.todo(request, week.actions_of(mine_of(request)))
    return answer(listing, "assessments/todo.html")


@require_GET
def plans(request: HttpRequest) -> HttpResponseBase:
    """Of the units that one assesses; for an admin or an IQA, the centre's."""
    if not can_see_plans(request.user, request.centre):
        raise PermissionDenied
    rows = Plan.objects.visible_to(request.user).in_centre(request.centre)
    rows = (
        rows.exclude(enrolment__portfolio__learner=request.user)
        .select_related("made_by", "enrolment__portfolio__learner", "enrolment__edition__standard")
        .defer("enrolment__edition__source_text", "enrolment__edition__metadata")
    )
    units = Enrolment.objects.filter(pk__in=rows.order_by().values("enrolment"))
    return answer(lists_decisions.plans(request, rows, units), "assessments/plans.html")
