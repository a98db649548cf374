"""What another centre decided: the grid to tick, what stands, and what was taken back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.forms import refusals_on
from ledger.transitions import TransitionRefused
from portfolio import actions
from portfolio.forms_imports import ImportForm, TakeBackForm
from portfolio.models import Enrolment, ImportedDecision
from portfolio.permissions import can_import_decisions
from portfolio.progress import IMPORTED, CriterionProgress, progress_of
from portfolio.workflow import ClaimStatus

form_page = require_http_methods(["GET", "HEAD", "POST"])
SETTLED = (ClaimStatus.MET, IMPORTED)


@form_page
def imports(request: HttpRequest, pk: int) -> HttpResponse:
    enrolment = _unit(request, pk)
    may = can_import_decisions(request.user, enrolment)
    if request.method == "POST" and not may:
        raise PermissionDenied
    rows = _rows(request, enrolment)
    form = _form(request, enrolment, rows) if may else None
    if form and form.is_valid():
        with refusals_on(form):
            made = actions.import_decisions(enrolment=enrolment, by=request.user, **form.said())
            messages.success(request, _counted(len(made)))
            return redirect("portfolio:imports", centre=request.centre.slug, pk=enrolment.pk)
    return _page(request, enrolment, rows, form)


@form_page
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    imported = _imported(request, pk)
    if not can_import_decisions(request.user, imported.enrolment):
        raise PermissionDenied
    if imported.taken_back_at:
        raise TransitionRefused(imported.standing())
    form = TakeBackForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.take_back_import(imported=imported, by=request.user, **form.cleaned_data)
        said = _("%(code)s is open again: the imported decision is taken back.")
        messages.success(request, said % {"code": imported.criterion.code})
        return redirect("portfolio:imports", centre=request.centre.slug, pk=imported.enrolment_id)
    context = {"imported": imported, "enrolment": imported.enrolment, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "portfolio/import_take_back.html", context, status=status)


def _unit(request: HttpRequest, pk: int) -> Enrolment:
    seen = Enrolment.objects.visible_to(request.user).in_centre(request.centre)
    rows = seen.select_related("edition__standard", "portfolio__learner")
    return get_object_or_404(rows.defer("edition__source_text", "edition__metadata"), pk=pk)


def _imported(request: HttpRequest, pk: int) -> ImportedDecision:
    seen = ImportedDecision.objects.visible_to(request.user).in_centre(request.centre)
    return get_object_or_404(
        seen.select_related(
            "criterion",
            "taken_back_by",
            "imported_by",
            "enrolment__edition__standard",
            "enrolment__portfolio__learner",
        ),
        pk=pk,
    )


def _rows(request: HttpRequest, enrolment: Enrolment) -> list[CriterionProgress]:
    (progress,) = progress_of([enrolment], seen_by=request.user)
    return progress.criteria


def _form(request: HttpRequest, enrolment: Enrolment, rows: list[CriterionProgress]) -> ImportForm:
    """Asked before the form is read: a unit that is closed says so, whatever was filled in."""
    if request.method == "POST" and enrolment.status != Enrolment.Status.ACTIVE:
        raise TransitionRefused(enrolment.standing())
    still_open = [each.criterion for each in rows if each.state not in SETTLED]
    data = request.POST if request.method == "POST" else None
    return ImportForm(data, open_criteria=still_open)


def _counted(count: int) -> str:
    sentence = ngettext(
        "%(count)d criterion counts as met. It is shown as imported.",
        "%(count)d criteria count as met. They are shown as imported.",
        count,
    )
    return sentence % {"count": count}


def _page(
    request: HttpRequest,
    enrolment: Enrolment,
    rows: list[CriterionProgress],
    form: ImportForm | None,
) -> HttpResponse:
    gone = enrolment.imported.exclude(taken_back_at=None)
    is_open = enrolment.status == Enrolment.Status.ACTIVE
    context: dict[str, Any] = {
        "enrolment": enrolment,
        "is_own": enrolment.portfolio.learner_id == request.user.pk,
        "rows": rows,
        "standing": [each for each in rows if each.imported],
        "gone": gone.select_related("criterion", "imported_by", "taken_back_by"),
        "form": form if is_open else None,
        "may_take_back": is_open and form is not None,
        "something_open": any(each.state not in SETTLED for each in rows),
    }
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "portfolio/imports.html", context, status=status)
