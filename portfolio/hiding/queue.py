"""Getting redactions to a worker, and what becomes of those whose worker went quiet."""

from django.conf import settings
from django.utils import timezone

from files.queue import Queue
from portfolio.hiding.reasons import sentence
from portfolio.models import Redaction

Status = Redaction.Status

REDACTIONS = Queue(Redaction, "portfolio.tasks.make_redaction")


def send_on_commit(redaction: Redaction) -> None:
    REDACTIONS.send_on_commit([redaction.pk])


def resend() -> None:
    """Send what was never started, and start again what a worker left half done."""
    quiet = REDACTIONS.quiet(settings.REDACTION_QUIET_AFTER)
    quiet.filter(attempts__gte=settings.REDACTION_ATTEMPTS).update(
        status=Status.FAILED, finished_at=timezone.now(), trouble=sentence("stopped")
    )
    quiet.update(status=Status.QUEUED, heartbeat_at=None, progress=0)
    waiting = REDACTIONS.waiting(settings.REDACTION_SEND_AGAIN_AFTER)
    REDACTIONS.send(list(waiting.values_list("pk", flat=True)))
