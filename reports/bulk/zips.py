"""A ZIP archive of which every byte is known before the first one leaves, so that any stretch of
it can be sent again: files are stored as they are, and their check sums known beforehand.

Written as PKWARE's APPNOTE says; ZIP64 where a number does not fit.
"""

import hashlib
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import accumulate

LARGEST = 0xFFFFFFFF
MOST = 0xFFFF
UTF8 = 0x800
PLAIN_FILE = 0o100644 << 16
MADE_ON_UNIX = 3 << 8

Reader = Callable[[range], Iterator[bytes]]


@dataclass(frozen=True)
class Member:
    """A file of the archive; `read` gives a stretch of its bytes."""

    name: str
    at: datetime  # local, as archives have it
    size: int
    crc32: int
    read: Reader

    @classmethod
    def of(cls, name: str, at: datetime, data: bytes) -> "Member":
        return cls(name, at, len(data), zlib.crc32(data), lambda span: _cut(data, span))

    @property
    def _told(self) -> tuple[int, int, int]:
        at = self.at
        clock = at.hour << 11 | at.minute << 5 | at.second // 2
        return clock, (at.year - 1980) << 9 | at.month << 5 | at.day, self.crc32

    def head(self) -> bytes:
        """What stands before its bytes."""
        name, size = self.name.encode(), min(self.size, LARGEST)
        extra = _extra(self.size, self.size) if size == LARGEST else b""
        needs = _version(extra)
        fixed = (needs, UTF8, 0, *self._told, size, size, len(name), len(extra))
        return struct.pack("<4s5H3L2H", b"PK\3\4", *fixed) + name + extra

    def entry(self, offset: int) -> bytes:
        """What the list at the archive's end says of it."""
        name, size, start = self.name.encode(), min(self.size, LARGEST), min(offset, LARGEST)
        large = [self.size, self.size] if size == LARGEST else []
        large += [offset] if start == LARGEST else []
        extra = _extra(*large) if large else b""
        needs = _version(extra)
        fixed = (MADE_ON_UNIX | needs, needs, UTF8, 0, *self._told, size, size)
        rest = (len(name), len(extra), 0, 0, 0, PLAIN_FILE, start)
        return struct.pack("<4s6H3L5H2L", b"PK\1\2", *fixed, *rest) + name + extra


def _extra(*numbers: int) -> bytes:
    return struct.pack(f"<2H{len(numbers)}Q", 1, 8 * len(numbers), *numbers)


def _version(extra: bytes) -> int:
    return 45 if extra else 20


@dataclass(frozen=True)
class Stretch:
    size: int
    read: Reader


class Archive:
    """The members one after the other, each behind its head, and the list at the end."""

    def __init__(self, members: Sequence[Member]) -> None:
        self.members = members
        heads = [member.head() for member in members]
        ends = list(
            accumulate(len(head) + member.size for head, member in zip(heads, members, strict=True))
        )
        starts = [0, *ends]
        entries = [member.entry(start) for member, start in zip(members, starts, strict=False)]
        self._made = [*heads, b"".join(entries), _end(entries, starts[-1])]
        self._stretches = [
            stretch
            for head, member in zip(heads, members, strict=True)
            for stretch in (_plain(head), Stretch(member.size, member.read))
        ]
        self._stretches += [_plain(each) for each in self._made[-2:]]

    @cached_property
    def size(self) -> int:
        return sum(stretch.size for stretch in self._stretches)

    @cached_property
    def digest(self) -> str:
        """Tells any two archives apart: it covers names, times, sizes and check sums."""
        return hashlib.sha256(b"".join(self._made)).hexdigest()

    def read(self, span: range) -> Iterator[bytes]:
        """The archive's bytes from `span.start` up to, but not with, `span.stop`."""
        before = 0
        for stretch in self._stretches:
            start = max(span.start - before, 0)
            stop = min(span.stop - before, stretch.size)
            if start < stop:
                yield from stretch.read(range(start, stop))
            before += stretch.size


def _plain(data: bytes) -> Stretch:
    return Stretch(len(data), lambda span: _cut(data, span))


def _cut(data: bytes, span: range) -> Iterator[bytes]:
    yield data[span.start : span.stop]


def _end(entries: Sequence[bytes], start: int) -> bytes:
    many, size = len(entries), sum(map(len, entries))
    shown = (min(many, MOST), min(many, MOST), min(size, LARGEST), min(start, LARGEST))
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, *shown, 0)
    if shown == (many, many, size, start) and many < MOST and LARGEST not in shown:
        return end
    large = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, many, many, size, start)
    return large + struct.pack("<4sLQL", b"PK\6\7", 0, start + size, 1) + end
