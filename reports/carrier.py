"""A copy of a PDF with files appended as streams, all on disk.

pikepdf reads a stream's bytes only when it writes them out, but takes those of another PDF into
memory at once. So files are first appended to a copy of the PDF they are for, by an update of its
table as PDF allows; then they are its own, and never lie in memory, however many there are.
"""

import hashlib
import re
import shutil
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import pikepdf

CHUNK = 1024 * 1024
END = 2048  # bytes in which a PDF says where its table begins


@dataclass(frozen=True)
class Carried:
    """One file in a carrier, and what its bytes turned out to be."""

    number: int  # of its object
    sha256: str
    size: int


class Carrier:
    """Written from front to back; only the table at its end needs to know where each began."""

    def __init__(self, pdf: Path, path: Path) -> None:
        self.path = path
        with pikepdf.open(pdf) as opened:
            self._first = int(opened.trailer.Size)
            self._root = _reference("Root", opened.trailer)
            self._info = _reference("Info", opened.trailer)
        shutil.copyfile(pdf, path)
        self._before = _table_of(path)
        self._starts: list[int] = []
        self._file = path.open("ab")
        self._file.write(b"\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._table()
        self._file.close()

    def take(self, chunks: Iterable[bytes], *, packed: bool) -> Carried:
        """Write one file's bytes, packed if that is worth the time."""
        number, digest = self._begin(), _Digest()
        length = number + 1
        filtered = b" /Filter /FlateDecode" if packed else b""
        self._file.write(b"<< /Length %d 0 R%s >>\nstream\n" % (length, filtered))
        start = self._file.tell()
        read = digest.of(chunks)
        for chunk in _pack(read) if packed else read:
            self._file.write(chunk)
        written = self._file.tell() - start
        self._file.write(b"\nendstream\nendobj\n")
        self._begin()
        self._file.write(b"%d\nendobj\n" % written)
        return Carried(number, digest.sha256.hexdigest(), digest.size)

    def _begin(self) -> int:
        number = self._first + len(self._starts)
        self._starts.append(self._file.tell())
        self._file.write(b"%d 0 obj\n" % number)
        return number

    def _table(self) -> None:
        start, many = self._file.tell(), len(self._starts)
        self._file.write(b"xref\n%d %d\n" % (self._first, many))
        for place in self._starts:
            self._file.write(b"%010d 00000 n \n" % place)
        told = (self._first + many, self._root + self._info, self._before)
        self._file.write(b"trailer\n<< /Size %d %s/Prev %d >>\n" % told)
        self._file.write(b"startxref\n%d\n%%%%EOF\n" % start)


def _reference(name: str, trailer: pikepdf.Object) -> bytes:
    found = trailer.get("/" + name)
    return b"/%s %d %d R " % (name.encode(), *found.objgen) if found is not None else b""


def _table_of(path: Path) -> int:
    """Where the PDF's own table begins, by its last lines."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - END))
        found = re.findall(rb"startxref\s+(\d+)", file.read())
    return int(found[-1])


class _Digest:
    """What passes through, counted and digested."""

    def __init__(self) -> None:
        self.sha256 = hashlib.sha256()
        self.size = 0

    def of(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self.sha256.update(chunk)
            self.size += len(chunk)
            yield chunk


def _pack(chunks: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(6)
    for chunk in chunks:
        yield packer.compress(chunk)
    yield packer.flush()
