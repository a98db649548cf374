"""Getting previews to a worker. The row says what is to be made; the broker only carries its
id, so what the broker loses or a killed worker leaves is sent again from the rows."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError

from files.models import Preview, PreviewPart, PreviewStatus
from files.previews.reasons import sentence

logger = logging.getLogger(__name__)

MAKE = "files.tasks.make_preview"
AT_ONCE = 200  # sent in one round


def send_on_commit(preview_ids: Iterable[int]) -> None:
    transaction.on_commit(partial(send, list(preview_ids)))


def send(preview_ids: Iterable[int]) -> None:
    """Hand each to the broker. With the broker down it stays queued, for `resend`."""
    for pk in preview_ids:
        try:
            current_app.send_task(MAKE, [pk], retry=False)
        except OperationalError as error:
            logger.warning("The broker does not answer; previews wait: %s", error)
            return
        Preview.objects.filter(pk=pk, status=PreviewStatus.QUEUED).update(
            heartbeat_at=timezone.now()
        )


def resend() -> None:
    """Send what was never started, and start again what a worker left half done."""
    now = timezone.now()
    _take_back(now - timedelta(seconds=settings.PREVIEW_QUIET_AFTER))
    send(list(_waiting(now).order_by("queued_at").values_list("pk", flat=True)[:AT_ONCE]))


@transaction.atomic
def _take_back(since: datetime) -> None:
    quiet = Preview.objects.filter(status=PreviewStatus.RUNNING, heartbeat_at__lt=since)
    quiet.filter(attempts__lt=settings.PREVIEW_ATTEMPTS).update(
        status=PreviewStatus.QUEUED, heartbeat_at=None
    )
    given_up = list(quiet.values_list("pk", flat=True))
    for pk in given_up:
        ended = quiet.filter(pk=pk).update(
            status=PreviewStatus.NONE,
            reason=sentence("stopped", {"times": settings.PREVIEW_ATTEMPTS}),
            finished_at=timezone.now(),
            facts={},
        )
        if ended:
            PreviewPart.objects.filter(preview=pk).delete()


def films_in_hand() -> int:
    """How many are being coded for browsers, which takes a processor for minutes."""
    alive = timezone.now() - timedelta(seconds=settings.PREVIEW_QUIET_AFTER)
    running = Preview.objects.filter(status=PreviewStatus.RUNNING, heartbeat_at__gte=alive)
    return running.filter(facts__coding=True).count()


def has_to_wait(preview_id: int) -> bool:
    """Whether all but its copy is made, and another film is still in the way of that."""
    put_back = Preview.objects.filter(
        pk=preview_id, status=PreviewStatus.QUEUED, facts__waits=True
    ).exists()
    return put_back and films_in_hand() >= settings.PREVIEW_FILMS_AT_ONCE


def _waiting(now: datetime) -> QuerySet[Preview]:
    """Queued rows that no message is likely to be on its way for.

    While a worker is busy the others rightly wait behind it, so then only those that have
    waited long are sent again; a message too many is harmless.
    """
    busy = Preview.objects.filter(status=PreviewStatus.RUNNING).exists()
    patience = settings.PREVIEW_QUIET_AFTER * 10 if busy else settings.PREVIEW_SEND_AGAIN_AFTER
    return Preview.objects.filter(status=PreviewStatus.QUEUED).filter(
        Q(heartbeat_at=None) | Q(heartbeat_at__lt=now - timedelta(seconds=patience))
    )
