"""Learners by CSV: read, look at what would happen, save all or nothing."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portfolio import actions
from portfolio.forms_admin import LearnerListForm
from portfolio.learners_check import Checked, check
from portfolio.learners_csv import MAX_ROWS, SHOWN, Row
from portfolio.models import LearnerList
from portfolio.permissions import can_enrol


def learners_import(request: HttpRequest) -> HttpResponse:
    _refuse_others(request)
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = LearnerListForm(*data)
    if form.is_valid():
        file = form.cleaned_data["file"]
        kept = actions.keep_learner_list(
            centre=request.centre,
            table=form.table,
            source_name=file.name if file else _("pasted rows"),
            by=request.user,
        )
        return redirect("portfolio:learners_preview", centre=request.centre.slug, pk=kept.pk)
    context = {"form": form, "columns": SHOWN.values(), "most": MAX_ROWS}
    status = 422 if form.is_bound else 200
    return render(request, "portfolio/learners_import.html", context, status=status)


def learners_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What each row would do; a POST saves them all, unless one can't be saved."""
    kept = _kept(request, pk)
    if request.method != "POST":
        return _preview(request, kept, _checked(request, kept))
    try:
        saved = actions.save_learner_list(learner_list=kept, by=request.user)
    except actions.RowsRefused as refused:
        return _preview(request, kept, refused.checked, status=422)
    except ValidationError as refusal:  # somebody changed one of these people just now
        messages.error(request, " ".join(refusal.messages))
        return _preview(request, kept, _checked(request, kept), status=422)
    words = ngettext("%(count)d row is saved.", "%(count)d rows are saved.", len(saved))
    messages.success(request, words % {"count": len(saved)})
    return redirect("portfolio:enrolments", centre=request.centre.slug)


@require_POST
def learners_discard(request: HttpRequest, pk: int) -> HttpResponse:
    actions.discard_learner_list(learner_list=_kept(request, pk), by=request.user)
    messages.success(request, _("Nothing was saved."))
    return redirect("portfolio:learners_import", centre=request.centre.slug)


def _refuse_others(request: HttpRequest) -> None:
    if not can_enrol(request.user, request.centre):
        raise PermissionDenied


def _kept(request: HttpRequest, pk: int) -> LearnerList:
    _refuse_others(request)
    visible = LearnerList.objects.visible_to(request.user).in_centre(request.centre)
    return get_object_or_404(visible.select_related("centre"), pk=pk)


def _checked(request: HttpRequest, kept: LearnerList) -> list[Checked]:
    return check([Row(**row) for row in kept.rows], request.centre, by=request.user)


def _preview(
    request: HttpRequest, kept: LearnerList, checked: Sequence[Checked], status: int = 200
) -> HttpResponse:
    bad = [each for each in checked if each.problems]
    context = {
        "kept": kept,
        "checked": checked,
        "bad": bad,
        "new": len({each.row.email.lower() for each in checked if not each.learner}),
    }
    return render(request, "portfolio/learners_preview.html", context, status=status)
