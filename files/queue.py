"""Getting rows to a worker. A row says what is to be done; the broker only carries its id, so
whatever the broker loses, or a killed worker leaves half done, is sent again from the rows."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from celery import current_app
from django.db import models, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

QUEUED, RUNNING = "queued", "running"


def hand_over(task: str, pk: int) -> bool:
    """Whether the broker took it; when it is down the row waits for the next round."""
    try:
        current_app.send_task(task, [pk], retry=False)
    except OperationalError as error:
        logger.warning("The broker does not answer; %s waits: %s", task, error)
        return False
    return True


@dataclass(frozen=True)
class Queue:
    """The rows of a model with `status` and `heartbeat_at`, and the task that does one of them.

    A row is first heard of when it is handed over, and again whenever its worker shows that it
    is alive. The room itself says what becomes of those whose worker went `quiet`.
    """

    model: type[models.Model]
    task: str

    def send_on_commit(self, pks: Iterable[int]) -> None:
        transaction.on_commit(partial(self.send, list(pks)))

    def send(self, pks: Iterable[int]) -> None:
        """Until the broker fails: the rest would only wait for the same time-out."""
        for pk in pks:
            if not hand_over(self.task, pk):
                return
            self._rows(QUEUED).filter(pk=pk).update(heartbeat_at=timezone.now())

    def quiet(self, seconds: float) -> models.QuerySet[Any]:
        """Their worker was killed, or is so stuck that its work will no longer count."""
        return self._rows(RUNNING).filter(heartbeat_at__lt=_ago(seconds))

    def waiting(self, seconds: float, *, while_busy: float | None = None) -> models.QuerySet[Any]:
        """Queued rows that no message is likely to be on its way for.

        While a worker is busy the messages of many rows may rightly wait behind it, so then
        only those that have waited long are sent again; a message too many is harmless.
        """
        if while_busy is not None and self._rows(RUNNING).exists():
            seconds = while_busy
        unheard = models.Q(heartbeat_at=None) | models.Q(heartbeat_at__lt=_ago(seconds))
        return self._rows(QUEUED).filter(unheard)

    def _rows(self, status: str) -> models.QuerySet[Any]:
        return self.model._default_manager.filter(status=status)


def _ago(seconds: float) -> datetime:
    return timezone.now() - timedelta(seconds=seconds)
