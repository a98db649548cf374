"""Several people at the same moment."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, models

from ledger.transitions import TransitionRefused

Row = TypeVar("Row", bound=models.Model)


def attempt(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except (TransitionRefused, ValidationError, PermissionDenied) as refused:
        return refused


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each act returned, or how it was refused. On SQLite, one after the other."""
    if connection.vendor == "sqlite":
        return [attempt(act) for act in acts]
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        barrier.wait(timeout=30)
        try:
            return attempt(act)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(run, act) for act in acts]]


def stale(row: Row) -> Row:
    """A copy of the row as it stands before anybody acts."""
    return type(row)._base_manager.get(pk=row.pk)
