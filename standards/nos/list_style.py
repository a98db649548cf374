"""What the marks of one list look like, seen over all its lines before any is believed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from standards.nos.lines import Line
from standards.nos.markers import (
    KNOWLEDGE_LETTERS,
    PERFORMANCE_LETTERS,
    Marker,
    Style,
    inline_numbers,
    leading_labels,
    read_marker,
)


@dataclass(slots=True)
class ListStyle:
    """What the marks of one list look like."""

    top: Style | None
    sign: str
    headings: frozenset[Style]
    indent: int
    all_ones: bool
    capital: bool  # the first item begins with a capital
    alone: bool  # one mark opens a line, so other items may have run into it
    roman: bool  # i., ii., iii. number the items themselves
    last_at: dict[int, int]  # the last line on which each number opens a line


def own_letters(*, knowledge: bool) -> frozenset[str]:
    return KNOWLEDGE_LETTERS if knowledge else PERFORMANCE_LETTERS


def own_marker(line: Line, letters: frozenset[str]) -> Marker | None:
    marker = read_marker(line.text)
    if marker and marker.style is Style.CODE and marker.sign not in letters:
        return None
    return marker


def study(lines: Sequence[Line], letters: frozenset[str]) -> ListStyle:
    found = [(i, m) for i, line in enumerate(lines) if (m := own_marker(line, letters))]
    if not _begins_at_one(found):
        found = [(i, m) for i, m in found if m.style is not Style.CODE or m.sign in SURE_LETTERS]
    labelled = any(own_labels(line, letters)[0] for line in lines)
    styles = [m.style for _, m in found if m.style is not Style.BARE]
    headings: frozenset[Style] = frozenset()
    if labelled or Style.CODE in styles:
        top: Style | None = Style.CODE
    else:
        top, headings = _top_style(styles, [m for _, m in found])
    of_top = [(i, m) for i, m in found if m.style is top]
    return ListStyle(
        top=top,
        sign=of_top[0][1].sign if top is Style.BULLET else "",
        headings=headings,
        indent=_top_indent([(lines[i].indent, m.rest) for i, m in of_top]),
        all_ones=_all_ones([m for _, m in of_top]),
        alone=len(of_top) == 1,
        capital=bool(of_top) and of_top[0][1].rest[:1].isupper(),
        roman=top is Style.LETTER and _romans_on_top([m.sign for _, m in of_top]),
        last_at={m.number: i for i, m in of_top},
    )


def _romans_on_top(signs: Sequence[str]) -> bool:
    """i, ii, iii from the first item on, whatever letters stand between them."""
    romans = [sign for sign in signs if not set(sign) - set("ivx")]
    return signs[0] == "i" and romans[:2] == ["i", "ii"]


def _all_ones(markers: Sequence[Marker]) -> bool:
    """Is every item numbered 1., on its own line or in the middle of one?"""
    if {marker.number for marker in markers} != {1}:
        return False
    if len(markers) > 1:
        return True
    inline = [number for number, _, _ in inline_numbers(markers[0].rest)]
    return inline.count(1) > 1 and 2 not in inline


# "M6 bolts" and "G20" are no codes unless M1 or G1 stands there too.
SURE_LETTERS = frozenset("PK") | {"PC", "KU"}


def _begins_at_one(found: Sequence[tuple[int, Marker]]) -> bool:
    return any(m.style is Style.CODE and m.number == 1 for _, m in found)


def _top_style(
    styles: Sequence[Style], markers: Sequence[Marker]
) -> tuple[Style | None, frozenset[Style]]:
    if _counts_up([m.number for m in markers if m.style is Style.BARE]) and (
        not styles or markers[0].style is Style.BARE
    ):
        return Style.BARE, frozenset()
    if not styles:
        return None, frozenset()
    first = styles[0]
    others = [style for style in styles if style is not first]
    if first is Style.UPPER and others:
        return others[0], frozenset((Style.UPPER,))
    if first is Style.DECIMAL and _heads_numbers(markers):
        return Style.NUMBER, frozenset((Style.DECIMAL,))
    return first, frozenset()


def _counts_up(numbers: list[int]) -> bool:
    return len(numbers) > 1 and numbers[0] == 1 and 2 in numbers[:3]


def _heads_numbers(markers: Sequence[Marker]) -> bool:
    """Is every 1.1, 1.2 a heading over a list that starts at 1. again?"""
    pairs = pairwise(markers)
    below = [b for a, b in pairs if a.style is Style.DECIMAL]
    return bool(below) and all(m.style is Style.NUMBER and m.number == 1 for m in below)


def _top_indent(marks: list[tuple[int, str]]) -> int:
    if not marks:
        return 0
    first, rest = marks[0], marks[1:]
    counts = Counter(indent for indent, _ in rest)
    # the first line of a pasted text often loses its indent
    if rest and counts[first[0]] == 0 and first[0] < min(counts) and not first[1].endswith(":"):
        return min(counts)
    return first[0]


def own_labels(line: Line, letters: frozenset[str]) -> tuple[list[Marker], str]:
    labels, rest = leading_labels(line.text)
    return (labels, rest) if labels and labels[0].sign in letters else ([], line.text)


BARE_LETTER = re.compile(r"([a-z])\s+(?=\S)")


def mark_letters(lines: Sequence[Line]) -> Sequence[Line]:
    """ "a how …", "b what …", "c why …": letters without a mark, believed as a sequence."""
    expected, found = "a", set[int]()
    for at, line in enumerate(lines):
        match = BARE_LETTER.match(line.text)
        if match and match[1] == expected:
            found.add(at)
            expected = chr(ord(expected) + 1)
    if len(found) < 2:
        return lines
    return [
        replace(line, text=BARE_LETTER.sub(r"\1) ", line.text, count=1)) if at in found else line
        for at, line in enumerate(lines)
    ]
