"""Signs of life of long work: a thread that writes them while the work says nothing itself."""

import logging
import threading
from collections.abc import Callable

from django.db import DatabaseError, connection

logger = logging.getLogger(__name__)


class Heartbeat:
    """Calls `write` every so many seconds between `start` and `stop`, on a connection of its own;
    a database that does not answer once is no reason to stop."""

    def __init__(self, *, name: str, every: float, write: Callable[[], object]) -> None:
        self.name, self.every, self.write = name, every, write
        self._over = threading.Event()
        self._pulse = threading.Thread(target=self._beat, daemon=True, name="heartbeat")

    def start(self) -> None:
        self._pulse.start()

    def stop(self) -> None:
        self._over.set()
        self._pulse.join()

    def _beat(self) -> None:
        try:
            while not self._over.wait(self.every):
                try:
                    self.write()
                except DatabaseError as error:
                    logger.warning("%s: no heartbeat written: %s", self.name, error)
                    connection.close()  # one that was cut off stays so; the next beat makes a new
        finally:
            connection.close()
