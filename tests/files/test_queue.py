"""The broker may lose what it likes: the rows say what is still to be sent."""

from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone
from kombu.exceptions import OperationalError

from files.actions import keep_bytes
from files.models import Preview
from files.queue import Queue

QUEUE = Queue(Preview, "room.tasks.work")


@pytest.fixture
def row(db):
    def row(**fields):
        data = b"%d" % Preview.objects.count()
        blob = keep_bytes(chunks=[data], media_type="text/plain")
        return Preview.objects.create(blob=blob, kind="text", **fields)

    return row


@pytest.fixture
def broker(monkeypatch):
    """Takes as many messages as it is told to, then none."""

    class Broker:
        room = 100
        taken: list[int] = []

        def send_task(self, name, args, *, retry):
            assert (name, retry) == ("room.tasks.work", False)
            if len(self.taken) >= self.room:
                raise OperationalError("Connection refused")
            self.taken += args

    broker = Broker()
    broker.taken = []
    monkeypatch.setattr(current_app, "send_task", broker.send_task)
    return broker


def ago(seconds):
    return timezone.now() - timedelta(seconds=seconds)


def waiting(*args, **kwargs):
    return set(QUEUE.waiting(*args, **kwargs))


def test_what_is_sent_counts_as_heard_of(row, broker):
    one = row()
    QUEUE.send([one.pk])
    one.refresh_from_db()
    assert (broker.taken, one.heartbeat_at is None) == ([one.pk], False)
    assert waiting(60) == set()


def test_a_broker_that_is_down_is_asked_once_and_the_rows_wait(row, broker):
    broker.room = 1
    first, second, third = row(), row(), row()
    QUEUE.send([first.pk, second.pk, third.pk])
    assert broker.taken == [first.pk]
    assert waiting(60) == {second, third}


def test_a_worker_s_sign_of_life_is_not_written_over_by_the_sender(row, broker):
    heard = ago(5)
    one = row(status="running", heartbeat_at=heard)
    QUEUE.send([one.pk])
    one.refresh_from_db()
    assert one.heartbeat_at == heard


def test_nothing_is_sent_of_what_is_rolled_back(row, broker, django_capture_on_commit_callbacks):
    one = row()
    with django_capture_on_commit_callbacks() as callbacks:
        QUEUE.send_on_commit(pk for pk in [one.pk])
    assert broker.taken == []
    callbacks[0]()
    assert broker.taken == [one.pk]


def test_a_message_that_may_be_under_way_is_waited_for(row):
    never, long_ago = row(), row(heartbeat_at=ago(61))
    row(heartbeat_at=ago(55))
    row(status="ready", heartbeat_at=ago(1000))
    assert waiting(60) == {never, long_ago}


def test_behind_a_busy_worker_messages_wait_longer(row):
    never, late = row(), row(heartbeat_at=ago(500))
    row(heartbeat_at=ago(61))
    row(status="running", heartbeat_at=ago(1))
    assert waiting(60, while_busy=400) == {never, late}


def test_only_running_rows_go_quiet(row):
    quiet = row(status="running", heartbeat_at=ago(61))
    row(status="running", heartbeat_at=ago(55))
    row(heartbeat_at=ago(1000))
    assert set(QUEUE.quiet(60)) == {quiet}
