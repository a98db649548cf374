"""Each service of ours, by Compose's very command, on a real PostgreSQL and a real Redis."""

import os
import time
from pathlib import Path

import psycopg2
import pytest

from tests.deploy.stack import Stack


def test_migrate_makes_the_tables_and_may_run_again(stack: Stack):
    again = stack.run("migrate")
    assert again.returncode == 0, again.stderr
    with psycopg2.connect(stack.instead["DATABASE_URL"]) as line, line.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        assert cursor.fetchone()[0] > 0


@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_service_is_healthy_exactly_while_it_runs(stack: Stack, name: str):
    assert not stack.healthy(name)
    with stack.running(name):
        assert stack.healthy(name)
    assert not stack.healthy(name)


def test_beat_is_healthy_as_long_as_it_writes_its_schedule_down(stack: Stack):
    assert not stack.healthy("beat")
    with stack.running("beat"):
        assert stack.healthy("beat")
    for schedule in Path(stack.instead["SIGNPOST_DATA_DIR"]).glob("beat-schedule*"):
        an_hour_ago = time.time() - 3600
        os.utime(schedule, (an_hour_ago, an_hour_ago))
    assert not stack.healthy("beat")
