"""Making a report in this process: once, fenced, and failing in plain words."""

import errno
import logging
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from celery import current_app
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError
from django.utils import timezone

from files import store
from ledger.models import Entry, Stream
from ledger.record import record
from reports import actions, making, queue
from reports.attempt import Attempt, Superseded
from reports.embedding import NotEmbedded
from reports.models import Bulk, Report
from reports.parts.hands import Lost
from reports.signing.failure import SigningFailed
from reports.workflow import Stage
from tests.reports.builders import Story


@pytest.fixture
def report(story: Story) -> Report:
    return actions.request_report(portfolio=story.portfolio, by=story.cast.admin)


@pytest.fixture
def sent(monkeypatch) -> list[int]:
    """What is handed to the broker."""
    ids: list[int] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args, **kw: ids.extend(args))
    return ids


@pytest.fixture
def quick(monkeypatch) -> None:
    """A PDF without laying anything out."""

    def produce(portfolio, folder, attempt) -> making.Made:
        return written(folder, b"%PDF- not really")

    monkeypatch.setattr(making, "produce", produce)


def written(folder: Path, data: bytes) -> making.Made:
    (folder / "made.pdf").write_bytes(data)
    return making.Made(folder / "made.pdf", pages=3)


def made(report: Report) -> list[Entry]:
    return list(Entry.objects.filter(stream=report.portfolio.stream, verb="report_made"))


def test_a_report_is_made_with_its_ledger_entry(report):
    head = Stream.objects.get(name=report.portfolio.stream).head
    making.make(report.pk)
    report.refresh_from_db()
    assert (report.status, report.progress, report.error) == ("done", 100, "")
    assert report.ledger_head == head
    assert report.pages > 8
    assert report.blob.media_type == "application/pdf"
    assert store.place_of(report.blob.sha256).stat().st_size == report.blob.size
    (entry,) = made(report)
    assert entry.facts == {
        "report": report.pk,
        "code": report.code,
        "certificate": "",
        "sha256": report.blob.sha256,
        "pages": report.pages,
        "covers_head": head,
        "covers_length": entry.sequence - 1,
        "scope": "whole",
        "units": [],
        "centre": report.portfolio.centre.name,
        "feedback": True,
        "shows_hidden": False,
        "language": "en-gb",
    }


def test_a_second_run_does_nothing(report, quick):
    making.make(report.pk)
    report.refresh_from_db()
    making.make(report.pk)
    again = Report.objects.get(pk=report.pk)
    assert (again.attempts, again.finished_at) == (1, report.finished_at)
    assert len(made(report)) == 1


def test_a_report_that_is_gone_is_no_error(db):
    making.make(0)


def test_a_worker_whose_report_was_taken_back_changes_nothing_more(report, story, monkeypatch):
    def lose_it(portfolio, folder, attempt) -> making.Made:
        Report.objects.filter(pk=report.pk).update(attempts=2)  # somebody else's by now
        return written(folder, b"%PDF- too late")

    monkeypatch.setattr(making, "produce", lose_it)
    making.make(report.pk)
    report.refresh_from_db()
    assert (report.status, report.attempts, report.blob) == ("running", 2, None)
    assert made(report) == []


def test_a_failure_of_one_who_lost_the_report_does_not_fail_it(report, monkeypatch):
    def lose_it_and_fail(*fields) -> making.Made:
        Report.objects.filter(pk=report.pk).update(attempts=2)
        raise RuntimeError("too late")

    monkeypatch.setattr(making, "produce", lose_it_and_fail)
    making.make(report.pk)
    report.refresh_from_db()
    assert (report.status, report.error) == ("running", "")


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (RuntimeError("0x7f"), "tell support that it is export"),
        (AssertionError(), "Something went wrong"),
        (MemoryError(), "ran out of memory"),
        (SoftTimeLimitExceeded(), "took too long"),
        (OSError(errno.ENOSPC, "No space left on device"), "no room left"),
        (Lost(), "short of memory"),
        (NotEmbedded("A file has changed."), "A file has changed."),
        (SigningFailed("The certificate ended."), "The certificate ended."),
    ],
)
def test_a_failure_says_why_and_what_to_do(report, monkeypatch, caplog, error, says):
    def fail(*fields) -> making.Made:
        raise error

    monkeypatch.setattr(making, "produce", fail)
    with caplog.at_level(logging.ERROR):
        making.make(report.pk)
    report.refresh_from_db()
    assert report.status == "failed"
    assert says in report.error
    assert "Traceback" not in report.error
    assert "0x7f" not in report.error
    assert caplog.records[-1].exc_info[1] is error  # the log has all of it
    assert made(report) == []


def test_a_database_that_is_busy_each_time_is_said_in_the_end(report, monkeypatch, settings):
    def fail(*fields) -> making.Made:
        raise OperationalError("database is locked")

    monkeypatch.setattr(making, "produce", fail)
    for state in ["queued"] * (settings.REPORT_ATTEMPTS - 1) + ["failed"]:
        making.make(report.pk)
        report.refresh_from_db()
        assert report.status == state
    assert "did not answer in time" in report.error
    assert made(report) == []


def test_a_full_disk_is_said_in_the_stores_own_words(report, quick, monkeypatch):
    def full(*args: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store.os, "write", full)
    making.make(report.pk)
    report.refresh_from_db()
    assert (report.status, report.blob) == ("failed", None)
    assert "There is no room left for files" in report.error


def test_if_the_ledger_refuses_nothing_is_finished(report, quick, monkeypatch):
    def refuse(**fields: object) -> None:
        raise RuntimeError("no ledger today")

    monkeypatch.setattr(making, "record", refuse)
    making.make(report.pk)
    report.refresh_from_db()
    assert (report.status, report.blob, report.ledger_head) == ("failed", None, "")


def test_stopping_the_worker_is_no_failure(report, monkeypatch):
    def stop(*fields) -> making.Made:
        raise SystemExit

    monkeypatch.setattr(making, "produce", stop)
    with pytest.raises(SystemExit):
        making.make(report.pk)
    report.refresh_from_db()
    assert report.status == "running"  # taken back when its heart has been quiet for long enough


def test_progress_only_rises_and_is_a_sign_of_life(report, monkeypatch, tmp_path):
    seen, in_memory = [], set()
    monkeypatch.setattr("reports.attempt.SPEAK_EVERY", 0)
    # The machine's folder for what is temporary may be memory: nothing but fonts may lie in it.
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "memory"))
    (tmp_path / "memory").mkdir()
    plain = Attempt.write

    def noted(attempt: Attempt, **values) -> None:
        plain(attempt, **values)
        seen.append(Report.objects.get(pk=report.pk))
        in_memory.update(path.name.partition("-")[0] for path in tmp_path.glob("memory/*"))

    monkeypatch.setattr(Attempt, "write", noted)
    making.make(report.pk)
    percents = [each.progress for each in seen]
    assert percents == sorted(percents)
    assert len(set(percents)) > 8
    assert {each.stage for each in seen} >= set(Stage)
    assert all(each.heartbeat_at >= each.started_at for each in seen)
    assert in_memory <= {"weasyprint"}


def test_telling_about_a_report_that_is_no_longer_ours(report):
    attempt = Attempt.at(report.pk)
    Report.objects.update(status="failed")
    with pytest.raises(Superseded):
        attempt.tell(Stage.PAGES, 50)


def test_decisions_made_meanwhile_are_not_claimed_to_be_covered(report, story, monkeypatch):
    def decide_meanwhile(portfolio, folder, attempt) -> making.Made:
        record(
            stream=story.portfolio.stream,
            verb="meanwhile",
            subject=story.portfolio,
            by=None,
            facts={},
        )
        return written(folder, b"%PDF-")

    before = Stream.objects.get(name=story.portfolio.stream)
    monkeypatch.setattr(making, "produce", decide_meanwhile)
    making.make(report.pk)
    (entry,) = made(report)
    assert (entry.facts["covers_head"], entry.facts["covers_length"]) == (
        before.head,
        before.length,
    )


# The queue ---------------------------------------------------------------------------------


def aged(report: Report, seconds: int, **fields) -> None:
    heard = timezone.now() - timedelta(seconds=seconds)
    Report.objects.filter(pk=report.pk).update(heartbeat_at=heard, **fields)


def test_what_was_never_sent_is_sent(report, sent):
    queue.resend_stuck()
    assert sent == [report.pk]


def test_what_was_sent_just_now_is_left_on_its_way(report, sent, settings):
    aged(report, settings.REPORT_SEND_AGAIN_AFTER - 5)
    queue.resend_stuck()
    assert sent == []
    aged(report, settings.REPORT_SEND_AGAIN_AFTER + 5)
    queue.resend_stuck()
    assert sent == [report.pk]


def test_behind_a_busy_worker_messages_rightly_wait(report, story, sent, settings):
    aged(report, settings.REPORT_SEND_AGAIN_AFTER + 5)
    busy = Report.objects.create(
        portfolio=story.portfolio,
        requested_by=story.cast.admin,
        status="running",
        heartbeat_at=timezone.now(),
    )
    queue.resend_stuck()
    assert sent == []
    aged(busy, 0, status="done")
    queue.resend_stuck()
    assert sent == [report.pk]


def test_a_heart_that_beats_is_left_alone(report, sent, settings):
    aged(report, settings.REPORT_QUIET_AFTER - 5, status="running", attempts=1)
    queue.resend_stuck()
    report.refresh_from_db()
    assert (report.status, sent) == ("running", [])


def test_a_quiet_one_is_queued_and_sent_again(report, sent, settings):
    aged(report, settings.REPORT_QUIET_AFTER + 5, status="running", attempts=1)
    queue.resend_stuck()
    report.refresh_from_db()
    assert (report.status, sent) == ("queued", [report.pk])


def test_after_the_last_attempt_it_fails_and_can_be_tried_again(report, story, sent, settings):
    aged(
        report,
        settings.REPORT_QUIET_AFTER + 5,
        status="running",
        attempts=settings.REPORT_ATTEMPTS,
    )
    queue.resend_stuck()
    report.refresh_from_db()
    assert report.status == "failed"
    assert "stopped half-way 3 times" in report.error
    assert sent == []
    actions.retry(report=report, by=story.cast.admin)
    for expected in ("queued", "queued", "failed"):
        assert Attempt.at(report.pk)
        aged(report, settings.REPORT_QUIET_AFTER + 5)
        queue.resend_stuck()
        report.refresh_from_db()
        assert report.status == expected


@pytest.mark.parametrize(("of_many", "hands"), [(False, 3), (True, 1)])
def test_of_many_each_is_laid_out_by_one_process(
    report: Report, settings, monkeypatch, of_many: bool, hands: int
):
    settings.REPORT_HANDS = 3
    given: list[int] = []
    monkeypatch.setattr(making, "print_out", lambda *_, hands: given.append(hands))
    if of_many:
        centre = report.portfolio.centre
        report.bulk = Bulk.objects.create(centre=centre, requested_by=report.requested_by)
        report.save()
    making.make(report.pk)  # fails: nothing was printed
    assert given == [hands]
