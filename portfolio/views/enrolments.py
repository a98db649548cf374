"""The centre's list of learners, and one learner on one unit."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.forms import refusals_on
from accounts.lists import answer
from accounts.models import ASSESSING, Membership, Role, User
from portfolio import actions, lists, permissions
from portfolio.enrolments import with_progress
from portfolio.forms_admin import AllocateForm, DetailsForm, EnrolForm
from portfolio.models import Allocation, Enrolment
from portfolio.progress import progress_of
from portfolio.workflow import EnrolmentStatus

SUGGESTED = 100


@require_GET
def enrolments(request: HttpRequest) -> HttpResponseBase:
    context = {
        "may_enrol": permissions.can_enrol(request.user, request.centre),
        "may_see_experts": permissions.can_see_experts(request.user, request.centre),
    }
    return answer(lists.learners(request, _seen(request)), "portfolio/enrolments.html", context)


def enrol(request: HttpRequest) -> HttpResponse:
    if not permissions.can_enrol(request.user, request.centre):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    form = EnrolForm(data, centre=request.centre, initial={"email": request.GET.get("email", "")})
    if form.is_valid():
        with refusals_on(form):
            made = actions.enrol(centre=request.centre, by=request.user, **form.wanted())
            messages.success(request, _("The learner is enrolled. Now choose who assesses them."))
            return redirect("portfolio:enrolment", centre=request.centre.slug, pk=made.pk)
    context = {"form": form, "new_learners": _without_a_unit(request)}
    return render(request, "portfolio/enrolment_add.html", context, status=_status(form))


@require_GET
def enrolment(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _seen_one(request, pk))


@require_POST
def details(request: HttpRequest, pk: int) -> HttpResponse:
    row = _seen_one(request, pk)
    if not permissions.can_edit_portfolio(request.user, row.portfolio):
        raise PermissionDenied
    form = DetailsForm(request.POST, instance=row.portfolio)
    if not form.is_valid():
        row.portfolio.refresh_from_db()
        return _page(request, row, details_form=form)
    actions.edit_portfolio(portfolio=row.portfolio, by=request.user, **form.cleaned_data)
    return _back(request, row, _("The details are saved."))


@require_POST
def allocate(request: HttpRequest, pk: int) -> HttpResponse:
    row = _seen_one(request, pk)
    if not permissions.can_allocate(request.user, row):
        raise PermissionDenied
    form = AllocateForm(request.POST, enrolment=row)
    if form.is_valid():
        with refusals_on(form):
            actions.allocate(enrolment=row, by=request.user, **form.cleaned_data)
            return _back(request, row, _("The assessor is allocated."))
    return _page(request, row, allocate_form=form)


@require_POST
def end_allocation(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Allocation.objects.filter(enrolment__in=_seen(request))
    row = get_object_or_404(visible.select_related("enrolment__portfolio"), pk=pk)
    actions.end_allocation(allocation=row, by=request.user)
    return _back(request, row.enrolment, _("The assessor is taken off this unit."))


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    row = _seen_one(request, pk)
    actions.withdraw_enrolment(enrolment=row, by=request.user)
    return _back(request, row, _("The learner is withdrawn from this unit."))


@require_POST
def reinstate(request: HttpRequest, pk: int) -> HttpResponse:
    row = _seen_one(request, pk)
    actions.reinstate_enrolment(enrolment=row, by=request.user)
    return _back(request, row, _("The learner goes on with this unit."))


def _seen(request: HttpRequest) -> QuerySet[Enrolment]:
    if not permissions.can_see_learners(request.user, request.centre):
        raise PermissionDenied
    return Enrolment.objects.visible_to(request.user).in_centre(request.centre)


def _seen_one(request: HttpRequest, pk: int) -> Enrolment:
    rows = _seen(request).select_related(
        "portfolio__learner", "portfolio__centre", "edition__standard"
    )
    return get_object_or_404(rows.defer("edition__source_text", "edition__metadata"), pk=pk)


def _page(
    request: HttpRequest,
    row: Enrolment,
    *,
    details_form: DetailsForm | None = None,
    allocate_form: AllocateForm | None = None,
) -> HttpResponse:
    bad_form = details_form or allocate_form
    unit = reverse("portfolio:unit", kwargs={"centre": request.centre.slug, "pk": row.pk})
    (progress,) = progress_of([row], seen_by=request.user)
    context: dict[str, Any] = {
        "enrolment": row,
        "marks": progress.marks(lambda code: f"{unit}#{code}"),
        "others": with_progress(_seen(request).filter(portfolio=row.portfolio).exclude(pk=row.pk)),
        "allocations": _allocations(row),
        "may": _may(request, row),
        "bad_form": bad_form,
    }
    if context["may"]["edit"]:
        context["details_form"] = details_form or DetailsForm(instance=row.portfolio)
    if context["may"]["allocate"]:
        context["allocate_form"] = allocate_form or AllocateForm(enrolment=row)
    status = 422 if bad_form else 200
    return render(request, "portfolio/enrolment.html", context, status=status)


def _may(request: HttpRequest, row: Enrolment) -> dict[str, bool]:
    """What to offer: who may, as permissions.py says, and when, as the unit's state allows."""
    user, status = request.user, row.status
    return {
        "enrol": permissions.can_enrol(user, request.centre),
        "see_interests": permissions.can_see_interests(user, row.portfolio),
        "edit": permissions.can_edit_portfolio(user, row.portfolio),
        "allocate": permissions.can_allocate(user, row) and status in actions.MAY_BE_ALLOCATED,
        "withdraw": permissions.can_withdraw_enrolment(user, row)
        and status == EnrolmentStatus.ACTIVE,
        "reinstate": permissions.can_reinstate_enrolment(user, row)
        and status == EnrolmentStatus.WITHDRAWN,
    }


def _allocations(row: Enrolment) -> list[Allocation]:
    """Newest first; `has_left` says that the assessor holds no assessing role here any more."""
    found = list(row.allocations.select_related("assessor").order_by("ended_at", "-pk"))
    here = Membership.objects.filter(centre=row.portfolio.centre_id, role__in=ASSESSING)
    assessing = set(here.values_list("user", flat=True))
    for each in found:
        each.has_left = each.assessor_id not in assessing
    return found


def _without_a_unit(request: HttpRequest) -> list[User]:
    """Learners whom the page suggests: those who wait for their first unit."""
    learners = Membership.objects.in_centre(request.centre).filter(role=Role.LEARNER)
    waiting = learners.exclude(
        user__in=Enrolment.objects.in_centre(request.centre).values("portfolio__learner")
    )
    return [each.user for each in waiting.select_related("user").order_by("-pk")[:SUGGESTED]]


def _status(form: EnrolForm) -> int:
    return 422 if form.is_bound else 200


def _back(request: HttpRequest, row: Enrolment, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("portfolio:enrolment", centre=request.centre.slug, pk=row.pk)
