"""Bytes, once, under their SHA-256: on this disk or in a bucket (`files.bucket`).

They are written to a temporary name, synced, then renamed into place or sent to the bucket;
the database row comes after. A process killed half-way leaves a temporary file, which nothing
ever serves.
"""

import errno
import hashlib
import logging
import os
import time
import uuid
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from django.conf import settings
from django.core.files.storage import storages
from django.utils.translation import gettext as _

from files.models import Blob
from files.refusals import NoRoom, NotStored

if TYPE_CHECKING:
    from files.bucket import Bucket  # boto3 is loaded only by those who have one

logger = logging.getLogger(__name__)

INCOMING = "incoming"
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
DAY = 24 * 60 * 60


class Incoming:
    """One file on its way in. Ends with either `keep` or `discard`."""

    def __init__(self) -> None:
        self.size = 0
        self._digest = hashlib.sha256()
        self._fd = -1
        self._helper: ThreadPoolExecutor | None = None
        self._under_way: Future[None] | None = None
        folder = settings.BLOB_DIR / INCOMING
        self.path = folder / uuid.uuid4().hex
        with self._or_nothing():
            folder.mkdir(parents=True, exist_ok=True)
            self._fd = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o440)

    def write(self, chunk: bytes) -> None:
        """Take the next bytes. They are hashed and written while the caller fetches more."""
        with self._or_nothing():
            self._wait()
            if self.size:  # most files are one chunk, which needs no thread
                self._helper = self._helper or ThreadPoolExecutor(max_workers=1)
                self._under_way = self._helper.submit(self._absorb, chunk)
            else:
                self._absorb(chunk)
        self.size += len(chunk)

    def _absorb(self, chunk: bytes) -> None:
        self._digest.update(chunk)
        left = memoryview(chunk)
        while left:
            left = left[os.write(self._fd, left) :]

    def _wait(self) -> None:
        if self._under_way:
            under_way, self._under_way = self._under_way, None
            under_way.result()

    def finish(self) -> None:
        """Until the file under its temporary name is whole, and may be read."""
        with self._or_nothing():
            self._wait()

    @property
    def sha256(self) -> str:
        self.finish()
        return self._digest.hexdigest()

    def keep(self) -> None:
        """Make the bytes safe under their own digest."""
        sha256 = self.sha256
        with self._or_nothing():
            if not bucket():
                os.fsync(self._fd)
            self._close()
            settle(self.path, sha256)

    def discard(self) -> None:
        """Leave nothing behind; harmless when the file is kept already."""
        self._close()
        self.path.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._helper:
            self._helper.shutdown()
            self._helper = None
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    @contextmanager
    def _or_nothing(self) -> Iterator[None]:
        """A disk that fails leaves no half file, and a sentence in place of a traceback."""
        try:
            yield
        except OSError as error:
            with suppress(OSError):
                self.discard()
            raise _refusal_for(error) from error


def keep_file(path: Path, sha256: str) -> None:
    """Make a whole file safe under its digest. Its own name stays until its owner takes it
    away, so that a process killed in between has lost nothing and may do it again."""
    spare = settings.BLOB_DIR / INCOMING / uuid.uuid4().hex
    with plain_failures():
        _sync(path)
        spare.parent.mkdir(parents=True, exist_ok=True)
        spare.hardlink_to(path)
        try:
            settle(spare, sha256)
        finally:
            # A bucket that is away is asked again and again: none of the tries leaves a name.
            spare.unlink(missing_ok=True)


def settle(path: Path, sha256: str) -> None:
    """Move a whole file, synced, from beside the store to where its digest says it belongs."""
    if remote := bucket():
        remote.put(key_of(sha256), path)
        path.unlink()
    else:
        _put(path, place_of(sha256))


def _put(temporary: Path, place: Path) -> None:
    # Whoever stored the same bytes first has made this file; theirs stays.
    if place.exists():
        temporary.unlink()
        return
    made = [folder for folder in (place.parent.parent, place.parent) if not folder.exists()]
    place.parent.mkdir(parents=True, exist_ok=True)
    # Two people at once put the same bytes in place of the same bytes.
    temporary.rename(place)
    for folder in {place.parent, *(folder.parent for folder in made)}:
        _sync(folder)


def _sync(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


@contextmanager
def plain_failures() -> Iterator[None]:
    """A disk that fails is told in a sentence in place of a traceback."""
    try:
        yield
    except OSError as error:
        raise _refusal_for(error) from error


def _refusal_for(error: OSError) -> NoRoom | NotStored:
    logger.error("A file could not be stored: %s", error)
    if error.errno in FULL:
        return NoRoom(
            _("There is no room left for files, so nothing was saved. Tell your centre's admin.")
        )
    return NotStored(
        _("Files cannot be stored just now, so nothing was saved. Tell your centre's admin.")
    )


@contextmanager
def incoming() -> Iterator[Incoming]:
    """A file on its way in, thrown away unless it was kept by the end."""
    coming = Incoming()
    try:
        yield coming
    finally:
        coming.discard()


def keep(chunks: Iterable[bytes]) -> tuple[str, int]:
    """Store bytes that we made ourselves; their digest and size."""
    with incoming() as coming:
        for chunk in chunks:
            coming.write(chunk)
        coming.keep()
        return coming.sha256, coming.size


def bucket() -> "Bucket | None":
    """Where the bytes lie when they do not lie on this disk."""
    return storages["blobs"] if "blobs" in settings.STORAGES else None  # type: ignore[return-value]


def key_of(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def place_of(sha256: str) -> Path:
    return settings.BLOB_DIR / key_of(sha256)


def has(sha256: str) -> bool:
    remote = bucket()
    return remote.has(key_of(sha256)) if remote else place_of(sha256).is_file()


@contextmanager
def local_bytes(sha256: str) -> Iterator[Path]:
    """A real file with these bytes, to be read and never changed; gone when the block ends.

    Where the bytes are lost there is no file, and opening it says so.
    """
    remote = bucket()
    if not remote:
        yield place_of(sha256)
        return
    path = settings.BLOB_DIR / INCOMING / uuid.uuid4().hex
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with suppress(FileNotFoundError):
            remote.fetch(key_of(sha256), path)
        yield path
    finally:
        path.unlink(missing_ok=True)


def local(blob: Blob) -> AbstractContextManager[Path]:
    return local_bytes(blob.sha256)


def open_blob(blob: Blob, span: range | None = None) -> BinaryIO:
    """The bytes from the span's start on, to be read in order; from a bucket, just the span."""
    if remote := bucket():
        return remote.read(key_of(blob.sha256), span)
    file = place_of(blob.sha256).open("rb")
    file.seek(span.start if span else 0)
    return file


def sweep(*, older_than: float = DAY) -> int:
    """Remove what killed processes left half-written; how many files that was."""
    limit = time.time() - older_than
    removed = 0
    for left in (settings.BLOB_DIR / INCOMING).glob("*"):
        with suppress(FileNotFoundError):  # its own process may have finished just now
            if left.stat().st_mtime < limit:
                left.unlink()
                removed += 1
    return removed
