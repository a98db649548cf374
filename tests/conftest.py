"""What every test may use. `tests.environment` has set the process's environment before."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection, connections
from django.test import TransactionTestCase, override_settings

from tests.factories import Cast, make_cast


@contextmanager
def _triggers_lifted() -> Iterator[None]:
    """SQLite empties tables by DELETE, which the append-only triggers rightly refuse.

    (PostgreSQL truncates instead, which asks no row's trigger.)
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
    yield
    with connection.cursor() as cursor:
        for _, sql in triggers:
            cursor.execute(sql)


_teardown = TransactionTestCase._fixture_teardown


def _teardown_past_triggers(self: TransactionTestCase) -> None:
    with _triggers_lifted():
        _teardown(self)


@pytest.fixture(autouse=True, scope="session")
def _emptying_is_allowed_between_tests() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", _teardown_past_triggers)
    yield
    patch.undo()


@pytest.fixture(autouse=True, scope="session")
def _each_process_counts_for_itself() -> Iterator[None]:
    """Tests run beside each other on one Redis; none may use up what another one may ask."""
    alone = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    with override_settings(CACHES=alone):
        yield


@pytest.fixture(autouse=True)
def _own_store(settings: Any, tmp_path: Path) -> None:
    """No test sees the bytes that another one stored."""
    settings.BLOB_DIR = tmp_path / "blobs"
    settings.REPORT_PARTS_DIR = tmp_path / "printed-parts"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def outsiders(db: None) -> Cast:
    """The same parts at another centre, who must never see a thing."""
    return make_cast("Southbank Training")


@pytest.fixture
def shared_database(transactional_db: None, tmp_path: Path) -> Iterator[str]:
    """The tests' database, where other processes can reach it; its URL.

    SQLite's lies in this process's memory, so the test goes on with a copy in a file.
    """
    if connection.vendor != "sqlite":
        name = connection.settings_dict["NAME"]
        yield urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
        return
    inside = connections["default"]
    place = tmp_path / "shared.sqlite3"
    with sqlite3.connect(place) as copy:
        inside.connection.backup(copy)
    connections["default"] = type(inside)({**inside.settings_dict, "NAME": str(place)})
    yield f"sqlite:///{place}"
    connections["default"].close()
    connections["default"] = inside
