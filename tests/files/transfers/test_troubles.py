"""Disks and lines that fail, and several who send at once."""

import errno
import os

import pytest

from files import store
from files.models import Transfer, Upload
from files.transfers import actions, parts
from files.transfers.parts import Moved, Part
from tests.files.transfers.tus import BYTES, DATA, SIZE, part_of


class Breaks:
    """A body whose line goes dead: by an end too early, or by an error."""

    def __init__(self, data, error):
        self.data, self.error = data, error

    def readinto(self, room):
        piece, self.data = self.data[: len(room)], self.data[len(room) :]
        if not piece and self.error:
            raise self.error
        room[: len(piece)] = piece
        return len(piece)


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
        return meant(body=Breaks(DATA[:500], error), **given)

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
