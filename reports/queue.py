"""Getting reports to a worker. A row says what is to be made; the broker only carries its id,
so whatever the broker loses, or a killed worker leaves half done, is sent again from the rows."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from ledger.transitions import TransitionRefused, move
from reports.models import Report
from reports.workflow import REPORT, ReportStatus

logger = logging.getLogger(__name__)

MAKE = "reports.tasks.make_report"


def send_on_commit(reports: Iterable[Report]) -> None:
    ids = [report.pk for report in reports]
    transaction.on_commit(partial(send, ids))


def send(report_ids: Iterable[int]) -> None:
    """Hand each to the broker. With the broker down it stays queued, for `resend_stuck`."""
    for pk in report_ids:
        try:
            current_app.send_task(MAKE, [pk], retry=False)
        except OperationalError as error:
            # The rest would only wait for the same time-out, with somebody watching.
            logger.warning("The broker does not answer; exports wait: %s", error)
            return
        Report.objects.filter(pk=pk, status=ReportStatus.QUEUED).update(heartbeat_at=timezone.now())


def resend_stuck() -> None:
    """Send what was never started, and start again what a worker left half done."""
    now = timezone.now()
    _take_back(now - timedelta(seconds=settings.REPORT_QUIET_AFTER))
    send(list(_waiting(now).order_by("requested_at").values_list("pk", flat=True)))


def _take_back(since: datetime) -> None:
    """Its worker was killed, or is so stuck that its work will no longer count."""
    quiet = Report.objects.filter(status=ReportStatus.RUNNING, heartbeat_at__lt=since)
    for report in quiet:
        logger.warning("Report %s went quiet in attempt %s", report.pk, report.attempts)
        try:
            if report.attempts % settings.REPORT_ATTEMPTS:
                move(report, verb="requeue", table=REPORT, heartbeat_at=None)
            else:
                move(
                    report,
                    verb="fail",
                    table=REPORT,
                    finished_at=timezone.now(),
                    error=_(
                        "The export stopped half-way %(times)d times, perhaps because the"
                        " server is short of memory. Ask whoever runs the server to look at"
                        " it, then try again."
                    )
                    % {"times": settings.REPORT_ATTEMPTS},
                )
        except TransitionRefused:
            continue  # it came to an end after all


def _waiting(now: datetime) -> QuerySet[Report]:
    """Queued rows that no message is likely to be on its way for.

    While a worker is busy the messages of a whole cohort rightly wait behind it, so then only
    those that have waited long are sent again; a message too many is harmless.
    """
    queued = Report.objects.filter(status=ReportStatus.QUEUED)
    busy = Report.objects.filter(status=ReportStatus.RUNNING).exists()
    patience = settings.REPORT_QUIET_AFTER * 4 if busy else settings.REPORT_SEND_AGAIN_AFTER
    return queued.filter(
        Q(heartbeat_at=None) | Q(heartbeat_at__lt=now - timedelta(seconds=patience))
    )
