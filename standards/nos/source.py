"""From the bytes of a file to its text."""

from __future__ import annotations

import codecs

from standards.nos.model import NotAStandard
from standards.nos.pdf import pdf_text

MAX_BYTES = 5_000_000
MAX_PDF_BYTES = 25_000_000
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
OTHER_FORMATS = (
    (b"PK\x03\x04", "This is a Word document or a zip archive: save it as text or PDF first."),
    (b"\xd0\xcf\x11\xe0", "This is an old Office document: save it as text or PDF first."),
    (b"{\\rtf", "This is a rich text document: save it as plain text or PDF first."),
    (b"\x89PNG", "This is a picture, not text."),
    (b"\xff\xd8\xff", "This is a picture, not text."),
    (b"GIF8", "This is a picture, not text."),
)
TEXT_BYTES = bytes([9, 10, 11, 12, 13, 27, *range(32, 256)])
EMPTY = "There is no text in it."
BINARY = "This is a binary file, not text."


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are not UTF-8 are read as Windows-1252, one at a time."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    byte = error.object[error.start : error.start + 1]
    return byte.decode("cp1252", errors="ignore") or chr(byte[0]), error.start + 1


codecs.register_error("read-as-windows-1252", _as_windows)


def decode(data: bytes) -> str:
    """The text of a file, whatever its encoding; refuses what is not text."""
    if data[:1024].lstrip().startswith(b"%PDF-"):
        if len(data) > MAX_PDF_BYTES:
            raise NotAStandard("This PDF is larger than 25 MB, far longer than any standard.")
        return pdf_text(data)
    if len(data) > MAX_BYTES:
        raise NotAStandard("This file is larger than 5 MB, far longer than any standard.")
    if not data.strip():
        raise NotAStandard(EMPTY)
    for signature, sentence in OTHER_FORMATS:
        if data.startswith(signature):
            raise NotAStandard(sentence)
    return _decode_text(data)


def _decode_text(data: bytes) -> str:
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, errors="replace")
    if b"\0" in data:
        return _decode_wide(data)
    if len(data.translate(None, TEXT_BYTES)) > len(data) // 200:
        raise NotAStandard(BINARY)
    return data.decode("utf-8", errors="read-as-windows-1252")


def _decode_wide(data: bytes) -> str:
    """UTF-16 without its mark has a zero in nearly every other byte."""
    half = max(len(data) // 2, 1)
    if data[1::2].count(0) > half * 0.6:
        return data.decode("utf-16-le", errors="replace")
    if data[::2].count(0) > half * 0.6:
        return data.decode("utf-16-be", errors="replace")
    raise NotAStandard(BINARY)
