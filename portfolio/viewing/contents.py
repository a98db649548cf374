"""What the made parts of a preview hold, read from the store for a page."""

import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from files.models import Blob
from files.store import open_blob
from portfolio.viewing.marks import Span, marked_text

logger = logging.getLogger(__name__)

BETWEEN_SHEETS = "\n\n"
BARS = 240  # of a waveform; more can't be told apart


def text_in(blob: Blob) -> str:
    return _bytes_of(blob).decode(errors="replace")


def json_in(blob: Blob) -> Any:
    """What was made, or None where it is lost."""
    found = _bytes_of(blob)
    return json.loads(found) if found else None


def _bytes_of(blob: Blob) -> bytes:
    """Nothing where a disk lost them: the rest of the page is still wanted."""
    try:
        with open_blob(blob) as file:
            return file.read()
    except FileNotFoundError:
        logger.error("The bytes of file %s are missing from the store.", blob.sha256)
        return b""


@dataclass(frozen=True)
class Row:
    """As it is shown: its cells, with what is marked in them, up to the width of its sheet."""

    at: int  # where its text begins in the text of the whole table
    to: int  # and where what is shown of it ends
    cells: list[str]
    own: int  # of the cells shown; the others only fill it up
    rest: str | None  # its text beyond those that are shown


@dataclass(frozen=True)
class Sheet:
    number: int
    name: str
    at: int  # where its text begins in the text of the whole table
    letters: list[str]
    rows: list[Row]
    rows_left: bool  # there are more than are shown

    @property
    def width(self) -> int:
        return len(self.letters)


@dataclass(frozen=True)
class Table:
    """What was made of one sheet, and where its text begins. Passages are quoted from the cells
    with tabs between them, rows with line ends between, as files/makers/tables.py joins them."""

    number: int
    name: str
    rows: list[list[str]]
    cut: bool
    at: int

    @property
    def text(self) -> str:
        return "\n".join(map("\t".join, self.rows))


def tables_in(parts: Iterable[tuple[int, str, Blob]]) -> Iterator[Table]:
    at = 0
    for number, name, blob in parts:
        made = json_in(blob) or {"name": name, "rows": [], "cut": False}
        table = Table(number, name or made["name"], made["rows"], made["cut"], at)
        yield table
        at += len(table.text) + len(BETWEEN_SHEETS)


def sheet_of(table: Table, spans: Sequence[Span], *, most_rows: int, most_columns: int) -> Sheet:
    rows, at = [], table.at
    for row in table.rows[:most_rows]:
        text = "\t".join(row)
        over = [span for span in spans if span.start < at + len(text) and at < span.end]
        rows.append(_row(row, at, over, most_columns))
        at += len(text) + 1
    wide = max((row.own for row in rows), default=0)
    for row in rows:
        row.cells.extend([""] * (wide - row.own))
    return Sheet(
        number=table.number,
        name=table.name,
        at=table.at,
        letters=[column_letters(at) for at in range(wide)],
        rows=rows,
        rows_left=table.cut
        or len(table.rows) > most_rows
        or any(len(row) > most_columns for row in table.rows),
    )


def _row(row: list[str], at: int, spans: Sequence[Span], most_columns: int) -> Row:
    shown, left = row[:most_columns], row[most_columns:]
    return Row(
        at=at,
        to=at + len("\t".join(shown)),
        cells=_marked_cells(shown, at, spans) if spans else list(shown),
        own=len(shown),
        rest="\t".join(left) if left else None,
    )


def _marked_cells(cells: list[str], at: int, spans: Sequence[Span]) -> list[str]:
    marked: list[str] = []
    for cell in cells:
        marked.append(marked_text(cell, spans, at=at))
        at += len(cell) + 1
    return marked


def column_letters(at: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    letters = ""
    at += 1
    while at:
        at, letter = divmod(at - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


def wave_path(peaks: list[float]) -> str:
    """Strokes for an SVG that is BARS wide and 2 high."""
    if not peaks:
        return ""
    count = min(BARS, len(peaks))
    edges = [at * len(peaks) // count for at in range(count + 1)]
    bars = (max(peaks[first:last]) for first, last in pairwise(edges))
    step = BARS / count
    return "".join(
        f"M{(at + 0.5) * step:.1f} {1 - max(0.02, peak):.2f}V{1 + max(0.02, peak):.2f}"
        for at, peak in enumerate(bars)
    )
