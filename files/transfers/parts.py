"""The bytes of a transfer so far, in one file beside the store.

How long the file is, is how far the transfer got: no row repeats it, so a killed process can't
leave the two apart. Bytes are only ever added at the end, one short locked step at a time. The
lock belongs to the open file, so it works between processes and dies with them, and it is never
held while the network is waited for: of two who send at once, one is told to look again.
"""

import fcntl
import hashlib
import os
import uuid
from collections import deque
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

from django.conf import settings

from files import store

FOLDER = "parts"
STEP = 1024 * 1024
SYNC_EVERY = 8 * 1024 * 1024
BEHIND = 16  # pieces, each of a megabyte at most


class Moved(Exception):
    """Somebody else has added bytes meanwhile, or the transfer has ended."""


def folder() -> Path:
    return settings.BLOB_DIR / FOLDER


def path_of(pk: uuid.UUID) -> Path:
    return folder() / str(pk)


def make(pk: uuid.UUID) -> None:
    with store.plain_failures():
        folder().mkdir(parents=True, exist_ok=True)
        os.close(os.open(path_of(pk), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640))


def size_of(pk: uuid.UUID) -> int:
    """How many bytes have come; FileNotFoundError when they are gone."""
    return path_of(pk).stat().st_size


class Helper:
    """Does things in order beside the caller, who waits only when it is far behind."""

    def __init__(self) -> None:
        self._thread: ThreadPoolExecutor | None = None
        self._under_way: deque[Future[Any]] = deque()

    @property
    def is_busy(self) -> bool:
        return any(not each.done() for each in self._under_way)

    def do(self, act: Callable[..., Any], *args: Any) -> None:
        self.wait(until=BEHIND)
        self._thread = self._thread or ThreadPoolExecutor(max_workers=1)
        self._under_way.append(self._thread.submit(act, *args))

    def wait(self, *, until: int = 0) -> None:
        while len(self._under_way) > until:
            self._under_way.popleft().result()

    def close(self) -> None:
        if self._thread:
            self._thread.shutdown()


class Part:
    """One transfer's file, opened. Also what `files.actions` takes in once it is whole."""

    def __init__(self, pk: uuid.UUID, *, length: int) -> None:
        self.path = path_of(pk)
        self.length = length
        self._digest = hashlib.sha256()
        self._hashed = self._synced = 0
        self._fd = os.open(self.path, os.O_RDWR)
        self._hasher, self._syncer = Helper(), Helper()

    def __enter__(self) -> "Part":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._hasher.close()
        self._syncer.close()
        os.close(self._fd)

    @property
    def size(self) -> int:
        return os.fstat(self._fd).st_size

    @property
    def is_whole(self) -> bool:
        return self.size == self.length

    @contextmanager
    def locked(self) -> Iterator[None]:
        fcntl.flock(self._fd, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._fd, fcntl.LOCK_UN)

    def add(self, piece: bytes | memoryview, *, at: int) -> None:
        """Put a piece at the end, which has to be where its sender believes it to be.

        A whole file takes no more: by now it may be the store's.
        """
        with self.locked(), store.plain_failures():
            if self.size != at or at + len(piece) > self.length or not self.path.exists():
                raise Moved
            self._write(piece, at)
        self._follow(piece, at)

    def _write(self, piece: bytes | memoryview, at: int) -> None:
        left = memoryview(piece)
        while left:
            written = os.pwrite(self._fd, left, at)
            left, at = left[written:], at + written

    def _follow(self, piece: bytes | memoryview, at: int) -> None:
        """Hash and sync what is written, while the next piece is waited for."""
        if self._hashed == at:
            self._hashed += len(piece)
            self._hasher.do(self._digest.update, piece)
        if at - self._synced >= SYNC_EVERY and not self._syncer.is_busy:
            self._synced = at
            self._syncer.do(os.fdatasync, self._fd)

    @cached_property
    def sha256(self) -> str:
        """Of a whole file; what was not hashed on its way in is read again."""
        self._hasher.wait()
        while piece := os.pread(self._fd, STEP, self._hashed):
            self._digest.update(piece)
            self._hashed += len(piece)
        return self._digest.hexdigest()

    def keep(self) -> None:
        os.fchmod(self._fd, 0o440)
        store.keep_file(self.path, self.sha256)

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)


def sweep(awaited: Callable[[Collection[str]], Collection[str]]) -> int:
    """Remove what no unfinished transfer is about; how many files that was.

    The row comes before the file, so a file whose row is not there has none any more.
    """
    names = [path.name for path in folder().glob("*-*-*-*-*")]
    left_over = set(names) - set(awaited(names))
    for name in left_over:
        (folder() / name).unlink(missing_ok=True)
    return len(left_over)
