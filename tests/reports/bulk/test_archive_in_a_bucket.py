"""The archive of many exports whose PDFs lie in a bucket, on an S3 server of the test's own: it
passes through us as it is read, whole or any part of it, and no copy of it lies here."""

import io
import zipfile
from itertools import pairwise

import pytest
from django.core.files.storage import storages

from files import store
from reports.models import Report
from tests.files.test_s3 import keys, nobody_there, on_disk, s3, server
from tests.reports.bulk.test_archive import address, copies, fetched

__all__ = ["nobody_there", "s3", "server"]  # fixtures


@pytest.fixture
def opened(s3, monkeypatch) -> list[tuple[str, range | None]]:
    """What was read of the bucket, and how much."""
    read: list[tuple[str, range | None]] = []
    bucket = type(storages["blobs"])
    plain = bucket.read

    def noted(self, key: str, span: range | None) -> object:
        read.append((key, span))
        return plain(self, key, span)

    monkeypatch.setattr(bucket, "read", noted)
    return read


def test_whole_and_in_any_parts_it_is_the_same_byte_for_byte(s3, admin, cast, asked, settings):
    bulk = asked("done", "done", "done")
    assert len(keys(s3)) == 3
    url = address(admin, cast, bulk)
    whole = fetched(admin, url)
    with zipfile.ZipFile(io.BytesIO(whole)) as read:
        assert read.testzip() is None
        for report in Report.objects.select_related("blob"):
            (name,) = (each for each in read.namelist() if report.code in each)
            lying = s3.get_object(Bucket="evidence", Key=store.key_of(report.blob.sha256))
            assert read.read(name) == lying["Body"].read()
    cuts = [0, 1, 700, 701, len(whole) // 2, len(whole) - 30, len(whole)]
    parts = [fetched(admin, url, Range=f"bytes={a}-{b - 1}") for a, b in pairwise(cuts)]
    assert b"".join(parts) == whole
    assert on_disk(settings) == []
    assert copies() == 3


def test_a_broken_download_goes_on_and_reads_only_what_is_missing(opened, admin, cast, asked):
    url = address(admin, cast, asked("done", "done", "done"))
    answer = admin.get(url)
    whole = b"".join(answer.streaming_content)
    last = Report.objects.select_related("blob").order_by("portfolio__learner__name").last()
    start = whole.rindex(b"%PDF-1.7") + 100
    opened.clear()
    rest = fetched(admin, url, Range=f"bytes={start}-", If_Range=answer["ETag"])
    assert whole[:start] + rest == whole
    assert opened == [(store.key_of(last.blob.sha256), range(100, last.blob.size))]


def test_where_the_bucket_does_not_answer_it_is_said_and_nobody_took_a_copy(
    s3,
    admin,
    cast,
    asked,
    request,
):
    bulk = asked("done")
    request.getfixturevalue("nobody_there")
    back = address(admin, cast, bulk)
    assert "opened just now" in admin.get(back).content.decode()
    assert copies() == 0
