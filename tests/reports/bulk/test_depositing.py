"""The archive put into the bucket itself, for others to fetch there: on an S3 server of the test's
own, with no copy on this disk."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice
from ledger.models import Entry
from ledger.transitions import TransitionRefused
from reports.bulk import depositing
from reports.models import Deposit, Report
from reports.tasks import put_into_bucket
from tests.files.test_s3 import keys, nobody_there, on_disk, s3, server
from tests.reports.bulk.test_archive import address, at, copies, fetched

__all__ = ["nobody_there", "s3", "server"]  # fixtures


def lying(s3) -> list[str]:
    return [key for key in keys(s3) if key.startswith("archives/")]


def test_what_lies_there_is_what_would_be_downloaded(s3, admin, cast, asked, settings):
    bulk = asked("done", "done", "failed")
    page = admin.get(at(cast, "bulk", pk=bulk.pk)).content.decode()
    assert "Put the archive into the bucket" in page
    answer = admin.post(at(cast, "deposit", pk=bulk.pk))
    assert answer.url == at(cast, "bulk", pk=bulk.pk)
    assert copies() == 2  # before a byte leaves
    assert {entry.facts["to"] for entry in Entry.objects.filter(verb="report_downloaded")} == {
        "bucket"
    }
    put_into_bucket(Deposit.objects.get().pk)
    made = Deposit.objects.get()
    assert (made.status, made.error, lying(s3)) == ("done", "", [made.key])
    found = s3.get_object(Bucket="evidence", Key=made.key)
    data = found["Body"].read()
    assert found["ContentType"] == "application/zip"
    assert made.size == len(data)
    assert data == fetched(admin, address(admin, cast, bulk))
    with zipfile.ZipFile(io.BytesIO(data)) as read:
        assert read.testzip() is None
    assert on_disk(settings) == []
    assert made.key in admin.get(at(cast, "bulk", pk=bulk.pk)).content.decode()
    assert [notice.kind for notice in Notice.objects.all()] == ["export_ready"]


def test_an_archive_of_many_pieces_arrives_whole(s3):
    """Larger than what leaves at once."""
    chunks = [bytes([number]) * 300_001 for number in range(120)]
    storages["blobs"].put_chunks("archives/large.zip", chunks, content_type="application/zip")
    found = s3.get_object(Bucket="evidence", Key="archives/large.zip")["Body"].read()
    assert found == b"".join(chunks)


def test_asked_for_twice_it_is_one(s3, cast, asked):
    bulk = asked("done")
    first = depositing.deposit(bulk=bulk, by=cast.admin)
    assert depositing.deposit(bulk=bulk, by=cast.admin) == first
    put_into_bucket(first.pk)
    put_into_bucket(first.pk)
    assert copies() == 1
    assert len(lying(s3)) == 1
    assert depositing.deposit(bulk=bulk, by=cast.admin) != first


def test_without_a_bucket_there_is_no_button_and_no_way(admin, cast, asked):
    bulk = asked("done")
    assert "bucket" not in admin.get(at(cast, "bulk", pk=bulk.pk)).content.decode()
    assert admin.post(at(cast, "deposit", pk=bulk.pk)).status_code == 409
    with pytest.raises(TransitionRefused, match="no bucket"):
        depositing.deposit(bulk=bulk, by=cast.admin)
    assert copies() == 0


def test_a_bucket_that_does_not_answer_is_said_once(s3, admin, cast, asked, request):
    bulk = asked("done")
    made = depositing.deposit(bulk=bulk, by=cast.admin)
    request.getfixturevalue("nobody_there")
    put_into_bucket(made.pk)
    put_into_bucket(made.pk)
    made.refresh_from_db()
    assert made.status == "failed"
    assert "just now" in made.error
    assert "did not get there" in admin.get(at(cast, "bulk", pk=bulk.pk)).content.decode()
    assert [notice.kind for notice in Notice.objects.all()] == ["export_failed"]


def test_what_is_withdrawn_meanwhile_does_not_leave(s3, cast, asked):
    bulk = asked("done", "done")
    made = depositing.deposit(bulk=bulk, by=cast.admin)
    Report.objects.filter(pk=bulk.reports.order_by("pk").first().pk).update(
        withdrawn_at=timezone.now()
    )
    put_into_bucket(made.pk)
    made.refresh_from_db()
    assert made.status == "failed"
    assert "no longer handed out" in made.error
    assert lying(s3) == []


def test_a_killed_worker_is_made_up_for_and_not_for_ever(s3, cast, asked, settings):
    made = depositing.deposit(bulk=asked("done"), by=cast.admin)
    rows = Deposit.objects.filter(pk=made.pk)
    long_ago = timezone.now() - timedelta(seconds=settings.REPORT_QUIET_AFTER + 1)
    for attempt in range(1, settings.REPORT_ATTEMPTS + 1):
        rows.update(status="running", attempts=attempt, heartbeat_at=long_ago)
        depositing.resend_stuck()
        made.refresh_from_db()
        last = attempt == settings.REPORT_ATTEMPTS
        assert made.status == ("failed" if last else "queued")
    assert "several times" in made.error


def test_another_centres_admin_finds_nothing(s3, client, cast, asked, outsiders):
    bulk = asked("done")
    client.force_login(outsiders.admin)
    there = {"centre": cast.centre.slug, "pk": bulk.pk}
    assert client.post(reverse("reports:deposit", kwargs=there)).status_code == 404
    assert not Deposit.objects.exists()
