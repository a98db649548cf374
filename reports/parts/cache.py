"""Printed parts, kept on disk under the fingerprint of all that they are made from.

Nothing here is the only copy of anything: what is missing or damaged is printed anew, and a disk
that is full only makes exports slower. Each file begins with the SHA-256 of the rest.
"""

import hashlib
import logging
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

logger = logging.getLogger(__name__)

DIGEST = hashlib.sha256().digest_size
DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Kept:
    path: Path
    size: int
    used_at: float


class Cache:
    """Safe with any number of processes at once: a file appears whole, under its last name, and
    whoever takes one gets a copy."""

    def __init__(self, folder: Path, *, most_bytes: int, most_days: int, of: str = "") -> None:
        """What is taken and kept is `of` one name, if it has one; the limits are for all of it."""
        self.folder, self.most_bytes, self.most_days = folder, most_bytes, most_days
        self.own = folder / of

    def take(self, key: str, target: Path) -> bool:
        """Whether there is one; then it is at `target`."""
        path = self._place(key)
        try:
            data = path.read_bytes()
            os.utime(path)  # the least recently used go first
        except OSError:
            return False
        if hashlib.sha256(data[DIGEST:]).digest() != data[:DIGEST]:
            logger.warning("A printed part is damaged and is printed anew: %s", key)
            path.unlink(missing_ok=True)
            return False
        target.write_bytes(memoryview(data)[DIGEST:])
        return True

    def keep(self, key: str, made: Path) -> None:
        path, data = self._place(key), made.read_bytes()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=path.parent, prefix="new-", delete=False) as file:
                try:
                    file.write(hashlib.sha256(data).digest() + data)
                    file.close()
                    os.replace(file.name, path)
                except BaseException:
                    Path(file.name).unlink(missing_ok=True)
                    raise
        except OSError as error:
            logger.warning("A printed part is not kept: %s", error)

    def trim(self) -> None:
        """Down to the size allowed, the least recently used first; what nobody used for long, and
        what a killed process left half written, goes in any case."""
        kept = sorted(self._kept(), key=lambda each: each.used_at)
        room = sum(each.size for each in kept) - self.most_bytes
        oldest = time.time() - self.most_days * DAY
        for each in kept:
            if room <= 0 and each.used_at >= oldest:
                break
            each.path.unlink(missing_ok=True)
            room -= each.size

    def _place(self, key: str) -> Path:
        return self.own / key[:2] / f"{key}.pdf"

    def _kept(self) -> Iterator[Kept]:
        for folder, _folders, names in os.walk(self.folder):
            for path in (Path(folder, name) for name in names):
                try:
                    found = path.stat()
                except FileNotFoundError:
                    continue  # another process trims as well
                yield Kept(path, found.st_size, found.st_mtime)
