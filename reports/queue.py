"""Getting reports to a worker, and what becomes of those whose worker went quiet."""

import logging
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from files.queue import Queue
from ledger.transitions import TransitionRefused, move
from reports import telling, workshop
from reports.models import Deposit, Report
from reports.workflow import REPORT

logger = logging.getLogger(__name__)

REPORTS = Queue(Report, "reports.tasks.make_report")


def send_on_commit(reports: Iterable[Report]) -> None:
    REPORTS.send_on_commit(report.pk for report in reports)


def resend_stuck() -> None:
    """Send what was never started, and start again what a worker left half done."""
    for report in REPORTS.quiet(settings.REPORT_QUIET_AFTER):
        logger.warning("Report %s went quiet in attempt %s", report.pk, report.attempts)
        try:
            _take_back(report)
        except TransitionRefused:
            continue  # it came to an end after all
    waiting = REPORTS.waiting(send_again_after())
    REPORTS.send(list(waiting.order_by("requested_at", "pk").values_list("pk", flat=True)))


def send_again_after() -> float:
    """Seconds. The same workers make exports and put archives into a bucket, so that either may
    rightly wait behind the other."""
    busy = any(rows.filter(status="running").exists() for rows in (Report.objects, Deposit.objects))
    return settings.REPORT_QUIET_AFTER * 4 if busy else settings.REPORT_SEND_AGAIN_AFTER


@transaction.atomic
def _take_back(report: Report) -> None:
    if report.attempts % settings.REPORT_ATTEMPTS:
        move(report, verb="requeue", table=REPORT, heartbeat_at=None)
    else:
        move(
            report,
            verb="fail",
            table=REPORT,
            finished_at=timezone.now(),
            error=_(
                "The export stopped half-way %(times)d times, perhaps because the server is short"
                " of memory. Ask whoever runs the server to look at it, then try again."
            )
            % {"times": settings.REPORT_ATTEMPTS},
        )
        telling.ended(report)
    workshop.clear(report)
