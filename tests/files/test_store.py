"""The store, broken on purpose: full disks, dead processes, two people at once."""

import errno
import hashlib
import os
import signal
import stat
import subprocess
import sys
import threading
import time

import pytest
from django.core.management import call_command

from files import actions, store
from files.models import Blob
from files.refusals import NoRoom, NotStored

DATA = b"evidence " * 50_000
SHA256 = hashlib.sha256(DATA).hexdigest()


def everything(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def failing(number):
    def fail(*_args):
        raise OSError(number, os.strerror(number))

    return fail


def test_bytes_lie_under_their_digest(settings):
    assert store.keep([DATA[:10], DATA[10:]]) == (SHA256, len(DATA))
    place = settings.BLOB_DIR / SHA256[:2] / SHA256[2:4] / SHA256
    assert place.read_bytes() == DATA
    assert everything(settings.BLOB_DIR) == [place]
    assert not place.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH | stat.S_IROTH)


def test_stored_again_nothing_is_overwritten(settings):
    store.keep([DATA])
    before = store.place_of(SHA256).stat()
    store.keep([DATA])
    after = store.place_of(SHA256).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert len(everything(settings.BLOB_DIR)) == 1


def test_bytes_are_synced_before_they_get_their_name(settings, monkeypatch):
    seen = []
    sync = os.fsync

    def watch(fd):
        path = os.readlink(f"/proc/self/fd/{fd}")
        seen.append((path, store.place_of(SHA256).exists()))
        sync(fd)

    monkeypatch.setattr(os, "fsync", watch)
    store.keep([DATA])
    (first, named_before), *folders = seen
    assert store.INCOMING in first
    assert not named_before
    assert str(store.place_of(SHA256).parent) in [path for path, _named in folders]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_full_disk_is_said_plainly_and_leaves_nothing(settings, monkeypatch, call, number):
    monkeypatch.setattr(os, call, failing(number))
    with pytest.raises(NoRoom) as refused:
        store.keep([DATA])
    monkeypatch.undo()
    assert "no room left" in refused.value.sentence
    assert refused.value.status == 507
    assert everything(settings.BLOB_DIR) == []


def test_a_disk_that_fills_up_half_way(settings, monkeypatch):
    write = os.write
    written = []

    def some(fd, data):
        if sum(written) > 100_000:
            raise OSError(errno.ENOSPC, "full")
        written.append(write(fd, data[:60_000]))
        return written[-1]

    monkeypatch.setattr(os, "write", some)
    with pytest.raises(NoRoom):
        store.keep([DATA])
    assert written
    assert everything(settings.BLOB_DIR) == []


def test_the_last_bytes_find_no_room(settings, monkeypatch):
    """They are written while nobody waits; the failure must still be told."""
    coming = store.Incoming()
    coming.write(DATA)
    monkeypatch.setattr(os, "write", failing(errno.ENOSPC))
    coming.write(DATA)
    with pytest.raises(NoRoom):
        coming.finish()
    assert everything(settings.BLOB_DIR) == []


def test_many_chunks_are_kept_in_their_order(settings):
    chunks = [bytes([n]) * 70_000 for n in range(60)]
    sha256, size = store.keep(chunks)
    assert (sha256, size) == (hashlib.sha256(b"".join(chunks)).hexdigest(), 60 * 70_000)
    assert store.place_of(sha256).read_bytes() == b"".join(chunks)


def test_short_writes_are_carried_on(monkeypatch):
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, data[:7001]))
    store.keep([DATA])
    assert store.place_of(SHA256).read_bytes() == DATA


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.EIO])
def test_a_disk_that_cannot_be_written_to(settings, monkeypatch, number):
    monkeypatch.setattr(os, "open", failing(number))
    with pytest.raises(NotStored, match="cannot be stored just now"):
        store.keep([DATA])
    monkeypatch.undo()
    assert everything(settings.BLOB_DIR) == []


def test_a_store_that_is_a_file_by_mistake(settings, tmp_path):
    settings.BLOB_DIR = tmp_path / "blobs"
    settings.BLOB_DIR.write_text("not a folder")
    with pytest.raises(NotStored):
        store.keep([DATA])


def test_bytes_that_stop_coming_leave_nothing(settings):
    def broken():
        yield DATA
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        store.keep(broken())
    assert everything(settings.BLOB_DIR) == []


def test_no_row_without_its_bytes(db, monkeypatch):
    monkeypatch.setattr(os, "fsync", failing(errno.ENOSPC))
    with pytest.raises(NoRoom):
        actions.keep_bytes(chunks=[DATA], media_type="text/plain")
    assert not Blob.objects.exists()


def test_two_people_bring_the_same_bytes_at_once(settings, monkeypatch):
    """Both have looked and found nothing there before either puts its own in place."""
    meet = threading.Barrier(2, timeout=20)
    put = store._put

    def together(temporary, place):
        meet.wait()
        put(temporary, place)

    monkeypatch.setattr(store, "_put", together)
    results, errors = [], []

    def one():
        try:
            results.append(store.keep([DATA]))
        except Exception as error:  # noqa: BLE001 (shown by the main thread)
            errors.append(error)

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    assert results == [(SHA256, len(DATA))] * 2
    assert [path.read_bytes() for path in everything(settings.BLOB_DIR)] == [DATA]


KILLED = """
import os, signal, sys
from pathlib import Path
import django
from django.conf import settings
django.setup()
settings.BLOB_DIR = Path(sys.argv[1])
from files.store import Incoming
coming = Incoming()
coming.write(b"half of it")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_process_killed_in_mid_write_leaves_only_a_temporary_file(settings):
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(settings.BLOB_DIR)],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    (left,) = everything(settings.BLOB_DIR)
    assert left.parent.name == store.INCOMING
    assert not store.place_of(hashlib.sha256(b"half of it").hexdigest()).exists()


def test_only_what_was_left_for_a_day_is_swept(settings, capsys):
    old, new = store.Incoming(), store.Incoming()
    kept, _size = store.keep([DATA])
    long_ago = time.time() - 2 * store.DAY
    os.utime(old.path, (long_ago, long_ago))
    os.utime(store.place_of(kept), (long_ago, long_ago))
    call_command("sweep_incoming")
    assert "1 half-written" in capsys.readouterr().out
    assert everything(settings.BLOB_DIR) == sorted([store.place_of(kept), new.path])
    old.discard()
    new.discard()
