"""Finding what a page is about, or answering that there is no such thing."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import ASSESSING
from assessments.models import SignOff, Submission
from portfolio.models import Enrolment


def only_assessors(request: HttpRequest) -> None:
    if request.roles.isdisjoint(ASSESSING):
        raise PermissionDenied


def submission_or_404(request: HttpRequest, pk: int) -> Submission:
    seen = Submission.objects.visible_to(request.user).in_centre(request.centre)
    return get_object_or_404(
        seen.select_related(
            "version__evidence__portfolio",
            "enrolment__edition__standard",
            "enrolment__portfolio__learner",
            "decided_by",
            "withdrawal__by",
        ),
        pk=pk,
    )


def enrolment_or_404(request: HttpRequest, pk: int) -> Enrolment:
    seen = Enrolment.objects.visible_to(request.user).in_centre(request.centre)
    return get_object_or_404(seen.select_related("edition__standard", "portfolio__learner"), pk=pk)


def sign_off_or_404(request: HttpRequest, pk: int) -> SignOff:
    seen = SignOff.objects.visible_to(request.user).in_centre(request.centre)
    return get_object_or_404(
        seen.select_related(
            "assessor",
            "countersigner",
            "withdrawal__by",
            "enrolment__edition__standard",
            "enrolment__portfolio__learner",
        ),
        pk=pk,
    )
