from collections.abc import Callable, Iterator

import boto3
import pytest
from botocore.client import BaseClient
from django.test import Client
from django.utils import timezone

from files import bucket
from files.actions import keep_bytes
from reports.models import Bulk, Report
from tests.factories import Cast, make_member, make_portfolio
from tests.files.test_s3 import nobody_there, options, s3, server

__all__ = ["nobody_there", "s3", "server"]  # fixtures

ARCHIVES = "archives"
NAMES = ("Zoë Ash", "../Eve\\ Bird", "=Cy Cole")


@pytest.fixture
def admin(client: Client, cast: Cast) -> Client:
    client.force_login(cast.admin)
    return client


@pytest.fixture
def asked(cast: Cast) -> Callable[..., Bulk]:
    """Exports that were asked for at once, in these states."""

    def ask(*statuses: str, **fields) -> Bulk:
        bulk = Bulk.objects.create(
            centre=cast.centre, requested_by=cast.admin, chosen="Cohort: Autumn 2026"
        )
        for place, status in enumerate(statuses):
            name = NAMES[place] if place < len(NAMES) else f"Learner {place}"
            add(bulk, cast, name, status, place, **fields)
        return bulk

    return ask


def add(bulk: Bulk, cast: Cast, name: str, status: str, place: int = 0, **fields) -> Report:
    learner = make_member(cast.centre, "learner", name)
    if status == "done":
        data = b"%PDF-1.7 " + str(place).encode() * (700 * (place + 1))
        fields = {
            "blob": keep_bytes(chunks=[data], media_type="application/pdf"),
            "pages": place + 1,
            "finished_at": timezone.now(),
            **fields,
        }
    return Report.objects.create(
        portfolio=make_portfolio(cast.centre, learner, cohort="Autumn 2026"),
        requested_by=cast.admin,
        bulk=bulk,
        status=status,
        error="No room." if status == "failed" else "",
        **fields,
    )


def archives_at(settings, endpoint: str) -> None:
    place = {**options(endpoint), "bucket_name": ARCHIVES}
    told = {"BACKEND": "files.bucket.Archives", "OPTIONS": place}
    settings.STORAGES = {**settings.STORAGES, "archives": told}


@pytest.fixture
def archives(server: str, settings) -> Iterator[BaseClient]:
    """The server as its owner sees it, with a bucket for archives; files lie on this disk."""
    names = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
    client = boto3.client("s3", endpoint_url=server, region_name="eu-west-2", **names)
    client.create_bucket(
        Bucket=ARCHIVES, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"}
    )
    archives_at(settings, server)
    yield client
    for key in lying(client):
        client.delete_object(Bucket=ARCHIVES, Key=key)
    for key, upload in begun(client):
        client.abort_multipart_upload(Bucket=ARCHIVES, Key=key, UploadId=upload)
    client.delete_bucket(Bucket=ARCHIVES)


def lying(client: BaseClient) -> list[str]:
    found = client.list_objects_v2(Bucket=ARCHIVES).get("Contents", [])
    return [each["Key"] for each in found]


def begun(client: BaseClient) -> list[tuple[str, str]]:
    """Uploads that never came to an end; their owner pays for them, and sees them nowhere."""
    found = client.list_multipart_uploads(Bucket=ARCHIVES).get("Uploads", [])
    return [(each["Key"], each["UploadId"]) for each in found]


@pytest.fixture
def meanwhile(monkeypatch) -> Callable[[Callable[[], object]], None]:
    """Something happens while the first piece of an archive is sent."""

    def do(what: Callable[[], object]) -> None:
        send = bucket.Pieces.send

        def sent(pieces: bucket.Pieces, data: bytes) -> None:
            monkeypatch.setattr(bucket.Pieces, "send", send)
            send(pieces, data)
            what()

        monkeypatch.setattr(bucket.Pieces, "send", sent)

    return do
