"""The archive of many exports: what is in it, that it can be fetched in parts, and that whoever
takes copies is written down before a byte leaves, once."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from files import store
from ledger.models import Entry
from portfolio.models import Interest
from reports import actions as single
from reports.bulk import packing, sending
from reports.models import Bulk, Report
from reports.options import Options
from reports.tasks import make_report
from tests.factories import Cast
from tests.reports.bulk.conftest import NAMES, add


def at(cast: Cast, name: str, **kwargs) -> str:
    return reverse(f"reports:{name}", kwargs={"centre": cast.centre.slug, **kwargs})


def address(admin: Client, cast: Cast, bulk: Bulk) -> str:
    answer = admin.post(at(cast, "take", pk=bulk.pk))
    assert answer.status_code == 302
    return answer.url


def fetched(admin: Client, url: str, **headers: str) -> bytes:
    answer = admin.get(url, headers=headers)
    assert answer.status_code in (200, 206)
    data = b"".join(answer.streaming_content)
    assert len(data) == int(answer["Content-Length"])
    return data


def copies() -> int:
    return Entry.objects.filter(verb="report_downloaded").count()


def test_all_that_is_ready_and_an_index(admin, cast, asked):
    bulk = asked("done", "done", "done", "failed", "running")
    answer = admin.get(address(admin, cast, bulk))
    assert answer["Content-Type"] == "application/zip"
    assert unquote(answer["Content-Disposition"]).endswith('"Cohort Autumn 2026.zip"')
    assert answer["X-Accel-Buffering"] == "no"
    assert answer["Content-Encoding"] == "identity"
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as read:
        assert read.testzip() is None
        index, *names = read.namelist()
        rows = list(csv.DictReader(io.StringIO(read.read(index).decode("utf-8-sig"))))
        for row, name in zip(rows, names, strict=True):
            report = Report.objects.get(code=row["Code"])
            assert row["File"].lstrip("'") == name
            assert row["SHA-256"] == report.blob.sha256
            assert row["Pages"] == str(report.pages)
            assert row["Registration number"] == report.portfolio.registration_number
            assert read.read(name) == store.place_of(report.blob.sha256).read_bytes()
    assert len(names) == 3
    assert not any(sign in name for name in names for sign in '/\\:*?"<>|')


def test_no_name_is_a_formula(admin, cast, asked):
    asked("done", "done", "done")
    index = packing.index_of(Report.objects.order_by("pk")).decode("utf-8-sig")
    told = [row[0] for row in csv.reader(io.StringIO(index))][1:]
    assert told == [*NAMES[:2], f"'{NAMES[2]}"]


def test_the_same_rows_are_the_same_bytes(admin, cast, asked):
    bulk = asked("done", "done")
    url = address(admin, cast, bulk)
    assert fetched(admin, url) == fetched(admin, url) == fetched(admin, address(admin, cast, bulk))


def test_each_copy_is_in_the_ledger_before_the_bytes_and_a_resumed_one_once(admin, cast, asked):
    bulk = asked("done", "done", "failed")
    url = address(admin, cast, bulk)
    assert copies() == 2
    entry = Entry.objects.filter(verb="report_downloaded").first()
    assert (entry.actor, entry.facts["bulk"]) == (cast.admin, bulk.pk)
    data = fetched(admin, url)
    etag = admin.get(url)["ETag"]
    rest = fetched(admin, url, Range="bytes=100-", If_Range=etag)
    assert data[:100] + rest == data
    assert copies() == 2
    address(admin, cast, bulk)  # asked for anew: somebody takes another copy
    assert copies() == 4


@pytest.mark.parametrize(
    ("asked_for", "expected"),
    [
        ("bytes=0-0", slice(0, 1)),
        ("bytes=700-900", slice(700, 901)),
        ("bytes=-50", slice(-50, None)),
    ],
)
def test_any_part_can_be_fetched(admin, cast, asked, asked_for, expected):
    url = address(admin, cast, asked("done", "done"))
    data = fetched(admin, url)
    answer = admin.get(url, headers={"Range": asked_for})
    assert answer.status_code == 206
    assert b"".join(answer.streaming_content) == data[expected]
    start = expected.indices(len(data))[0]
    stop = expected.indices(len(data))[1]
    assert answer["Content-Range"] == f"bytes {start}-{stop - 1}/{len(data)}"


def test_parts_of_something_else_are_not_mixed_in(admin, cast, asked):
    url = address(admin, cast, asked("done"))
    whole = fetched(admin, url)
    assert fetched(admin, url, Range="bytes=100-", If_Range='"another"') == whole
    beyond = admin.get(url, headers={"Range": f"bytes={len(whole)}-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(whole)}")
    known = admin.get(url, headers={"If-None-Match": admin.get(url)["ETag"]})
    assert known.status_code == 304


def test_a_part_reads_only_the_files_it_needs(admin, cast, asked, monkeypatch):
    url = address(admin, cast, asked("done", "done"))
    size = int(admin.get(url)["Content-Length"])
    opened = []
    plain = store.open_blob
    monkeypatch.setattr(
        store, "open_blob", lambda blob, span=None: opened.append(blob) or plain(blob, span)
    )
    fetched(admin, url, Range=f"bytes={size - 800}-")
    assert len(opened) == 1


# What is not in it -------------------------------------------------------------------------------


def test_expired_and_withdrawn_ones_stay_out(admin, cast, asked, settings):
    bulk = asked("done", "done", "done")
    old, withdrawn, good = bulk.reports.order_by("pk")
    long_ago = timezone.now() - timedelta(days=settings.EXPORT_DAYS, seconds=1)
    Report.objects.filter(pk=old.pk).update(finished_at=long_ago)
    single.withdraw(report=withdrawn, reason="Old.", by=cast.admin)
    page = admin.get(at(cast, "bulk", pk=bulk.pk)).content.decode()
    assert "Download 1 PDF as an archive" in page
    assert "1 expired" in page
    with zipfile.ZipFile(io.BytesIO(fetched(admin, address(admin, cast, bulk)))) as read:
        assert [name for name in read.namelist() if good.code in name] == read.namelist()[1:]


def test_where_nothing_is_ready_there_is_no_archive(admin, cast, asked):
    bulk = asked("failed", "running")
    assert (
        at(cast, "take", pk=bulk.pk) not in admin.get(at(cast, "bulk", pk=bulk.pk)).content.decode()
    )
    assert admin.post(at(cast, "take", pk=bulk.pk)).status_code == 409


def test_what_the_store_lost_stays_out_and_is_said(admin, cast, asked):
    bulk = asked("done", "done")
    lost = bulk.reports.first()
    store.place_of(lost.blob.sha256).unlink()
    url = address(admin, cast, bulk)
    assert copies() == 1
    with zipfile.ZipFile(io.BytesIO(fetched(admin, url))) as read:
        assert len(read.namelist()) == 2
    assert "1 PDF is no longer in the store" in admin.get(at(cast, "list")).content.decode()


@pytest.mark.parametrize("change", ["withdrawn", "another is ready", "renamed"])
def test_where_it_changed_meanwhile_nothing_unwritten_leaves(admin, cast, asked, change):
    bulk = asked("done", "done")
    url = address(admin, cast, bulk)
    report = bulk.reports.first()
    if change == "withdrawn":
        single.withdraw(report=report, reason="Old.", by=cast.admin)
    elif change == "another is ready":
        add(bulk, cast, "Late", "done", 5)
    else:
        learner = report.portfolio.learner
        learner.name = "Another Name"
        learner.save()
    answer = admin.get(url)
    assert answer.status_code == 409
    assert "has changed since you started" in answer.content.decode()


# Who ----------------------------------------------------------------------


def test_the_address_is_good_for_a_day_and_for_who_asked(admin, cast, asked, client, monkeypatch):
    bulk, other = asked("done"), asked()
    url = address(admin, cast, bulk)
    ticket = url.rstrip("/").rsplit("/", 1)[1]
    assert admin.get(at(cast, "archive", pk=other.pk, ticket=ticket)).status_code == 410
    assert admin.get(at(cast, "archive", pk=bulk.pk, ticket="made-up")).status_code == 410
    assert admin.get(url).status_code == 200
    monkeypatch.setattr(sending, "GOOD_FOR", timedelta(seconds=-1))
    assert admin.get(url).status_code == 410
    monkeypatch.undo()
    another = Client()
    another.force_login(cast.data_lead)
    assert another.get(url).status_code == 410
    assert Client().get(url).status_code == 302


def test_who_left_the_centre_fetches_no_more(admin, cast, asked):
    url = address(admin, cast, asked("done"))
    cast.admin.memberships.all().delete()
    assert admin.get(url).status_code in (403, 404)


def test_what_shows_the_hidden_is_for_the_data_lead(admin, cast, asked):
    bulk = asked("done", choices=Options(unredacted="They asked.").kept())
    take = at(cast, "take", pk=bulk.pk)
    assert take not in admin.get(at(cast, "bulk", pk=bulk.pk)).content.decode()
    assert admin.post(take).status_code == 403
    assert copies() == 0
    lead = Client()
    lead.force_login(cast.data_lead)
    assert fetched(lead, lead.post(take).url)


def test_with_a_relative_among_the_learners_another_data_lead_takes_it(client, cast, asked):
    """What the page offers is what the verbs allow, whichever row comes first."""
    shows = Options(unredacted="They asked.").kept()
    bulk = asked("done", "done", "failed", choices=shows)
    page, take, retry = (at(cast, name, pk=bulk.pk) for name in ("bulk", "take", "bulk_retry"))
    client.force_login(cast.data_lead)
    for report in bulk.reports.order_by("pk"):
        tie = Interest.objects.create(
            portfolio=report.portfolio,
            person=cast.data_lead,
            declared_by=cast.admin,
            kind=Interest.Kind.RELATIVE,
        )
        shown, of_the_ready = client.get(page).content.decode(), report.status == "done"
        assert (take in shown, retry in shown) == (not of_the_ready, of_the_ready)
        assert ("ask a data lead who is none of these learners" in shown) == of_the_ready
        assert client.post(take if of_the_ready else retry).status_code == 403
        tie.ended_at = timezone.now()
        tie.save()
    assert copies() == 0


# Making it ----------------------------------------------------------------------


def test_bytes_go_out_as_they_are_read(admin, cast, asked, monkeypatch):
    """No second copy: after the first piece only the first file has been opened."""
    url = address(admin, cast, asked("done", "done", "done"))
    opened = []
    plain = store.open_blob
    monkeypatch.setattr(
        store, "open_blob", lambda blob, span=None: opened.append(blob) or plain(blob, span)
    )
    pieces: Iterator[bytes] = iter(admin.get(url).streaming_content)
    assert opened == []
    while not opened:
        next(pieces)
    assert len(opened) == 1
    assert b"".join(pieces)
    assert len(opened) == 3


def test_asking_takes_a_fixed_number_of_queries_for_reading(
    admin, cast, asked, django_assert_num_queries
):
    for states in (("done",), ("done",) * 6):
        url = address(admin, cast, asked(*states))
        with django_assert_num_queries(6):
            admin.get(url)
        Report.objects.update(status="failed")


def test_the_worker_finds_the_check_sum(cast, asked, monkeypatch):
    bulk = asked("done", "failed")
    monkeypatch.setattr("reports.making.make", lambda report_id: None)
    for report in bulk.reports.all():
        make_report(report.pk)
    ready, failed = bulk.reports.order_by("pk")
    assert ready.crc32 is not None
    assert failed.crc32 is None
