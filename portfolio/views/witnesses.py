"""Who was asked as a witness of a unit, and the centre's expert witnesses."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.forms import refusals_on
from accounts.lists import answer
from portfolio import actions, lists, permissions
from portfolio.forms_witness import AskWitnessForm, ExpertForm
from portfolio.models import Enrolment, EvidenceVersion, ExpertWitness, WitnessInvitation

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
def witnesses(request: HttpRequest, pk: int) -> HttpResponse:
    """The witness status list of one unit."""
    enrolment = _unit(request, pk)
    invitations = _with_answers(request, enrolment)
    for each in invitations:
        each.may = _may(request, each)
    context = {
        "enrolment": enrolment,
        "is_own": enrolment.portfolio.learner_id == request.user.pk,
        "invitations": invitations,
        "may_ask": enrolment.status == Enrolment.Status.ACTIVE
        and permissions.can_ask_witness(request.user, enrolment),
        "experts": _experts_of(request, enrolment),
    }
    return render(request, "portfolio/witnesses.html", context)


@form_page
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    enrolment = _unit(request, pk)
    if not permissions.can_ask_witness(request.user, enrolment):
        raise PermissionDenied
    form = AskWitnessForm(_posted(request), enrolment=enrolment)
    if form.is_valid():
        with refusals_on(form):
            invitation, _token = actions.invite_witness(
                enrolment=enrolment, by=request.user, **form.wanted()
            )
            messages.success(request, _will_be_sent(invitation))
            return _to_list(request, invitation)
    context = {
        "form": form,
        "enrolment": enrolment,
        "is_own": enrolment.portfolio.learner_id == request.user.pk,
    }
    return render(request, "portfolio/witness_ask.html", context, status=_status(form))


@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = _invitation(request, pk)
    actions.resend_witness_invitation(invitation=invitation, by=request.user)
    messages.success(request, _will_be_sent(invitation))
    return _to_list(request, invitation)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = _invitation(request, pk)
    actions.withdraw_witness_invitation(invitation=invitation, by=request.user)
    messages.success(request, _("The invitation is withdrawn: its link opens nothing now."))
    return _to_list(request, invitation)


@require_GET
def experts(request: HttpRequest) -> HttpResponseBase:
    seen = _experts(request)
    may_approve = permissions.can_approve_expert(request.user, request.centre)
    listing = lists.experts(request, seen.standing(), may_end=may_approve)
    ended = seen.exclude(ended_at=None).order_by("-ended_at")
    context = {"ended": ended, "may_approve": may_approve}
    return answer(listing, "portfolio/witness_experts.html", context)


@form_page
def expert_add(request: HttpRequest) -> HttpResponse:
    if not permissions.can_approve_expert(request.user, request.centre):
        raise PermissionDenied
    form = ExpertForm(_posted(request), centre=request.centre)
    if form.is_valid():
        with refusals_on(form):
            expert = actions.approve_expert(
                centre=request.centre, by=request.user, **form.cleaned_data
            )
            said = _("%(name)s may now be asked as an expert witness for %(urn)s.")
            urn = expert.edition.standard.urn
            messages.success(request, said % {"name": expert.name, "urn": urn})
            return redirect("portfolio:experts", centre=request.centre.slug)
    return render(
        request, "portfolio/witness_expert_add.html", {"form": form}, status=_status(form)
    )


@require_POST
def expert_end(request: HttpRequest, pk: int) -> HttpResponse:
    expert = get_object_or_404(_experts(request), pk=pk)
    actions.end_expert_approval(expert=expert, by=request.user)
    messages.success(request, _("The approval is ended. What they stated before stays."))
    return redirect("portfolio:experts", centre=request.centre.slug)


def _unit(request: HttpRequest, pk: int) -> Enrolment:
    seen = Enrolment.objects.visible_to(request.user).in_centre(request.centre)
    related = seen.select_related("portfolio__learner", "portfolio__centre", "edition__standard")
    return get_object_or_404(related.defer("edition__source_text", "edition__metadata"), pk=pk)


def _invitation(request: HttpRequest, pk: int) -> WitnessInvitation:
    seen = WitnessInvitation.objects.visible_to(request.user).in_centre(request.centre)
    related = seen.select_related("enrolment__portfolio__learner", "enrolment__edition__standard")
    return get_object_or_404(related, pk=pk)


def _with_answers(request: HttpRequest, enrolment: Enrolment) -> Sequence[WitnessInvitation]:
    """Newest first, each with the evidence it led to in `answer`, if this person may read it."""
    rows = enrolment.witness_invitations.select_related(
        "invited_by", "enrolment__portfolio", "testimony__evidence"
    )
    found = list(rows.prefetch_related("criteria"))
    given = [each.testimony.evidence_id for each in found if each.used_at]
    versions = EvidenceVersion.objects.visible_to(request.user).filter(evidence__in=given)
    newest = {each.evidence_id: each for each in versions.order_by("number")}
    for each in found:
        each.answer = newest.get(each.testimony.evidence_id) if each.used_at else None
    return found


def _may(request: HttpRequest, invitation: WitnessInvitation) -> dict[str, bool]:
    """What to offer for an invitation that nobody has answered."""
    if not invitation.is_unanswered:
        return {}
    user, enrolment = request.user, invitation.enrolment
    return {
        "resend": enrolment.status == Enrolment.Status.ACTIVE
        and permissions.can_resend_witness_invitation(user, invitation),
        "withdraw": permissions.can_withdraw_witness_invitation(user, invitation),
    }


def _experts(request: HttpRequest) -> QuerySet[ExpertWitness]:
    if not permissions.can_see_experts(request.user, request.centre):
        raise PermissionDenied
    seen = ExpertWitness.objects.visible_to(request.user).in_centre(request.centre)
    return seen.select_related("edition__standard", "approved_by", "centre").defer(
        "edition__source_text", "edition__metadata"
    )


def _experts_of(request: HttpRequest, enrolment: Enrolment) -> list[ExpertWitness] | None:
    """Those approved for the unit, for staff; a learner is not told who else is trusted."""
    if not permissions.can_see_experts(request.user, request.centre):
        return None
    return list(_experts(request).standing().filter(edition=enrolment.edition_id))


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _status(form: Any) -> int:
    return 422 if form.is_bound else 200


def _will_be_sent(invitation: WitnessInvitation) -> str:
    return _("An e-mail is on its way to %(email)s.") % {"email": invitation.email}


def _to_list(request: HttpRequest, invitation: WitnessInvitation) -> HttpResponse:
    return redirect("portfolio:witnesses", centre=request.centre.slug, pk=invitation.enrolment_id)
