"""One list of criteria: from its lines to items with their group and sub-items."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from standards.nos.groups import find_groups, looks_like_heading
from standards.nos.lines import Line
from standards.nos.outline import Event, Sign
from standards.nos.pieces import Cutter, Piece, Role
from standards.nos.words import unfinished
from standards.nos.wrapping import join, page_width, partition, split_unmarked


class Doubt(StrEnum):
    LOOSE = "loose"  # the label stood apart from its text
    UNMARKED = "unmarked"  # nothing marked where the item begins
    RUN_ON = "run on"  # cut out of a paragraph


@dataclass(frozen=True, slots=True)
class Item:
    text: str
    number: int = 0  # as printed, 0 if none is
    part: int = 0
    group: str | None = None
    subitems: tuple[str, ...] = ()
    doubt: Doubt | None = None


@dataclass(slots=True)
class Listing:
    """What one list held."""

    items: list[Item] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    empty_labels: list[int] = field(default_factory=list)
    intro: list[str] = field(default_factory=list)  # sentences before the first item
    # text under a heading that nobody knows, after the last item
    unknown: dict[str, list[Line]] = field(default_factory=dict)


@dataclass(slots=True)
class Entry:
    lines: list[Line]
    number: int = 0
    part: int = 0
    subitems: list[list[Line]] = field(default_factory=list)
    dashes: int = 0
    doubt: Doubt | None = None


def read_list(
    events: Sequence[Event],
    *,
    knowledge: bool,
    vocabulary: frozenset[str],
    element: str | None = None,
) -> Listing:
    """All items between one heading of criteria and the next section."""
    return _ListReader(events, knowledge=knowledge, vocabulary=vocabulary).read(element)


class _ListReader:
    def __init__(
        self, events: Sequence[Event], *, knowledge: bool, vocabulary: frozenset[str]
    ) -> None:
        self.knowledge = knowledge
        self.vocabulary = vocabulary
        lines = [_line(event) for event in events if event.sign is Sign.TEXT]
        self.width = page_width(lines)
        self.cutter = Cutter(lines, knowledge=knowledge)
        self.marked = self.cutter.style.top is not None
        self.pieces = list(self._pieces(events))
        self.listing = Listing()

    def _pieces(self, events: Sequence[Event]) -> Iterator[Piece]:
        at = 0
        for event in events:
            if event.sign is Sign.TEXT:
                yield from self.cutter.cut(at)
                at += 1
            elif event.sign is not Sign.NOTE:
                self.cutter.boundary()
                element = event.sign is Sign.ELEMENT
                yield Piece(Role.HEADING if element else Role.LEADIN, event.line)

    def read(self, element: str | None) -> Listing:
        pieces = find_groups(self.pieces, width=self.width, marked=self.marked)
        if self.marked:
            pieces = self._cut_tail(pieces)
        group = element
        segment: list[Piece] = []
        for piece in [*pieces, Piece(Role.HEADING, Line(""))]:
            if piece.role not in (Role.HEADING, Role.LEADIN):
                segment.append(piece)
                continue
            self._read_segment(segment, group)
            segment = []
            if piece.role is Role.HEADING and piece.text:
                group = tidy_heading(piece.text)
        return self.listing

    def _cut_tail(self, pieces: list[Piece]) -> list[Piece]:
        """Text after the last item that does not belong to it."""
        end = len(pieces)
        while end and pieces[end - 1].role is Role.TEXT:
            end -= 1
        for at in range(end, len(pieces)):
            line, above = pieces[at].line, pieces[at - 1].text if at else ""
            stands_apart = line.airy or line.emphasised
            if at and pieces[at - 1].role is Role.LABEL:
                continue
            if at and stands_apart and line.text[:1].isupper() and not unfinished(above):
                self._keep_tail([piece.line for piece in pieces[at:]])
                return pieces[:at]
        return pieces

    def _keep_tail(self, tail: list[Line]) -> None:
        if len(tail) > 1 and looks_like_heading(tail[0]) and len(tail[0].text) <= 60:
            self.listing.unknown[tail[0].text.rstrip(":")] = tail[1:]
        else:
            self.listing.left_out.extend(line.text for line in tail)

    def _read_segment(self, pieces: list[Piece], group: str | None) -> None:
        if not pieces:
            return
        entries: list[Entry] = []
        if any(piece.role in (Role.ITEM, Role.LABEL) for piece in pieces):
            segment = _Segment(self, _labels_first(pieces))
            entries = segment.read()
            self.listing.empty_labels.extend(segment.empty)
            self._keep_orphans(segment.orphans)
        elif self.marked and not self.listing.items and _is_prose(pieces):
            self.listing.intro.append(self._text([piece.line for piece in pieces]))
        else:
            entries = self._unmarked(pieces)
        for entry in entries:
            item = self._finish(entry, group)
            if item.text:
                self.listing.items.append(item)

    def _keep_orphans(self, lines: list[Line]) -> None:
        if lines and lines[0].text[:1].isupper() and lines[-1].text.endswith((".", ":")):
            self.listing.intro.append(self._text(lines))
        else:
            self.listing.left_out.extend(line.text for line in lines)

    def _unmarked(self, pieces: list[Piece]) -> list[Entry]:
        lines = [piece.line for piece in pieces]
        if len(lines) == 1 and (parts := _run_on(lines[0])):
            return [Entry([part], doubt=Doubt.RUN_ON) for part in parts]
        groups, doubtful = split_unmarked(lines, knowledge=self.knowledge)
        doubt = Doubt.UNMARKED if doubtful or self.marked else None
        return [Entry(group, doubt=doubt) for group in groups]

    def _finish(self, entry: Entry, group: str | None) -> Item:
        lines, subitems = entry.lines, entry.subitems
        if entry.dashes == 1 and len(subitems) == 1 and not lines[-1].text.endswith(":"):
            # one dash alone, with no colon before it, is a dash and no list
            lines = [*lines, replace(subitems[0][0], text="– " + subitems[0][0].text)]
            lines, subitems = [*lines, *subitems[0][1:]], []
        lines, more = self._subitems_without_marks(lines)
        texts = [self._text(sub) for sub in [*more, *subitems]]
        return Item(
            text=self._text(lines),
            number=entry.number,
            part=entry.part,
            group=group,
            subitems=tuple(text for text in texts if text),
            doubt=entry.doubt,
        )

    def _subitems_without_marks(self, lines: list[Line]) -> tuple[list[Line], list[list[Line]]]:
        """Lines after an item's colon are its sub-items, marked or not."""
        for at, line in enumerate(lines[:-1]):
            if line.text.endswith(":"):
                parts, _ = split_unmarked(lines[at + 1 :], knowledge=self.knowledge)
                return lines[: at + 1], parts
        return lines, []

    def _text(self, lines: Sequence[Line]) -> str:
        return tidy_item(join(lines, self.vocabulary))


class _Segment:
    """The items between two headings."""

    def __init__(self, reader: _ListReader, pieces: list[Piece]) -> None:
        self.reader = reader
        self.pieces = pieces
        self.entries: list[Entry] = []
        self.waiting: list[Piece] = []  # labels whose text is still to come
        self.pool: list[Line] = []  # text that came after them
        self.before: list[Line] = []  # text before the first mark
        self.empty: list[int] = []
        self.orphans: list[Line] = []

    def read(self) -> list[Entry]:
        for piece in self.pieces:
            self._take(piece)
        self._pair()
        if self.waiting:
            self._pair_backwards()
        self._place_orphans()
        return self.entries

    def _take(self, piece: Piece) -> None:
        if piece.role is Role.LABEL:
            if self.pool:
                self._pair()
            self.waiting.append(piece)
        elif piece.role is Role.ITEM:
            self._take_item(piece)
        elif piece.role is Role.SUBITEM:
            self._pair()
            self._take_subitem(piece)
        else:
            self._take_text(piece.line)

    def _take_item(self, piece: Piece) -> None:
        if self.waiting and not self.pool:
            # the last of a run of labels caught the first line of their texts
            self.waiting.append(piece)
            self.pool.append(piece.line)
            return
        self._pair()
        self.entries.append(Entry([piece.line], piece.number, piece.part))

    def _take_subitem(self, piece: Piece) -> None:
        if not self.entries:
            self.before.append(piece.line)
            return
        self.entries[-1].subitems.append([piece.line])
        self.entries[-1].dashes += piece.dash

    def _take_text(self, line: Line) -> None:
        if self.waiting:
            self.pool.append(line)
        elif not self.entries:
            self.before.append(line)
        elif self.entries[-1].subitems:
            self.entries[-1].subitems[-1].append(line)
        else:
            self.entries[-1].lines.append(line)

    def _pair(self) -> None:
        """Give the waiting labels the text that came after them."""
        if not self.waiting or not self.pool:
            return
        parts = partition(self.pool, len(self.waiting), knowledge=self.reader.knowledge)
        self._label(self.waiting, parts)
        self.waiting, self.pool = [], []

    def _label(self, labels: list[Piece], parts: list[list[Line]]) -> None:
        doubt = Doubt.LOOSE if len(labels) > 1 else None
        missing = len(labels) - len(parts)
        if missing > 0 and labels[-1].role is Role.ITEM:
            # "4." is empty, and "5. check the oil" has its own text
            self.empty.extend(label.number for label in labels[:missing])
            labels, doubt = labels[missing:], None
        for label, part in zip(labels, parts, strict=False):
            self.entries.append(Entry(part, label.number, label.part, doubt=doubt))
        self.empty.extend(label.number for label in labels[len(parts) :])

    def _pair_backwards(self) -> None:
        """Labels at the end: their text stands before them, perhaps run into the last item."""
        if self.before:
            parts = partition(self.before, len(self.waiting), knowledge=self.reader.knowledge)
            self.before = []
            self._label(self.waiting, parts)
        elif self.entries and len(self.entries[-1].lines) > len(self.waiting):
            last = self.entries.pop()
            first = Piece(Role.LABEL, last.lines[0], last.number, last.part)
            labels = [first, *self.waiting]
            parts = partition(last.lines, len(labels), knowledge=self.reader.knowledge)
            self._label(labels, parts)
        else:
            self.empty.extend(label.number for label in self.waiting)
        self.waiting = []

    def _place_orphans(self) -> None:
        """Text before the first mark: an item that lost its own, or no item at all."""
        if not self.before:
            return
        first = self.entries[0].number if self.entries else 0
        if first == 2 and self.before[0].text[:1].islower():
            self.entries.insert(0, Entry(self.before, 1, doubt=Doubt.LOOSE))
        else:
            self.orphans.extend(self.before)


def _is_prose(pieces: list[Piece]) -> bool:
    return pieces[0].text[:1].isupper() and pieces[-1].text.endswith(".")


def _labels_first(pieces: list[Piece]) -> list[Piece]:
    """Where each label stands below its text, put it above."""
    roles = [piece.role for piece in pieces]
    if roles[0] is not Role.TEXT or roles[-1] is not Role.LABEL or Role.ITEM in roles:
        return pieces
    out: list[Piece] = []
    texts: list[Piece] = []
    labels: list[Piece] = []
    for piece in pieces:
        if piece.role is Role.LABEL:
            labels.append(piece)
            continue
        if labels:
            out += [*labels, *texts]
            texts, labels = [], []
        texts.append(piece)
    return [*out, *labels, *texts]


def _line(event: Event) -> Line:
    return replace(event.line, text=event.text)


CLAUSE = re.compile(r";\s+(?:and\s+|or\s+)?")
SENTENCE = re.compile(r"(?<=[a-z)]\.)\s+(?=[A-Z])")


def _run_on(line: Line) -> list[Line]:
    """A whole list as one paragraph, its items apart by semicolons or full stops."""
    for mark, least in ((CLAUSE, 3), (SENTENCE, 3)):
        parts = [part for part in mark.split(line.text) if part]
        if len(parts) >= least and len(line.text) > 60:
            return [replace(line, text=part, blanks=0) for part in parts]
    return []


LIST_END = re.compile(r"(?:\s*[;,]\s*(?:and|or|a|ac|neu)?|\s*;)\s*$")


def tidy_item(text: str) -> str:
    """The item without the punctuation that strings a list together."""
    text = " ".join(text.split())
    return LIST_END.sub("", text).strip() if text.endswith((";", ",", "and", "or", "neu")) else text


def tidy_heading(text: str) -> str:
    return " ".join(text.split()).rstrip(":").strip()
