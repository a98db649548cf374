"""How a transfer ends: given up, run out, or a whole file; and what comes after."""

import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.http import parse_http_date

from files import store, tasks
from files.models import Blob, Brought, Transfer, Upload
from files.transfers import actions
from tests.files import samples
from tests.files.transfers.tus import DATA, SIZE, part_of

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


def test_an_expired_one_takes_nothing_more_though_no_sweep_has_come(tus):
    url = tus.begin()
    Transfer.objects.update(expires_at=timezone.now())
    answer = tus.patch(url, b"%PDF", 0)
    assert (answer.status_code, tus.head(url).status_code) == (410, 410)
    assert "Choose the file again" in answer.content.decode()


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
