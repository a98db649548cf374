from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from django_htmx.middleware import HtmxDetails

from accounts.lists import answer
from accounts.models import Centre, User
from files import serving, store
from portfolio.models import Portfolio
from reports import actions, lists
from reports.forms import CohortForm, LearnerForm
from reports.models import Report
from reports.permissions import can_export_from
from reports.workflow import UNDER_WAY


class CentreRequest(HttpRequest):
    """As the middlewares leave it on a page under /c/<centre>/."""

    user: User
    centre: Centre
    htmx: HtmxDetails


@require_GET
def exports(request: CentreRequest) -> HttpResponseBase:
    """The list; while something is under way it asks for its own fragment every two seconds."""
    rows = _reports(request).select_related("portfolio__learner", "requested_by", "blob")
    under_way = rows.filter(status__in=UNDER_WAY).count()
    context = {
        "under_way": under_way,
        # Only news is worth interrupting somebody who listens to the page.
        "is_news": request.GET.get("under_way") != str(under_way),
    }
    template = "reports/_exports.html" if request.htmx else "reports/exports.html"
    return answer(lists.exports(request, rows), template, context)


def add(request: CentreRequest) -> HttpResponse:
    """Two forms, of which one is sent: `what` says which."""
    _require_exporter(request)
    portfolios = Portfolio.objects.visible_to(request.user).in_centre(request.centre)
    what = request.POST.get("what", "")
    one = LearnerForm(
        request.POST if what == "learner" else None,
        portfolios=portfolios,
        initial={"portfolio": request.GET.get("portfolio")},
    )
    many = CohortForm(request.POST if what == "cohort" else None, portfolios=portfolios)
    if one.is_bound and one.is_valid():
        return _asked_for_one(request, one.cleaned_data["portfolio"])
    if many.is_bound and many.is_valid():
        try:
            return _asked_for_cohort(request, many.cleaned_data["cohort"])
        except ValidationError as refused:  # its last learner left while the form was open
            many.add_error("cohort", refused)
    status = 422 if request.method == "POST" else 200
    context = {
        "one": one,
        "many": many,
        "form": many if many.is_bound else one,
        "is_empty": not portfolios.exists(),
    }
    return render(request, "reports/export_add.html", context, status=status)


def _asked_for_one(request: CentreRequest, portfolio: Portfolio) -> HttpResponse:
    actions.request_report(portfolio=portfolio, by=request.user)
    name = portfolio.learner.name
    messages.success(request, _("The portfolio of %(name)s is being made.") % {"name": name})
    return redirect("reports:list", centre=request.centre.slug)


def _asked_for_cohort(request: CentreRequest, cohort: str) -> HttpResponse:
    made = actions.request_cohort(centre=request.centre, cohort=cohort, by=request.user)
    sentence = ngettext(
        "%(count)d portfolio is being made.", "%(count)d portfolios are being made.", len(made)
    )
    messages.success(request, sentence % {"count": len(made)})
    return redirect("reports:list", centre=request.centre.slug)


@require_POST
def retry(request: CentreRequest, pk: int) -> HttpResponse:
    report = get_object_or_404(_reports(request).select_related("portfolio__learner"), pk=pk)
    actions.retry(report=report, by=request.user)
    name = report.portfolio.learner.name
    messages.success(request, _("Trying the export of %(name)s again.") % {"name": name})
    return redirect("reports:list", centre=request.centre.slug)


@require_POST
def download(request: CentreRequest, pk: int) -> HttpResponseBase:
    """A POST, because a line of the ledger says who took a copy and when."""
    rows = _reports(request).select_related("portfolio__learner", "blob")
    report = get_object_or_404(rows, pk=pk)
    if report.blob and not store.has(report.blob.sha256):
        messages.error(
            request, _("This PDF is no longer in the store. Export the portfolio again.")
        )
        return redirect("reports:list", centre=request.centre.slug)
    blob = actions.download(report=report, by=request.user)
    return serving.respond(request=request, blob=blob, name=file_name(report), inline=False)


def file_name(report: Report) -> str:
    """Such as: Portfolio – Amira Khan – 2026-11-22.pdf"""
    made: Any = report.finished_at
    parts = (_("Portfolio"), report.portfolio.learner.name, f"{timezone.localtime(made):%Y-%m-%d}")
    plain = " – ".join(parts)
    return "".join(c for c in plain if c.isprintable() and c not in '/\\:*?"<>|') + ".pdf"


def _reports(request: CentreRequest) -> QuerySet[Report]:
    _require_exporter(request)
    return Report.objects.visible_to(request.user).in_centre(request.centre)


def _require_exporter(request: CentreRequest) -> None:
    if not can_export_from(request.user, request.centre):
        raise PermissionDenied
