"""Codes: as printed where that can be, in reading order where it cannot."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from standards.nos.items import Doubt, Item
from standards.nos.model import Criterion


def number_items(items: Sequence[Item], letter: str) -> tuple[list[Criterion], list[str]]:
    codes, warnings = _codes(items, letter)
    criteria = [
        Criterion(code, item.text, item.group, item.subitems)
        for code, item in zip(codes, items, strict=True)
    ]
    return criteria, warnings + _doubts(items, codes)


def _codes(items: Sequence[Item], letter: str) -> tuple[list[str], list[str]]:
    in_order = [f"{letter}{n}" for n in range(1, len(items) + 1)]
    printed = [(item.number, item.part) for item in items]
    numbers = {number for number, _ in printed}
    if not items or numbers == {0} or (set(printed) == {(1, 0)}):
        return in_order, []
    filled = _fill(_without_section(printed))
    if len(set(filled)) < len(filled):
        return in_order, [_renumbered(items, filled, letter)]
    codes = [f"{letter}{n}.{part}" if part else f"{letter}{n}" for n, part in filled]
    return codes, _gaps(filled, letter)


def _fill(printed: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """An item without a number between numbered ones takes the next."""
    filled: list[tuple[int, int]] = []
    last = 0
    for number, part in printed:
        last = number or last + 1
        filled.append((last, part))
    return filled


def _without_section(printed: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """ "3.1, 3.2, 3.3" under a heading numbered 3 are items 1, 2 and 3."""
    decimal = len(printed) > 1 and all(part for _, part in printed)
    if decimal and len({number for number, _ in printed}) == 1:
        return [(part, 0) for _, part in printed]
    return printed


def _renumbered(items: Sequence[Item], filled: Sequence[tuple[int, int]], letter: str) -> str:
    for above, below, item in zip(filled, filled[1:], items[1:], strict=False):
        if below <= above:
            where = f' under "{item.group}"' if below[0] == 1 and item.group else ""
            again = "start again" if below[0] == 1 else "repeat"
            last = f"{letter}{len(items)}"
            return f"The printed numbers {again}{where}: numbered through as {letter}1 to {last}."
    return f"The printed numbers repeat: numbered through as {letter}1 to {letter}{len(items)}."


def _gaps(filled: Sequence[tuple[int, int]], letter: str) -> list[str]:
    warnings = []
    if any(part for _, part in filled):
        return []
    numbers = [number for number, _ in filled]
    for above, below in itertools.pairwise(numbers):
        if below < above:
            warnings.append(f"{letter}{below} stands after {letter}{above}: check the order.")
        elif below > above + 1:
            absent = [f"{letter}{n}" for n in range(above + 1, below) if n not in numbers]
            if absent:
                skipped = _range(absent)
                warnings.append(f"The numbers skip {skipped}: check that nothing is missing.")
    return warnings


def _range(codes: Sequence[str]) -> str:
    return codes[0] if len(codes) == 1 else f"{codes[0]} to {codes[-1]}"


SENTENCES = {
    Doubt.LOOSE: "{codes}: the labels stood apart from their sentences and were paired in order.",
    Doubt.UNMARKED: "{codes}: nothing marks where one item ends and the next begins.",
    Doubt.RUN_ON: "{codes}: cut out of one paragraph without numbers or bullets.",
}


def _doubts(items: Sequence[Item], codes: Sequence[str]) -> list[str]:
    """One warning for each unbroken stretch of items with the same doubt."""
    warnings: list[str] = []
    stretch: list[str] = []
    last: Doubt | None = None
    for item, code in [*zip(items, codes, strict=True), (Item(""), "")]:
        if item.doubt is not last and last is not None:
            warnings.append(SENTENCES[last].format(codes=_range(stretch)))
            stretch = []
        if item.doubt is not None:
            stretch.append(code)
        last = item.doubt
    return warnings
