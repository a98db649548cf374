"""A migration that rebuilds a table on SQLite drops its triggers; here that would be seen."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from ledger.triggers import RefuseChanges


def declared():
    migrations = MigrationLoader(connection).disk_migrations.values()
    return {
        f"{operation.name}_{event}".lower()
        for migration in migrations
        for operation in migration.operations
        if isinstance(operation, RefuseChanges)
        for event in operation.events
    }


@pytest.mark.django_db
def test_the_database_has_every_trigger_that_was_declared():
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {name.lower() for (name,) in cursor.fetchall()}
    assert declared()
    assert declared() <= present
