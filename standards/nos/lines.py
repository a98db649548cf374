"""Physical lines: what stands on each, how far in, and with how much air above."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from standards.nos.characters import SOFT_HYPHEN
from standards.nos.headings import CRITERIA, FIRST_WORDS, MOST_LINES, Kind, find_heading, normal
from standards.nos.markup import plain_line

TAB_WIDTH = 4


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    indent: int = 0
    blanks: int = 0  # empty lines above
    emphasised: bool = False  # marked up as a heading
    page_start: bool = False
    divided: bool = False  # ends in the middle of a word
    running: bool = False  # a title that stands on every page
    width: int = 0  # as printed, with its mark

    @property
    def airy(self) -> bool:
        return self.blanks > 0


@dataclass(frozen=True, slots=True)
class Document:
    lines: list[Line]
    double_spaced: bool = False


def read_lines(text: str) -> Document:
    lines = list(_lines(_raw_lines(text)))
    double = _is_double_spaced(lines)
    if double:
        lines = [replace(line, blanks=max(line.blanks - 1, 0)) for line in lines]
    return Document(lines, double)


def _raw_lines(text: str) -> list[str]:
    raw = text.replace("\f", "\n\f").split("\n")
    return list(split_margin(raw))


def _lines(raw_lines: Iterable[str]) -> Iterator[Line]:
    blanks, page_start = 0, False
    for raw in raw_lines:
        page_start = page_start or "\f" in raw
        raw = raw.replace("\f", "")
        if not raw.strip():
            blanks += 1
            continue
        for line in _cells(raw):
            yield replace(line, blanks=blanks, page_start=page_start)
            blanks, page_start = 0, False


def _is_double_spaced(lines: list[Line]) -> bool:
    """Is every line followed by an empty one, so that air means nothing?"""
    if len(lines) < 12:
        return False
    airy = sum(line.airy for line in lines)
    broken = sum(
        below.airy and below.text[:1].islower() and above.text[-1:].isalpha()
        for above, below in itertools.pairwise(lines)
    )
    return airy > 0.8 * len(lines) and broken > 0.1 * len(lines)


CODE_FIRST = re.compile(r"(?:PC|KU|[PK])\s?\d{1,3}[.:)]?\s+\S")
TABLE_ROW = re.compile(r"^\s*\|.*\|?\s*$")
LABEL_CELL = re.compile(
    r"^(?:[PK]\.?[CU]?\s?\d{1,3}|\(?\d{1,3}(?:\.\d{1,2})?[.)]?|\(?[a-z]\)|[•·▪●])$", re.IGNORECASE
)


def _cells(raw: str) -> Iterator[Line]:
    """A line of text, or several when it is a row of a table."""
    indent = len(raw[: len(raw) - len(raw.lstrip())].expandtabs(TAB_WIDTH))
    text, emphasised = plain_line(raw)
    if "|" in text:
        text = _pipes(text)
    cells = [cell for cell in (" ".join(c.split()) for c in text.split("\t")) if cell]
    for index, row in enumerate(_rows(cells)):
        divided = row.endswith(SOFT_HYPHEN)
        row = row.replace(SOFT_HYPHEN, "")
        if row:
            flag = emphasised and index == 0
            yield Line(row, indent, emphasised=flag, divided=divided, width=len(row))


def _pipes(text: str) -> str:
    """Table rows in Markdown, and "URN: X | Version: 2"."""
    parts = text.split("|")
    if TABLE_ROW.match(text) or sum(":" in part for part in parts) > 1:
        return "\t".join(parts)
    return text


def _rows(cells: list[str]) -> list[str]:
    """A label joins the cell to its right; a heading stands alone; metadata gets its colon."""
    if len(cells) < 2:
        return cells
    headings = [cell for cell in cells if _names_a_list(cell)]
    if headings and all(len(cell.split()) <= 2 for cell in cells if cell not in headings):
        return headings  # a row of column titles
    if sum(CODE_FIRST.match(cell) is not None for cell in cells) > 1:
        return cells  # performance and knowledge side by side
    return _joined_cells(cells)


def _joined_cells(cells: list[str]) -> list[str]:
    rows: list[str] = []
    waiting = ""
    labelled = False
    for index, cell in enumerate(cells):
        heading = find_heading(cell)
        if waiting:
            cell, waiting = f"{waiting} {cell}", ""
        elif LABEL_CELL.match(cell):
            waiting, labelled = cell, True
            continue
        elif heading and heading.kind is Kind.METADATA and index + 1 < len(cells):
            waiting = cell.rstrip(":") + ":"
            continue
        elif labelled and len(cell.split()) <= 2 and not heading:
            continue  # a tick, a date or initials in the columns beside the text
        elif not heading and rows and not _stands_alone(cells[0]) and ":" not in cell:
            rows[-1] += " " + cell
            continue
        rows.append(cell)
    return [*rows, waiting] if waiting else rows


def _names_a_list(cell: str) -> bool:
    heading = find_heading(cell)
    return heading is not None and heading.kind in (*CRITERIA, Kind.UNIT)


def _stands_alone(cell: str) -> bool:
    return find_heading(cell) is not None


MARGIN = re.compile(r"^(\S.{0,40}?)(?:\s{3,}|\t+)(\S.*)$")


def split_margin(raw_lines: list[str]) -> Iterator[str]:
    """Undo two columns: a heading in the left margin, its text to the right.

    A heading may run down the margin beside the text ("Performance", "criteria").
    """
    at = 0
    while at < len(raw_lines):
        found = _margin_heading(raw_lines, at)
        if found is None:
            yield raw_lines[at]
            at += 1
            continue
        heading, body, used = found
        yield heading
        yield from body
        at += used


def _margin_heading(raw_lines: list[str], at: int) -> tuple[str, list[str], int] | None:
    first = MARGIN.match(raw_lines[at])
    if not first or "|" in raw_lines[at] or normal(first[1]).split(" ")[0] not in FIRST_WORDS:
        return None
    phrase: list[str] = []
    body: list[str] = []
    best: tuple[str, list[str], int] | None = None
    for used in range(1, MOST_LINES + 1):
        if at + used > len(raw_lines):
            break
        left, right = _columns(raw_lines[at + used - 1])
        if not left and not right:
            break
        phrase.append(left)
        body.append(right)
        joined = " ".join(filter(None, phrase))
        heading = find_heading(joined)
        if heading and (heading.kind in CRITERIA or heading.kind is Kind.SECTION):
            best = (joined, [b for b in body if b], used)
    return best


def _columns(raw: str) -> tuple[str, str]:
    match = MARGIN.match(raw)
    if match:
        return match[1], match[2]
    if raw[:1].isspace():
        return "", raw.strip()
    return (raw.strip(), "") if len(raw) <= 40 else ("", raw.strip())
