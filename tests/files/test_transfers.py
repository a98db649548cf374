"""Sending a file in parts by tus 1.0, as the protocol's text says."""

import base64
import errno
import hashlib
import os
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.http import parse_http_date

from files import store, tasks
from files.models import Blob, Brought, Transfer, Upload
from files.transfers import actions, parts
from files.transfers.parts import Moved, Part
from tests.files import samples

DATA = samples.pdf() + bytes(3000) + b"startxref"
SIZE = len(DATA)
BYTES = "application/offset+octet-stream"


def base64_of(text):
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


class Tus:
    """A client that says exactly what it is told to; None leaves a header out."""

    def __init__(self, client, centre):
        self.client = client
        self.place = reverse("files:transfers", kwargs={"centre": centre.slug})

    def ask(self, method, url, body=b"", **headers):
        sent = {"Tus-Resumable": "1.0.0"}
        sent |= {name.replace("_", "-"): str(value) for name, value in headers.items()}
        for name in [name for name, value in headers.items() if value is None]:
            del sent[name.replace("_", "-")]
        return self.client.generic(method, url, body, headers=sent)

    def post(self, body=b"", name="plan.pdf", **headers):
        said = f"filename {base64_of(name)}"
        sent = {"Upload_Length": SIZE, "Upload_Metadata": said, **headers}
        return self.ask("POST", self.place, body, **sent)

    def begin(self, **how):
        answer = self.post(**how)
        assert answer.status_code == 201, answer.content
        return answer.headers["Location"]

    def patch(self, url, body, at, **headers):
        sent = {"Upload_Offset": at, "Content_Type": BYTES, **headers}
        return self.ask("PATCH", url, body, **sent)

    def head(self, url, **headers):
        return self.ask("HEAD", url, **headers)

    def offset(self, url):
        return int(self.head(url).headers["Upload-Offset"])


@pytest.fixture
def tus(client, cast):
    client.force_login(cast.learner)
    return Tus(client, cast.centre)


def part_of(url):
    return parts.path_of(uuid.UUID(url.split("/")[-2]))


# Core


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


# Creation


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


# Expiration


def test_when_it_expires_is_said_and_put_off_by_whoever_goes_on(tus):
    url = tus.begin()
    Transfer.objects.update(expires_at=timezone.now() + timedelta(hours=1))
    before = parse_http_date(tus.head(url).headers["Upload-Expires"])
    assert parse_http_date(tus.patch(url, b"%PDF", 0).headers["Upload-Expires"]) > before


def test_what_was_given_up_expires(tus, stored):
    old, new = tus.begin(), tus.begin()
    Transfer.objects.filter(pk=old.split("/")[-2]).update(expires_at=timezone.now())
    tasks.sweep()
    assert tus.head(old).status_code == 404
    assert tus.head(new).status_code == 200
    assert stored() == [part_of(new)]


def test_what_it_became_stays(tus, stored):
    url = tus.begin()
    tus.patch(url, DATA, 0)
    Transfer.objects.update(expires_at=timezone.now())
    tasks.sweep()
    assert tus.head(url).status_code == 404
    assert Upload.objects.count() == 1
    assert len(stored()) == 1


# Termination


def test_given_up(tus, stored):
    url = tus.begin()
    tus.patch(url, DATA[:10], 0)
    answer = tus.ask("DELETE", url)
    assert (answer.status_code, answer.content) == (204, b"")
    assert [tus.head(url).status_code, tus.patch(url, b"x", 10).status_code] == [404, 404]
    assert tus.ask("DELETE", url).status_code == 404
    assert stored() == []


# The end, and what comes after


def test_the_end_may_be_asked_for_again(tus):
    url = tus.begin()
    first = tus.patch(url, DATA, 0).headers["Signpost-Upload"]
    assert tus.patch(url, b"", SIZE).headers["Signpost-Upload"] == first
    assert tus.head(url).headers["Signpost-Upload"] == first
    assert tus.patch(url, DATA, 0).status_code == 409
    assert tus.patch(url, b"x", SIZE).status_code == 413
    assert Upload.objects.count() == 1


def test_once_it_was_put_somewhere_it_is_gone(tus):
    """So that another tab sends the file again, in place of naming what is used up."""
    url = tus.begin()
    tus.patch(url, DATA, 0)
    Upload.objects.get().delete()
    assert tus.head(url).status_code == 410
    assert tus.patch(url, b"", SIZE).status_code == 410


@pytest.mark.parametrize("ask", ["head", "patch"])
@pytest.mark.parametrize("kept", [False, True])
def test_a_server_killed_at_the_very_end(tus, stored, monkeypatch, ask, kept):
    """Before or after the bytes got their name: the row is made by whoever asks next."""

    class Killed(BaseException):
        pass

    def die(*_args, **_kwargs):
        raise Killed

    url = tus.begin()
    with monkeypatch.context() as patched:
        patched.setattr(actions, "enter" if kept else "examine", die)
        with pytest.raises(Killed):
            tus.patch(url, DATA, 0)
    assert len(stored()) == (2 if kept else 1)
    answer = tus.head(url) if ask == "head" else tus.patch(url, b"", SIZE)
    assert Upload.objects.get(pk=answer.headers["Signpost-Upload"]).blob.size == SIZE
    assert stored() == [store.place_of(hashlib.sha256(DATA).hexdigest())]


def test_a_part_left_behind_by_a_server_killed_after_the_row(tus, stored):
    url = tus.begin()
    tus.patch(url, DATA, 0)
    part_of(url).write_bytes(b"left over")
    assert tus.head(url).headers["Signpost-Upload"]
    tasks.sweep()
    assert len(stored()) == 1


def test_bytes_lost_with_their_disk(tus):
    url = tus.begin()
    part_of(url).unlink()
    assert tus.head(url).status_code == 410
    assert tus.patch(url, DATA, 0).status_code == 410


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("photo.jpg", samples.pdf(), "but it is a PDF"),
        ("bomb.png", samples.png_bomb(), "too many pixels"),
        ("page.html", b"<html>", "web page"),
    ],
)
def test_the_same_checks_as_ever(tus, stored, name, data, says):
    url = tus.begin(name=name, Upload_Length=len(data))
    answer = tus.patch(url, data, 0)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert tus.head(url).status_code == 404
    assert stored() == []
    assert not Blob.objects.exists()


def test_a_picture_gets_its_copy_for_others(tus, stored):
    data = samples.phone_jpeg()
    url = tus.begin(name="photo.jpg", Upload_Length=len(data))
    tus.patch(url, data, 0)
    blob = Upload.objects.get().blob
    assert store.open_blob(blob).read() == data
    assert samples.SECRET.encode() not in store.open_blob(blob.shown).read()
    assert len(stored()) == 2


def test_the_same_file_twice_is_stored_once(tus, stored):
    for _ in range(2):
        assert tus.patch(tus.begin(), DATA, 0).status_code == 204
    assert Upload.objects.count() == 2
    assert Brought.objects.count() == 1
    assert len(stored()) == 1


# Disks and lines that fail


class Breaks:
    """A body whose line goes dead: by an end too early, or by an error."""

    def __init__(self, data, error):
        self.data, self.error = data, error

    def read(self, size):
        piece, self.data = self.data[:size], self.data[size:]
        if not piece and self.error:
            raise self.error
        return piece


@pytest.mark.parametrize("error", [None, ConnectionResetError(), TimeoutError()])
def test_a_line_that_breaks_keeps_what_came(tus, cast, error):
    url = tus.begin(Upload_Length=500_000)
    transfer = Transfer.objects.get()
    body = Breaks(bytes(300_000), error)
    at = actions.add(
        transfer=transfer, body=body, at=0, most=500_000, checksum=None, by=cast.learner
    )
    assert at == tus.offset(url) == 300_000


@pytest.mark.parametrize("error", [None, ConnectionResetError()])
def test_a_line_that_breaks_in_the_first_request_begins_nothing(tus, stored, monkeypatch, error):
    meant = actions.add

    def broken(*, body, **given):
        return meant(body=Breaks(body.read(500), error), **given)

    monkeypatch.setattr(actions, "add", broken)
    tus.post(DATA, Content_Type=BYTES)
    assert not Transfer.objects.exists()  # nor is room taken for it
    assert stored() == []


def test_a_full_disk_keeps_what_came_and_goes_on_later(tus, monkeypatch):
    url = tus.begin()
    write = os.pwrite
    left = [1000]

    def fills_up(fd, data, at):
        if not left[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        done = write(fd, data[: left[0]], at)
        left[0] -= done
        return done

    monkeypatch.setattr(os, "pwrite", fills_up)
    answer = tus.patch(url, DATA, 0)
    assert answer.status_code == 507
    assert "no room left" in answer.content.decode()
    assert tus.offset(url) == 1000
    monkeypatch.undo()
    assert tus.patch(url, DATA[1000:], 1000).headers["Signpost-Upload"]


def test_a_disk_that_is_full_at_the_end_ends_nothing(tus, monkeypatch):
    url = tus.begin()

    def full(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store.os, "fsync", full)
    assert tus.patch(url, DATA, 0).status_code == 507
    monkeypatch.undo()
    assert tus.head(url).headers["Signpost-Upload"]


def test_no_part_can_be_made(tus, monkeypatch):
    def full(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(parts.os, "open", full)
    answer = tus.post()
    monkeypatch.undo()
    assert answer.status_code == 507
    assert not Transfer.objects.exists()


# Several at once


def test_of_two_who_send_at_once_one_looks_again(tus):
    """A line that everybody thought dead wakes up after another has gone on."""
    tus.begin()
    transfer = Transfer.objects.get()
    with Part(transfer.pk, length=SIZE) as late, Part(transfer.pk, length=SIZE) as early:
        late.add(DATA[:10], at=0)
        early.add(DATA[10:20], at=10)
        with pytest.raises(Moved):
            late.add(DATA[10:30], at=10)
    assert part_of(f"/{transfer.pk}/").read_bytes() == DATA[:20]


def test_nobody_writes_into_a_file_that_is_the_stores(tus):
    url = tus.begin()
    transfer = Transfer.objects.get()
    with Part(transfer.pk, length=SIZE) as late:
        tus.patch(url, DATA, 0)
        for at in (0, SIZE):
            with pytest.raises(Moved):
                late.add(b"x", at=at)
    assert store.open_blob(Upload.objects.get().blob).read() == DATA


def test_nobody_writes_into_what_was_given_up(tus, cast):
    tus.begin()
    transfer = Transfer.objects.get()
    with Part(transfer.pk, length=SIZE) as late:
        actions.end(transfer=transfer, by=cast.learner)
        with pytest.raises(Moved):
            late.add(DATA, at=0)


# Who may


def test_only_the_owner_finds_it(tus, cast, outsiders):
    url = tus.begin()
    everyone = [*cast.people().values(), *outsiders.people().values()]
    found = []
    for person in everyone:
        tus.client.force_login(person)
        answers = [tus.head(url), tus.patch(url, b"x", 0), tus.ask("DELETE", url)]
        found += [person] * (answers[0].status_code != 404)
        assert len({answer.status_code == 404 for answer in answers}) == 1
    assert found == [cast.learner]


def test_through_another_centre_of_ones_own(tus, cast, outsiders):
    url = tus.begin()
    elsewhere = url.replace(cast.centre.slug, outsiders.centre.slug)
    assert tus.head(elsewhere).status_code == 404


def test_signed_out(tus, cast):
    url = tus.begin()
    tus.client.logout()
    answers = [tus.post(), tus.head(url), tus.patch(url, DATA, 0), tus.ask("DELETE", url)]
    assert [answer.status_code for answer in answers] == [401] * 4


def test_without_the_forms_token(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.learner)
    tus = Tus(client, cast.centre)
    assert tus.post().status_code == 403
    transfer = actions.begin(
        name="a.pdf", length=9, metadata="", centre=cast.centre, by=cast.learner
    )
    url = f"{tus.place}{transfer.pk}/"
    assert tus.patch(url, b"x", 0).status_code == 403
    assert tus.ask("DELETE", url).status_code == 403
    assert tus.ask("POST", url, X_HTTP_Method_Override="DELETE").status_code == 403
    assert tus.offset(url) == 0


def test_how_many_queries(tus, django_assert_num_queries):
    tus.post(DATA, Content_Type=BYTES)
    with django_assert_num_queries(20):
        tus.post(DATA + b"other", Upload_Length=SIZE + 5, Content_Type=BYTES)
