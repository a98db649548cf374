"""The learner's answer on other people in her evidence, on a page of its own."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.forms import refusals_on
from ledger.transitions import TransitionRefused
from portfolio import actions
from portfolio.forms import PeopleForm
from portfolio.models import EvidenceVersion
from portfolio.permissions import can_answer_on_people
from portfolio.views.loading import evidence_or_404, version_meant


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """For a draft that stands otherwise, a witness's statement among them."""
    version = _own_draft(request, pk)
    if request.method != "POST":
        initial = {
            "personal_data": version.personal_data,
            "permission_note": version.permission_note,
        }
        return _page(request, version, PeopleForm(initial=initial))
    form = PeopleForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            actions.answer_personal_data(version=version, by=request.user, **form.answer())
            messages.success(request, _("Your answer is saved."))
            return redirect("portfolio:evidence", centre=request.centre.slug, pk=pk)
    return _page(request, version, form)


def _own_draft(request: HttpRequest, pk: int) -> EvidenceVersion:
    version = version_meant(request, evidence_or_404(request, pk))
    if not can_answer_on_people(request.user, version):
        raise PermissionDenied
    if not version.is_draft:
        raise TransitionRefused(version.standing())
    return version


def _page(request: HttpRequest, version: EvidenceVersion, form: PeopleForm) -> HttpResponse:
    context = {"form": form, "version": version, "evidence": version.evidence}
    status = 422 if form.is_bound else 200
    return render(request, "portfolio/people_form.html", context, status=status)
