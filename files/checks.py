"""Whether a file may come in. Says no in one plain sentence; never trusts a name or a browser."""

import email
import re
import unicodedata
from collections.abc import Iterator
from email.policy import compat32
from pathlib import Path

import puremagic
from django.conf import settings
from django.utils.translation import gettext as _

from files import containers, kinds
from files.kinds import Kind
from files.refusals import NoRoom, NotStored, Refused, TooLarge
from files.templatetags.sizes import plain_size

__all__ = ["NoRoom", "NotStored", "Refused", "TooLarge", "check_name", "kind_of", "media_type_of"]

MAX_NAME = 200
HEAD = 64 * 1024
CHUNK = 1024 * 1024
# They turn the reading direction round, so that "gpj.exe" reads as "exe.jpg".
BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
ENDING = re.compile(r"[A-Za-z0-9]{1,10}")
DRIVE = re.compile(r"[A-Za-z]:")
# All that no text has; tab, line ends, form feed and escape may be.
NOT_TEXT = bytes(set(range(32)) - {9, 10, 11, 12, 13, 27}) + b"\x7f"


def too_large() -> TooLarge:
    limit = plain_size(settings.MAX_UPLOAD_BYTES)
    return TooLarge(_("This file is too large. The most you can send is %s.") % limit)


def check_size(size: int) -> None:
    if size == 0:
        raise Refused(_("This file is empty. Check it, then choose it again."))
    if size > settings.MAX_UPLOAD_BYTES:
        raise too_large()


def check_name(sent: str) -> str:
    """The name to keep the file under."""
    name = unicodedata.normalize("NFC", sent).strip()
    if not name or not name.strip("."):
        raise Refused(_("This file has no name. Give it one, then choose it again."))
    if len(name) > MAX_NAME:
        raise Refused(
            _("The file's name is too long: it may have %d characters at most.") % MAX_NAME
        )
    if any(_is_hidden(character) for character in name):
        raise Refused(_("The file's name has hidden characters in it. Give it a plain name."))
    if "/" in name or "\\" in name or DRIVE.match(name):
        raise Refused(_("The file's name may not have a folder in it. Give it a plain name."))
    if RESERVED.fullmatch(name) or name.endswith("."):
        raise Refused(_("A file with this name cannot be saved by others. Give it another name."))
    return name


def _is_hidden(character: str) -> bool:
    return character in BIDI or unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")


def ending_of(name: str) -> str:
    stem, _dot, ending = name.rpartition(".")
    return ending.lower() if stem and ENDING.fullmatch(ending) else ""


def kind_of(path: Path) -> Kind | None:
    """What the bytes are; None when nobody can tell."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(containers.ZIP):
        return containers.zip_kind(path)
    if head.startswith(containers.OLE):
        return containers.ole_kind(path)
    if known := kinds.from_start(head):
        if known is kinds.PDF:
            _check_pdf(path)
        return known
    return kinds.from_text(head) if _is_text(path, head) else None


def _check_pdf(path: Path) -> None:
    """A transfer that broke off has lost the end, without which few readers open a PDF."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - HEAD))
        if b"startxref" not in file.read():
            raise Refused(_("The end of this PDF is missing. Save it again, then add it."))


def _is_text(path: Path, head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True  # UTF-16 by its mark; half of its bytes are zero
    return all(len(chunk) == len(chunk.translate(None, NOT_TEXT)) for chunk in _chunks(path))


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def media_type_of(path: Path, name: str) -> tuple[Kind, str]:
    """The kind and the media type of an accepted file whose name says what it is."""
    kind, ending = kind_of(path), ending_of(name)
    if kind is kinds.TEXT and ending == "eml":
        kind = kinds.EML if _is_email(path) else kind
    if kind is None:
        raise _unknown(path)
    if kind.types and not ending and kind is not kinds.TEXT:
        return kind, kind.types[kind.first_ending]
    if media_type := kind.type_for(ending):
        return kind, media_type
    raise _misnamed(kind, ending)


def _is_email(path: Path) -> bool:
    with path.open("rb") as file:
        message = email.message_from_bytes(file.read(HEAD), policy=compat32)
    return "From" in message and any(name in message for name in ("Date", "Subject", "Received"))


def _misnamed(kind: Kind, ending: str) -> Refused:
    known = any(ending in each.types for each in kinds.ACCEPTED)
    if (kind.types and kind is not kinds.TEXT) or known:
        words = {"ending": ending, "kind": kind.words}
        return Refused(
            _("The file is called .%(ending)s, but it is %(kind)s. Save it again as what it is.")
            % words
        )
    if kind is kinds.TEXT:
        return Refused(_("Text needs a name that ends in .txt, .csv or .md."))
    return Refused(
        _("This is %(kind)s, which cannot be added. Save it as a PDF or a picture.")
        % {"kind": kind.words}
    )


def _unknown(path: Path) -> Refused:
    """Here puremagic's wide table helps to say what it was; it decides nothing."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    try:
        looks_like = puremagic.from_string(head)
    except (puremagic.PureError, ValueError):
        looks_like = ""
    if looks_like:
        return Refused(
            _("This looks like a %s file, which cannot be added. Save it as a PDF or a picture.")
            % looks_like
        )
    return Refused(
        _("This kind of file cannot be added. Add a document, a picture, a recording or an e-mail.")
    )


def name_for(name: str, media_type: str) -> str:
    """The name with an ending that fits, for a copy of another type or a name that had none."""
    ending = ending_of(name)
    fitting = kinds.ENDINGS.get(media_type)
    fits = any(
        ending in each.types and media_type in each.types.values() for each in kinds.ACCEPTED
    )
    if fits or not fitting:
        return name
    return f"{name.rsplit('.', 1)[0] if ending else name}.{fitting}"
