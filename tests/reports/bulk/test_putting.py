"""What goes wrong while an archive is put into the bucket, by doing it: it comes to an end or says
why, once; what should not lie there does not, nor half of it; and who took copies is written down
only when they are there."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone
from urllib3.connectionpool import HTTPConnectionPool

from accounts.models import Notice
from files import bucket, store
from files.actions import keep_bytes
from files.refusals import NotStored
from ledger.models import Entry
from portfolio.models import Redaction
from reports import actions as single
from reports.bulk import depositing, packing, putting
from reports.models import Bulk, Deposit, Report
from reports.tasks import LONGEST, put_into_bucket
from scripts.system import ROOT
from tests.factories import Cast, make_cast, make_version
from tests.reports.bulk.conftest import ARCHIVES, add, archives_at, begun, lying
from tests.reports.bulk.test_archive import copies
from tests.reports.test_trouble import cut_off

LONG_AGO = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _every_step_is_written(monkeypatch) -> None:
    monkeypatch.setattr(putting, "SPEAK_EVERY", 0)


@pytest.fixture
def under_way(archives, cast: Cast, asked) -> Deposit:
    return depositing.deposit(bulk=asked("done", "done"), by=cast.admin)


def kinds() -> list[str]:
    return [notice.kind for notice in Notice.objects.all()]


def nothing_there(archives) -> bool:
    return (lying(archives), begun(archives), copies()) == ([], [], 0)


def goes_quiet(made: Deposit) -> None:
    """As from a worker that was killed, until it is noticed."""
    Deposit.objects.filter(pk=made.pk).update(heartbeat_at=timezone.now() - LONG_AGO)
    depositing.resend_stuck()
    made.refresh_from_db()


def test_a_large_one_arrives_whole_and_says_how_far_it_is(archives, under_way, monkeypatch):
    """Larger than what leaves at once."""
    data = b"%PDF-1.7 " + bytes(range(256)) * 25_000
    large = keep_bytes(chunks=[data], media_type="application/pdf")
    Report.objects.filter(pk=under_way.reports[0]).update(blob=large, crc32=None)
    monkeypatch.setattr(bucket, "PIECE", 5 * 1024 * 1024)
    seen: list[int] = []
    tell = putting.Run.tell

    def told(run: putting.Run, sent: int | None = None) -> None:
        tell(run, sent)
        seen.append(Deposit.objects.get().sent)

    monkeypatch.setattr(putting.Run, "tell", told)
    put_into_bucket(under_way.pk)
    under_way.refresh_from_db()
    reports = list(Report.objects.order_by("portfolio__learner__name", "pk"))
    archive = packing.archive_of(under_way.bulk, reports)
    whole = b"".join(archive.read(range(archive.size)))
    assert archives.get_object(Bucket=ARCHIVES, Key=under_way.key)["Body"].read() == whole
    assert sorted(set(seen)) == [0, 5 * 1024 * 1024, len(whole)]
    assert seen == sorted(seen)


def test_pieces_are_as_large_as_they_must_be(archives, monkeypatch):
    monkeypatch.setattr(bucket, "PIECE", 10)
    there = depositing.needed_bucket()
    chunks = [b"abcdefg"] * 5
    assert [len(each) for each in there.in_pieces(chunks, 35)] == [10, 10, 10, 5]
    monkeypatch.setattr(bucket, "MOST_PIECES", 2)
    assert [len(each) for each in there.in_pieces(chunks, 35)] == [18, 17]
    assert b"".join(there.in_pieces(chunks, 35)) == b"".join(chunks)
    assert list(there.in_pieces([b"x" * 40], 40)) == [b"x" * 20] * 2


# Not what was asked for any more -------------------------------------------------------------


def withdraw(made: Deposit) -> None:
    report = made.bulk.reports.first()
    single.withdraw(report=report, reason="Old.", by=made.bulk.requested_by)


def hide(made: Deposit) -> None:
    version = make_version(made.bulk.reports.first().portfolio)
    Redaction.objects.create(
        evidence=version.evidence, version=version, status="done", marks=[], made_by=made.asked_by
    )


def leave(made: Deposit) -> None:
    made.asked_by.memberships.all().delete()


CHANGES = {withdraw: "no longer handed out", hide: "no longer handed out", leave: "may no longer"}


@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_before_it_began_does_not_leave(archives, under_way, monkeypatch, change):
    monkeypatch.setattr(bucket.Pieces, "send", None)  # calling it would fail
    change(under_way)
    put_into_bucket(under_way.pk)
    under_way.refresh_from_db()
    assert under_way.status == "failed"
    assert CHANGES[change] in under_way.error
    assert nothing_there(archives)
    # Nobody is told of a centre that they left.
    assert kinds() == ([] if change is leave else ["export_failed"])


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("when", ["while it was sent", "just after it was there"])
def test_what_changed_meanwhile_does_not_stay(
    archives, under_way, meanwhile, monkeypatch, change, when
):
    if when == "while it was sent":
        meanwhile(lambda: change(under_way))
    else:
        finish = bucket.Pieces.finish

        def finished(pieces: bucket.Pieces) -> None:
            finish(pieces)
            assert lying(archives)
            change(under_way)

        monkeypatch.setattr(bucket.Pieces, "finish", finished)
    put_into_bucket(under_way.pk)
    under_way.refresh_from_db()
    assert (under_way.status, under_way.key) == ("failed", "")
    assert CHANGES[change] in under_way.error
    assert nothing_there(archives)


def test_a_cancelled_one_is_noticed_between_two_chunks(archives, under_way, monkeypatch):
    chunks = packing._bytes
    read: list[int] = []

    def cancelled(blob, span) -> Iterator[bytes]:
        for chunk in chunks(blob, span):
            read.append(len(chunk))
            if len(read) == 1:
                same = Deposit.objects.select_related("bulk", "asked_by").get(pk=under_way.pk)
                depositing.cancel(deposit=same, by=same.asked_by)
            yield chunk

    for report in Report.objects.all():
        assert packing.find_checksum(report)
    monkeypatch.setattr(packing, "_bytes", cancelled)
    put_into_bucket(under_way.pk)
    under_way.refresh_from_db()
    assert (under_way.status, under_way.error, len(read)) == ("cancelled", "", 1)
    assert nothing_there(archives)
    assert under_way.heartbeat_at is None  # nothing is left to remove
    assert kinds() == []


# Whose it is --------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["it fails", "it arrives"])
def test_a_worker_that_lost_it_touches_and_tells_nothing(
    archives, under_way, meanwhile, monkeypatch, ending
):
    """It was thought dead; another put the archive there meanwhile."""

    def another_does_it() -> None:
        goes_quiet(under_way)
        put_into_bucket(under_way.pk)
        assert Deposit.objects.get().status == "done"
        if ending == "it fails":
            raise OSError("this one's own trouble")

    meanwhile(another_does_it)
    put_into_bucket(under_way.pk)
    under_way.refresh_from_db()
    assert (under_way.status, under_way.attempts, under_way.error) == ("done", 2, "")
    assert lying(archives) == [under_way.key] == [under_way.key_of(2)]
    assert begun(archives) == []
    assert (copies(), kinds()) == (2, ["export_ready"])


def test_a_heart_that_beats_for_another_attempt_is_not_heard(archives, under_way):
    run = putting.Run.at(under_way.pk)
    assert run is not None
    goes_quiet(under_way)
    other = putting.Run.at(under_way.pk)
    assert other is not None
    Deposit.objects.update(heartbeat_at=timezone.now() - LONG_AGO)
    before = Deposit.objects.get().heartbeat_at
    run._heartbeat.write()
    assert Deposit.objects.get().heartbeat_at == before
    with pytest.raises(putting.Superseded):
        run.tell()
    other._heartbeat.write()
    assert Deposit.objects.get().heartbeat_at > before


def test_a_worker_that_began_again_is_not_taken_for_the_one_that_died(archives, under_way):
    run = putting.Run.at(under_way.pk)
    stale = Deposit.objects.get()
    Deposit.objects.update(heartbeat_at=timezone.now() - LONG_AGO, attempts=2)
    depositing._take_back(stale)
    assert run is not None
    assert Deposit.objects.get().status == "running"


# What fails ---------------------------------------------------------------------------------

TROUBLE = {
    "took too long": SoftTimeLimitExceeded(),
    "ran out of memory": MemoryError(),
    "could not be read": OSError("The line broke."),
    "lost from the store": FileNotFoundError("gone"),
    "tell support that it is archive": RuntimeError("anything else"),
}


@pytest.mark.parametrize("words", TROUBLE)
def test_any_trouble_ends_it_once_with_the_right_words(archives, under_way, meanwhile, words):
    def trouble() -> None:
        raise TROUBLE[words]

    meanwhile(trouble)
    put_into_bucket(under_way.pk)
    put_into_bucket(under_way.pk)
    under_way.refresh_from_db()
    assert (under_way.status, under_way.attempts) == ("failed", 1)
    assert words in under_way.error
    assert nothing_there(archives)
    assert kinds() == ["export_failed"]
    assert under_way.heartbeat_at is None


def test_a_pdf_that_vanishes_on_the_way_is_left_out_the_next_time(
    archives, under_way, monkeypatch, cast
):
    lost = under_way.bulk.reports.first()
    packed = packing.archive_of

    def and_vanishes(*told):
        archive = packed(*told)
        store.place_of(lost.blob.sha256).unlink()
        return archive

    with monkeypatch.context() as patched:
        patched.setattr(packing, "archive_of", and_vanishes)
        put_into_bucket(under_way.pk)
    under_way.refresh_from_db()
    assert "lost from the store" in under_way.error
    assert "Try again in a few minutes" not in under_way.error
    again = depositing.deposit(bulk=under_way.bulk, by=cast.admin)
    put_into_bucket(again.pk)
    again.refresh_from_db()
    assert (again.status, again.lost, copies()) == ("done", [lost.pk], 1)


def test_a_bucket_that_does_not_answer_is_said_once(archives, under_way, settings):
    archives_at(settings, "http://127.0.0.1:9")  # the discard port: nobody listens
    put_into_bucket(under_way.pk)
    put_into_bucket(under_way.pk)
    under_way.refresh_from_db()
    assert under_way.status == "failed"
    assert "does not take the archive just now" in under_way.error
    assert (kinds(), copies()) == (["export_failed"], 0)


def test_the_limit_of_time_is_said_also_when_it_cuts_off_a_request(
    archives, under_way, monkeypatch
):
    """Which then is what seems to have failed."""

    def over(*told: object, **how: object) -> None:
        raise SoftTimeLimitExceeded

    with monkeypatch.context() as patched:
        patched.setattr(HTTPConnectionPool, "urlopen", over)
        with pytest.raises(NotStored):
            depositing.needed_bucket().clear("a key")
        put_into_bucket(under_way.pk)
    under_way.refresh_from_db()
    assert under_way.status == "failed"
    assert "took too long" in under_way.error


def test_a_large_archive_has_time_of_its_own():
    assert put_into_bucket.soft_time_limit > 4 * LONGEST
    assert put_into_bucket.time_limit > put_into_bucket.soft_time_limit


# What killed workers left ------------------------------------------------------------------------


@pytest.fixture
def killed_half_way(archives, under_way) -> Deposit:
    run = putting.Run.at(under_way.pk)
    assert run is not None
    pieces = depositing.needed_bucket().begin(run.key, content_type="application/zip")
    pieces.send(b"half of it")
    assert begun(archives) == [(run.key, pieces.upload)]
    return under_way


def test_half_an_upload_goes_when_the_next_begins_and_nobody_elses(archives, killed_half_way):
    other = depositing.needed_bucket().begin(
        killed_half_way.key_of(1) + ".other", content_type="application/zip"
    )
    goes_quiet(killed_half_way)
    put_into_bucket(killed_half_way.pk)
    assert Deposit.objects.get().status == "done"
    assert begun(archives) == [(other.key, other.upload)]


def test_an_object_that_nobody_vouched_for_goes_likewise(archives, under_way):
    run = putting.Run.at(under_way.pk)
    assert run is not None
    archives.put_object(Bucket=ARCHIVES, Key=run.key, Body=b"there, and then it was killed")
    goes_quiet(under_way)
    put_into_bucket(under_way.pk)
    assert lying(archives) == [under_way.key_of(2)]


@pytest.mark.parametrize("end", ["cancelled", "given up"])
def test_where_none_begins_again_it_goes_too(archives, killed_half_way, end, cast, settings):
    if end == "cancelled":
        depositing.cancel(deposit=killed_half_way, by=cast.admin)
    else:
        Deposit.objects.update(attempts=settings.REPORT_ATTEMPTS)
    depositing.resend_stuck()
    assert begun(archives)  # its worker may be alive yet
    goes_quiet(killed_half_way)
    assert begun(archives) == []
    assert killed_half_way.heartbeat_at is None
    assert killed_half_way.status == ("cancelled" if end == "cancelled" else "failed")


def test_it_is_tried_again_where_the_bucket_does_not_answer(archives, killed_half_way, settings):
    Deposit.objects.update(status="cancelled")
    there = settings.STORAGES
    archives_at(settings, "http://127.0.0.1:9")
    goes_quiet(killed_half_way)
    assert killed_half_way.heartbeat_at is not None
    settings.STORAGES = there
    goes_quiet(killed_half_way)
    assert begun(archives) == []


def test_a_killed_worker_is_made_up_for_and_not_for_ever(archives, under_way, settings):
    rows = Deposit.objects.filter(pk=under_way.pk)
    for attempt in range(1, settings.REPORT_ATTEMPTS + 1):
        rows.update(status="running", attempts=attempt)
        goes_quiet(under_way)
        last = attempt == settings.REPORT_ATTEMPTS
        assert under_way.status == ("failed" if last else "queued")
    assert "several times" in under_way.error
    assert kinds() == ["export_failed"]


def test_a_worker_killed_while_it_sends_is_made_up_for_by_another(
    shared_database: str, archives, server, asked
) -> None:
    cast = make_cast()
    bulk = asked_of(cast)
    made = depositing.deposit(bulk=bulk, by=cast.admin)
    environment = {
        **os.environ,
        "DATABASE_URL": shared_database,
        "SIGNPOST_DATA_DIR": str(django_settings.BLOB_DIR.parent),
        "SIGNPOST_S3_ENDPOINT": server,
        "SIGNPOST_S3_ACCESS_KEY": "key",
        "SIGNPOST_S3_SECRET_KEY": "secret",
        "SIGNPOST_ARCHIVES_BUCKET": ARCHIVES,
    }
    command = [sys.executable, "-m", "tests.reports.bulk.put_and_wait", str(made.pk)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"sent\n"
        made.refresh_from_db()
        assert (made.status, made.attempts) == ("running", 1)
        assert [key for key, _upload in begun(archives)] == [made.key_of(1)]
        process.kill()
    assert (lying(archives), copies()) == ([], 0)
    goes_quiet(made)
    put_into_bucket(made.pk)
    made.refresh_from_db()
    assert (made.status, made.attempts) == ("done", 2)
    assert (lying(archives), begun(archives), copies()) == ([made.key], [], 1)
    size = archives.head_object(Bucket=ARCHIVES, Key=made.key)["ContentLength"]
    assert size == made.size > 6_000_000
    assert kinds() == ["export_ready"]


def asked_of(cast: Cast) -> Bulk:
    """One large export, done."""
    bulk = Bulk.objects.create(centre=cast.centre, requested_by=cast.admin, chosen="All learners")
    large = keep_bytes(chunks=[b"%PDF-1.7 " + b"x" * 6_000_000], media_type="application/pdf")
    add(bulk, cast, "Ann Bee", "done")
    Report.objects.update(blob=large)
    return bulk


# A lost connection ----------------------------------------------------------------------------


def test_a_lost_connection_costs_one_try(shared_database, archives, meanwhile, monkeypatch):
    sent: list[int] = []
    monkeypatch.setattr(type(depositing.DEPOSITS), "send", lambda self, pks: sent.extend(pks))
    cast = make_cast()
    bulk = asked_of(cast)
    made = depositing.deposit(bulk=bulk, by=cast.admin)
    meanwhile(cut_off)
    put_into_bucket(made.pk)
    made.refresh_from_db()
    if connection.vendor == "postgresql":  # given back, and sent again at once
        assert sent == [made.pk] * 2
    else:  # nobody could be told, so its heart has stopped: it is taken back
        assert made.status == "running"
        goes_quiet(made)
    assert (made.status, made.error, copies(), lying(archives)) == ("queued", "", 0, [])
    put_into_bucket(made.pk)
    made.refresh_from_db()
    assert (made.status, made.attempts, copies()) == ("done", 2, 1)
    assert begun(archives) == []


def test_a_connection_lost_while_it_is_vouched_for_leaves_nothing_unsaid(
    shared_database, archives, monkeypatch
):
    """The object is there, and nobody could write down who has it."""
    cast = make_cast()
    made = depositing.deposit(bulk=asked_of(cast), by=cast.admin)
    finish = bucket.Pieces.finish

    def finished(pieces: bucket.Pieces) -> None:
        monkeypatch.setattr(bucket.Pieces, "finish", finish)
        finish(pieces)
        cut_off()

    monkeypatch.setattr(bucket.Pieces, "finish", finished)
    put_into_bucket(made.pk)
    made.refresh_from_db()
    if made.status == "running":
        goes_quiet(made)
    assert (made.status, copies()) == ("queued", 0)
    put_into_bucket(made.pk)
    made.refresh_from_db()
    assert (made.status, copies(), lying(archives)) == ("done", 1, [made.key])


def test_a_commit_that_nobody_heard_of_stands(archives, under_way, monkeypatch):
    """The connection was lost just as all was written: the object stays where the row says."""
    land = putting.Run.land

    def landed_unheard(run: putting.Run, *told: object) -> None:
        land(run, *told)
        raise ConnectionResetError

    monkeypatch.setattr(putting.Run, "land", landed_unheard)
    put_into_bucket(under_way.pk)
    under_way.refresh_from_db()
    assert (under_way.status, lying(archives)) == ("done", [under_way.key])
    assert Entry.objects.filter(verb="report_downloaded").count() == 2
    assert kinds() == ["export_ready"]
