"""Files that hold files: Office documents in zip and in the older OLE form.

A zip is judged by its directory alone, so that a bomb is refused without unpacking it.
"""

import io
import struct
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from files import kinds
from files.kinds import Kind
from files.refusals import Refused

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

MAX_ENTRIES = 10_000
MAX_DIRECTORY = 4 * 1024 * 1024
MAX_UNPACKED = 1024**3
MAX_RATIO = 150
RATIO_COUNTS_FROM = 64 * 1024 * 1024
MAX_INNER = 32 * 1024 * 1024
MAX_DEPTH = 2
SMALL = 1024 * 1024

OOXML_MAIN = {
    b"wordprocessingml.document.main+xml": kinds.DOCX,
    b"spreadsheetml.sheet.main+xml": kinds.XLSX,
    b"presentationml.presentation.main+xml": kinds.PPTX,
    b"presentationml.slideshow.main+xml": kinds.PPSX,
}
ODF_TYPES = {
    (kinds.ODF + name).encode(): kind
    for name, kind in (
        ("text", kinds.ODT),
        ("spreadsheet", kinds.ODS),
        ("presentation", kinds.ODP),
    )
}
OFFICE_ENDINGS = ("docx", "xlsx", "pptx", "ppsx", "odt", "ods", "odp")
ARCHIVE_ENDINGS = ("zip", "rar", "7z", "gz", "bz2", "xz", "tar", "jar", "cab", "iso")
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,  # an unusual compression
    RuntimeError,  # a password
    ValueError,
    OSError,
    EOFError,
    struct.error,
)


def bomb() -> Refused:
    return Refused(
        _("This file unpacks to far more than it should, so it cannot be added. Save it as a PDF.")
    )


def damaged() -> Refused:
    return Refused(_("This file is damaged and cannot be opened. Save it again, then add it."))


def macros() -> Refused:
    return Refused(
        _("This document has macros (small programs) in it. Save it without them or as a PDF.")
    )


def locked() -> Refused:
    return Refused(
        _("This document needs a password to open. Save it without one, so it can be assessed.")
    )


def zip_kind(path: Path) -> Kind:
    """Which Office document a zip is; refused when it is a bomb or holds what it should not."""
    try:
        with path.open("rb") as file:
            return _check_zip(file, depth=1)
    except UNREADABLE as error:
        raise damaged() from error


def _check_zip(file: BinaryIO, *, depth: int) -> Kind:
    if _directory_size(file) > MAX_DIRECTORY:
        raise bomb()
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
        _check_size(entries, file)
        _check_entries(entries)
        for entry in entries:
            if _ending(entry) in OFFICE_ENDINGS:
                _check_inner(archive, entry, depth=depth)
        return _office_kind(archive)


def _directory_size(file: BinaryIO) -> int:
    """What the list of entries takes, by the record at the end: read before the list itself."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - 66_000))
    tail = file.read()
    at = len(tail) - 22
    if tail[at : at + 4] != b"PK\x05\x06":
        at = tail.rfind(b"PK\x05\x06")
    if at < 0:
        raise zipfile.BadZipFile
    listed = struct.unpack_from("<L", tail, at + 12)[0]
    if tail[at - 20 : at - 16] == b"PK\x06\x07" and at >= 76:
        listed = struct.unpack_from("<Q", tail, at - 76 + 40)[0]
    return listed


def _check_size(entries: list[zipfile.ZipInfo], file: BinaryIO) -> None:
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    overlapping = packed > file.seek(0, io.SEEK_END)
    steep = unpacked > RATIO_COUNTS_FROM and unpacked > MAX_RATIO * max(packed, 1)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or overlapping or steep:
        raise bomb()


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    for entry in entries:
        parts = entry.filename.replace("\\", "/").split("/")
        if ".." in parts or entry.filename.startswith(("/", "\\")):
            raise damaged()
        if parts[-1].lower() == "vbaproject.bin" or parts[0] in ("Basic", "Scripts"):
            raise macros()
        if entry.flag_bits & 1:
            raise locked()
        if _ending(entry) in ARCHIVE_ENDINGS:
            raise Refused(_("This document has an archive of files inside it. Take that out."))


def _ending(entry: zipfile.ZipInfo) -> str:
    return entry.filename.rsplit(".", 1)[-1].lower()


def _check_inner(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, depth: int) -> None:
    """A workbook behind a chart is common; a document in a document in a document is a trick."""
    if depth >= MAX_DEPTH or entry.file_size > MAX_INNER:
        raise bomb()
    inner = io.BytesIO(archive.read(entry))
    if inner.getvalue().startswith(ZIP):
        _check_zip(inner, depth=depth + 1)


def _office_kind(archive: zipfile.ZipFile) -> Kind:
    types = _small(archive, "[Content_Types].xml")
    if b"macroEnabled" in types:
        raise macros()
    for mark, kind in OOXML_MAIN.items():
        if mark in types:
            return kind
    return ODF_TYPES.get(_small(archive, "mimetype").strip(), kinds.ARCHIVE)


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        entry = archive.getinfo(name)
    except KeyError:
        return b""
    if entry.file_size > SMALL:
        raise bomb()
    return archive.read(entry)


# The older Office form -----------------------------------------------------------------------

MAX_SECTORS = 4096
END_OF_CHAIN = 0xFFFFFFFA
OLE_KINDS = {
    "WordDocument": kinds.DOC,
    "Workbook": kinds.XLS,
    "Book": kinds.XLS,
    "PowerPoint Document": kinds.PPT,
    "__properties_version1.0": kinds.MSG,
}
OLE_MACROS = {"Macros", "_VBA_PROJECT_CUR", "_VBA_PROJECT"}


def ole_kind(path: Path) -> Kind:
    """Which older Office file this is, by the names in its directory."""
    try:
        with path.open("rb") as file:
            names = _ole_names(file)
    except (struct.error, OSError, OverflowError) as error:
        raise damaged() from error
    if names & OLE_MACROS:
        raise macros()
    if "EncryptedPackage" in names:
        raise locked()
    for name, kind in OLE_KINDS.items():
        if name in names:
            return kind
    return kinds.ARCHIVE


def _ole_names(file: BinaryIO) -> set[str]:
    head = file.read(512)
    size = 1 << struct.unpack_from("<H", head, 30)[0]
    if size not in (512, 4096):
        raise struct.error
    fat_sectors = struct.unpack_from("<109L", head, 76)
    sector = struct.unpack_from("<L", head, 48)[0]
    names: set[str] = set()
    for _step in range(MAX_SECTORS):
        if sector >= END_OF_CHAIN:
            break
        data = _sector(file, sector, size)
        names |= {_ole_name(data[at : at + 128]) for at in range(0, len(data), 128)}
        sector = _next_sector(file, sector, size, fat_sectors)
    return names


def _sector(file: BinaryIO, number: int, size: int) -> bytes:
    file.seek((number + 1) * size)
    return file.read(size)


def _next_sector(file: BinaryIO, sector: int, size: int, fat_sectors: tuple[int, ...]) -> int:
    per_sector = size // 4
    if sector // per_sector >= len(fat_sectors):
        return END_OF_CHAIN  # beyond the first 109 lists: a directory lies early
    table = _sector(file, fat_sectors[sector // per_sector], size)
    return struct.unpack_from("<L", table, 4 * (sector % per_sector))[0]


def _ole_name(entry: bytes) -> str:
    length = struct.unpack_from("<H", entry, 64)[0]
    return entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "ignore")
