"""Many exports at once: how far they are, and the archive of those that are ready."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.lists import answer
from accounts.models import User
from accounts.permissions import refuse_unless
from ledger.transitions import TransitionRefused
from reports import lists
from reports.bulk import actions, depositing, packing, sending
from reports.models import SHOWS_HIDDEN, Bulk, Report, ReportQuerySet
from reports.permissions import can_download, can_handle, can_retry
from reports.views.exports import counted
from reports.views.shared import CentreRequest, reports_of, require_reader
from reports.workflow import ReportStatus


@require_GET
def bulk(request: CentreRequest, pk: int) -> HttpResponseBase:
    """One line for all of them; while some are under way it asks for itself every two seconds."""
    asked = _bulk(request, pk)
    rows = reports_of(request).filter(bulk=asked)
    under_way = asked.under_way
    context = {
        "bulk": asked,
        "under_way": under_way,
        "is_news": request.GET.get("under_way") != str(under_way),
        "ready": rows.given_out().count(),
        "expired": rows.expired().count(),
        "ended": asked.all - under_way,
        "reasons": _reasons(asked),
        **_deposits(request, asked, rows),
        "may_export": can_handle(request.user, asked),
        "may_take": _may_all(can_download, request.user, rows.given_out()),
        "may_retry": _may_all(can_retry, request.user, rows.filter(status=ReportStatus.FAILED)),
    }
    template = "reports/_bulk.html" if request.htmx else "reports/bulk.html"
    return answer(lists.exports(request, rows), template, context)


def _may_all(verb: Callable[[User, Report], bool], user: User, rows: ReportQuerySet) -> bool:
    """Whether nobody is kept from any of them: those that show what was hidden are the only ones
    that not all who may export may have."""
    return all(verb(user, each) for each in rows.filter(SHOWS_HIDDEN))


def _deposits(request: CentreRequest, bulk: Bulk, rows: ReportQuerySet) -> dict[str, Any]:
    """What was put into the bucket, and of the one that the page saw under way whether it ended."""
    rows_there = list(bulk.deposits.select_related("asked_by"))
    followed, bucket = request.GET.get("depositing"), depositing.bucket()
    return {
        "bucket": bucket,
        "shows_hidden": bucket and rows.given_out().filter(SHOWS_HIDDEN).exists(),
        "deposits": rows_there,
        "depositing": next((each for each in rows_there if each.is_under_way), None),
        "deposit_ended": next(
            (each for each in rows_there if str(each.pk) == followed and not each.is_under_way),
            None,
        ),
    }


def _reasons(bulk: Bulk) -> Any:
    """Why exports failed, and how many for each reason."""
    failed = bulk.reports.filter(status=ReportStatus.FAILED)
    return failed.order_by().values("error").annotate(many=Count("pk")).order_by("-many", "error")


def _bulk(request: CentreRequest, pk: int) -> Any:
    require_reader(request)
    seen = Bulk.objects.visible_to(request.user).in_centre(request.centre)
    return get_object_or_404(counted(seen), pk=pk)


@require_POST
def cancel(request: CentreRequest, pk: int) -> HttpResponse:
    def told(count: int) -> str:
        return ngettext("%(count)d export is cancelled.", "%(count)d exports are cancelled.", count)

    return _each(request, pk, actions.cancel_all, told)


@require_POST
def retry(request: CentreRequest, pk: int) -> HttpResponse:
    def told(count: int) -> str:
        return ngettext("Trying %(count)d export again.", "Trying %(count)d exports again.", count)

    return _each(request, pk, actions.retry_failed, told)


def _each(
    request: CentreRequest, pk: int, verb: Callable[..., int], told: Callable[[int], str]
) -> HttpResponse:
    asked = _bulk(request, pk)
    count = verb(bulk=asked, by=request.user)
    messages.success(request, told(count) % {"count": count})
    return _to(request, asked)


@require_POST
def take(request: CentreRequest, pk: int) -> HttpResponse:
    """Who takes copies is written down; the address that this leads to only reads."""
    asked = _bulk(request, pk)
    refuse_unless(can_handle(request.user, asked))
    try:
        ready = list(actions.in_archive(asked, request.user))
        lost = [report for report in ready if not packing.find_checksum(report)]
    except ValidationError as refused:  # the store does not answer
        messages.error(request, " ".join(refused.messages))
        return _to(request, asked)
    missing = [report.pk for report in lost]
    reports = actions.take(bulk=asked, without=missing, by=request.user)
    if lost:
        sentence = ngettext(
            "%(count)d PDF is no longer in the store, so it is not in the archive.",
            "%(count)d PDFs are no longer in the store, so they are not in the archive.",
            len(lost),
        )
        messages.warning(request, sentence % {"count": len(lost)})
    etag = packing.etag_of(packing.archive_of(asked, reports, lost), reports)
    ticket = sending.Ticket(asked.pk, request.user.pk, etag, missing).signed()
    return redirect("reports:archive", centre=request.centre.slug, pk=asked.pk, ticket=ticket)


@require_POST
def deposit(request: CentreRequest, pk: int) -> HttpResponse:
    asked = _bulk(request, pk)
    depositing.deposit(bulk=asked, by=request.user)
    messages.success(
        request, _("The archive is on its way into the bucket. You are told when it is there.")
    )
    return _to(request, asked)


@require_POST
def deposit_cancel(request: CentreRequest, pk: int, deposit: int) -> HttpResponse:
    asked = _bulk(request, pk)
    row = get_object_or_404(asked.deposits.select_related("bulk__centre", "asked_by"), pk=deposit)
    depositing.cancel(deposit=row, by=request.user)
    messages.success(request, _("The archive is not put into the bucket."))
    return _to(request, asked)


@require_safe
def archive(request: CentreRequest, pk: int, ticket: str) -> HttpResponseBase:
    asked = _bulk(request, pk)
    refuse_unless(can_handle(request.user, asked))
    given = sending.Ticket.read(ticket, asked, request.user)
    if given is None:
        return render(request, "reports/archive_again.html", {"bulk": asked}, status=410)
    ready = list(actions.in_archive(asked, request.user))
    reports = [each for each in ready if each.pk not in given.lost]
    changed = _("The archive has changed since you started. Download it again from its page.")
    if any(each.crc32 is None for each in reports):  # made since
        raise TransitionRefused(changed)
    for report in reports:
        refuse_unless(can_download(request.user, report))
    lost = [each for each in ready if each.pk in given.lost]
    made = packing.archive_of(asked, reports, lost)
    if packing.etag_of(made, reports) != given.etag:
        raise TransitionRefused(changed)
    return sending.respond(request, made, given.etag, asked.chosen)


def _to(request: CentreRequest, bulk: Bulk) -> HttpResponse:
    return redirect("reports:bulk", centre=request.centre.slug, pk=bulk.pk)
