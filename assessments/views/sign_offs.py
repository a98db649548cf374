from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.lists import answer
from accounts.models import Role
from assessments import actions, declarations, lists
from assessments.earned import earned_points
from assessments.forms import RefusalForm, SignatureForm, SignOffForm
from assessments.models import SignOff
from assessments.permissions import can_countersign, can_sign_off, is_qualified
from assessments.requirements import (
    choices_to_credit,
    imported_by,
    imports_to_credit,
    marking_points,
    missing_for_sign_off,
    standing_of,
)
from assessments.unit_rules import needs_piece_for_each_point, rules_of
from assessments.views.loading import enrolment_or_404, sign_off_or_404
from assessments.workflow import SignOffStatus
from ledger.transitions import TransitionRefused
from portfolio.models import Enrolment
from portfolio.progress import progress_of


@require_http_methods(["GET", "HEAD", "POST"])
def sign_off(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole unit: what is met, each marking point's evidence, declaration and password."""
    enrolment = enrolment_or_404(request, pk)
    if not can_sign_off(request.user, enrolment):
        raise PermissionDenied
    if request.method != "POST":
        return _sign_off_page(request, enrolment, _sign_off_form(request, enrolment))
    if enrolment.status != Enrolment.Status.ACTIVE:
        return _signed_already(request, enrolment)
    form = _sign_off_form(request, enrolment, request.POST)
    if not form.is_valid():
        return _sign_off_page(request, enrolment, form)
    try:
        signed = actions.sign_off(
            enrolment=enrolment,
            credits=form.credits(),
            imported=form.imported(),
            personal_data_checked=form.cleaned_data["personal_data_checked"],
            by=request.user,
        )
    except ValidationError as error:
        form.add_error(None, error)
        return _sign_off_page(request, enrolment_or_404(request, pk), form)
    messages.success(request, _signed_sentence(signed))
    return redirect("assessments:sign_off_detail", centre=request.centre.slug, pk=signed.pk)


def _signed_already(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    """One's own signature sent again, after a timeout, leads to what it made."""
    own = SignOff.objects.in_force().filter(enrolment=enrolment, assessor=request.user).first()
    if own is None:
        raise TransitionRefused(standing_of(enrolment))
    messages.info(request, _("You have signed this already."))
    return redirect("assessments:sign_off_detail", centre=request.centre.slug, pk=own.pk)


@require_GET
def sign_off_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _detail_page(request, sign_off_or_404(request, pk))


@require_GET
def countersignatures(request: HttpRequest) -> HttpResponseBase:
    """Trainees' sign-offs that wait for a qualified colleague."""
    if Role.ASSESSOR not in request.roles:
        raise PermissionDenied
    return answer(lists.countersignatures(request), "assessments/countersignatures.html")


@require_POST
def countersign(request: HttpRequest, pk: int) -> HttpResponse:
    signed = _to_be_countersigned(request, pk)
    form = SignatureForm(request.POST, request=request)
    if not form.is_valid():
        return _detail_page(request, signed, signature_form=form)
    actions.countersign(sign_off=signed, by=request.user)
    messages.success(request, _("Countersigned. The unit is signed off."))
    return redirect("assessments:countersignatures", centre=request.centre.slug)


@require_POST
def refuse_countersignature(request: HttpRequest, pk: int) -> HttpResponse:
    signed = _to_be_countersigned(request, pk)
    form = RefusalForm(request.POST, request=request)
    if not form.is_valid():
        return _detail_page(request, signed, refusal_form=form)
    reason = form.cleaned_data["reason"]
    actions.refuse_countersignature(sign_off=signed, reason=reason, by=request.user)
    messages.success(request, _("Sent back to your colleague. The unit is open again."))
    return redirect("assessments:countersignatures", centre=request.centre.slug)


def _to_be_countersigned(request: HttpRequest, pk: int) -> SignOff:
    """May they, and is it still to be done? Asked before the password is."""
    signed = sign_off_or_404(request, pk)
    if not can_countersign(request.user, signed):
        raise PermissionDenied
    waits = signed.status == SignOffStatus.AWAITING_COUNTERSIGNATURE
    if not waits and signed.countersigner_id != request.user.pk:
        raise TransitionRefused(signed.standing())
    return signed


def _signed_sentence(signed: SignOff) -> str:
    if signed.is_complete:
        return _("The unit is signed off.")
    return _("You have signed. A qualified colleague has to countersign it now.")


def _sign_off_form(request: HttpRequest, enrolment: Enrolment, *data) -> SignOffForm:
    return SignOffForm(
        *data,
        request=request,
        points=marking_points(enrolment),
        versions=choices_to_credit(enrolment),
        imports=imports_to_credit(enrolment),
        all_points=needs_piece_for_each_point(rules_of(enrolment)),
        earned=earned_points(enrolment),
    )


def _sign_off_page(request: HttpRequest, enrolment: Enrolment, form: SignOffForm) -> HttpResponse:
    (progress,) = progress_of([enrolment], seen_by=request.user)
    version = declarations.CURRENT_ASSESSOR
    context = {
        "enrolment": enrolment,
        "marks": progress.marks(),
        "missing": missing_for_sign_off(enrolment),
        "imported": imported_by(enrolment, timezone.now()),
        "is_open": enrolment.status == Enrolment.Status.ACTIVE,
        "is_qualified": is_qualified(request.user, enrolment),
        "form": form,
        "declaration": declarations.assessor_wording(version),
        "earlier": enrolment.sign_offs.select_related(
            "assessor", "countersigner", "withdrawal__by"
        ),
    }
    status = 422 if form.is_bound else 200
    return render(request, "assessments/sign_off.html", context, status=status)


def _detail_page(request: HttpRequest, signed: SignOff, **forms) -> HttpResponse:
    credits = signed.credits.select_related("marking_point__guide", "version__evidence")
    waits = signed.status == SignOffStatus.AWAITING_COUNTERSIGNATURE and signed.is_in_force
    version = declarations.CURRENT_COUNTERSIGNER
    seen = Enrolment.objects.visible_to(request.user).filter(pk=signed.enrolment_id)
    context = {
        "sign_off": signed,
        "enrolment": signed.enrolment,
        "credits": credits.order_by(
            "marking_point__guide__title",
            "marking_point__guide",
            "marking_point__number",
            "version__evidence__number",
        ),
        "imported": imported_by(signed.enrolment, signed.signed_at),
        "sees_evidence": seen.exists(),
        "may_countersign": waits and can_countersign(request.user, signed),
        "declaration": declarations.countersigner_wording(version),
        "signature_form": SignatureForm(request=request),
        "refusal_form": RefusalForm(request=request),
        **forms,
    }
    status = 422 if forms else 200
    return render(request, "assessments/sign_off_detail.html", context, status=status)
