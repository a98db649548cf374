from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.models import Role
from assessments import worklist
from assessments.models import SignOff
from assessments.requirements import ready_for_sign_off
from assessments.views.loading import only_assessors
from portfolio.models import Enrolment

A_PAGE = 50
AT_A_GLANCE = 5


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for me, oldest first; units to sign off; signatures to countersign."""
    only_assessors(request)
    narrowing = worklist.Narrowing.read(request.GET)
    waiting = worklist.waiting(request.user, request.centre)
    rows = worklist.with_rows(narrowing.apply(waiting))
    context = {
        "page_obj": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "choices": worklist.choices_in(waiting),
        "narrowing": narrowing,
        "ready": _glance(_ready(request)),
        "countersignatures": _glance(_to_countersign(request)),
    }
    return render(request, "assessments/queue.html", context)


@require_GET
def caseload(request: HttpRequest) -> HttpResponse:
    """My learners, unit by unit, and how far each is."""
    only_assessors(request)
    only_ready = "ready" in request.GET
    mine = worklist.caseload(request.user, request.centre)
    if only_ready:
        mine = mine.filter(pk__in=ready_for_sign_off(request.user).values("pk"))
    context = {
        "page_obj": Paginator(mine, A_PAGE).get_page(request.GET.get("page")),
        "only_ready": only_ready,
    }
    return render(request, "assessments/caseload.html", context)


def _ready(request: HttpRequest):
    return (
        ready_for_sign_off(request.user)
        .in_centre(request.centre)
        .select_related("edition__standard", "portfolio__learner")
    )


def _to_countersign(request: HttpRequest):
    if Role.ASSESSOR not in request.roles:
        return SignOff.objects.none()
    return worklist.to_countersign(request.user, request.centre)


def _glance(rows) -> dict[str, list[Enrolment] | list[SignOff] | bool]:
    """The first few, and whether there are more."""
    found = list(rows[: AT_A_GLANCE + 1])
    return {"rows": found[:AT_A_GLANCE], "more": len(found) > AT_A_GLANCE}
