"""Which unmarked lines between items are headings of a group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from standards.nos.lines import Line
from standards.nos.pieces import Piece, Role
from standards.nos.words import GOES_ON, NEEDS_MORE, first_word, last_word, leaning, unfinished
from standards.nos.wrapping import STOPS, begin_with_capitals, end_with_stops, is_full

# "the Data Protection / Act": a name that wraps, and no heading.
ENDS_OF_NAMES = frozenset(
    "act acts regulation regulations order directive deddf rheoliadau".split()
)
CLOSED = (".", ";", ",", "?")
SHORT = 60
LONGEST_LINE = 110
LONGEST = 160
MOST_LINES = 3


def find_groups(pieces: list[Piece], *, width: int, marked: bool) -> list[Piece]:
    """The same pieces, with group headings recognised among the plain lines."""
    out: list[Piece] = []
    at = 0
    while at < len(pieces):
        end = at
        while end < len(pieces) and pieces[end].role is Role.TEXT:
            end += 1
        if end == at:
            out.append(pieces[at])
            at += 1
            continue
        out.extend(_settle_run(out, pieces[at:end], pieces[end:], width=width, marked=marked))
        at = end
    return out if marked else _small_letter_lists(out, width)


def _settle_run(
    before: list[Piece], run: list[Piece], after: Sequence[Piece], *, width: int, marked: bool
) -> list[Piece]:
    follows = after[0].role if after else None
    if follows is None or follows is Role.SUBITEM:
        return run
    above = before[-1] if before and before[-1].role not in (Role.HEADING, Role.LEADIN) else None
    if follows is Role.LABEL and above is None and _labels_come_last(after):
        return _first_line_only(run)
    sure = follows in (Role.LEADIN, Role.HEADING)
    # labels that wait above the run take a line each
    waiting = len(list(takewhile(lambda piece: piece.role is Role.LABEL, reversed(before))))
    if waiting >= len(run) and not (sure and len(run) > 1):
        return run
    start = _heading_start(run, above.line if above else None, sure=sure, width=width)
    if start is not None and start < (1 if waiting and sure else waiting):
        return run
    if start is None:
        return run
    heading = " ".join(piece.text for piece in run[start:])
    return [*run[:start], Piece(Role.HEADING, replace(run[start].line, text=heading))]


def _labels_come_last(after: Sequence[Piece]) -> bool:
    """Do only labels follow up to the next heading, so that the texts stand above them?"""
    for piece in after:
        if piece.role in (Role.HEADING, Role.LEADIN):
            return True
        if piece.role is not Role.LABEL:
            return False
    return True


def _first_line_only(run: list[Piece]) -> list[Piece]:
    below_small = len(run) > 1 and all(piece.text[:1].islower() for piece in run[1:])
    if below_small and looks_like_heading(run[0].line):
        return [replace(run[0], role=Role.HEADING), *run[1:]]
    return run


def _heading_start(run: list[Piece], above: Line | None, *, sure: bool, width: int) -> int | None:
    for start in range(len(run) - 1, max(len(run) - 1 - MOST_LINES, -1), -1):
        line = run[start].line
        previous = run[start - 1].line if start else above
        whole = " ".join(piece.text for piece in run[start:])
        if not looks_like_heading(line) or len(whole) > LONGEST or whole.endswith(CLOSED):
            continue
        if previous is None or line.emphasised:
            return start
        if unfinished(previous.text) and not previous.text.endswith(","):
            continue
        if not sure and _leans_on(previous.text, whole) and not line.airy:
            continue
        if sure or line.airy or not is_full(previous, line, width):
            return start
    return None


def _leans_on(above: str, text: str) -> bool:
    """ "… without / Permits to Work", "… supplied by / HMRC": the sentence goes on below."""
    if above.endswith(("'s", "s'", "’s", "s’")):
        return True
    acronym = " " not in text and text.isupper()
    return last_word(above) in NEEDS_MORE or (acronym and leaning(above))


def looks_like_heading(line: Line) -> bool:
    text = line.text
    if not text[:1].isupper() and not line.emphasised:
        return False
    if len(text) > LONGEST_LINE or text.endswith(CLOSED):
        return False
    return text.startswith("To ") or first_word(text) not in GOES_ON | ENDS_OF_NAMES


def _small_letter_lists(pieces: list[Piece], width: int) -> list[Piece]:
    """In an unmarked list of small-letter items, a capital opens a heading."""
    texts = [piece for piece in pieces if piece.role is Role.TEXT]
    capitals = begin_with_capitals([piece.line for piece in texts])
    stops = end_with_stops([piece.line for piece in texts])
    out: list[Piece] = []
    for at, piece in enumerate(pieces):
        if piece.role is not Role.TEXT:
            out.append(piece)
        elif _opens(pieces, at, width=width, capitals=capitals) or (
            stops and _lacks_its_stop(pieces, at)
        ):
            out.append(replace(piece, role=Role.HEADING))
        else:
            out.append(piece)
    return out


def _lacks_its_stop(pieces: list[Piece], at: int) -> bool:
    """Where every item ends in a stop, a short line without one is a heading."""
    line = pieces[at].line
    below = pieces[at + 1] if at + 1 < len(pieces) else None
    above = pieces[at - 1] if at else None
    if below is None or below.role is not Role.TEXT or not below.text[:1].isupper():
        return False
    closed = above is None or above.role is not Role.TEXT or above.text.endswith(STOPS)
    return closed and len(line.text) <= SHORT and looks_like_heading(line)


def _opens(pieces: list[Piece], at: int, *, width: int, capitals: bool) -> bool:
    line = pieces[at].line
    if at + 1 >= len(pieces) or pieces[at + 1].role is not Role.TEXT:
        return False
    if not looks_like_heading(line):
        return False
    if line.emphasised:
        return True
    if capitals:
        return line.airy and line.text.endswith(":") and not pieces[at + 1].line.airy
    below = pieces[at + 1].line
    if not below.text[:1].islower() or is_full(line, below, width):
        return False
    previous = pieces[at - 1] if at else None
    if previous is None or previous.role is not Role.TEXT:
        return True
    return not unfinished(previous.text) and not is_full(previous.line, line, width)
