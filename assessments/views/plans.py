"""A unit's assessment plan: read and agreed by both, made, changed and reviewed by the assessor."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.forms import refusals_on
from accounts.lists import number_in
from assessments import actions
from assessments.forms_plans import (
    BLANK_ROWS,
    DoneForm,
    PlanForm,
    ReviewForm,
    RevisionForm,
    action_rows,
    as_row,
)
from assessments.models import ActionPoint, Plan, PlanAction
from assessments.permissions import can_agree_plan, can_mark_plan_action, can_plan
from assessments.planning import plans_of
from assessments.views.loading import enrolment_or_404
from ledger.transitions import TransitionRefused
from portfolio.models import Enrolment

UNIT = ("enrolment__edition__standard", "enrolment__portfolio__learner")


@require_GET
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, enrolment_or_404(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the unit's plan, or change the one that runs."""
    enrolment = enrolment_or_404(request, pk)
    if not can_plan(request.user, enrolment):
        raise PermissionDenied
    if enrolment.status != Enrolment.Status.ACTIVE:
        raise TransitionRefused(enrolment.standing())
    running, before = plans_of(enrolment)
    form, rows = _forms(request, enrolment, running, before)
    if (
        request.method == "POST"
        and "more" not in request.POST
        and form.is_valid() & rows.is_valid()
    ):
        with refusals_on(form):
            saved = _save(request, enrolment, running, form, rows)
            return _after_saving(request, saved)
    return _edit_page(request, enrolment, running, form, rows)


@require_POST
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    row = _plan(request, pk)
    if not can_agree_plan(request.user, row):
        raise PermissionDenied
    form = RevisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Open the plan and read it, then agree."))
        return _to_plan(request, row.enrolment)
    actions.agree_plan(plan=row, revision=form.cleaned_data["revision"], by=request.user)
    if row.is_agreed:
        messages.success(request, _("You have both agreed to the plan."))
    else:
        messages.success(request, _("You have agreed to the plan."))
    return _to_plan(request, row.enrolment)


@require_POST
def review(request: HttpRequest, pk: int) -> HttpResponse:
    row = _plan(request, pk)
    if not can_plan(request.user, row.enrolment):
        raise PermissionDenied
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _page(request, row.enrolment, review_form=form)
    actions.review_plan(plan=row, by=request.user, **form.cleaned_data)
    messages.success(request, _("The plan is reviewed and closed."))
    return _to_plan(request, row.enrolment)


@require_POST
def mark_action(request: HttpRequest, pk: int) -> HttpResponse:
    seen = PlanAction.objects.visible_to(request.user).in_centre(request.centre)
    unit = (f"plan__{each}" for each in UNIT)
    row = get_object_or_404(seen.select_related("plan__reviewed_by", *unit), pk=pk)
    done = _done(request)
    actions.mark_plan_action(action=row, done=done, by=request.user)
    messages.success(request, _marked(done))
    return redirect(_back(request, _plan_page(request, row.plan.enrolment)))


@require_POST
def mark_point(request: HttpRequest, pk: int) -> HttpResponse:
    """What a decision asked of the learner."""
    seen = ActionPoint.objects.visible_to(request.user).in_centre(request.centre)
    related = seen.select_related("submission__version", "submission__enrolment__portfolio")
    row = get_object_or_404(related.defer("submission__frozen"), pk=pk)
    done = _done(request)
    actions.mark_action_point(point=row, done=done, by=request.user)
    messages.success(request, _marked(done))
    evidence = {"centre": request.centre.slug, "pk": row.submission.version.evidence_id}
    return redirect(_back(request, reverse("portfolio:evidence", kwargs=evidence)))


def _done(request: HttpRequest) -> bool:
    form = DoneForm(request.POST)
    return form.is_valid() and form.cleaned_data["done"]


def _marked(done: bool) -> str:
    return _("Marked as done.") if done else _("Marked as not done yet.")


def _back(request: HttpRequest, otherwise: str) -> str:
    """To the page of ours that the button stood on."""
    before = request.POST.get("next", "")
    hosts = {request.get_host()}
    return before if url_has_allowed_host_and_scheme(before, hosts) else otherwise


def _plan(request: HttpRequest, pk: int) -> Plan:
    seen = Plan.objects.visible_to(request.user).in_centre(request.centre)
    return get_object_or_404(seen.select_related("reviewed_by", *UNIT), pk=pk)


def _plan_page(request: HttpRequest, enrolment: Enrolment) -> str:
    return reverse("assessments:plan", kwargs={"centre": request.centre.slug, "pk": enrolment.pk})


def _to_plan(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    return redirect(_plan_page(request, enrolment))


def _page(request: HttpRequest, enrolment: Enrolment, **forms: Any) -> HttpResponse:
    running, before = plans_of(enrolment)
    may_plan = can_plan(request.user, enrolment)
    is_own = enrolment.portfolio.learner_id == request.user.pk
    context = {
        "enrolment": enrolment,
        "is_own": is_own,
        "plan": running,
        "before": before,
        "may_plan": may_plan,
        "is_open": enrolment.status == Enrolment.Status.ACTIVE,
        "may_agree": running and _may_agree(request, running, is_own),
        "markable": _markable(request, running),
        "review_form": ReviewForm(),
        **forms,
    }
    status = 422 if forms else 200
    return render(request, "assessments/plan.html", context, status=status)


def _may_agree(request: HttpRequest, plan: Plan, is_own: bool) -> bool:
    agreed = plan.learner_agreed_at if is_own else plan.assessor_agreed_at
    return not agreed and can_agree_plan(request.user, plan)


def _markable(request: HttpRequest, plan: Plan | None) -> set[int]:
    """The actions this person may mark; asked once for each part, not for each action."""
    if plan is None:
        return set()
    found: dict[str, bool] = {}
    for action in plan.actions.all():
        if action.who not in found:
            found[action.who] = can_mark_plan_action(request.user, action)
    return {each.pk for each in plan.actions.all() if found[each.who]}


def _forms(
    request: HttpRequest, enrolment: Enrolment, running: Plan | None, before: list[Plan]
) -> tuple[PlanForm, Any]:
    """A new plan starts with what the last one left undone."""
    last = running or next(iter(before), None)
    left = [as_row(each) for each in (last.actions.all() if last else ()) if not each.done_at]
    if running is None:
        left = [row | {"pk": None} for row in left]
    data = request.POST if request.method == "POST" else None
    blank = 1 if running else BLANK_ROWS
    if data is not None and "more" in data:
        data = data.copy()
        total = data.get("actions-TOTAL_FORMS", "0")
        data["actions-TOTAL_FORMS"] = str((number_in(total) or 0) + BLANK_ROWS)
    form = PlanForm(data, instance=running, initial={"revision": running and running.revision})
    rows = action_rows(data, criteria=enrolment.edition.criteria.all(), initial=left, blank=blank)
    return form, rows


def _save(
    request: HttpRequest, enrolment: Enrolment, running: Plan | None, form: PlanForm, rows: Any
) -> Plan:
    said = {**form.said(), "planned": [row.planned() for row in rows.named()], "by": request.user}
    if running is None:
        return actions.make_plan(enrolment=enrolment, **said)
    running.refresh_from_db(fields=["note", "review_on"])  # the form has written on the row
    return actions.change_plan(plan=running, revision=form.cleaned_data["revision"] or 0, **said)


def _after_saving(request: HttpRequest, saved: Plan) -> HttpResponse:
    if "agree" in request.POST:
        actions.agree_plan(plan=saved, revision=saved.revision, by=request.user)
        messages.success(request, _("Saved and agreed by you. The learner agrees next."))
    else:
        messages.success(request, _("The plan is saved. Both of you agree to it next."))
    return _to_plan(request, saved.enrolment)


def _edit_page(
    request: HttpRequest, enrolment: Enrolment, running: Plan | None, form: PlanForm, rows: Any
) -> HttpResponse:
    """After a refusal, with the plan as it stands now, which the words kept here would replace."""
    now, _before = plans_of(enrolment) if form.is_bound else (running, [])
    more = "more" in request.POST
    refused = form.is_bound and not more
    context = {
        "enrolment": enrolment,
        "plan": now,
        "form": form,
        "rows": rows,
        "refused": refused,
        "revision": now.revision if now else "",
        "codes": list(enrolment.edition.criteria.values_list("code", flat=True)),
    }
    status = 422 if refused else 200
    return render(request, "assessments/plan_edit.html", context, status=status)
