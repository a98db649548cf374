"""The row is the queue's truth: nothing is lost, nothing is made twice, nothing tried for ever."""

import os
import signal
from datetime import timedelta
from pathlib import Path

import pytest
from celery import current_app
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from files import actions, previews, store, tasks
from files.models import Blob, Preview, PreviewPart
from files.previews import attempt, making, queue, runner, workshop
from files.previews.attempt import Attempt
from portfolio.actions import create_evidence
from tests.factories import make_portfolio
from tests.files.previews import makers
from tests.files.previews.conftest import roles
from tests.races import at_once
from tests.reports.test_worker import eventually, kill, waiting_messages, worker

WORDS = b"I rang her back."


def row(preview: Preview) -> Preview:
    preview.refresh_from_db()
    return preview


@pytest.fixture
def sent(monkeypatch):
    """The ids that went to the broker."""
    ids = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args, **kw: ids.extend(args))
    return ids


# Asking ----------------------------------------------------------------------------------------


def test_asking_twice_sends_once(stored, sent, django_capture_on_commit_callbacks):
    blob = stored(WORDS, "text/plain")
    with django_capture_on_commit_callbacks(execute=True):
        first = previews.ask(blob)
        assert previews.ask(blob) == first
    assert sent == [first.pk]
    assert row(first).heartbeat_at is not None
    with django_capture_on_commit_callbacks(execute=True):
        previews.ask(blob)
    assert sent == [first.pk]


def test_asking_for_many_takes_few_queries(stored, django_assert_max_num_queries):
    blobs = [stored(b"%d" % number, "text/plain") for number in range(20)]
    with django_assert_max_num_queries(4):
        previews.ask_each(blobs)
    assert Preview.objects.count() == 20


@pytest.mark.django_db(transaction=True)
def test_two_people_ask_at_the_same_moment(stored, sent):
    blob = stored(WORDS, "text/plain")
    first, second = at_once(lambda: previews.ask(blob), lambda: previews.ask(blob))
    assert first == second
    assert set(sent) == {first.pk}


def test_a_file_put_into_evidence_is_asked_for(cast, sent, django_capture_on_commit_callbacks):
    file = SimpleUploadedFile("call.txt", WORDS)
    upload = actions.receive(file=file, centre=cast.centre, by=cast.learner)
    with django_capture_on_commit_callbacks(execute=True):
        version = create_evidence(
            portfolio=make_portfolio(cast.centre, cast.learner),
            title="A call",
            method="work_product",
            gathered_on=timezone.localdate(),
            account="",
            uploads=[upload],
            by=cast.learner,
        )
    preview = version.files.get().blob.preview
    assert (preview.kind, sent) == ("text", [preview.pk])


# Making ----------------------------------------------------------------------------------------


def test_a_task_run_twice_makes_it_once(preview_of, monkeypatch):
    preview = preview_of(WORDS, "text/plain")
    made = list(preview.parts.values_list("pk", flat=True))
    making.make(preview.pk)
    assert list(preview.parts.values_list("pk", flat=True)) == made
    assert row(preview).attempts == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_takes_it(stored):
    preview = previews.ask(stored(WORDS, "text/plain"))
    taken = at_once(lambda: Attempt.at(preview.pk), lambda: Attempt.at(preview.pk))
    assert sorted(each is None for each in taken) == [False, True]
    assert row(preview).attempts == 1


def test_what_a_worker_does_after_it_was_given_up_counts_for_nothing(stored, tmp_path):
    preview = previews.ask(stored(WORDS, "text/plain"))
    first = Attempt.at(preview.pk)
    Preview.objects.update(heartbeat_at=timezone.now() - timedelta(hours=1))
    queue.resend()
    second = Attempt.at(preview.pk)
    assert second.preview.attempts == 2
    with first:
        first.ready([])
        pytest.fail("It was superseded.")  # pragma: no cover
    assert row(preview).status == "running"
    with second:
        second.ready([])
    assert row(preview).status == "ready"


def test_the_parts_of_a_run_cut_short_are_made_anew(stored):
    preview = previews.ask(stored(WORDS, "text/plain"))
    PreviewPart.objects.create(preview=preview, role="page", number=9, blob=preview.blob)
    making.make(preview.pk)
    assert roles(preview) == [("text", 1)]


def test_bytes_that_are_missing_are_told(stored):
    preview = previews.ask(stored(WORDS, "text/plain"))
    store.place_of(preview.blob.sha256).unlink()
    making.make(preview.pk)
    assert row(preview).status == "none"
    assert "missing" in preview.reason


def test_a_maker_that_is_killed_says_nothing_of_the_file(stored, monkeypatch, settings):
    """By the operator, or by a machine short of memory: it is tried again, but not for ever."""
    preview = previews.ask(stored(WORDS, "text/plain"))
    give = runner._give

    def give_and_kill(process, *job):
        os.kill(process.pid, signal.SIGKILL)
        give(process, *job)

    monkeypatch.setattr(runner, "_give", give_and_kill)
    for number in range(1, settings.PREVIEW_ATTEMPTS):
        making.make(preview.pk)
        assert (row(preview).status, preview.attempts) == ("queued", number)
    making.make(preview.pk)
    assert (row(preview).status, preview.attempts) == ("none", 3)
    assert "stopped half-way 3 times" in preview.reason


def test_one_that_was_killed_once_is_made_the_next_time(stored, monkeypatch):
    preview = previews.ask(stored(WORDS, "text/plain"))
    with monkeypatch.context() as patch:
        patch.setattr(runner, "_give", lambda process, *job: process.kill())
        making.make(preview.pk)
    making.make(preview.pk)
    assert (row(preview).status, preview.attempts) == ("ready", 2)


def test_a_store_without_room_is_no_fault_of_the_file(stored, monkeypatch):
    preview = previews.ask(stored(WORDS, "text/plain"))

    def full(**options):
        raise store.NoRoom("There is no room left.")

    with monkeypatch.context() as patch:
        patch.setattr(making, "keep_bytes", full)
        making.make(preview.pk)
    assert row(preview).status == "queued"
    making.make(preview.pk)
    assert row(preview).status == "ready"


def test_the_first_pages_are_there_before_the_last(stored, monkeypatch):
    seen = []
    show = Attempt.show

    def watch(self, parts, **values):
        show(self, parts, **values)
        seen.append((row(self.preview).status, self.preview.parts.filter(role="page").count()))

    monkeypatch.setattr(attempt.Attempt, "show", watch)
    preview = previews.ask(stored(makers.pdf(["Page"] * 8), "application/pdf"))
    making.make(preview.pk)
    assert seen == [*(("running", count) for count in (1, 2, 4, 8)), ("ready", 8)]
    assert "progress" not in row(preview).facts


def test_one_film_at_a_time_is_coded_and_the_next_waits_with_its_poster(stored, sent, settings):
    """Others wait for a PDF, too."""
    other = previews.ask(stored(b"another film", "video/mp4"))
    now = timezone.now()
    at(other, status="running", attempts=1, heartbeat_at=now, facts={"coding": True})
    preview = previews.ask(stored(makers.film(codec="mpeg4"), "video/mp4"))
    making.make(preview.pk)
    assert (row(preview).status, preview.attempts) == ("queued", 0)
    assert roles(preview) == [("poster", 1), ("thumbnail", 1), ("waveform", 1)]
    assert preview.facts["width"] == 96
    making.make(preview.pk)  # still in the way: nothing is made twice meanwhile
    assert roles(preview) == [("poster", 1), ("thumbnail", 1), ("waveform", 1)]
    queue.resend()
    assert preview.pk in sent
    # The other's worker died; nobody waits for the dead.
    at(other, heartbeat_at=now - timedelta(seconds=settings.PREVIEW_QUIET_AFTER + 1))
    making.make(preview.pk)
    assert (row(preview).status, preview.attempts) == ("ready", 1)
    assert preview.facts["plays"] == "copy"
    assert not {"coding", "waits", "progress"} & preview.facts.keys()


def test_what_needs_no_coding_does_not_wait(stored):
    other = previews.ask(stored(b"another film", "video/mp4"))
    at(other, status="running", heartbeat_at=timezone.now(), facts={"coding": True})
    preview = previews.ask(stored(makers.film("matroska"), "video/x-matroska"))
    making.make(preview.pk)
    assert (row(preview).status, preview.facts["plays"]) == ("ready", "copy")


def test_what_killed_workers_left_is_swept(db):
    with workshop.folder() as mine:
        left = mine.parent / "left"
        left.mkdir()
        (left / "page-1").write_bytes(b"half")
        os.utime(left, (0, 0))
        tasks.sweep()
        assert mine.exists()
        assert not left.exists()
    assert not mine.exists()


# Sending again ---------------------------------------------------------------------------------


def at(preview, **values):
    Preview.objects.filter(pk=preview.pk).update(**values)


def test_only_what_nobody_works_on_is_sent_again(stored, sent, settings):
    names = ("never", "just", "lost", "quiet")
    rows = {name: previews.ask(stored(name.encode(), "text/plain")) for name in names}
    now, long_ago = timezone.now(), timezone.now() - timedelta(hours=1)
    at(rows["just"], heartbeat_at=now)
    at(rows["lost"], heartbeat_at=long_ago)
    at(rows["quiet"], status="running", attempts=1, heartbeat_at=long_ago)
    queue.resend()
    assert sent == [rows[name].pk for name in ("never", "lost", "quiet")]
    sent.clear()
    # Behind one that is being made, the others rightly wait a while.
    working = previews.ask(stored(b"working", "text/plain"))
    at(working, status="running", attempts=1, heartbeat_at=now)
    patience = settings.PREVIEW_SEND_AGAIN_AFTER
    at(rows["lost"], heartbeat_at=now - timedelta(seconds=patience + 1))
    queue.resend()
    assert sent == []


def test_what_kills_each_worker_is_given_up(stored, sent, settings):
    preview = previews.ask(stored(WORDS, "text/plain"))
    long_ago = timezone.now() - timedelta(hours=1)
    at(preview, status="running", attempts=settings.PREVIEW_ATTEMPTS, heartbeat_at=long_ago)
    queue.resend()
    assert row(preview).status == "none"
    assert "stopped half-way" in preview.reason
    assert sent == []


def processes_of_makers() -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if b"files.makers" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue  # it ended meanwhile
    return found


def test_a_killed_worker_takes_its_maker_with_it_and_another_goes_on(
    shared_database, broker, tmp_path
):
    blob = actions.keep_bytes(chunks=[WORDS], media_type="text/plain")
    place = store.place_of(blob.sha256)
    place.unlink()
    os.mkfifo(place)  # whoever reads it waits for ever
    before = set(processes_of_makers())
    preview = previews.ask(blob)
    with worker("tests.files.previews.quick_worker", shared_database, broker) as first:
        eventually(lambda: row(preview).status == "running")
        eventually(lambda: set(processes_of_makers()) - before)
        mine = set(processes_of_makers()) - before
        heard = preview.heartbeat_at
        eventually(lambda: row(preview).heartbeat_at > heard)
        queue.resend()
        assert row(preview).status == "running"
        kill(first)
    eventually(lambda: not mine & set(processes_of_makers()))
    place.unlink()
    place.write_bytes(WORDS)
    at(preview, heartbeat_at=timezone.now() - timedelta(hours=1))
    with worker("config", shared_database, broker):
        queue.resend()
        eventually(lambda: row(preview).status == "ready")
        eventually(lambda: waiting_messages(broker) == 0)
    assert preview.attempts == 2
    assert previews.text_of(Blob.objects.get(pk=blob.pk)) == WORDS.decode()
