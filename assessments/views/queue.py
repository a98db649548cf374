from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_GET

from accounts.lists import answer
from accounts.models import Role
from assessments import lists, worklist
from assessments.models import SignOff
from assessments.requirements import ready_for_sign_off
from assessments.views.loading import only_assessors
from portfolio.models import Enrolment

AT_A_GLANCE = 5


@require_GET
def queue(request: HttpRequest) -> HttpResponseBase:
    """What waits for me, oldest first; units to sign off; signatures to countersign."""
    only_assessors(request)
    listing, choices = lists.queue(request)
    context = {
        "choices": choices,
        "narrowing": worklist.Narrowing.read(request.GET),
        "ready": _glance(_ready(request)),
        "countersignatures": _glance(_to_countersign(request)),
    }
    return answer(listing, "assessments/queue.html", context)


@require_GET
def caseload(request: HttpRequest) -> HttpResponseBase:
    """My learners, unit by unit, and how far each is."""
    only_assessors(request)
    only_ready = "ready" in request.GET
    mine = worklist.caseload(request.user, request.centre)
    if only_ready:
        mine = mine.filter(pk__in=ready_for_sign_off(request.user).values("pk"))
    listing = lists.caseload(request, mine)
    return answer(listing, "assessments/caseload.html", {"only_ready": only_ready})


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
