"""Physical lines: what stands on each, how far in, and with how much air above."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from standards.nos.characters import SOFT_HYPHEN
from standards.nos.columns import one_column
from standards.nos.headings import CRITERIA, Kind, find_heading
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
    footer: bool = False  # with the page's number after it
    width: int = 0  # as printed, with its mark

    @property
    def airy(self) -> bool:
        return self.blanks > 0


def read_lines(text: str) -> list[Line]:
    return _single_spaced(list(_lines(_raw_lines(text))))


def _raw_lines(text: str) -> list[str]:
    raw = text.replace("\f", "\n\f").split("\n")
    return one_column(raw)


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


FEWEST_AIRY = 12


def _single_spaced(lines: list[Line]) -> list[Line]:
    """Where every line of a stretch has an empty one above, the air means nothing."""
    out: list[Line] = []
    for airy, stretch in groupby(lines, key=lambda line: line.airy):
        run = list(stretch)
        if airy and _is_double_spaced(run):
            run = [replace(line, blanks=line.blanks - 1) for line in run]
        out += run
    return out


def _is_double_spaced(run: list[Line]) -> bool:
    broken = sum(
        below.text[:1].islower() and above.text[-1:].isalpha() for above, below in pairwise(run)
    )
    return len(run) >= FEWEST_AIRY and broken > 0.1 * len(run)


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
