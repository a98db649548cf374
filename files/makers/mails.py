"""E-mail: who wrote to whom, what, and the files that came with it."""

import email
import email.errors
from collections.abc import Iterator
from contextlib import suppress
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32
from html.parser import HTMLParser

from files import checks, images, kinds
from files.kinds import Kind
from files.makers import texts
from files.makers.limits import MB
from files.makers.out import PLAIN, Job, NoPreview
from files.refusals import Refused

HEADERS = ("from", "to", "cc", "subject", "date")
LONGEST_HEADER = 1000
MOST_PARTS = 500
DEEPEST = 20
MOST_HTML = 2 * MB


def make(job: Job) -> None:
    message = _message(job)
    parts = list(_leaves(message))
    job.facts(**{name: _header(message, name) for name in HEADERS})
    most = job.limits.text_mb * MB
    body = _body(parts)
    job.part("text", data=body[:most], media_type=PLAIN)
    files = [part for part in parts if _is_file(part)]
    job.so_far()
    left_out = _tell_files(job, files)
    job.facts(cut=len(body) > most, left_out=left_out)


def _message(job: Job) -> Message:
    if job.source.stat().st_size > job.limits.attachments_mb * MB * 2:
        raise NoPreview("too_large")
    try:
        with job.source.open("rb") as file:
            return email.message_from_binary_file(file, policy=compat32)
    except (ValueError, IndexError, email.errors.MessageError) as error:
        raise NoPreview("damaged") from error
    except RecursionError as error:
        raise NoPreview("too_deep") from error


def _leaves(message: Message, depth: int = 0) -> Iterator[Message]:
    """The parts that hold something; a letter inside a letter is one, and is not opened."""
    if depth > DEEPEST:
        raise NoPreview("too_deep")
    if not message.is_multipart() or (depth and message.get_content_type() == "message/rfc822"):
        yield message
        return
    inside = message.get_payload()
    if len(inside) > MOST_PARTS:
        raise NoPreview("too_deep")
    for part in inside:
        yield from _leaves(part, depth + 1)


def _header(message: Message, name: str) -> str:
    value = str(message.get(name, ""))[: 4 * LONGEST_HEADER]
    with suppress(ValueError, LookupError, email.errors.MessageError):  # as it stands, then
        value = str(make_header(decode_header(value)))
    return " ".join(value.replace("\0", "").split())[:LONGEST_HEADER]


# What it says ----------------------------------------------------------------------------------


def _is_file(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or part.get_content_type() not in (
        "text/plain",
        "text/html",
    )


def _body(parts: list[Message]) -> str:
    """The plain text where the letter has it, else what its web page says."""
    for wanted, reader in (("text/plain", _plain), ("text/html", _from_html)):
        for part in parts:
            if part.get_content_type() == wanted and not _is_file(part):
                return reader(part).strip("\n")
    return ""


def _plain(part: Message) -> str:
    data = part.get_payload(decode=True) or b""
    charset = part.get_content_charset("") or ""
    try:
        return texts.tidy(data.decode(charset, "replace") if charset else texts.decoded(data))
    except (LookupError, ValueError):
        return texts.tidy(texts.decoded(data))


def _from_html(part: Message) -> str:
    reader = Reader()
    reader.feed(_plain(part)[:MOST_HTML])
    reader.close()
    return reader.text()


class Reader(HTMLParser):
    """The words of a web page, a line for each block; links, scripts and styles are left."""

    SILENT = frozenset(("script", "style", "head", "title", "template"))
    BLOCKS = frozenset(
        "p div br tr li h1 h2 h3 h4 h5 h6 blockquote pre table ul ol section article hr".split()
    )

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in self.SILENT:
            self.silent += 1
        elif tag in self.BLOCKS:
            self.pieces.append("\n")
        elif tag in ("td", "th"):
            self.pieces.append("\t")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in ("p", "table", "blockquote"):
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.pieces.append(" ".join(data.split()) if data.strip() else " ")
            if data[-1:].isspace():
                self.pieces.append(" ")

    def text(self) -> str:
        lines = (" ".join(line.split()) for line in "".join(self.pieces).split("\n"))
        kept: list[str] = []
        for line in lines:
            if line or (kept and kept[-1]):
                kept.append(line)
        return "\n".join(kept)


# What came with it -----------------------------------------------------------------------------


def _tell_files(job: Job, files: list[Message]) -> list[str]:
    """Leaves the files that we would take as uploads; gives the names of the others."""
    left_out, room = [], job.limits.attachments_mb * MB
    for number, part in enumerate(files, 1):
        name = _name(part, number)
        data = _bytes(part)
        room -= len(data)
        if room < 0 or number > job.limits.attachments:
            left_out.append(name)
            continue
        try:
            _tell_file(job, number, name, data)
        except Refused:
            left_out.append(name)
    return left_out[: job.limits.attachments]


def _tell_file(job: Job, number: int, name: str, data: bytes) -> None:
    if not data:
        raise Refused("empty")
    place = job.place(f"attachment-{number}")
    place.write_bytes(data)
    kind, media_type = checks.media_type_of(place, name)
    shown = _copy_for_others(job, number, place, kind)
    name = checks.name_for(name, media_type)
    job.made("attachment", number, place=place, media_type=media_type, name=name, **shown)


def _copy_for_others(job: Job, number: int, place: object, kind: Kind) -> dict[str, object]:
    """A picture that came by mail says where it was taken, too."""
    if kind not in kinds.PICTURES:
        return {}
    data, media_type = images.shown_copy(place, kind)  # type: ignore[arg-type]
    copy = job.place(f"shown-{number}")
    copy.write_bytes(data)
    return {"shown": {"file": copy.name, "type": media_type}}


def _bytes(part: Message) -> bytes:
    if part.get_content_type() == "message/rfc822":
        return b"".join(inner.as_bytes(policy=compat32) for inner in part.get_payload())
    return part.get_payload(decode=True) or b""


def _name(part: Message, number: int) -> str:
    name = part.get_filename("") or ""
    if part.get_content_type() == "message/rfc822" and not name.lower().endswith(".eml"):
        name = f"message-{number}.eml"
    try:
        return checks.check_name(str(make_header(decode_header(name))))
    except (Refused, ValueError, LookupError, email.errors.MessageError):
        return f"attachment-{number}.{_ending(part)}"


def _ending(part: Message) -> str:
    return kinds.ENDINGS.get(part.get_content_type(), "bin")
