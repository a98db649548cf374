"""Files in a bucket, on an S3 server of the test's own."""

import http.client
import re
import socket
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.client import BaseClient
from django.core.files.storage import storages
from django.http import Http404
from django.urls import reverse
from moto.server import ThreadedMotoServer

from config.settings import bucket_origin
from files import actions, serving, store
from files.models import Blob, Upload
from files.refusals import NotReachable, NotStored
from portfolio.models import EvidenceFile
from reports import pictures
from tests.factories import (
    Cast,
    make_edition,
    make_enrolment,
    make_portfolio,
    make_version,
    uploaded,
)
from tests.files import samples
from tests.files.transfers import tus as tusing

BUCKET = "evidence"
DATA = b"0123456789" * 100_000


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def options(endpoint: str) -> dict[str, str]:
    return {
        "bucket_name": BUCKET,
        "endpoint_url": endpoint,
        "access_key": "key",
        "secret_key": "secret",
        "region_name": "eu-west-2",
    }


def use(settings, endpoint: str) -> None:
    blobs = {"BACKEND": "files.bucket.Bucket", "OPTIONS": options(endpoint)}
    settings.STORAGES = {**settings.STORAGES, "blobs": blobs}


@pytest.fixture
def s3(server: str, settings) -> Iterator[BaseClient]:
    """The server as its owner sees it; the store uses the bucket on it."""
    names = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
    client = boto3.client("s3", endpoint_url=server, region_name="eu-west-2", **names)
    place = {"LocationConstraint": "eu-west-2"}
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)
    use(settings, server)
    yield client
    for key in keys(client):
        client.delete_object(Bucket=BUCKET, Key=key)
    client.delete_bucket(Bucket=BUCKET)


@pytest.fixture
def nobody_there(settings) -> str:
    """An address at which no server listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    use(settings, f"http://127.0.0.1:{port}")
    return f"127.0.0.1:{port}"


def keys(client: BaseClient) -> list[str]:
    return [each["Key"] for each in client.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def fetch(url: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    parts = urlsplit(url)
    line = http.client.HTTPConnection(parts.netloc, timeout=20)
    line.request("GET", f"{parts.path}?{parts.query}", headers=headers)
    answer = line.getresponse()
    return answer, answer.read()


def on_disk(settings) -> list[str]:
    return [path.name for path in settings.BLOB_DIR.rglob("*") if path.is_file()]


@pytest.fixture
def film(s3: BaseClient, db: None) -> Blob:
    return actions.keep_bytes(chunks=[DATA], media_type="video/mp4")


def test_bytes_lie_in_the_bucket_under_their_digest_and_nowhere_else(s3, film, settings):
    assert keys(s3) == [store.key_of(film.sha256)]
    assert s3.get_object(Bucket=BUCKET, Key=keys(s3)[0])["Body"].read() == DATA
    assert on_disk(settings) == []
    assert store.open_blob(film).read() == DATA
    assert store.open_blob(film, range(5, 8)).read() == b"567"


def test_the_same_bytes_again_are_not_sent_again(s3, film, monkeypatch):
    before = s3.head_object(Bucket=BUCKET, Key=store.key_of(film.sha256))["LastModified"]
    monkeypatch.setattr(type(storages["blobs"]), "save", None)  # calling it would fail
    assert store.keep([DATA]) == (film.sha256, len(DATA))
    after = s3.head_object(Bucket=BUCKET, Key=store.key_of(film.sha256))["LastModified"]
    assert before == after


def test_a_real_file_for_as_long_as_it_is_needed(film, settings):
    with store.local(film) as path:
        assert path.read_bytes() == DATA
    assert on_disk(settings) == []


def test_lost_bytes_have_no_file(s3, film, settings):
    s3.delete_object(Bucket=BUCKET, Key=store.key_of(film.sha256))
    with store.local(film) as path, pytest.raises(FileNotFoundError):
        path.open("rb")
    assert not store.has(film.sha256)


def test_a_player_is_sent_to_the_bucket_for_a_while(rf, film):
    response = serving.respond(request=rf.get("/"), blob=film, name="tâlk.mp4", inline=True)
    assert response.status_code == 302
    assert response["Cache-Control"] == "private, no-store"
    assert "ETag" not in response
    address = response["Location"]
    assert re.search(r"X-Amz-Expires=3600\b", address)
    answer, data = fetch(address)
    assert data == DATA
    assert answer.headers["Content-Type"] == "video/mp4"
    assert answer.headers["Content-Disposition"] == "inline; filename*=utf-8''t%C3%A2lk.mp4"


def test_the_bucket_sends_the_part_that_a_player_asks_for(rf, film):
    response = serving.respond(request=rf.get("/"), blob=film, name="a.mp4", inline=True)
    answer, data = fetch(response["Location"], Range="bytes=20-24")
    assert (answer.status, data) == (206, b"01234")
    assert answer.headers["Content-Range"] == f"bytes 20-24/{len(DATA)}"


def test_what_is_fetched_at_once_has_a_minute(rf, s3, db):
    blob = actions.keep_bytes(chunks=[b"picture"], media_type="image/png")
    response = serving.respond(request=rf.get("/"), blob=blob, name="a.png", inline=True)
    assert re.search(r"X-Amz-Expires=60\b", response["Location"])


def test_a_page_can_never_be_opened_at_the_buckets_address(rf, s3, db):
    page = actions.keep_bytes(chunks=[b"<script>1</script>"], media_type="text/html")
    response = serving.respond(request=rf.get("/"), blob=page, name="page.html", inline=False)
    answer, _data = fetch(response["Location"])
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="page.html"'


@pytest.mark.parametrize("media_type", ["application/pdf", "text/plain", "application/json"])
def test_what_our_pages_read_or_frame_comes_from_our_own_origin(rf, s3, db, media_type):
    blob = actions.keep_bytes(chunks=[b"words"], media_type=media_type)
    response = serving.respond(request=rf.get("/"), blob=blob, name="a", inline=True)
    assert response.status_code == 200
    assert response.getvalue() == b"words"
    assert response["Content-Security-Policy"] == serving.SANDBOX


def test_after_a_form_the_bytes_come_from_our_own_origin(rf, film):
    response = serving.respond(request=rf.post("/"), blob=film, name="a.mp4")
    assert response.getvalue() == DATA


def test_switched_off_all_of_it_passes_through_us(rf, film, settings):
    settings.S3_DIRECT = False
    whole = serving.respond(request=rf.get("/"), blob=film, name="a.mp4", inline=True)
    assert whole.getvalue() == DATA
    assert whole["ETag"] == f'"{film.sha256}"'
    headers = {"range": "bytes=-3"}
    part = serving.respond(request=rf.get("/", headers=headers), blob=film, name="a.mp4")
    assert (part.status_code, part.getvalue()) == (206, b"789")


@pytest.mark.parametrize("direct", [True, False])
def test_a_missing_object_is_not_found_and_is_reported(rf, s3, film, settings, caplog, direct):
    settings.S3_DIRECT = direct
    s3.delete_object(Bucket=BUCKET, Key=store.key_of(film.sha256))
    with pytest.raises(Http404):
        serving.respond(request=rf.get("/"), blob=film, name="a.mp4", inline=True)
    assert film.sha256 in caplog.text


@pytest.mark.parametrize("endpoint", ["https://s3.example.org/", None])
def test_pages_may_show_what_the_signed_addresses_lead_to(settings, endpoint):
    use(settings, endpoint)
    address = storages["blobs"].address("a", content_type="b", disposition="c", seconds=1)
    assert address.startswith(bucket_origin(options(endpoint)) + "/")


@pytest.fixture
def photo(client, cast: Cast, s3) -> EvidenceFile:
    """A picture from a phone, sent by its owner and attached to evidence."""
    client.force_login(cast.learner)
    sent = samples.phone_jpeg()
    answer = client.post(
        reverse("files:upload", kwargs={"centre": cast.centre.slug}),
        {"file": uploaded("photo.jpg", sent)},
    )
    assert answer.status_code == 201, answer.content
    enrolment = make_enrolment(make_portfolio(cast.centre, cast.learner), make_edition())
    version = make_version(enrolment.portfolio, gathered_on=date(2026, 10, 1))
    upload = Upload.objects.get()
    return EvidenceFile.objects.create(version=version, blob=upload.blob, name="photo.jpg", order=0)


def address_of(file: EvidenceFile) -> str:
    centre = file.version.evidence.portfolio.centre.slug
    return reverse("portfolio:file", kwargs={"centre": centre, "pk": file.pk})


def test_from_the_upload_to_the_page_to_the_printed_picture(client, photo, s3, tmp_path):
    assert len(keys(s3)) == 2  # the picture, and the copy without where it was taken
    client.force_login(photo.version.evidence.portfolio.learner)
    answer = client.get(address_of(photo), {"preview": "1"})
    assert answer.status_code == 302
    _answer, shown = fetch(answer["Location"])
    assert shown.startswith(b"\xff\xd8\xff")
    assert samples.SECRET.encode() not in shown
    (printed,) = pictures.prepare([photo.blob.shown.sha256], tmp_path)
    assert printed.path is not None
    assert printed.path.read_bytes().startswith(b"\xff\xd8\xff")
    assert pictures.lost([photo.blob.sha256, "0" * 64]) == {"0" * 64}


def test_a_stranger_is_given_no_address(client, photo, outsiders):
    client.force_login(outsiders.assessor)
    assert client.get(address_of(photo)).status_code in (403, 404)


def test_when_the_bucket_cannot_be_reached_an_upload_is_refused_whole(
    client, cast, nobody_there, settings
):
    client.force_login(cast.learner)
    answer = client.post(
        reverse("files:upload", kwargs={"centre": cast.centre.slug}),
        {"file": uploaded("plan.pdf", samples.pdf())},
    )
    assert answer.status_code == 503
    assert "nothing was saved" in answer.json()["error"]
    assert not Blob.objects.exists()
    assert not Upload.objects.exists()
    assert on_disk(settings) == []


def test_what_came_in_parts_lies_in_the_bucket_and_nowhere_else(tus, s3, settings):
    url = tus.begin()
    tus.patch(url, tusing.DATA[:1000], 0)
    assert keys(s3) == []
    answer = tus.patch(url, tusing.DATA[1000:], 1000)
    upload = Upload.objects.get(pk=answer.headers["Signpost-Upload"])
    assert keys(s3) == [store.key_of(upload.blob.sha256)]
    assert s3.get_object(Bucket=BUCKET, Key=keys(s3)[0])["Body"].read() == tusing.DATA
    assert on_disk(settings) == []


def test_a_bucket_that_is_away_at_the_last_byte_loses_nothing(
    tus, s3, server, nobody_there, settings
):
    """All bytes wait beside the store, once; when the bucket is back, asking is enough."""
    url = tus.begin()
    tus.patch(url, tusing.DATA[:-1], 0)
    answer = tus.patch(url, tusing.DATA[-1:], tusing.SIZE - 1)
    assert (answer.status_code, tus.head(url).status_code) == (503, 503)
    assert "Files cannot be stored just now" in answer.content.decode()
    assert not Blob.objects.exists()
    assert not Upload.objects.exists()
    assert keys(s3) == []
    assert on_disk(settings) == [tusing.part_of(url).name]
    use(settings, server)
    upload = Upload.objects.get(pk=tus.head(url).headers["Signpost-Upload"])
    assert store.open_blob(upload.blob).read() == tusing.DATA
    assert on_disk(settings) == []


def test_when_the_bucket_cannot_be_reached_a_reader_is_told_so(client, photo, nobody_there):
    client.force_login(photo.version.evidence.portfolio.learner)
    answer = client.get(address_of(photo))
    assert answer.status_code == 503
    assert "Try again in a few minutes" in answer.content.decode()


def test_when_the_bucket_cannot_be_reached_nothing_is_taken_for_lost(photo, nobody_there):
    with pytest.raises(NotReachable):
        pictures.lost([photo.blob.sha256])
    with pytest.raises(NotStored):
        store.keep([b"more"])


def test_a_bucket_that_is_not_there_refuses_plainly(server, settings, db):
    use(settings, server)
    with pytest.raises(NotStored):
        actions.keep_bytes(chunks=[DATA], media_type="video/mp4")
    assert not Blob.objects.exists()
    assert on_disk(settings) == []
