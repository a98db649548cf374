"""What a file is, told from its first bytes, and which kinds are accepted.

A kind lists the endings its files may have, each with the media type it is served as. A kind
without endings is known only so that a refusal can name it.
"""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, eq=False)
class Kind:
    words: Promise
    types: dict[str, str] = field(default_factory=dict)

    def type_for(self, ending: str) -> str | None:
        return self.types.get(ending)

    @property
    def first_ending(self) -> str:
        return next(iter(self.types), "")


OOXML = "application/vnd.openxmlformats-officedocument."
ODF = "application/vnd.oasis.opendocument."

PDF = Kind(_("a PDF"), {"pdf": "application/pdf"})
DOCX = Kind(_("a Word document"), {"docx": OOXML + "wordprocessingml.document"})
XLSX = Kind(_("an Excel workbook"), {"xlsx": OOXML + "spreadsheetml.sheet"})
PPTX = Kind(_("a PowerPoint presentation"), {"pptx": OOXML + "presentationml.presentation"})
PPSX = Kind(_("a PowerPoint show"), {"ppsx": OOXML + "presentationml.slideshow"})
ODT = Kind(_("an OpenDocument text"), {"odt": ODF + "text"})
ODS = Kind(_("an OpenDocument spreadsheet"), {"ods": ODF + "spreadsheet"})
ODP = Kind(_("an OpenDocument presentation"), {"odp": ODF + "presentation"})
DOC = Kind(_("an old Word document"), {"doc": "application/msword"})
XLS = Kind(_("an old Excel workbook"), {"xls": "application/vnd.ms-excel"})
PPT = Kind(_("an old PowerPoint presentation"), {"ppt": "application/vnd.ms-powerpoint"})
RTF = Kind(_("a rich text document"), {"rtf": "application/rtf"})
TEXT = Kind(
    _("plain text"),
    {
        "txt": "text/plain",
        "csv": "text/csv",
        "md": "text/markdown",
        "markdown": "text/markdown",
        "vtt": "text/plain",  # captions of a recording
        "srt": "text/plain",
    },
)
EML = Kind(_("an e-mail"), {"eml": "message/rfc822"})
MSG = Kind(_("an Outlook e-mail"), {"msg": "application/vnd.ms-outlook"})

JPEG = Kind(_("a JPEG picture"), dict.fromkeys(("jpg", "jpeg", "jfif", "jpe"), "image/jpeg"))
PNG = Kind(_("a PNG picture"), {"png": "image/png"})
GIF = Kind(_("a GIF picture"), {"gif": "image/gif"})
WEBP = Kind(_("a WebP picture"), {"webp": "image/webp"})
HEIF = Kind(_("an HEIC picture"), {"heic": "image/heic", "heif": "image/heif", "hif": "image/heif"})
AVIF = Kind(_("an AVIF picture"), {"avif": "image/avif"})

MP3 = Kind(_("an MP3 recording"), {"mp3": "audio/mpeg"})
AAC = Kind(_("an AAC recording"), {"aac": "audio/aac"})
WAV = Kind(_("a WAV recording"), {"wav": "audio/wav"})
OGG = Kind(
    _("an Ogg recording"),
    {"ogg": "audio/ogg", "oga": "audio/ogg", "opus": "audio/ogg", "ogv": "video/ogg"},
)
FLAC = Kind(_("a FLAC recording"), {"flac": "audio/flac"})
AMR = Kind(_("an AMR recording"), {"amr": "audio/amr"})
MP4 = Kind(
    _("an MP4 or QuickTime recording"),
    {
        "mp4": "video/mp4",
        "m4v": "video/mp4",
        "m4a": "audio/mp4",
        "m4b": "audio/mp4",
        "mov": "video/quicktime",
        "qt": "video/quicktime",
        "3gp": "video/3gpp",
        "3gpp": "video/3gpp",
        "3g2": "video/3gpp2",
    },
)
WEBM = Kind(_("a WebM recording"), {"webm": "video/webm"})
MKV = Kind(_("a Matroska recording"), {"mkv": "video/x-matroska"})
AVI = Kind(_("an AVI recording"), {"avi": "video/x-msvideo"})

WEB_PAGE = Kind(_("a web page"))
DRAWING = Kind(_("an SVG drawing"))
XML = Kind(_("an XML file"))
SCRIPT = Kind(_("a script"))
PROGRAM = Kind(_("a program"))
ARCHIVE = Kind(_("an archive of files"))
TIFF = Kind(_("a TIFF picture"))

PICTURES = (JPEG, PNG, GIF, WEBP, HEIF, AVIF)

STARTS: tuple[tuple[bytes, Kind], ...] = (
    (b"%PDF-", PDF),
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"{\\rtf", RTF),
    (b"ID3", MP3),
    (b"OggS", OGG),
    (b"fLaC", FLAC),
    (b"#!AMR\n", AMR),
    (b"#!AMR-WB\n", AMR),
    (b"MZ", PROGRAM),
    (b"\x7fELF", PROGRAM),
    (b"\xcf\xfa\xed\xfe", PROGRAM),
    (b"\xca\xfe\xba\xbe", PROGRAM),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"Rar!\x1a\x07", ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", ARCHIVE),
    (b"\x1f\x8b", ARCHIVE),
    (b"BZh", ARCHIVE),
    (b"\xfd7zXZ\x00", ARCHIVE),
)
RIFF = {b"WEBP": WEBP, b"WAVE": WAV, b"AVI ": AVI}
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
AVIF_BRANDS = {b"avif", b"avis"}
QUICKTIME_ATOMS = {b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}


def from_start(head: bytes) -> Kind | None:
    """The kind that the first few kilobytes prove; None for zip, OLE and text, which need more."""
    for start, kind in STARTS:
        if head.startswith(start):
            return kind
    for look in (_riff, _boxes, _matroska, _frames):
        if kind := look(head):
            return kind
    return None


def _riff(head: bytes) -> Kind | None:
    return RIFF.get(head[8:12]) if head.startswith(b"RIFF") else None


def _boxes(head: bytes) -> Kind | None:
    """The family of MP4: a size, then a four-letter word."""
    word, brand = head[4:8], head[8:12]
    if word != b"ftyp":
        return MP4 if word in QUICKTIME_ATOMS and head[:2] == b"\0\0" else None
    brands = {brand} | {head[at : at + 4] for at in range(16, min(int.from_bytes(head[:4]), 64), 4)}
    if brand in AVIF_BRANDS or (brand in {b"mif1", b"msf1"} and brands & AVIF_BRANDS):
        return AVIF
    return HEIF if brand in HEIF_BRANDS else MP4


def _matroska(head: bytes) -> Kind | None:
    if not head.startswith(b"\x1a\x45\xdf\xa3"):
        return None
    return WEBM if b"webm" in head[:256] else MKV if b"matroska" in head[:256] else None


def _frames(head: bytes) -> Kind | None:
    """Recordings without a header: a frame, and the next one where the first says it ends."""
    for kind, length in ((AAC, _adts_length(head)), (MP3, _mpeg_length(head))):
        if length and _same_stream(head, length):
            return kind
    return None


def _same_stream(head: bytes, length: int) -> bool:
    following = head[length : length + 2]
    return len(following) == 2 and following[0] == 0xFF and following[1] & 0xFE == head[1] & 0xFE


def _adts_length(head: bytes) -> int:
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0:
        return 0
    return (head[3] & 0x03) << 11 | head[4] << 3 | head[5] >> 5


BITRATES = {  # kbit/s by (first version, layer)
    (True, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
SAMPLE_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def _mpeg_length(head: bytes) -> int:
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:  # layer III only
        return 0
    version, bitrate, rate = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or bitrate in (0, 15) or rate == 3:
        return 0
    first = version == 3
    bits = BITRATES[first, 3][bitrate - 1] * 1000
    padding = head[2] >> 1 & 1
    return (144 if first else 72) * bits // SAMPLE_RATES[version][rate] + padding


TEXT_STARTS: tuple[tuple[tuple[bytes, ...], Kind], ...] = (
    ((b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<iframe", b"<!--"), WEB_PAGE),
    ((b"<svg",), DRAWING),
    ((b"<?xml", b"<!doctype"), XML),
    ((b"#!", b"<?php", b"<%", b"@echo off"), SCRIPT),
)


def from_text(head: bytes) -> Kind:
    """The kind of something that is text throughout."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:4096].lower()
    if start.startswith(b"<?xml"):
        return DRAWING if b"<svg" in start else WEB_PAGE if b"<html" in start else XML
    for starts, kind in TEXT_STARTS:
        if start.startswith(starts):
            return kind
    return TEXT


ACCEPTED: tuple[Kind, ...] = tuple(
    kind for kind in list(globals().values()) if isinstance(kind, Kind) and kind.types
)
ENDINGS: dict[str, str] = {
    media_type: ending
    for kind in reversed(ACCEPTED)
    for ending, media_type in reversed(kind.types.items())
}


def accepted_endings() -> list[str]:
    """For a file field's `accept`."""
    return [f".{ending}" for kind in ACCEPTED for ending in kind.types]
