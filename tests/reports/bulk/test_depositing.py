"""Asking for the archive to be put into the bucket, for others to fetch there: who may, what is
put there, and what the pages say of it. On an S3 server of the test's own. (What goes wrong on the
way is in test_putting.)"""

import csv
import io
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice
from config.settings import archives_in
from files import store
from ledger.models import Entry
from ledger.transitions import TransitionRefused
from reports import queue
from reports.bulk import depositing
from reports.models import Bulk, Deposit, Report
from reports.options import Options
from reports.tasks import put_into_bucket
from tests.factories import Cast
from tests.files.test_s3 import keys, on_disk
from tests.races import at_once
from tests.reports.bulk.conftest import ARCHIVES, begun, lying
from tests.reports.bulk.test_archive import address, at, copies, fetched

BUTTON = "Put the archive into the bucket"
ROLES = {"admin": True, "data_lead": True}  # all others may not


def page_of(client: Client, cast: Cast, bulk: Bulk) -> str:
    return client.get(at(cast, "bulk", pk=bulk.pk)).content.decode()


def test_what_lies_there_is_what_would_be_downloaded(s3, archives, admin, cast, asked, settings):
    bulk = asked("done", "done", "failed")
    files = keys(s3)
    assert BUTTON in page_of(admin, cast, bulk)
    answer = admin.post(at(cast, "deposit", pk=bulk.pk))
    assert answer.url == at(cast, "bulk", pk=bulk.pk)
    assert copies() == 0  # nobody has one yet
    put_into_bucket(Deposit.objects.get().pk)
    made = Deposit.objects.get()
    assert (made.status, made.error, lying(archives)) == ("done", "", [made.key])
    found = archives.get_object(Bucket=ARCHIVES, Key=made.key)
    data = found["Body"].read()
    assert found["ContentType"] == "application/zip"
    assert made.size == made.sent == len(data)
    assert data == fetched(admin, address(admin, cast, bulk))
    with zipfile.ZipFile(io.BytesIO(data)) as read:
        assert read.testzip() is None
    assert on_disk(settings) == []
    assert keys(s3) == files  # where people's files are, nobody is let in for an archive
    assert made.key in page_of(admin, cast, bulk)
    assert [notice.kind for notice in Notice.objects.all()] == ["export_ready"]


def test_who_took_a_copy_is_said_with_where_it_went(archives, admin, cast, asked):
    bulk = asked("done")
    put_into_bucket(depositing.deposit(bulk=bulk, by=cast.admin).pk)
    entry = Entry.objects.get(verb="report_downloaded")
    assert entry.actor == cast.admin
    assert (entry.facts["to"], entry.facts["bucket"]) == ("bucket", ARCHIVES)
    page = admin.get(at(cast, "report", pk=bulk.reports.get().pk)).content.decode()
    assert "in an archive that was put into the bucket archives" in page
    address(admin, cast, bulk)
    page = admin.get(at(cast, "report", pk=bulk.reports.get().pk)).content.decode()
    assert page.count("in an archive") == 2


def test_asked_for_twice_it_is_one(archives, cast, asked):
    bulk = asked("done")
    first = depositing.deposit(bulk=bulk, by=cast.admin)
    assert depositing.deposit(bulk=bulk, by=cast.data_lead) == first
    put_into_bucket(first.pk)
    put_into_bucket(first.pk)
    assert (copies(), len(lying(archives))) == (1, 1)
    assert depositing.deposit(bulk=bulk, by=cast.admin) != first


@pytest.mark.django_db(transaction=True)
def test_asked_for_at_once_it_is_one_and_put_there_once(archives, cast, asked):
    bulk = asked("done")
    made = at_once(*[lambda: depositing.deposit(bulk=bulk, by=cast.admin)] * 2)
    assert made[0] == made[1] == Deposit.objects.get()
    assert at_once(*[lambda: put_into_bucket(made[0].pk)] * 2) == [None, None]
    assert (copies(), len(lying(archives)), begun(archives)) == (1, 1, [])


# Where it may not go ------------------------------------------------------------------------


def test_without_a_bucket_of_their_own_there_is_no_button_and_no_way(s3, admin, cast, asked):
    """Though files are kept in one."""
    bulk = asked("done")
    assert "bucket" not in page_of(admin, cast, bulk)
    assert admin.post(at(cast, "deposit", pk=bulk.pk)).status_code == 409
    with pytest.raises(TransitionRefused, match="no bucket"):
        depositing.deposit(bulk=bulk, by=cast.admin)
    assert not Deposit.objects.exists()


def test_archives_are_never_put_beside_peoples_files():
    files = {"bucket_name": "evidence", "endpoint_url": None, "access_key": "key"}
    told = archives_in("archives", files)
    assert told["OPTIONS"] == {**files, "bucket_name": "archives"}
    with pytest.raises(ImproperlyConfigured, match="another bucket"):
        archives_in("evidence", files)


def test_what_shows_the_hidden_goes_into_no_bucket(archives, admin, client, cast, asked):
    bulk = asked("done", choices=Options(unredacted="They asked.").kept())
    for person in (cast.admin, cast.data_lead):
        client.force_login(person)
        page = page_of(client, cast, bulk)
        assert BUTTON not in page
        assert "so they are not put into a bucket" in page
        answer = client.post(at(cast, "deposit", pk=bulk.pk))
        assert answer.status_code == 409
        assert "show what was hidden" in answer.content.decode()
    assert not Deposit.objects.exists()


def test_one_lost_pdf_is_left_out_listed_and_said(archives, admin, cast, asked):
    bulk = asked("done", "done")
    lost = bulk.reports.order_by("pk").first()
    store.place_of(lost.blob.sha256).unlink()
    made = depositing.deposit(bulk=bulk, by=cast.admin)
    put_into_bucket(made.pk)
    made.refresh_from_db()
    assert (made.status, made.lost, copies()) == ("done", [lost.pk], 1)
    data = archives.get_object(Bucket=ARCHIVES, Key=made.key)["Body"].read()
    assert data == fetched(admin, address(admin, cast, bulk))
    with zipfile.ZipFile(io.BytesIO(data)) as read:
        index, name = read.namelist()
        rows = list(csv.DictReader(io.StringIO(read.read(index).decode("utf-8-sig"))))
    assert lost.code not in name
    reasons = {row["Code"]: row["Why it is not here"] for row in rows}
    assert "no longer in the store" in reasons.pop(lost.code)
    assert list(reasons.values()) == [""]
    assert "1 PDF is no longer in the store" in page_of(admin, cast, bulk)


def test_where_all_are_lost_there_is_no_archive(archives, cast, asked):
    bulk = asked("done")
    store.place_of(bulk.reports.get().blob.sha256).unlink()
    made = depositing.deposit(bulk=bulk, by=cast.admin)
    put_into_bucket(made.pk)
    made.refresh_from_db()
    assert (made.status, lying(archives)) == ("failed", [])
    assert "None of these PDFs" in made.error


# Who ----------------------------------------------------------------------


def test_who_may_ask_for_one_and_cancel_it(archives, client, cast, asked):
    bulk = asked("done")
    for role, person in cast.people().items():
        client.force_login(person)
        made = client.post(at(cast, "deposit", pk=bulk.pk))
        assert made.status_code == (302 if ROLES.get(role) else 403), role
        row = Deposit.objects.filter(status="queued").first() or Deposit.objects.create(
            bulk=bulk, asked_by=cast.admin, reports=[]
        )
        stopped = client.post(at(cast, "deposit_cancel", pk=bulk.pk, deposit=row.pk))
        assert stopped.status_code == (302 if ROLES.get(role) else 403), role
        row.refresh_from_db()
        assert row.status == ("cancelled" if ROLES.get(role) else "queued"), role
        row.delete()


@pytest.mark.parametrize("role", ["iqa", "assessor", "learner"])
def test_who_may_not_is_not_told_of_one_under_way_either(archives, cast, asked, role):
    bulk = asked("done")
    made = depositing.deposit(bulk=bulk, by=cast.admin)
    person = getattr(cast, role)
    with pytest.raises(PermissionDenied):
        depositing.deposit(bulk=bulk, by=person)
    with pytest.raises(PermissionDenied):
        depositing.cancel(deposit=made, by=person)
    made.refresh_from_db()
    assert made.status == "queued"


def test_an_iqa_sees_how_far_it_is_and_cannot_stop_it(archives, client, cast, asked):
    bulk = asked("done")
    made = depositing.deposit(bulk=bulk, by=cast.admin)
    stop = at(cast, "deposit_cancel", pk=bulk.pk, deposit=made.pk)
    client.force_login(cast.iqa)
    assert f'id="deposit-{made.pk}"' in page_of(client, cast, bulk)
    assert stop not in page_of(client, cast, bulk)
    client.force_login(cast.data_lead)
    assert stop in page_of(client, cast, bulk)


def test_another_centres_admin_finds_nothing(archives, client, cast, asked, outsiders):
    bulk, theirs = asked("done"), asked("done")
    made = depositing.deposit(bulk=bulk, by=cast.admin)
    client.force_login(outsiders.admin)
    there = {"centre": cast.centre.slug, "pk": bulk.pk}
    assert client.post(reverse("reports:deposit", kwargs=there)).status_code == 404
    there["deposit"] = made.pk
    assert client.post(reverse("reports:deposit_cancel", kwargs=there)).status_code == 404
    client.force_login(cast.admin)
    there["pk"] = theirs.pk
    assert client.post(reverse("reports:deposit_cancel", kwargs=there)).status_code == 404
    assert Deposit.objects.get().status == "queued"


# What the page says -------------------------------------------------------------------------


def test_how_far_it_is_stands_in_words_and_as_a_bar(archives, admin, cast, asked):
    bulk = asked("done")
    made = depositing.deposit(bulk=bulk, by=cast.admin)
    assert "Waiting to start" in page_of(admin, cast, bulk)
    Deposit.objects.update(status="running", sent=512 * 1024, size=4 * 1024 * 1024)
    page = page_of(admin, cast, bulk)
    assert f'max="{4 * 1024 * 1024}" value="{512 * 1024}"' in page
    assert "512 KB of 4 MB sent" in page.replace("\xa0", " ")
    assert f"depositing={made.pk}" in page


@pytest.mark.parametrize("end", ["done", "failed", "cancelled"])
def test_who_listens_is_told_when_it_has_ended(archives, admin, cast, asked, end):
    """Also when no export has ended meanwhile."""
    bulk = asked("done")
    made = depositing.deposit(bulk=bulk, by=cast.admin)
    polled = f"{at(cast, 'bulk', pk=bulk.pk)}?under_way=0&depositing={made.pk}"
    assert 'id="deposit-news"' in page_of(admin, cast, bulk)
    assert "deposit-news" not in admin.get(polled, headers={"HX-Request": "true"}).content.decode()
    Deposit.objects.update(status=end, size=1, key="k")
    news = admin.get(polled, headers={"HX-Request": "true"}).content.decode()
    made.refresh_from_db()
    assert f'id="deposit-news" hx-swap-oob="innerHTML">{made.standing()}<' in news
    assert "every 2s" not in news


# Cancelled ----------------------------------------------------------------------


def test_one_that_waits_is_never_started(archives, admin, cast, asked):
    made = depositing.deposit(bulk=asked("done"), by=cast.admin)
    depositing.cancel(deposit=made, by=cast.admin)
    put_into_bucket(made.pk)
    made.refresh_from_db()
    assert (made.status, made.attempts, lying(archives)) == ("cancelled", 0, [])
    assert not Notice.objects.exists()  # whoever did it knows
    with pytest.raises(TransitionRefused, match="Cancelled"):
        depositing.cancel(deposit=made, by=cast.admin)


def test_whoever_asked_is_told_when_another_cancels_it(archives, cast, asked):
    made = depositing.deposit(bulk=asked("done"), by=cast.admin)
    depositing.cancel(deposit=made, by=cast.data_lead)
    notice = Notice.objects.get()
    assert (notice.kind, notice.recipient) == ("export_failed", cast.admin)


# Waiting ----------------------------------------------------------------------


@pytest.mark.parametrize("busy", ["with an export", "with another archive", ""])
def test_one_that_rightly_waits_is_not_sent_again_and_again(
    archives, cast, asked, settings, monkeypatch, busy
):
    sent: list[int] = []
    made = depositing.deposit(bulk=asked("done"), by=cast.admin)
    now = timezone.now()
    Deposit.objects.update(heartbeat_at=now - timedelta(seconds=40))
    if busy == "with an export":
        asked("running", heartbeat_at=now)
    elif busy:
        other = depositing.deposit(bulk=asked("done"), by=cast.admin)
        Deposit.objects.filter(pk=other.pk).update(status="running", heartbeat_at=now)
    monkeypatch.setattr(type(depositing.DEPOSITS), "send", lambda self, pks: sent.extend(pks))
    depositing.resend_stuck()
    assert sent == ([] if busy else [made.pk])
    long_ago = now - timedelta(seconds=settings.REPORT_QUIET_AFTER * 4 + 1)
    Deposit.objects.filter(pk=made.pk).update(heartbeat_at=long_ago)
    sent.clear()
    depositing.resend_stuck()
    assert sent == [made.pk]


def test_exports_wait_behind_an_archive_likewise(archives, cast, asked, monkeypatch):
    sent: list[int] = []
    now = timezone.now()
    asked("queued", heartbeat_at=now - timedelta(seconds=40))
    depositing.deposit(bulk=asked("done"), by=cast.admin)
    Deposit.objects.update(status="running", heartbeat_at=now)
    monkeypatch.setattr(type(queue.REPORTS), "send", lambda self, pks: sent.extend(pks))
    queue.resend_stuck()
    assert sent == []
    Deposit.objects.update(status="done")
    queue.resend_stuck()
    assert sent == [Report.objects.get(status="queued").pk]
