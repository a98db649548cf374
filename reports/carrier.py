"""A PDF on disk that carries files as streams and nothing else.

pikepdf reads a stream's bytes from the PDF they came with only when it writes them out. Files
that wait in a carrier therefore never lie in memory, however many there are.
"""

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

CHUNK = 1024 * 1024
CATALOG = 1  # the number of its object


@dataclass(frozen=True)
class Carried:
    """One file in a carrier, and what its bytes turned out to be."""

    number: int  # of its object
    sha256: str
    md5: bytes
    size: int


class Carrier:
    """Written from front to back; only the table at its end needs to know where each began."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("wb")
        self._starts: list[int] = []
        self._file.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        self._begin()
        self._file.write(b"<< /Type /Catalog /Pages 2 0 R >>\nendobj\n")
        self._begin()
        self._file.write(b"<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n")

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
        number, digests = self._begin(), _Digests()
        length = number + 1
        filtered = b" /Filter /FlateDecode" if packed else b""
        self._file.write(b"<< /Length %d 0 R%s >>\nstream\n" % (length, filtered))
        start = self._file.tell()
        read = digests.of(chunks)
        for chunk in _pack(read) if packed else read:
            self._file.write(chunk)
        written = self._file.tell() - start
        self._file.write(b"\nendstream\nendobj\n")
        self._begin()
        self._file.write(b"%d\nendobj\n" % written)
        return Carried(number, digests.sha256.hexdigest(), digests.md5.digest(), digests.size)

    def _begin(self) -> int:
        self._starts.append(self._file.tell())
        number = len(self._starts)
        self._file.write(b"%d 0 obj\n" % number)
        return number

    def _table(self) -> None:
        start, many = self._file.tell(), len(self._starts) + 1
        self._file.write(b"xref\n0 %d\n0000000000 65535 f \n" % many)
        for place in self._starts:
            self._file.write(b"%010d 00000 n \n" % place)
        self._file.write(b"trailer\n<< /Size %d /Root %d 0 R >>\n" % (many, CATALOG))
        self._file.write(b"startxref\n%d\n%%%%EOF\n" % start)


class _Digests:
    """What passes through, counted and digested."""

    def __init__(self) -> None:
        self.sha256 = hashlib.sha256()
        self.md5 = hashlib.md5(usedforsecurity=False)  # PDF's own CheckSum
        self.size = 0

    def of(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self.sha256.update(chunk)
            self.md5.update(chunk)
            self.size += len(chunk)
            yield chunk


def _pack(chunks: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(6)
    for chunk in chunks:
        yield packer.compress(chunk)
    yield packer.flush()
