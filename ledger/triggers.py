"""A migration operation that makes the database itself refuse a change."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

SQLITE = """
CREATE TRIGGER IF NOT EXISTS {name}_{event} BEFORE {event} ON {table} FOR EACH ROW WHEN {when}
BEGIN SELECT RAISE(ABORT, '{message}'); END
"""
# 23000 is an integrity violation, which Django raises as IntegrityError, as SQLite's is.
POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION {name}_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {when} THEN RAISE EXCEPTION '{message}' USING ERRCODE = '23000'; END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$
"""
POSTGRES_TRIGGER = """
CREATE OR REPLACE TRIGGER {name}_{event} BEFORE {event} ON {table} FOR EACH ROW
EXECUTE FUNCTION {name}_{event}()
"""


class RefuseChanges(Operation):
    """Refuse the given events on a table wherever `when` holds (SQL over OLD and NEW rows).

    On SQLite a later migration that rebuilds the table drops its triggers, so such a migration
    must repeat this operation (harmless where the triggers still are); a test compares what the
    database has with what was declared.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(
        self,
        *,
        name: str,
        table: str,
        message: str,
        events: tuple[str, ...] = ("UPDATE", "DELETE"),
        when: str = "1 = 1",
    ) -> None:
        self.name, self.table, self.message = name, table, message
        self.events, self.when = tuple(events), when

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        kwargs = {
            "name": self.name,
            "table": self.table,
            "message": self.message,
            "events": self.events,
            "when": self.when,
        }
        return type(self).__name__, [], kwargs

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing that Django's model state knows about."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: Any,
        to_state: Any,
    ) -> None:
        for statement in self._create(schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: Any,
        to_state: Any,
    ) -> None:
        for event in self.events:
            if schema_editor.connection.vendor == "postgresql":
                drop = f"DROP FUNCTION IF EXISTS {self.name}_{event}() CASCADE"
            else:
                drop = f"DROP TRIGGER IF EXISTS {self.name}_{event}"
            schema_editor.execute(drop, params=None)

    def _create(self, vendor: str) -> list[str]:
        shapes = [POSTGRES_FUNCTION, POSTGRES_TRIGGER] if vendor == "postgresql" else [SQLITE]
        return [
            shape.format(
                name=self.name,
                event=event,
                table=self.table,
                message=self.message.replace("'", "''"),
                when=self.when,
            )
            for event in self.events
            for shape in shapes
        ]

    def describe(self) -> str:
        return f"Refuse {' and '.join(self.events)} on {self.table}"
