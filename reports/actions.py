"""The verbs of exporting."""

from math import ceil

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Centre, User
from files.models import Blob
from ledger.record import record
from ledger.transitions import TransitionRefused, move
from portfolio.models import Portfolio
from reports.models import Report
from reports.permissions import can_download, can_export, can_export_from, can_retry
from reports.queue import send_on_commit
from reports.workflow import REPORT, UNDER_WAY, ReportStatus


@transaction.atomic
def request_report(*, portfolio: Portfolio, by: User) -> Report:
    """Ask for a learner's portfolio as a PDF; one that is under way already is enough."""
    if not can_export(by, portfolio):
        raise PermissionDenied
    return _under_way(portfolio) or _ask(portfolio, by)


@transaction.atomic
def request_cohort(*, centre: Centre, cohort: str, by: User) -> list[Report]:
    """Ask for the portfolio of every learner of a cohort."""
    if not can_export_from(by, centre):
        raise PermissionDenied
    portfolios = Portfolio.objects.in_centre(centre).filter(cohort=cohort)
    if not cohort or not portfolios:
        raise ValidationError(_("Nobody is in this cohort. Choose another."))
    return [
        _under_way(portfolio) or _ask(portfolio, by)
        for portfolio in portfolios.order_by("learner__name", "pk")
    ]


def _under_way(portfolio: Portfolio) -> Report | None:
    return portfolio.reports.filter(status__in=UNDER_WAY).first()


def _ask(portfolio: Portfolio, by: User) -> Report:
    report = Report.objects.create(portfolio=portfolio, requested_by=by)
    _note(report, "report_requested", by)
    send_on_commit([report])
    return report


@transaction.atomic
def retry(*, report: Report, by: User) -> None:
    """Once more, with all its attempts before it again."""
    if not can_retry(by, report):
        raise PermissionDenied
    rounds = ceil(report.attempts / settings.REPORT_ATTEMPTS)
    move(
        report,
        verb="retry",
        table=REPORT,
        # Never a number that a worker had before: it tells a worker that was given up to stop.
        attempts=rounds * settings.REPORT_ATTEMPTS,
        progress=0,
        stage="",
        heartbeat_at=None,
        started_at=None,
        finished_at=None,
    )
    _note(report, "report_retried", by)
    send_on_commit([report])


@transaction.atomic
def download(*, report: Report, by: User) -> Blob:
    """The PDF. A portfolio is personal: who took a copy is written before the bytes leave."""
    if not can_download(by, report):
        raise PermissionDenied
    if report.status != ReportStatus.DONE or report.blob is None:
        raise TransitionRefused(report.standing())
    _note(report, "report_downloaded", by, sha256=report.blob.sha256)
    return report.blob


def _note(report: Report, verb: str, by: User, **facts: str) -> None:
    record(
        stream=report.portfolio.stream,
        verb=verb,
        subject=report,
        by=by,
        facts={"report": report.pk, **facts},
    )
