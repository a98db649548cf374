"""The whole way from a text to its standards."""

from __future__ import annotations

from standards.nos import admission
from standards.nos.blocks import Blocks, sort_events
from standards.nos.characters import mend, tidy
from standards.nos.compendium import split_standards
from standards.nos.furniture import drop_furniture
from standards.nos.lines import read_lines
from standards.nos.markup import to_plain
from standards.nos.model import NotAStandard, ParsedStandard
from standards.nos.outline import Event, find_events
from standards.nos.source import EMPTY, decode
from standards.nos.standard import build
from standards.nos.unroll import unroll
from standards.nos.wrapping import words_of

MAX_CHARACTERS = 5_000_000
# The longest standard fills some 50,000 characters; no line of one is longer than that.
LONGEST_LINE = 100_000
MOST_LINES = 30_000
MOST_TAGS = 60_000
PARTIAL = "The page says that it shows only a part of the document: criteria may be missing."


def read_bytes(data: bytes, *, filename: str = "") -> list[ParsedStandard]:
    """All standards in a file: PDF with a text layer, or text in any usual encoding."""
    try:
        return read_text(decode(data))
    except NotAStandard as refusal:
        raise NotAStandard(f"{filename}: {refusal}" if filename else str(refusal)) from refusal


def read_text(text: str) -> list[ParsedStandard]:
    """All standards in a pasted text; raises NotAStandard with one plain sentence."""
    plain = _plain(text)
    mended, notes = mend(plain)
    cleaned = drop_furniture(list(unroll(read_lines(mended))))
    events = find_events(cleaned.lines)
    if not admission.has_lists(events, mended):
        raise NotAStandard(admission.NOTHING_FOUND)
    if cleaned.partial:
        notes = [*notes, PARTIAL]
    return _standards(events, mended, notes)


def _plain(text: str) -> str:
    if len(text) > MAX_CHARACTERS:
        raise NotAStandard("This text is longer than 5 MB, far longer than any standard.")
    if not text.strip():
        raise NotAStandard(EMPTY)
    if text.count("<") > MOST_TAGS:
        raise NotAStandard("This page has more HTML in it than any collection of standards.")
    if not text.lstrip().startswith("<") and admission.is_source_code(text):
        raise NotAStandard(admission.NOTHING_FOUND)
    plain = tidy(to_plain(text))
    if "\0" in plain:
        raise NotAStandard("This is a binary file, not text.")
    lines = plain.split("\n")
    if len(lines) > MOST_LINES and sum(map(bool, map(str.strip, lines))) > MOST_LINES:
        raise NotAStandard("This text has more lines than any collection of standards.")
    if any(len(line) > LONGEST_LINE for line in lines):
        raise NotAStandard("This text has a line longer than any standard's: it is something else.")
    if not admission.has_spoor(plain):
        raise NotAStandard(admission.NOTHING_FOUND)
    return plain


def _standards(events: list[Event], text: str, notes: list[str]) -> list[ParsedStandard]:
    vocabulary = words_of(text)
    parts = [sort_events(part) for part in split_standards(events)]
    standards: list[ParsedStandard] = []
    for part in parts:
        standard = build(part, vocabulary)
        if _admitted(standard, part, text, alone=len(parts) == 1):
            standards.append(standard)
    if not standards:
        raise NotAStandard(admission.NOTHING_FOUND)
    if notes:
        standards[0] = _with_notes(standards[0], notes)
    return standards


def _admitted(standard: ParsedStandard, blocks: Blocks, text: str, *, alone: bool) -> bool:
    try:
        admission.refuse_others(standard, blocks, text if alone else "")
    except NotAStandard:
        return False
    return True


def _with_notes(standard: ParsedStandard, notes: list[str]) -> ParsedStandard:
    data = standard.as_dict()
    return ParsedStandard.from_dict({**data, "warnings": [*notes, *data["warnings"]]})
