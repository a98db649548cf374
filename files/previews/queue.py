"""Getting previews to a worker, and what becomes of those whose worker went quiet."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from files.models import Preview, PreviewPart, PreviewStatus
from files.previews.reasons import sentence
from files.queue import Queue

PREVIEWS = Queue(Preview, "files.tasks.make_preview")
AT_ONCE = 200  # sent in one round


def resend() -> None:
    """Send what was never started, and start again what a worker left half done."""
    _take_back()
    waiting = PREVIEWS.waiting(
        settings.PREVIEW_SEND_AGAIN_AFTER, while_busy=settings.PREVIEW_QUIET_AFTER * 10
    )
    PREVIEWS.send(list(waiting.order_by("queued_at").values_list("pk", flat=True)[:AT_ONCE]))


@transaction.atomic
def _take_back() -> None:
    quiet = PREVIEWS.quiet(settings.PREVIEW_QUIET_AFTER)
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
