"""Each line of a list, taken for what it is: an item, a loose label, a sub-item or more text.

A mark is believed only where it fits: its number must go on from the last one, its
style must be the one that this list's items carry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

from standards.nos.lines import Line
from standards.nos.list_style import (
    mark_letters,
    own_labels,
    own_letters,
    own_marker,
    study,
)
from standards.nos.markers import (
    CROSS_REFERENCE,
    INLINE_BULLET,
    INLINE_LETTER,
    Marker,
    Style,
    inline_codes,
    inline_numbers,
)
from standards.nos.words import BEFORE_A_CODE, BEFORE_A_NUMBER, last_word, leaning, unfinished
from standards.nos.wrapping import page_width


class Role(StrEnum):
    ITEM = "item"
    LABEL = "label"  # a mark whose text stands elsewhere
    SUBITEM = "subitem"
    TEXT = "text"
    HEADING = "heading"
    LEADIN = "leadin"


@dataclass(frozen=True, slots=True)
class Piece:
    role: Role
    line: Line
    number: int = 0
    part: int = 0
    dash: bool = False  # a sub-item marked by a dash, which may only be a dash

    @property
    def text(self) -> str:
        return self.line.text


LARGEST_GAP = 20
ROMANS = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx".split()
LARGEST_STEP = 2
FEWEST_DASHES, LONG = 4, 200


class Cutter:
    """Walks down one list; remembers the last number believed."""

    def __init__(self, lines: Sequence[Line], *, knowledge: bool) -> None:
        self.lines = lines = mark_letters(lines)
        self.letters = own_letters(knowledge=knowledge)
        self.style = study(lines, self.letters)
        self.wrapped = page_width(lines) > 0
        self.last = 0
        self.part = 0
        self.nested = 0  # the last number of a list within an item
        self.letter = ""  # the last letter believed
        self.above = ""
        self.open = False

    def boundary(self) -> None:
        """A heading or lead-in: what follows is no continuation."""
        self.above, self.open, self.nested = "", False, 0

    def cut(self, at: int) -> list[Piece]:
        line = self.lines[at]
        pieces = list(self._cut(line, at))
        self.above = line.text
        return pieces

    def _cut(self, line: Line, at: int) -> Iterator[Piece]:
        labels, rest = own_labels(line, self.letters) if self.style.top is Style.CODE else ([], "")
        if labels:
            yield from self._loose(line, labels)
            if rest:
                yield Piece(Role.TEXT, replace(line, text=rest))
            return
        piece = self._read(line, at)
        if piece is None:
            return
        if piece.role in (Role.ITEM, Role.LABEL):
            self.last, self.part = piece.number or self.last, piece.part
            self.open = True
        yield from self._inline(piece, at)

    def _loose(self, line: Line, labels: Iterable[Marker]) -> Iterator[Piece]:
        for label in labels:
            self.last, self.open = label.number, True
            yield Piece(Role.LABEL, replace(line, text=""), label.number)

    def _read(self, line: Line, at: int) -> Piece | None:
        marker = own_marker(line, self.letters)
        plain = Piece(Role.TEXT, line)
        if marker is None:
            return plain
        if marker.style is Style.BARE and not marker.rest and self.style.top is not Style.BARE:
            # a number alone in a list that does not number so is a page number
            if self._closes_sentence(line, at):
                return plain
            numbered = self.style.top in (Style.NUMBER, None)
            return self._as_item(marker, line, at) if numbered else None
        if marker.style in self.style.headings and marker.rest[:1] != marker.rest[:1].lower():
            return Piece(Role.HEADING, line)
        if marker.style is self.style.top or self._bare_label(marker):
            return self._as_item(marker, line, at) or plain
        return self._as_subitem(marker, line) or plain

    def _closes_sentence(self, line: Line, at: int) -> bool:
        """ "groups of / 12", right above the next item: a number that wrapped."""
        if line.blanks or not (unfinished(self.above) or leaning(self.above)):
            return False
        below = self.lines[at + 1] if at + 1 < len(self.lines) else None
        marker = own_marker(below, self.letters) if below and not below.blanks else None
        return marker is not None and marker.style is self.style.top

    def _bare_label(self, marker: Marker) -> bool:
        return marker.style is Style.BARE and not marker.rest and self.style.top is Style.NUMBER

    def _as_item(self, marker: Marker, line: Line, at: int) -> Piece | None:
        inner = replace(line, text=marker.rest)
        if self.style.top is Style.BULLET:
            nested = self.open and (
                marker.sign != self.style.sign or line.indent > self.style.indent + 1
            )
            role = Role.SUBITEM if nested else Role.ITEM if marker.rest else Role.LABEL
            self.open = True
            return Piece(role, inner, dash=nested and marker.sign == "-")
        if self.style.top in (Style.LETTER, Style.UPPER):
            return Piece(Role.SUBITEM if self._is_roman(marker) else Role.ITEM, inner)
        if self._nested(marker, line, at):
            return Piece(Role.SUBITEM, inner)
        if not self._fits(marker):
            return None
        below = marker.number == self.last and not self.part and self.open
        if marker.style is Style.CODE and marker.part and below:
            return Piece(Role.SUBITEM, inner)
        return Piece(Role.ITEM if marker.rest else Role.LABEL, inner, marker.number, marker.part)

    def _is_roman(self, marker: Marker) -> bool:
        """In a lettered list, i) after c) opens a list of its own; after h) it is a letter.

        In a list numbered i, ii, iii it is the letters that stand below.
        """
        if self.style.roman:
            following = ROMANS.index(self.letter) + 1 if self.letter in ROMANS else 0
            below = marker.sign not in ROMANS[following : following + LARGEST_STEP]
            self.letter = self.letter if below else marker.sign
            return below
        expected = chr(ord(self.letter) + 1) if self.letter else "a"
        roman = marker.sign != expected and not set(marker.sign) - set("ivx") and self.open
        if not roman:
            self.letter = marker.sign[:1]
        return roman

    def _nested(self, marker: Marker, line: Line, at: int) -> bool:
        """A list within an item, numbered from 1 again."""
        if marker.style not in (Style.NUMBER, Style.BARE) or not self.open or self.style.all_ones:
            return False
        if self.nested:
            again = self.style.last_at.get(marker.number, -1) > at
            top = marker.number == self.last + 1 and not again
            inside = marker.number == self.nested + 1 and not top
            self.nested = marker.number if inside else 0
            return inside
        deeper = line.indent > self.style.indent + 1
        goes_on = self.style.last_at.get(self.last + 1, -1) > at
        if marker.number == 1 and self.last and (deeper or self.above.endswith(":")) and goes_on:
            self.nested = 1
            return True
        return False

    def _fits(self, marker: Marker) -> bool:
        """Does the number go on from the last, so that it is no part of a sentence?"""
        step = marker.number - self.last
        broken = self._broken(self.above)
        if marker.style is Style.CODE:
            return step == 1 or not broken or not marker.rest
        refers = last_word(self.above) in BEFORE_A_NUMBER
        if marker.style is Style.DECIMAL:
            next_one = (step == 0 and marker.part == self.part + 1) or (
                step == 1 and marker.part == 1 and self.part > 0
            )
            return not broken and (not refers or next_one)
        if step == 1 or self.style.all_ones:
            return not (refers and self._odd_case(marker))
        if broken or refers or (self.wrapped and leaning(self.above)):
            return False
        return marker.number == 1 or step == 0 or 1 < step <= LARGEST_GAP

    def _odd_case(self, marker: Marker) -> bool:
        """ "Regulation / 18. These include": other items begin with small letters."""
        acronym = marker.rest[:2].isupper() and marker.rest[:2].isalpha()
        return not acronym and marker.rest[:1].isupper() != self.style.capital

    def _broken(self, above: str) -> bool:
        return unfinished(above) and not above.endswith(("; and", "; or", ", and", ","))

    def _as_subitem(self, marker: Marker, line: Line) -> Piece | None:
        if not self.open or not (marker.rest or marker.style is Style.BULLET):
            return None
        if marker.style is Style.DECIMAL and marker.number != self.last:
            return None
        if marker.style is Style.NUMBER:
            if marker.number != 1 and marker.number != self.nested + 1:
                return None
            self.nested = marker.number
        elif marker.style in (Style.BARE, Style.UPPER):
            return None
        dash = marker.style is Style.BULLET and marker.sign == "-"
        return Piece(Role.SUBITEM, replace(line, text=marker.rest), dash=dash)

    def _inline(self, piece: Piece, at: int) -> Iterator[Piece]:
        """Items that were run together on one line."""
        if self.style.top is Style.CODE:
            own = partial(inline_codes, letters=self.letters)
            parts = self._split_numbers(piece, at, own)
        elif self.style.top is Style.NUMBER:
            parts = self._split_numbers(piece, at, inline_numbers)
        elif self.style.top is Style.BULLET and self.style.sign in "•▪●■►◦‣":
            parts = _split_bullets(piece, piece.role, self.style.sign)
        elif self.style.top is Style.BULLET and self.style.alone:
            parts = _split_dashes(piece, self.style.sign)
        else:
            parts = [piece]
        for part in parts:
            yield from _split_subitems(part) if self.open else [part]

    def _split_numbers(
        self, piece: Piece, at: int, marks: Callable[[str], Iterator[tuple[int, int, int]]]
    ) -> list[Piece]:
        parts: list[Piece] = []
        text, start, current = piece.text, 0, piece
        for number, begin, end in marks(text):
            before = text[start:begin].rstrip()
            if not self._goes_on_inline(number, before, text[end:], at):
                continue
            if before or current.role is not Role.TEXT:
                parts.append(replace(current, line=replace(piece.line, text=before)))
            self.last, self.open = number, True
            current, start = Piece(Role.ITEM, piece.line, number), end
        rest = text[start:].strip(" .:") if start and start >= len(text) else text[start:].strip()
        parts.append(replace(current, line=replace(piece.line, text=rest)))
        return [_labelled(part) for part in parts]

    def _goes_on_inline(self, number: int, before: str, after: str, at: int) -> bool:
        if self.style.all_ones:
            fits = number == 1
        elif self.style.top is Style.CODE:
            fits = self.last < number <= self.last + 3
        else:
            fits = number == self.last + 1
        if not fits or (not self.style.all_ones and self.style.last_at.get(number, -1) > at):
            return False
        if CROSS_REFERENCE.match(after.lstrip()) or not (after.strip() or not before):
            return False
        referring = BEFORE_A_CODE if self.style.top is Style.CODE else BEFORE_A_NUMBER
        return not self._broken(before) and last_word(before) not in referring


def _labelled(piece: Piece) -> Piece:
    bare = piece.role is Role.ITEM and not piece.text
    return replace(piece, role=Role.LABEL) if bare else piece


def _split_bullets(piece: Piece, role: Role, sign: str) -> list[Piece]:
    """ "do this • do that": each bullet opens a piece of this role."""
    parts = INLINE_BULLET.split(piece.text)
    first = replace(piece, line=replace(piece.line, text=parts[0].strip()))
    others = [
        Piece(role if mark == sign else Role.SUBITEM, replace(piece.line, text=text.strip()))
        for mark, text in zip(parts[1::2], parts[2::2], strict=True)
    ]
    return [first, *(other for other in others if other.text)]


def _split_dashes(piece: Piece, sign: str) -> list[Piece]:
    """ "- do this - do that - do more": too many dashes for one sentence."""
    texts = piece.text.split(f" {sign} ")
    if len(texts) < FEWEST_DASHES or len(piece.text) < LONG:
        return [piece]
    return [replace(piece, line=replace(piece.line, text=text.strip())) for text in texts]


def _split_subitems(piece: Piece) -> list[Piece]:
    """ "check: a) tyres b) lights" and "check: • tyres • lights"."""
    if piece.role not in (Role.ITEM, Role.SUBITEM, Role.TEXT):
        return [piece]
    letters = [(m[1], m.start(), m.end()) for m in INLINE_LETTER.finditer(piece.text)]
    marks = [letter for letter, _, _ in letters]
    if marks[:2] in (["a", "b"], ["i", "ii"]):
        edges = [begin for _, begin, _ in letters] + [len(piece.text)]
        head = piece.text[: edges[0]].strip()
        texts = [
            piece.text[end:edge].strip()
            for (_, _, end), edge in zip(letters, edges[1:], strict=True)
        ]
        subitems = [Piece(Role.SUBITEM, replace(piece.line, text=text)) for text in texts if text]
        return [replace(piece, line=replace(piece.line, text=head)), *subitems]
    if INLINE_BULLET.search(piece.text):
        return _split_bullets(piece, Role.SUBITEM, "")
    return [piece]
