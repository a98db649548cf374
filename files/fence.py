"""One run at the work that a row stands for: its signs of life, and that only its own work counts.

The run's number fences it off. When a row was taken back from a worker that went quiet and given
to another, nothing that the first still does can reach it.
"""

import logging
from abc import ABC, abstractmethod
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from django.db import DatabaseError, InterfaceError, OperationalError, connection, models
from django.utils import timezone

from files.heartbeat import Heartbeat
from files.queue import RUNNING

logger = logging.getLogger(__name__)

Row = TypeVar("Row", bound=models.Model)


class Superseded(Exception):
    """Somebody else has the row by now, or it was given up."""


def is_unheard(error: Exception) -> bool:
    """Whether the database was gone or busy, so that the same work may go well another time. A
    lost connection is given up: the next statement makes a new one."""
    gone = connection.connection is not None and not connection.is_usable()
    if gone:
        connection.close()
    return isinstance(error, DatabaseError if gone else OperationalError | InterfaceError)


class Fenced(ABC, Generic[Row]):
    """Of a row with `status`, `attempts` and `heartbeat_at`. Use as a context: whatever fails
    inside goes to `ended_by` and no further, also if that cannot reach the database."""

    def __init__(self, row: Row, *, quiet_after: float) -> None:
        self.row = row
        self._heartbeat = Heartbeat(
            name=f"{type(row).__name__} {row.pk}",
            every=quiet_after / 6,
            write=lambda: self.rows().update(heartbeat_at=timezone.now()),
        )

    def rows(self) -> Any:
        """The row, as long as it is this run's."""
        row: Any = self.row
        return type(row)._default_manager.filter(pk=row.pk, status=RUNNING, attempts=row.attempts)

    def write(self, **values: Any) -> None:
        """A sign of life as well; raises Superseded."""
        if not self.rows().update(heartbeat_at=timezone.now(), **values):
            raise Superseded

    def is_ours(self) -> bool:
        try:
            self.write()
        except Superseded:
            return False
        return True

    @abstractmethod
    def ended_by(self, error: Exception) -> None: ...

    def __enter__(self) -> Self:
        self._heartbeat.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        self._heartbeat.stop()
        if not isinstance(error, Exception):
            return False  # it ended well, or the worker is being stopped: then the row says so
        try:
            self.ended_by(error)
        except DatabaseError as deaf:
            # Nobody to tell: its heart has stopped, so it is taken back as from a killed worker.
            logger.error("%s could not say how it ended: %s", self._heartbeat.name, deaf)
            if not connection.in_atomic_block:
                connection.close()
        return True
