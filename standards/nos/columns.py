"""Two columns kept apart by spaces, as a page's layout leaves them: made one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from standards.nos.headings import CRITERIA, FIRST_WORDS, MOST_LINES, Kind, find_heading, normal
from standards.nos.leadins import find_leadin
from standards.nos.markers import Style, read_marker

# The first line of a lead-in that runs down the margin.
LEADIN_START = re.compile(r"^((?:You|The \w+|Rhaid|Mae'n rhaid)\b[\w' ]{0,30}?)(?:$|(?= ))")
MARGIN = re.compile(r"^(\S.{0,40}?)(?:\s{3,}|\t+)(\S.*)$")


def one_column(raw_lines: list[str]) -> list[str]:
    """The same text with headings above their lists, and outcomes above their criteria."""
    return list(_split_margin(list(_split_outcomes(raw_lines))))


def _split_margin(raw_lines: list[str]) -> Iterator[str]:
    """A heading may run down the margin beside its text ("Performance", "criteria")."""
    at, listed = 0, False
    while at < len(raw_lines):
        found = _margin_heading(raw_lines, at)
        if found is None:
            yield raw_lines[at]
            listed = listed or _is_item(raw_lines[at])
            at += 1
            continue
        heading, body, used = found
        # a lead-in beside the middle of an item must not part it
        if find_heading(heading) or not listed or _is_item(body[0]):
            yield heading
        listed = listed or any(map(_is_item, body))
        yield from body
        at += used


def _is_item(raw: str) -> bool:
    marker = read_marker(raw.strip())
    return marker is not None and marker.style in (Style.CODE, Style.NUMBER)


def _margin_heading(raw_lines: list[str], at: int) -> tuple[str, list[str], int] | None:
    first = MARGIN.match(raw_lines[at])
    if first is None and LEADIN_START.match(raw_lines[at]) and at + 1 < len(raw_lines):
        # "You must be" stands above the first item, "able to:   P3 …" beside it
        first = MARGIN.match(raw_lines[at + 1]) and LEADIN_START.match(raw_lines[at])
    if not first or "|" in raw_lines[at]:
        return None
    word = normal(first[1]).split(" ")[0]
    if word not in FIRST_WORDS and not LEADIN_START.match(first[1]):
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
        leadin = used > 1 and bool(left) and LEADIN_START.match(joined) and find_leadin(joined)
        if leadin and not leadin.tail and any(body):
            return joined, [b for b in body if b], used
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


# "1. Understand why            1.1 Identify reasons"
OUTCOME_ROW = re.compile(r"^\s*\d{1,2}[.)]?\s+\S.{0,60}?\s{2,}(?=\d{1,2}\.\d{1,2}[.)]?\s+\S)")
LONGEST_ROW = 200


def _split_outcomes(raw_lines: list[str]) -> Iterator[str]:
    """Learning outcomes to the left of their criteria: each outcome first, whole."""
    at = 0
    while at < len(raw_lines):
        row = OUTCOME_ROW.match(raw_lines[at]) if len(raw_lines[at]) < LONGEST_ROW else None
        if row is None:
            yield raw_lines[at]
            at += 1
            continue
        left, right = [raw_lines[at][: row.end()].strip()], [raw_lines[at][row.end() :]]
        at += 1
        while at < len(raw_lines) and (cells := _cells_at(raw_lines[at], row.end())):
            left.append(cells[0])
            right.append(cells[1])
            at += 1
        yield " ".join(filter(None, left))
        yield from filter(None, right)


def _cells_at(raw: str, column: int) -> tuple[str, str] | None:
    """The two cells of a row that goes on in the same columns; None where it ends."""
    if not raw.strip() or OUTCOME_ROW.match(raw[:LONGEST_ROW]):
        return None
    left, right = raw[: column - 1], raw[column - 1 :]
    if left.strip() and right.strip() and not left.endswith(" "):
        return None  # text runs across the gap: the columns are over
    if left.strip() and not right.strip() and len(raw.strip()) > column - 2:
        return None
    return left.strip(), right.rstrip()
