"""A chain of three entries, and the power to break it."""

import pytest
from django.db import connection, transaction

from ledger.record import record
from tests.factories import make_centre

STREAM = "portfolio:1"


def _write(verb="judged", **sealed):
    with transaction.atomic():
        return record(
            stream=STREAM,
            verb=verb,
            subject=make_centre(),
            by=None,
            facts={"outcome": "met"},
            sealed=sealed,
        )


@pytest.fixture
def chain(db):
    return [
        _write("submitted"),
        _write("judged", reason="Clear and current."),
        _write("signed off"),
    ]


@pytest.fixture
def unguarded():
    return _unguarded


def _unguarded(sql, *params):
    """What somebody with the database's own password could do."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(sql, params)
            cursor.execute("SET session_replication_role = DEFAULT")
            return
        cursor.execute(
            "SELECT name, sql FROM sqlite_master"
            " WHERE type = 'trigger' AND tbl_name LIKE 'ledger_%%'"
        )
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        cursor.execute(sql, params)
        for _, create in triggers:
            cursor.execute(create)


@pytest.fixture
def write():
    return _write
