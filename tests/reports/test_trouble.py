"""What goes wrong while an export is made, by doing it: it comes to an end or says why, once, and
leaves no half file. (Killed workers and brokers are in test_worker.)"""

import os
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.utils import timezone

from accounts.models import Notice
from files import store
from files.actions import keep_bytes
from files.models import Blob
from files.store import INCOMING
from ledger.models import Entry
from reports import actions, attempt, making, queue, shelf, workshop
from reports.attempt import Attempt
from reports.models import Report
from reports.parts import printing, splitting
from reports.workflow import Stage
from tests.factories import Cast, make_cast, make_portfolio, make_version
from tests.reports.builders import Story

PDF = b"%PDF-1.7 " + b"x" * 300_000


@pytest.fixture(autouse=True)
def _every_step_is_written(monkeypatch):
    monkeypatch.setattr(attempt, "SPEAK_EVERY", 0)


@pytest.fixture
def sent(monkeypatch) -> list[int]:
    ids: list[int] = []
    monkeypatch.setattr(type(queue.REPORTS), "send", lambda self, pks: ids.extend(pks))
    return ids


def asked_for(cast: Cast) -> Report:
    portfolio = make_portfolio(cast.centre, cast.learner)
    return actions.request_report(portfolio=portfolio, by=cast.admin)


def written(portfolio, folder: Path, run) -> making.Made:
    run.tell(Stage.PAGES, 50, count=1, of=2)
    target = folder / "signed.pdf"
    target.write_bytes(PDF)
    return making.Made(target, 3)


def left_behind() -> list[Path]:
    """Half files: what lies where files are made, and where they come in."""
    places = (Path(settings.BLOB_DIR, name) for name in (workshop.workshop.PLACE, INCOMING))
    return [left for place in places for left in place.glob("*")]


def made() -> int:
    return Entry.objects.filter(verb="report_made").count()


# Cancelled ---------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("at", [Stage.PAGES, Stage.SAVING])
def test_a_cancelled_one_is_noticed_at_the_next_step(cast, monkeypatch, at):
    report = asked_for(cast)

    def cancelled(portfolio, folder, run) -> making.Made:
        done = written(portfolio, folder, run)
        assert left_behind()
        actions.cancel(report=Report.objects.get(pk=report.pk), by=cast.admin)
        if at == Stage.PAGES:
            run.tell(Stage.PAGES, 60)
        return done

    monkeypatch.setattr(making, "produce", cancelled)
    making.make(report.pk)
    report.refresh_from_db()
    assert (report.status, report.blob, report.error, report.stage) == ("cancelled", None, "", "")
    assert (made(), left_behind()) == (0, [])
    assert not Blob.objects.exists()
    assert not Notice.objects.exists()


@pytest.fixture
def kept_and_then(monkeypatch):
    """Something happens when the finished file is in the store and nothing refers to it yet."""
    keep = making.keep_bytes

    def do(what: Callable[[], None]) -> None:
        def kept(**bytes_) -> Blob:
            blob = keep(**bytes_)
            assert stored()
            what()
            return blob

        monkeypatch.setattr(making, "produce", written)
        monkeypatch.setattr(making, "keep_bytes", kept)

    return do


def stored() -> list[Path]:
    return [path for path in Path(settings.BLOB_DIR).rglob("*") if path.is_file()]


@pytest.mark.django_db
@pytest.mark.parametrize("end", ["cancelled", "refused by the ledger"])
def test_a_file_that_nobody_gets_does_not_stay_in_the_store(cast, kept_and_then, monkeypatch, end):
    report = asked_for(cast)
    if end == "cancelled":
        kept_and_then(lambda: actions.cancel(report=Report.objects.get(), by=cast.admin))
    else:
        kept_and_then(lambda: monkeypatch.setattr(making, "record", None))
    making.make(report.pk)
    report.refresh_from_db()
    assert (report.status, report.blob) == (
        "cancelled" if end == "cancelled" else "failed",
        None,
    )
    assert (made(), stored(), left_behind()) == (0, [], [])
    assert not Blob.objects.exists()


@pytest.mark.django_db
def test_bytes_that_somebody_else_refers_to_stay(cast, kept_and_then):
    other = make_version(make_portfolio(cast.centre, cast.second_learner))
    theirs = keep_bytes(chunks=[PDF], media_type="application/pdf")
    other.files.create(blob=theirs, name="the same.pdf", order=1)
    report = asked_for(cast)
    kept_and_then(lambda: actions.cancel(report=Report.objects.get(), by=cast.admin))
    making.make(report.pk)
    assert Report.objects.get().status == "cancelled"
    with store.open_blob(theirs) as file:
        assert file.read() == PDF


@pytest.mark.django_db
def test_a_worker_that_was_cancelled_does_not_end_the_next_try(cast, monkeypatch):
    report = asked_for(cast)

    def cancelled_and_asked_again(portfolio, folder, run) -> making.Made:
        again = Report.objects.get(pk=report.pk)
        actions.cancel(report=again, by=cast.admin)
        actions.retry(report=again, by=cast.admin)
        monkeypatch.setattr(making, "produce", written)
        making.make(report.pk)  # by another worker
        raise OSError("this one's own trouble")

    monkeypatch.setattr(making, "produce", cancelled_and_asked_again)
    making.make(report.pk)
    report.refresh_from_db()
    assert (report.status, report.error, made()) == ("done", "", 1)


# A full disk ----------------------------------------------------------------------


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """The system itself refuses to write on, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


# Of a whole export; each works on files in its own way.
WRITING = [Stage.PAGES, Stage.JOINING, Stage.FILES]


@pytest.mark.django_db
def test_a_full_disk_is_said_wherever_it_is_met_first(story: Story, monkeypatch):
    report = actions.request_report(portfolio=story.portfolio, by=story.cast.admin)
    tell = Attempt.tell
    for full_at in WRITING:

        def told(run, stage, percent, *, at=full_at, **how_far) -> None:
            tell(run, stage, percent, **how_far)
            if stage == at:
                _soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
                resource.setrlimit(resource.RLIMIT_FSIZE, (3_000, hard))

        with monkeypatch.context() as patched, no_file_larger_than(resource.RLIM_INFINITY):
            patched.setattr(Attempt, "tell", told)
            making.make(report.pk)
        report.refresh_from_db()
        assert (full_at, report.status, report.stage) == (full_at, "failed", full_at)
        assert "There is no room left" in report.error
        assert (made(), left_behind()) == (0, [])
        actions.retry(report=report, by=story.cast.admin)


@pytest.mark.django_db
@pytest.mark.parametrize("when", ["while it is made", "while it is kept"])
def test_a_full_disk_is_said_and_trying_again_is_enough(cast, monkeypatch, when):
    report = asked_for(cast)

    def on_a_full_disk(portfolio, folder, run) -> making.Made:
        if when == "while it is made":
            with no_file_larger_than(100_000):
                return written(portfolio, folder, run)
        return written(portfolio, folder, run)

    def keep_on_a_full_disk(**what) -> Blob:
        with no_file_larger_than(100_000):
            return keep(**what)

    keep = making.keep_bytes
    with monkeypatch.context() as patched:
        patched.setattr(making, "produce", on_a_full_disk)
        if when == "while it is kept":
            patched.setattr(making, "keep_bytes", keep_on_a_full_disk)
        making.make(report.pk)
    report.refresh_from_db()
    assert (report.status, report.blob) == ("failed", None)
    assert "There is no room left" in report.error
    assert (made(), left_behind()) == (0, [])
    notice = Notice.objects.get()
    assert (notice.kind, notice.recipient) == ("export_failed", cast.admin)

    monkeypatch.setattr(making, "produce", written)
    actions.retry(report=report, by=cast.admin)
    making.make(report.pk)
    report.refresh_from_db()
    assert (report.status, report.blob.size, made()) == ("done", len(PDF), 1)


# A part that cannot be printed -------------------------------------------------------------------


@pytest.mark.django_db
def test_a_process_that_is_killed_while_it_prints_is_said(story: Story, monkeypatch):
    """As the system kills whoever takes more memory than there is."""
    parent = os.getpid()

    class Deadly:
        def write(self, html: str, **how: object) -> None:
            assert os.getpid() != parent
            os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(splitting, "SMALL", 0)  # so that there are parts enough to share out
    monkeypatch.setattr(shelf, "press", Deadly)
    report = actions.request_report(portfolio=story.portfolio, by=story.cast.admin)
    making.make(report.pk)
    report.refresh_from_db()
    assert report.status == "failed"
    assert "perhaps because the server is short of memory" in report.error
    assert (made(), left_behind()) == (0, [])
    assert Notice.objects.get().kind == "export_failed"


@pytest.mark.django_db
def test_contents_that_never_settle_are_said(story: Story, monkeypatch):
    monkeypatch.setattr(printing, "TRIES", 0)
    report = actions.request_report(portfolio=story.portfolio, by=story.cast.admin)
    making.make(report.pk)
    report.refresh_from_db()
    assert report.status == "failed"
    assert "page numbers in the contents could not be worked out" in report.error
    assert f"export {report.pk}." in report.error


# A lost connection -----------------------------------------------------------------------------


def cut_off() -> None:
    """As when the database's server is restarted."""
    if connection.vendor != "postgresql":
        connection.connection.close()
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    known = connection.get_connection_params()
    other = psycopg2.connect(
        **{name: known[name] for name in ("dbname", "user", "host", "port") if name in known}
        | ({"password": known["password"]} if known.get("password") else {})
    )
    other.autocommit = True
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    other.close()


@pytest.mark.parametrize("verb", ["gather", "produce"])
def test_a_lost_connection_costs_one_try(shared_database, sent, monkeypatch, verb):
    report = asked_for(make_cast())
    assert sent == [report.pk]
    monkeypatch.setattr(making, "produce", written)
    real = getattr(making, verb)

    def lost(*given: object, **named: object) -> object:
        cut_off()
        return real(*given, **named)

    with monkeypatch.context() as patched:
        patched.setattr(making, verb, lost)
        making.make(report.pk)
    report.refresh_from_db()
    if connection.vendor == "postgresql":  # given back, and sent again at once
        assert sent == [report.pk] * 2
    else:  # nobody could be told, so its heart has stopped: it is taken back
        assert report.status == "running"
        Report.objects.update(heartbeat_at=timezone.now() - timedelta(hours=1))
        queue.resend_stuck()
        report.refresh_from_db()
    assert (report.status, report.error, left_behind(), made()) == ("queued", "", [], 0)

    making.make(report.pk)
    report.refresh_from_db()
    assert (report.status, report.attempts, made()) == ("done", 2, 1)


def test_a_connection_lost_while_the_export_is_finished_costs_one_try(
    shared_database, sent, monkeypatch
):
    report = asked_for(make_cast())
    monkeypatch.setattr(making, "produce", written)

    real = making.record

    def lost(**fields: object) -> object:
        cut_off()
        if connection.vendor == "postgresql":
            return real(**fields)
        raise OperationalError("SQLite has no server that could close it")

    with monkeypatch.context() as patched:
        patched.setattr(making, "record", lost)
        making.make(report.pk)
    report.refresh_from_db()
    assert (report.status, report.error, left_behind(), made()) == ("queued", "", [], 0)
    assert sent == [report.pk] * 2
    making.make(report.pk)
    report.refresh_from_db()
    assert (report.status, report.attempts, made()) == ("done", 2, 1)


def test_a_connection_lost_each_time_is_said_in_the_end(shared_database, sent, monkeypatch):
    report = asked_for(make_cast())

    def lost(portfolio, folder, run) -> making.Made:
        cut_off()
        return written(portfolio, folder, run)

    monkeypatch.setattr(making, "produce", lost)
    for _try in range(settings.REPORT_ATTEMPTS):
        making.make(report.pk)
        Report.objects.filter(status="running").update(
            heartbeat_at=timezone.now() - timedelta(hours=1)
        )
        queue.resend_stuck()
    report.refresh_from_db()
    assert (report.status, made()) == ("failed", 0)
    assert "did not answer in time" in report.error or "stopped half-way" in report.error
    assert Notice.objects.get().kind == "export_failed"


# What killed workers left ------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_a_killed_worker_left_goes_when_its_report_is_taken_back(cast, sent):
    report = asked_for(cast)
    Report.objects.update(
        status="running", attempts=1, heartbeat_at=timezone.now() - timedelta(hours=1)
    )
    places = [Path(settings.BLOB_DIR, "making", name) for name in ("report-%d-1", "report-%d7-1")]
    own, other = (Path(str(place) % report.pk) for place in places)
    for place in (own, other):
        place.mkdir(parents=True)
        (place / "half.pdf").write_bytes(PDF)
    queue.resend_stuck()
    assert not own.exists()
    assert other.exists()
    workshop.workshop.sweep(older_than=-1)
    assert not other.exists()
