"""Sending a file in parts by tus 1.0, as the protocol's text says: its core."""

import hashlib

import pytest

from files import store
from files.models import Transfer, Upload
from tests.files.transfers.tus import BYTES, DATA, SIZE, base64_of


def test_a_file_in_three_parts(tus, cast, stored):
    url = tus.begin()
    for at, to in ((0, 100), (100, 101), (101, SIZE)):
        assert tus.offset(url) == at
        answer = tus.patch(url, DATA[at:to], at)
        assert (answer.status_code, answer.content) == (204, b"")
        assert int(answer.headers["Upload-Offset"]) == to
    upload = Upload.objects.get(pk=answer.headers["Signpost-Upload"])
    assert (upload.owner, upload.centre, upload.name) == (cast.learner, cast.centre, "plan.pdf")
    assert store.open_blob(upload.blob).read() == DATA
    assert stored() == [store.place_of(hashlib.sha256(DATA).hexdigest())]


def test_where_it_stands(tus):
    answer = tus.head(tus.begin())
    assert answer.status_code == 200
    assert answer.headers["Upload-Offset"] == "0"
    assert answer.headers["Upload-Length"] == str(SIZE)
    assert answer.headers["Upload-Metadata"] == f"filename {base64_of('plan.pdf')}"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Signpost-Upload" not in answer.headers


def test_every_answer_names_the_version(tus):
    url = tus.begin()
    answers = [tus.post(), tus.head(url), tus.patch(url, b"%PDF", 0), tus.patch(url, b"%PDF", 0)]
    answers += [tus.ask("OPTIONS", tus.place), tus.ask("DELETE", url)]
    assert {answer.headers["Tus-Resumable"] for answer in answers} == {"1.0.0"}


@pytest.mark.parametrize("version", [None, "0.2.2", "1.0.1", "2.0.0", ""])
def test_another_version_is_not_spoken(tus, version):
    url = tus.begin()
    for answer in (
        tus.post(Tus_Resumable=version),
        tus.head(url, Tus_Resumable=version),
        tus.patch(url, DATA, 0, Tus_Resumable=version),
        tus.ask("DELETE", url, Tus_Resumable=version),
    ):
        assert answer.status_code == 412
        assert answer.headers["Tus-Version"] == "1.0.0"
    assert Transfer.objects.count() == 1
    assert tus.offset(url) == 0


def test_what_the_server_can_do(tus, settings):
    answer = tus.ask("OPTIONS", tus.place, Tus_Resumable=None)
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Extension"].split(",") == [
        *("creation", "creation-with-upload", "checksum", "expiration", "termination")
    ]
    assert answer.headers["Tus-Max-Size"] == str(settings.MAX_UPLOAD_BYTES)
    assert answer.headers["Tus-Checksum-Algorithm"] == "sha1,sha256"


@pytest.mark.parametrize("offset", [0, 1, 99, 101, SIZE])
def test_bytes_for_another_place_are_not_taken(tus, offset):
    url = tus.begin()
    tus.patch(url, DATA[:100], 0)
    answer = tus.patch(url, DATA[offset : offset + 10] or b"x", offset)
    assert answer.status_code == 409
    assert tus.offset(url) == 100


@pytest.mark.parametrize("offset", [None, "", "-1", "1.0", "one", "0x0", "+1", "1 ", "9" * 30, "١"])
def test_an_offset_that_is_none(tus, offset):
    url = tus.begin()
    offset = offset.encode().decode("latin-1") if offset else offset
    assert tus.patch(url, b"%PDF", 0, Upload_Offset=offset).status_code == 400
    assert tus.offset(url) == 0


@pytest.mark.parametrize("kind", ["application/octet-stream", "text/plain", f"{BYTES}2", ""])
def test_bytes_of_another_type(tus, kind):
    url = tus.begin()
    assert tus.patch(url, DATA, 0, Content_Type=kind).status_code == 415
    assert tus.offset(url) == 0


def test_more_bytes_than_were_promised(tus):
    url = tus.begin()
    tus.patch(url, DATA[:10], 0)
    assert tus.patch(url, DATA[10:] + b"x", 10).status_code == 413
    assert tus.offset(url) == 10


def test_no_bytes_are_no_harm(tus):
    url = tus.begin()
    assert tus.patch(url, b"", 0).headers["Upload-Offset"] == "0"


def test_clients_that_can_only_post(tus):
    url = tus.begin()
    answer = tus.ask(
        "POST", url, DATA[:9], X_HTTP_Method_Override="PATCH", Upload_Offset=0, Content_Type=BYTES
    )
    assert answer.headers["Upload-Offset"] == "9"
    assert tus.ask("POST", url, X_HTTP_Method_Override="HEAD").headers["Upload-Offset"] == "9"
    assert tus.ask("POST", url).status_code == 405
    assert tus.ask("POST", url, X_HTTP_Method_Override="PUT").status_code == 405
    assert tus.ask("HEAD", url, X_HTTP_Method_Override="DELETE").status_code == 200
    assert tus.ask("POST", url, X_HTTP_Method_Override="DELETE").status_code == 204
