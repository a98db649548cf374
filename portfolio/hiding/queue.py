"""Getting redactions to a worker. What the broker loses, or a killed worker leaves half done, is
sent again from the rows."""

import logging
from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from portfolio.hiding.reasons import sentence
from portfolio.models import Redaction

logger = logging.getLogger(__name__)

MAKE = "portfolio.tasks.make_redaction"
Status = Redaction.Status


def send_on_commit(redaction: Redaction) -> None:
    transaction.on_commit(partial(send, [redaction.pk]))


def send(redaction_ids: Iterable[int]) -> None:
    """Hand each to the broker. With the broker down it stays queued, for `resend`."""
    for pk in redaction_ids:
        try:
            current_app.send_task(MAKE, [pk], retry=False)
        except OperationalError as error:
            logger.warning("The broker does not answer; redactions wait: %s", error)
            return
        Redaction.objects.filter(pk=pk, status=Status.QUEUED).update(heartbeat_at=timezone.now())


def resend() -> None:
    """Send what was never started, and start again what a worker left half done."""
    now = timezone.now()
    quiet = Redaction.objects.filter(
        status=Status.RUNNING,
        heartbeat_at__lt=now - timedelta(seconds=settings.REDACTION_QUIET_AFTER),
    )
    quiet.filter(attempts__gte=settings.REDACTION_ATTEMPTS).update(
        status=Status.FAILED, finished_at=now, trouble=sentence("stopped")
    )
    quiet.update(status=Status.QUEUED, heartbeat_at=None, progress=0)
    sent_before = now - timedelta(seconds=settings.REDACTION_SEND_AGAIN_AFTER)
    waiting = Redaction.objects.filter(status=Status.QUEUED).filter(
        Q(heartbeat_at=None) | Q(heartbeat_at__lt=sent_before)
    )
    send(list(waiting.values_list("pk", flat=True)))
