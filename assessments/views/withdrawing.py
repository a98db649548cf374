from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.forms import refusals_on
from assessments import actions
from assessments.forms_decisions import ReasonForm
from assessments.models import SignOff, Submission
from assessments.permissions import can_withdraw, can_withdraw_sign_off
from assessments.views.loading import sign_off_or_404, submission_or_404
from ledger.transitions import TransitionRefused

form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """An IQA takes a decision on evidence back."""
    found = submission_or_404(request, pk)
    if not can_withdraw(request.user, found):
        raise PermissionDenied
    if found.status == Submission.Status.WAITING:
        raise TransitionRefused(found.standing())

    def act(reason: str) -> HttpResponse:
        following = actions.withdraw(submission=found, reason=reason, by=request.user)
        messages.success(request, _("Withdrawn. The evidence waits to be judged again."))
        return redirect("assessments:submission", centre=request.centre.slug, pk=following.pk)

    signed = SignOff.objects.in_force().filter(enrolment=found.enrolment).exists()
    return _page(request, act, submission=found, enrolment=found.enrolment, also_sign_off=signed)


@form_page
def withdraw_sign_off(request: HttpRequest, pk: int) -> HttpResponse:
    found = sign_off_or_404(request, pk)
    if not can_withdraw_sign_off(request.user, found):
        raise PermissionDenied
    if found.status == SignOff.Status.REFUSED:
        raise TransitionRefused(found.standing())

    def act(reason: str) -> HttpResponse:
        actions.withdraw_sign_off(sign_off=found, reason=reason, by=request.user)
        messages.success(request, _("Withdrawn. The unit is open again."))
        return redirect("assessments:sign_off_detail", centre=request.centre.slug, pk=found.pk)

    return _page(request, act, sign_off=found, enrolment=found.enrolment)


def _page(
    request: HttpRequest, act: Callable[[str], HttpResponse], **context: object
) -> HttpResponse:
    form = ReasonForm(
        request.POST if request.method == "POST" else None,
        label=_("Why you withdraw it"),
        help_text=_("The learner and your colleague read this, and it stays on record."),
    )
    if form.is_valid():
        with refusals_on(form):
            return act(form.cleaned_data["reason"])
    status = 422 if form.is_bound else 200
    return render(request, "assessments/withdraw.html", {"form": form, **context}, status=status)
