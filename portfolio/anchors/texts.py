"""The text that passages are quoted from: one canonical plain text a file, page and account.

Positions are counted in Unicode code points, as the W3C's model asks; scripts, whose strings
are counted in UTF-16 units, translate.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from files.models import Blob, Preview, PreviewPart
from files.store import open_blob
from portfolio.models.evidence import EvidenceVersion

AROUND = 32  # letters kept before and after a quote
CLEAR_BY_ITSELF = 40  # a quote this long that stands once needs nothing around it


def account_text(version: EvidenceVersion) -> str:
    """The written account as a browser has it: the text content of its HTML."""
    return text_of_html(version.account_html)


def text_of_html(html: str) -> str:
    reader = _TextContent()
    reader.feed(html)
    reader.close()
    return "".join(reader.pieces)


class _TextContent(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def text_of_preview(preview: Preview, page: int | None) -> str | None:
    """What can be quoted of a file; of one with pages, one page's words."""
    if preview.kind == Preview.Kind.PAGES:
        part = _part(preview, PreviewPart.Role.WORDS, page) if page else None
        return json.loads(_read(part.blob)).get("text") if part else None
    part = _part(preview, PreviewPart.Role.TEXT, 1)
    return _read(part.blob) if part else None


def _part(preview: Preview, role: str, number: int) -> PreviewPart | None:
    return preview.parts.filter(role=role, number=number).select_related("blob").first()


def _read(blob: Blob) -> str:
    with open_blob(blob) as file:
        return file.read().decode(errors="replace")


@dataclass(frozen=True)
class Found:
    """A quote where it stands, with what stands around it."""

    start: int
    quote: str
    prefix: str
    suffix: str


def at(text: str, start: int, quote: str) -> Found | None:
    """The quote exactly there, or nothing."""
    return _found(text, start, start + len(quote)) if text.startswith(quote, start) else None


def everywhere(text: str, quote: str) -> list[Found]:
    """Every place where the words stand; one white space is as good as another."""
    return [_found(text, *each) for each in _spans(text, quote)]


def again(text: str, quote: str, prefix: str, suffix: str, near: int) -> Found | None:
    """The same passage in a text that was changed: the same words, and what stood on one side
    of them at least; or nothing, because other words are never good enough."""
    places = everywhere(text, quote)
    fitting = [(each, _fits(each, text, prefix, suffix)) for each in places]
    best = max((fit for _each, fit in fitting), default=0)
    if best == 0:
        alone = len(places) == 1 and len(quote) >= CLEAR_BY_ITSELF
        return places[0] if alone else None
    chosen = [each for each, fit in fitting if fit == best]
    return min(chosen, key=lambda each: abs(each.start - near))


def _spans(text: str, quote: str) -> Iterator[tuple[int, int]]:
    words = quote.split()
    if not words:
        return
    # Looked ahead for, because one place may begin within another.
    quoted = r"\s+".join(re.escape(word) for word in words)
    pattern = re.compile(f"(?=({quoted}))")
    for match in pattern.finditer(text):
        yield match.span(1)


def _found(text: str, start: int, end: int) -> Found:
    return Found(
        start, text[start:end], text[max(0, start - AROUND) : start], text[end : end + AROUND]
    )


def _fits(found: Found, text: str, prefix: str, suffix: str) -> int:
    """On how many sides the passage stands as it stood; an edge of the text is a side too."""
    end = found.start + len(found.quote)
    before, after = _spaced(text[: found.start]), _spaced(text[end:])
    wanted_before, wanted_after = _spaced(prefix), _spaced(suffix)
    starts_alike = before.endswith(wanted_before) if wanted_before.strip() else not before.strip()
    ends_alike = after.startswith(wanted_after) if wanted_after.strip() else not after.strip()
    return starts_alike + ends_alike


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text)
