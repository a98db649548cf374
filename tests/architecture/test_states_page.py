"""docs/states.md says what the tables of transitions say."""

import pytest
from django.core.management import CommandError, call_command

from reports.management.commands import states


def test_the_page_is_current():
    call_command("states", "--check")


def test_a_stale_page_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setattr(states, "PAGE", tmp_path / "states.md")
    with pytest.raises(CommandError, match="not current"):
        call_command("states", "--check")
    call_command("states")
    call_command("states", "--check")
    states.PAGE.write_text(states.PAGE.read_text().replace("Returned", "Sent back"))
    with pytest.raises(CommandError, match="not current"):
        call_command("states", "--check")


def test_every_table_of_transitions_is_on_the_page():
    modules = {thing.source.removesuffix(".py").replace("/", ".") for thing in states.THINGS}
    shown = {id(thing.table) for thing in states.THINGS}
    for name in modules:
        module = __import__(name, fromlist=["*"])
        tables = [
            value
            for key, value in vars(module).items()
            if key.isupper() and isinstance(value, dict)
        ]
        assert tables
        assert all(id(table) in shown for table in tables), name
