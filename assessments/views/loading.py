"""Finding what a page is about, or answering that there is no such thing."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.forms import Form, ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.models import ASSESSING
from assessments.models import SignOff, Submission
from ledger.transitions import TransitionRefused
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


def words_back(
    request: HttpRequest,
    refusal: TransitionRefused,
    form: Form | ModelForm,
    names: Iterable[str],
    *,
    here: str,
) -> HttpResponse:
    """It was changed since the page was opened: why nothing was saved, with one's own words to
    copy."""
    fields = [form[name] for name in names if name in form.fields]
    words = [(field.label, field.value()) for field in fields if field.value()]
    context = {"refusal": str(refusal), "words": words, "here": here}
    return render(request, "assessments/too_late.html", context, status=409)
