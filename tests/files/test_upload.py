"""Sending a file by the page's own address."""

import errno
import hashlib
import os

import pytest
from django.test import Client
from django.urls import reverse

from files import handlers, store
from files.models import Blob, Upload
from tests.factories import jpeg, uploaded
from tests.files import samples
from tests.files.conftest import multipart


def test_a_file_comes_in(send, cast, stored):
    data = samples.pdf()
    response = send((b"plan.pdf", data))
    upload = Upload.objects.get()
    assert response.status_code == 201
    assert response.json() == {
        "id": upload.pk,
        "name": "plan.pdf",
        "size": len(data),
        "media_type": "application/pdf",
    }
    assert (upload.owner, upload.centre) == (cast.learner, cast.centre)
    assert stored() == [store.place_of(hashlib.sha256(data).hexdigest())]
    assert store.open_blob(upload.blob).read() == data


def test_a_picture_keeps_its_bytes_and_gets_a_copy_for_others(send, stored):
    data = samples.phone_jpeg()
    send((b"photo.jpg", data))
    blob = Upload.objects.get().blob
    assert store.open_blob(blob).read() == data
    assert samples.SECRET.encode() not in store.open_blob(blob.shown).read()
    assert len(stored()) == 2


def test_the_same_picture_twice_is_stored_once(send, stored):
    data = samples.phone_jpeg()
    assert [send((name, data)).status_code for name in (b"a.jpg", b"b.jpg")] == [201, 201]
    assert Upload.objects.count() == 2
    assert Blob.objects.count() == 2
    assert len(stored()) == 2


REFUSALS = [
    (b"empty.pdf", b"", "empty"),
    (b"photo.jpg", samples.pdf(), "but it is a PDF"),
    (b"page.html", b"<html>", "web page"),
    (b"bomb.png", samples.png_bomb(), "too many pixels"),
    (b"bomb.docx", samples.ooxml(**{"a.xml": bytes(150 * 2**20)}), "far more than it should"),
    (b"broken.jpg", jpeg()[:300], "damaged"),
    (b"../../etc/passwd.pdf", samples.pdf(), "may not have a folder"),
    (b"..\\plan.pdf", samples.pdf(), "may not have a folder"),
    (b"pl\x01an.pdf", samples.pdf(), "hidden characters"),
    ("pl\u202ean.pdf".encode(), samples.pdf(), "hidden characters"),
    (b"a" * 296 + b".pdf", samples.pdf(), "too long"),
]


@pytest.mark.parametrize(("name", "data", "says"), REFUSALS, ids=[each[2] for each in REFUSALS])
def test_refused_in_words_and_nothing_kept(send, stored, name, data, says):
    response = send((name, data))
    assert response.status_code == 422
    assert says in response.json()["error"]
    assert not Upload.objects.exists()
    assert not Blob.objects.exists()
    assert stored() == []


def test_too_large(send, stored, settings):
    settings.MAX_UPLOAD_BYTES = 100_000
    response = send((b"plan.txt", b"x" * 150_000))
    assert response.status_code == 413
    assert "too large" in response.json()["error"]
    assert "97.7" in response.json()["error"]
    assert stored() == []


def test_far_too_large_is_not_read_to_its_end(send, stored, settings, monkeypatch):
    settings.MAX_UPLOAD_BYTES = 100_000
    monkeypatch.setattr(handlers.Receiver, "chunk_size", 4096)
    response = send((b"plan.txt", b"x" * 3_000_000))
    assert response.status_code == 413
    assert stored() == []


def test_what_is_too_large_is_never_written_past_the_limit(send, settings, monkeypatch):
    settings.MAX_UPLOAD_BYTES = 100_000
    monkeypatch.setattr(handlers.Receiver, "chunk_size", 4096)
    written = []
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: written.append(len(data)) or write(fd, data))
    send((b"plan.txt", b"x" * 150_000))
    assert 0 < sum(written) <= 100_000


@pytest.mark.parametrize("call", ["write", "fsync", "open"])
def test_disk_full(send, stored, monkeypatch, call):
    def full(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store.os, call, full)
    response = send((b"plan.txt", b"I did it."))
    monkeypatch.undo()
    assert response.status_code == 507
    assert "no room left" in response.json()["error"]
    assert stored() == []
    assert not Upload.objects.exists()


def test_disk_full_at_the_very_end(send, stored, monkeypatch):
    write = os.write
    left = [2 * handlers.CHUNK - 1000]

    def fills_up(fd, data):
        if left[0] <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        done = write(fd, data)
        left[0] -= done
        return done

    monkeypatch.setattr(store.os, "write", fills_up)
    response = send((b"plan.txt", b"x" * (2 * handlers.CHUNK + 10)))
    monkeypatch.undo()
    assert response.status_code == 507
    assert stored() == []


def test_no_file(send):
    assert send().json()["error"] == "Choose a file to add."


def test_a_request_that_broke_off_leaves_nothing(send, stored):
    body, _type = multipart((b"plan.txt", b"x" * 200_000))
    response = send(body=body[:100_000])
    assert response.status_code in (400, 422)
    assert stored() == []


def test_a_connection_that_breaks_leaves_nothing(send, stored, monkeypatch):
    def reset(*_args):
        raise ConnectionResetError

    monkeypatch.setattr(handlers.NamesAsSent, "handle_file_complete", reset)
    with pytest.raises(ConnectionResetError):
        send((b"plan.txt", b"x" * 200_000), fields=[])
    assert stored() == []


def test_a_file_that_no_view_wanted_is_thrown_away(client, cast, stored):
    """Any form may be sent a file; what nobody takes goes when the request ends."""
    client.force_login(cast.learner)
    body, content_type = multipart((b"plan.txt", b"x" * 1000))
    client.post(reverse("home"), body, content_type=content_type)
    assert stored() == []


def test_a_stranger_stores_nothing(cast, stored, monkeypatch):
    opened = []
    monkeypatch.setattr(handlers, "Incoming", lambda: opened.append(1))
    body, content_type = multipart((b"plan.txt", b"x" * 1000))
    url = reverse("files:upload", kwargs={"centre": cast.centre.slug})
    response = Client().post(url, body, content_type=content_type)
    assert response.status_code == 302
    assert opened == []


def test_somebody_of_another_centre(client, cast, outsiders, stored):
    client.force_login(outsiders.learner)
    url = reverse("files:upload", kwargs={"centre": cast.centre.slug})
    assert client.post(url, {"file": uploaded()}).status_code == 404
    assert stored() == []


def test_without_the_forms_token(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.learner)
    url = reverse("files:upload", kwargs={"centre": cast.centre.slug})
    assert client.post(url, {"file": uploaded()}).status_code == 403


def test_looking_is_not_sending(client, cast):
    client.force_login(cast.learner)
    url = reverse("files:upload", kwargs={"centre": cast.centre.slug})
    assert client.get(url).status_code == 405


def test_everyone_of_the_centre_may_send(client, cast):
    url = reverse("files:upload", kwargs={"centre": cast.centre.slug})
    for person in cast.people().values():
        client.force_login(person)
        assert client.post(url, {"file": uploaded()}).status_code == 201


def test_how_many_queries(send, django_assert_num_queries):
    send((b"a.txt", b"once"))
    with django_assert_num_queries(25):
        send((b"b.jpg", samples.phone_jpeg()))
