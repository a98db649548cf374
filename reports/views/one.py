"""One export: its page, and what can be done with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import refuse_unless
from files import serving, store
from ledger.models import Entry
from reports import actions, permissions
from reports.forms import WithdrawForm, told
from reports.models import Report
from reports.views.shared import CentreRequest, file_name, reports_of, to_report
from reports.workflow import UNDER_WAY


@require_GET
def report(request: CentreRequest, pk: int) -> HttpResponse:
    return _page(request, _report(request, pk), WithdrawForm())


def _page(
    request: CentreRequest, report: Report, form: WithdrawForm, status: int = 200
) -> HttpResponse:
    user = request.user
    context = {
        "report": report,
        "is_under_way": report.status in UNDER_WAY,
        "told": told(report.options, report.portfolio),
        "copies": _copies(report),
        "form": form,
        "may_export": permissions.can_export(user, report.portfolio),
        "may_withdraw": permissions.can_withdraw(user, report),
    }
    template = "reports/_report.html" if request.htmx else "reports/report.html"
    return render(request, template, context, status=status)


def _copies(report: Report) -> Any:
    """Who took a copy and when, as the ledger has it."""
    entries = Entry.objects.filter(
        stream=report.portfolio.stream,
        verb="report_downloaded",
        subject=f"{report._meta.label_lower}:{report.pk}",
    )
    return entries.select_related("actor").order_by("-sequence")


def _report(request: CentreRequest, pk: int) -> Report:
    return get_object_or_404(reports_of(request).select_related("withdrawn_by"), pk=pk)


@require_POST
def retry(request: CentreRequest, pk: int) -> HttpResponse:
    return _do(request, pk, actions.retry, _("Trying the export of %(name)s again."))


@require_POST
def cancel(request: CentreRequest, pk: int) -> HttpResponse:
    return _do(request, pk, actions.cancel, _("The export of %(name)s is cancelled."))


def _do(request: CentreRequest, pk: int, verb: Callable[..., None], sentence: str) -> HttpResponse:
    """And back to where it stands among others."""
    report = _report(request, pk)
    verb(report=report, by=request.user)
    messages.success(request, sentence % {"name": report.portfolio.learner.name})
    if report.bulk_id:
        return redirect("reports:bulk", centre=request.centre.slug, pk=report.bulk_id)
    return redirect("reports:list", centre=request.centre.slug)


@require_POST
def again(request: CentreRequest, pk: int) -> HttpResponse:
    """A new export of the same portfolio, with the same choices."""
    old = _report(request, pk)
    try:
        made = actions.request_report(portfolio=old.portfolio, by=request.user, options=old.options)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return to_report(request, old)
    name = made.portfolio.learner.name
    messages.success(request, _("The portfolio of %(name)s is being made.") % {"name": name})
    return redirect("reports:list", centre=request.centre.slug)


@require_POST
def withdraw(request: CentreRequest, pk: int) -> HttpResponse:
    report = _report(request, pk)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        refuse_unless(permissions.can_withdraw(request.user, report))
        return _page(request, report, form, status=422)
    actions.withdraw(report=report, reason=form.cleaned_data["reason"], by=request.user)
    messages.success(request, _("The export is withdrawn. Whoever checks it is told so."))
    return to_report(request, report)


@require_POST
def download(request: CentreRequest, pk: int) -> HttpResponseBase:
    """A POST, because a line of the ledger says who took a copy and when."""
    report = _report(request, pk)
    if report.blob and not report.withheld() and not store.has(report.blob.sha256):
        messages.error(
            request, _("This PDF is no longer in the store. Export the portfolio again.")
        )
        return redirect("reports:list", centre=request.centre.slug)
    try:
        blob = actions.download(report=report, by=request.user)
    except actions.Withheld:
        return render(request, "reports/export_withheld.html", {"report": report}, status=410)
    return serving.respond(request=request, blob=blob, name=file_name(report), inline=False)
