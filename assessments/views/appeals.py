from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.forms import refusals_on
from accounts.lists import answer as listed
from assessments import actions, lists_decisions
from assessments.forms_decisions import AnswerForm, ReasonForm
from assessments.models import Appeal, SignOff, Submission
from assessments.permissions import (
    can_answer_appeal,
    can_appeal,
    can_give_up_appeal,
    can_see_appeals,
    can_view_marking,
)
from assessments.views.loading import enrolment_or_404, submission_or_404
from assessments.workflow import AppealStatus
from ledger.transitions import TransitionRefused
from portfolio.models import Enrolment

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
def appeals(request: HttpRequest) -> HttpResponseBase:
    """A learner's own; for staff, those of the learners they see, open ones first asked for."""
    if not can_see_appeals(request.user, request.centre):
        raise PermissionDenied
    state = request.GET.get("state", AppealStatus.OPEN if _is_staff(request) else "")
    rows = _seen(request)
    units = Enrolment.objects.filter(pk__in=rows.order_by().values("enrolment"))
    if state in AppealStatus.values:
        rows = rows.filter(status=state)
    context = {
        "states": AppealStatus.choices,
        "state": state,
        "is_staff": _is_staff(request),
    }
    listing = lists_decisions.appeals(request, rows, units)
    return listed(listing, "assessments/appeals.html", context)


@require_GET
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _one(request, pk))


@form_page
def make(request: HttpRequest, pk: int) -> HttpResponse:
    """The learner appeals against a decision on her evidence."""
    found = submission_or_404(request, pk)
    if not can_appeal(request.user, found.enrolment):
        raise PermissionDenied
    if found.status == Submission.Status.WAITING or not found.is_in_force:
        raise TransitionRefused(found.standing())

    def act(grounds: str) -> Appeal:
        return actions.appeal(submission=found, grounds=grounds, by=request.user)

    return _form_page(request, act, submission=found, enrolment=found.enrolment)


@form_page
def make_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """The learner appeals against a unit's sign-off, or its not being signed off."""
    found = enrolment_or_404(request, pk)
    if not can_appeal(request.user, found):
        raise PermissionDenied
    if found.status == Enrolment.Status.WITHDRAWN:
        raise TransitionRefused(found.standing())

    def act(grounds: str) -> Appeal:
        return actions.appeal_unit(enrolment=found, grounds=grounds, by=request.user)

    signed = SignOff.objects.in_force().filter(enrolment=found).select_related("assessor").first()
    return _form_page(request, act, enrolment=found, sign_off=signed)


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Uphold it or not, as the button says."""
    found = _one(request, pk)
    if not can_answer_appeal(request.user, found):
        raise PermissionDenied
    form = AnswerForm(request.POST)
    verb = {"uphold": actions.uphold, "reject": actions.reject}.get(request.POST.get("verb", ""))
    if verb is None:
        form.add_error(None, _("Choose whether you uphold it."))
    if form.is_valid() and verb is not None:
        with refusals_on(form):
            verb(appeal=found, answer=form.cleaned_data["answer"], by=request.user)
            messages.success(request, _("Answered. The learner is told."))
            return redirect("assessments:appeal", centre=request.centre.slug, pk=found.pk)
    return _page(request, _one(request, pk), form=form)


@require_POST
def give_up(request: HttpRequest, pk: int) -> HttpResponse:
    found = _one(request, pk)
    if not can_give_up_appeal(request.user, found):
        raise PermissionDenied
    actions.give_up(appeal=found, by=request.user)
    messages.success(request, _("You gave your appeal up. The decision stands."))
    return redirect("assessments:appeal", centre=request.centre.slug, pk=found.pk)


def _is_staff(request: HttpRequest) -> bool:
    return set(request.roles) != {"learner"}


def _seen(request: HttpRequest):
    return (
        Appeal.objects.visible_to(request.user)
        .in_centre(request.centre)
        .select_related(
            "enrolment__edition__standard",
            "enrolment__portfolio__learner",
            "submission__version__evidence",
            "submission__decided_by",
            "sign_off__assessor",
            "made_by",
            "closed_by",
        )
        .defer("submission__frozen", "submission__marked_against")
    )


def _one(request: HttpRequest, pk: int) -> Appeal:
    found = get_object_or_404(_seen(request), pk=pk)
    if not can_see_appeals(request.user, request.centre):
        raise PermissionDenied
    return found


def _page(request: HttpRequest, found: Appeal, form: AnswerForm | None = None) -> HttpResponse:
    is_open = found.status == AppealStatus.OPEN
    context = {
        "appeal": found,
        "enrolment": found.enrolment,
        "submission": found.submission,
        "is_own": found.made_by_id == request.user.pk,
        "may_answer": is_open and can_answer_appeal(request.user, found),
        "may_give_up": is_open and can_give_up_appeal(request.user, found),
        "sees_marking": found.submission and can_view_marking(request.user, found.submission),
        "withdrawals": found.withdrawals.select_related("by", "submission", "sign_off"),
        "form": form or AnswerForm(),
    }
    status = 422 if form else 200
    return render(request, "assessments/appeal.html", context, status=status)


def _form_page(
    request: HttpRequest, act: Callable[[str], Appeal], **context: object
) -> HttpResponse:
    form = ReasonForm(
        request.POST if request.method == "POST" else None,
        label=_("Why you think the decision is wrong"),
        help_text=_(
            "In your own words. Somebody who did not take the decision reads it, looks at your"
            " work again and answers you."
        ),
    )
    if form.is_valid():
        with refusals_on(form):
            made = act(form.cleaned_data["reason"])
            messages.success(request, _("Your appeal is sent. You will get an answer here."))
            return redirect("assessments:appeal", centre=request.centre.slug, pk=made.pk)
    status = 422 if form.is_bound else 200
    return render(request, "assessments/appeal_make.html", {"form": form, **context}, status=status)
