"""How a transfer begins, with its first bytes or without, and bytes with their check sums."""

import hashlib

import pytest

from files import store
from files.models import Transfer, Upload
from tests.files.transfers.tus import BYTES, DATA, SIZE, base64_of


@pytest.mark.parametrize("length", [None, "", "-1", "many", "1e3", "9" * 30])
def test_a_length_that_is_none(tus, length):
    assert tus.post(Upload_Length=length).status_code == 400


def test_a_length_to_be_told_later(tus):
    assert tus.post(Upload_Length=None, Upload_Defer_Length="1").status_code == 400


def test_too_large_is_told_before_the_first_byte(tus, settings, stored):
    answer = tus.post(Upload_Length=settings.MAX_UPLOAD_BYTES + 1)
    assert answer.status_code == 413
    assert "too large" in answer.content.decode()
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert not Transfer.objects.exists()
    assert stored() == []


@pytest.mark.parametrize(
    ("name", "says"),
    [("../etc/passwd", "folder"), ("", "no name"), ("a" * 300, "too long"), ("a\x01b", "hidden")],
)
def test_so_is_a_name_that_will_not_do(tus, name, says):
    answer = tus.post(name=name)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Transfer.objects.exists()


def test_so_is_an_empty_file(tus):
    answer = tus.post(Upload_Length=0)
    assert answer.status_code == 422
    assert "empty" in answer.content.decode()


@pytest.mark.parametrize(
    "metadata",
    [
        "filename not-base64!",
        "filename é",
        f"filename {base64_of(bytes([255, 254]))}",
        f"filename {base64_of('a')},filename {base64_of('b')}",
        "x " * 4000,
    ],
)
def test_metadata_that_cannot_be_read(tus, metadata):
    sent = metadata.encode().decode("latin-1")
    assert tus.post(Upload_Metadata=sent).status_code == 400
    assert not Transfer.objects.exists()


def test_metadata_comes_back_as_it_was_sent(tus):
    said = f"filename {base64_of('é.pdf')}, filetype {base64_of('application/pdf')},private"
    url = tus.begin(Upload_Metadata=said)
    assert tus.head(url).headers["Upload-Metadata"] == said
    assert Transfer.objects.get().name == "é.pdf"


# Creation with upload


def test_all_in_one_request(tus):
    answer = tus.post(DATA, Content_Type=BYTES)
    assert answer.status_code == 201
    assert answer.headers["Upload-Offset"] == str(SIZE)
    assert Upload.objects.get(pk=answer.headers["Signpost-Upload"]).blob.size == SIZE
    assert tus.head(answer.headers["Location"]).headers["Signpost-Upload"]


def test_the_beginning_with_the_first_request(tus):
    answer = tus.post(DATA[:500], Content_Type=BYTES)
    url = answer.headers["Location"]
    assert answer.headers["Upload-Offset"] == "500"
    assert tus.patch(url, DATA[500:], 500).headers["Signpost-Upload"]


def test_bytes_of_another_type_are_no_beginning(tus):
    answer = tus.post(DATA, Content_Type="application/octet-stream")
    assert answer.status_code == 201
    assert "Upload-Offset" not in answer.headers
    assert tus.offset(answer.headers["Location"]) == 0


def test_more_than_promised_begins_nothing(tus):
    assert tus.post(DATA + b"x", Content_Type=BYTES).status_code == 413
    assert not Transfer.objects.exists()


def test_refused_with_the_first_request(tus, stored):
    answer = tus.post(b"MZ" + DATA[2:], Content_Type=BYTES)
    assert answer.status_code == 422
    assert not Transfer.objects.exists()
    assert stored() == []


# Checksum


@pytest.mark.parametrize("name", ["sha1", "sha256"])
def test_bytes_with_their_checksum(tus, name):
    url = tus.begin()
    digest = base64_of(hashlib.new(name, DATA).digest())
    answer = tus.patch(url, DATA, 0, Upload_Checksum=f"{name} {digest}")
    assert answer.status_code == 204
    assert store.open_blob(Upload.objects.get().blob).read() == DATA


def test_bytes_with_another_checksum_are_thrown_away(tus, stored):
    url = tus.begin()
    tus.patch(url, DATA[:100], 0)
    wrong = base64_of(hashlib.sha1(b"other").digest())
    answer = tus.patch(url, DATA[100:], 100, Upload_Checksum=f"sha1 {wrong}")
    assert answer.status_code == 460
    assert tus.offset(url) == 100
    assert [path.stat().st_size for path in stored()] == [100]


@pytest.mark.parametrize(
    "checksum", ["md5 " + base64_of(b"0" * 16), "sha1", "sha1 !", "sha1 AAAA", "", "sha256 é"]
)
def test_a_checksum_that_is_none(tus, checksum):
    url = tus.begin()
    sent = checksum.encode().decode("latin-1")
    assert tus.patch(url, DATA, 0, Upload_Checksum=sent).status_code == 400
    assert tus.offset(url) == 0


def test_a_wrong_checksum_with_the_first_request_begins_nothing(tus, cast, stored):
    wrong = base64_of(hashlib.sha256(b"other").digest())
    answer = tus.post(DATA, Content_Type=BYTES, Upload_Checksum=f"sha256 {wrong}")
    assert answer.status_code == 460
    assert not Transfer.objects.exists()  # nor is room taken for it
    assert stored() == []
