"""Getting comparisons to a worker; what the broker loses is sent again from the rows."""

import logging
from collections.abc import Iterable
from functools import partial

from celery import current_app
from django.db import transaction
from django.db.models import Q
from kombu.exceptions import OperationalError

from portfolio.models import EvidenceVersion

logger = logging.getLogger(__name__)

COMPARE = "portfolio.likeness.tasks.compare_version"
AT_ONCE = 200


def send_on_commit(version: EvidenceVersion) -> None:
    transaction.on_commit(partial(send, [version.pk]))


def send(version_ids: Iterable[int]) -> None:
    for pk in version_ids:
        try:
            current_app.send_task(COMPARE, [pk], retry=False)
        except OperationalError as error:
            logger.warning("The broker does not answer; comparisons wait: %s", error)
            return


def send_what_waits() -> None:
    """Those never compared, and those of which a file was not prepared yet."""
    waiting = EvidenceVersion.objects.filter(
        Q(comparison=None) | Q(comparison__done_at=None), submitted_at__isnull=False
    )
    send(list(waiting.order_by("submitted_at").values_list("pk", flat=True)[:AT_ONCE]))
