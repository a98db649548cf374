"""What the made parts of a preview hold, read from the store for a page."""

import json
import logging
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from files.models import Blob
from files.store import open_blob

logger = logging.getLogger(__name__)

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
class Sheet:
    number: int
    name: str
    letters: list[str]
    rows: list[list[str]]
    rows_left: bool  # there are more than are shown


def sheet_in(blob: Blob, *, number: int, name: str, most_rows: int, most_columns: int) -> Sheet:
    made = json_in(blob) or {"name": name, "rows": [], "cut": False}
    rows = [row[:most_columns] for row in made["rows"][:most_rows]]
    wide = max(map(len, rows), default=0)
    return Sheet(
        number=number,
        name=name or made["name"],
        letters=[column_letters(at) for at in range(wide)],
        rows=[row + [""] * (wide - len(row)) for row in rows],
        rows_left=made["cut"]
        or len(made["rows"]) > most_rows
        or any(len(row) > most_columns for row in made["rows"]),
    )


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
