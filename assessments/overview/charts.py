"""Bars as SVG, drawn by the server: where each stands, how high it is. The numbers are in the
table beside it, which is what those who can't see the picture read."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 480
HEIGHT = 150
BOTTOM = 20  # for the names
TOP = 16  # for the number above the highest bar
GAP = 0.28  # of a bar's room


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    middle: float
    name: str
    words: str
    is_named: bool
    above: float


@dataclass(frozen=True)
class Chart:
    bars: list[Bar]
    width: int = WIDTH
    height: int = HEIGHT
    ground: int = HEIGHT - BOTTOM


def bars(values: Sequence[tuple[str, float | None, str]], *, full: float | None = None) -> Chart:
    """Of (name, value, the value in words); a value of none has no bar. `full` is the height of
    the whole picture, else the highest value is."""
    highest = full or max((value or 0 for _name, value, _words in values), default=0) or 1
    room = WIDTH / max(len(values), 1)
    # Names that would run into each other are left out; the table has them all.
    every = 1 + len(values) // 7
    return Chart(
        [
            _bar(number, room, (value or 0) / highest, name, words, number % every == 0)
            for number, (name, value, words) in enumerate(values)
        ]
    )


def _bar(number: int, room: float, part: float, name: str, words: str, is_named: bool) -> Bar:
    height = round((HEIGHT - BOTTOM - TOP) * min(part, 1), 1)
    y = HEIGHT - BOTTOM - height
    return Bar(
        x=round(room * (number + GAP / 2), 1),
        y=y,
        width=round(room * (1 - GAP), 1),
        height=height,
        middle=round(room * (number + 0.5), 1),
        name=name,
        words=words,
        is_named=is_named,
        above=round(y - 4, 1),
    )
