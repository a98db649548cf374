"""Real workers behind a real broker: one that is killed half-way, one that takes over, none."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import redis as redis_client
from celery import Celery, current_app
from django.conf import settings as django_settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from config.celery import app
from demo import broker as embedded
from files import store
from ledger.models import Entry
from reports import actions, queue
from reports.models import Report
from scripts.services import redis
from scripts.system import ROOT
from tests.factories import make_cast, make_portfolio
from tests.reports import growing_worker
from tests.reports.builders import small

PATIENCE = 60
CLOSED = "redis://127.0.0.1:9/0"  # the discard port: nothing listens


def eventually(holds: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + PATIENCE
    while not (value := holds()):
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.05)
    return value


@contextmanager
def sending_to(url: str) -> Iterator[None]:
    """What this process hands to a broker goes to this one."""
    other = Celery("test", broker=url, set_as_current=True)
    other.config_from_object("django.conf:settings", namespace="CELERY")
    other.conf.broker_url = url
    yield
    other.close()
    app.set_current()


@pytest.fixture
def broker() -> Iterator[str]:
    with redis() as url, sending_to(url):
        client = redis_client.Redis.from_url(url.replace("redis+socket", "unix"))
        client.delete("celery")
        yield url
        client.delete("celery")


def waiting_messages(url: str) -> int:
    return redis_client.Redis.from_url(url.replace("redis+socket", "unix")).llen("celery")


@contextmanager
def worker(celery_app: str, database: str, broker: str) -> Iterator[subprocess.Popen[bytes]]:
    """In a session of its own, so that it can be killed with all its children."""
    folder = django_settings.BLOB_DIR.parent
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "REDIS_URL": broker,
        "SIGNPOST_DATA_DIR": str(folder),
    }
    command = [sys.executable, "-m", "celery", "-A", celery_app, "worker", "--concurrency", "1"]
    command += ["--without-mingle", "--without-gossip"]  # it is alone; looking round takes a second
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_a_worker_killed_half_way_loses_nothing_and_makes_nothing_twice(
    shared_database: str, broker: str
) -> None:
    story = small(make_cast())
    report = actions.request_report(portfolio=story.portfolio, by=story.cast.admin)
    assert report.status == "queued"

    def row() -> Report:
        report.refresh_from_db()
        return report

    with worker("tests.reports.blocking_worker", shared_database, broker) as first:
        # Half-way: the bar has moved, and the heart beats though the renderer says nothing.
        eventually(lambda: row().stage == "pages")
        assert (report.status, report.attempts) == ("running", 1)
        assert 0 < report.progress < 100
        heard = report.heartbeat_at
        eventually(lambda: row().heartbeat_at > heard)
        queue.resend_stuck()
        assert row().status == "running"
        kill(first)

    # Dead, but not long enough to be sure; then long enough.
    queue.resend_stuck()
    assert row().status == "running"
    Report.objects.update(heartbeat_at=timezone.now() - timedelta(hours=1))
    queue.resend_stuck()
    assert row().status == "queued"
    queue.REPORTS.send([report.pk])  # the broker delivers what it was told before, too
    seen = set()
    with worker("config", shared_database, broker):
        eventually(lambda: seen.add(row().progress) or report.status == "done")
        assert seen - {100}
        eventually(lambda: waiting_messages(broker) == 0)

    assert (report.attempts, report.progress, report.error) == (2, 100, "")
    assert store.place_of(report.blob.sha256).read_bytes().startswith(b"%PDF-")
    made = Entry.objects.get(stream=story.portfolio.stream, verb="report_made")
    assert made.facts["sha256"] == report.blob.sha256
    assert made.facts["covers_head"] == report.ledger_head


def test_a_workers_process_that_grew_is_replaced(
    shared_database: str, broker: str, tmp_path: Path
) -> None:
    """By the limit of our own settings: what a child of it once took, it may not keep."""
    place = tmp_path / "numbers"

    def runs() -> list[str]:
        return place.read_text().split() if place.exists() else []

    most = app.conf.worker_max_memory_per_child // 1024
    with worker("tests.reports.growing_worker", shared_database, broker):
        for place_in_turn, megabytes in enumerate((0, 0, most + 50, 0), start=1):
            current_app.send_task(growing_worker.TASK, [megabytes, str(place)])
            eventually(lambda turn=place_in_turn: len(runs()) == turn)
    first, second, grown, after = runs()
    assert first == second == grown
    assert after != grown


@contextmanager
def own_broker(place: Path) -> Iterator[subprocess.Popen[bytes]]:
    """One that can be killed, and another be started in its place."""
    place.unlink(missing_ok=True)
    server = subprocess.Popen(embedded.command(place), stdout=subprocess.DEVNULL)
    try:
        eventually(lambda: embedded.answers(place))
        yield server
    finally:
        server.kill()
        server.wait()


def test_a_broker_killed_half_way_stops_nothing(
    shared_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is being made is finished; what was asked for meanwhile is made when one is back."""
    cast = make_cast()
    go = tmp_path / "go"
    monkeypatch.setenv("TEST_WAITS_FOR", str(go))

    def ask(learner: User) -> Report:
        portfolio = make_portfolio(cast.centre, learner)
        return actions.request_report(portfolio=portfolio, by=cast.admin)

    def row(report: Report) -> Report:
        report.refresh_from_db()
        return report

    # A socket's path may not be long.
    with tempfile.TemporaryDirectory(prefix="signpost-redis-") as folder:
        place = Path(folder) / "redis.sock"
        url = f"redis+socket://{place}"
        with sending_to(url), ExitStack() as running:
            with own_broker(place):
                running.enter_context(worker("tests.reports.waiting_worker", shared_database, url))
                first = ask(cast.learner)
                eventually(lambda: row(first).stage == "pages")
            second = ask(cast.second_learner)
            assert row(second).heartbeat_at is None  # nobody took the message
            go.touch()
            eventually(lambda: row(first).status == "done")
            with own_broker(place):
                queue.resend_stuck()
                eventually(lambda: row(second).status == "done")
    assert (first.attempts, second.attempts) == (1, 1)
    assert Entry.objects.filter(verb="report_made").count() == 2


def test_with_the_broker_down_a_request_is_answered_and_sent_later(
    shared_database: str, client: Any
) -> None:
    cast = make_cast()
    portfolio = make_portfolio(cast.centre, cast.learner)
    client.force_login(cast.admin)
    with sending_to(CLOSED):
        address = reverse("reports:add", kwargs={"centre": cast.centre.slug})
        answer = client.post(
            address, {"scope": "whole", "paper": "A4", "portfolio": portfolio.pk}, follow=True
        )
        assert answer.status_code == 200
        assert "Waiting for the part of the server" in answer.content.decode()
        report = Report.objects.get()
        assert (report.status, report.heartbeat_at) == ("queued", None)
        queue.resend_stuck()  # still down: no error, and nothing pretends to be sent
        report.refresh_from_db()
        assert report.heartbeat_at is None
    with redis() as url, sending_to(url):
        before = waiting_messages(url)
        queue.resend_stuck()
        assert waiting_messages(url) == before + 1
        report.refresh_from_db()
        assert report.heartbeat_at is not None
        queue.resend_stuck()  # on its way: one message is enough
        assert waiting_messages(url) == before + 1
        redis_client.Redis.from_url(url.replace("redis+socket", "unix")).delete("celery")
