"""From events to blocks: all that stands under one heading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from standards.nos.groups import looks_like_heading
from standards.nos.headings import CRITERIA, Heading, Kind
from standards.nos.markers import KNOWLEDGE_LETTERS, PERFORMANCE_LETTERS, Style, read_marker
from standards.nos.outline import Event, Sign
from standards.nos.words import unfinished

IMPLIED = {
    Kind.PERFORMANCE: Heading(Kind.PERFORMANCE, "implied", strong=True),
    Kind.KNOWLEDGE: Heading(Kind.KNOWLEDGE, "implied", strong=True),
}


@dataclass(slots=True)
class Block:
    kind: Kind
    key: str
    title: str
    events: list[Event] = field(default_factory=list)
    element: str | None = None


@dataclass(slots=True)
class Blocks:
    """One standard's text, sorted by the heading it stands under."""

    header: list[Event] = field(default_factory=list)
    running: list[str] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    elements: int = 0

    def of(self, kind: Kind) -> list[Block]:
        return [block for block in self.blocks if block.kind is kind]


def sort_events(events: Sequence[Event]) -> Blocks:
    return _Sorter().sort(_open_by_codes(_quiet_leadins(events)))


def _quiet_leadins(events: Sequence[Event]) -> list[Event]:
    """A lead-in inside the overview is only a sentence, if the real heading comes later.

    One inside a range ("You must: 1. use …"), below the list itself, opens no list again.
    """
    last_heading = {e.kind: i for i, e in enumerate(events) if e.sign is Sign.HEADING}
    out: list[Event] = []
    seen: set[Kind | None] = set()
    in_section = scope = False
    for at, event in enumerate(events):
        if event.sign is Sign.HEADING:
            in_section = event.kind in (Kind.SECTION, Kind.TOPIC)
            scope = event.key.startswith(("scope", "evidence"))
        elif event.sign in (Sign.ELEMENT, Sign.LABEL):
            in_section = False
        elif event.sign is Sign.LEADIN and in_section:
            known = scope and event.kind in seen
            if known or last_heading.get(event.kind, -1) > at:
                event = replace(event, sign=Sign.TEXT, heading=None)
        if event.sign in (Sign.HEADING, Sign.LEADIN):
            seen.add(event.kind)
        out.append(event)
    return out


def _wants_text(event: Event) -> bool:
    """A label alone, or half a sentence: the next line belongs to it."""
    marker = read_marker(event.text)
    return unfinished(event.text) or (marker is not None and not marker.rest)


def _code_kind(event: Event) -> tuple[Kind, int] | None:
    """Whose list a line with a printed code belongs to, and its number."""
    if event.sign is not Sign.TEXT:
        return None
    marker = read_marker(event.text)
    if marker is None or marker.style is not Style.CODE:
        return None
    if marker.sign in PERFORMANCE_LETTERS:
        return Kind.PERFORMANCE, marker.number
    return (Kind.KNOWLEDGE, marker.number) if marker.sign in KNOWLEDGE_LETTERS else None


def _open_by_codes(events: Iterable[Event]) -> list[Event]:
    """P1 and K1 open their lists where the heading is lost, and P5 takes up after P4."""
    events = list(events)
    headed = {e.kind for e in events if e.sign in (Sign.HEADING, Sign.LEADIN)}
    numbers: dict[Kind, set[int]] = {kind: set() for kind in CRITERIA}
    for event in events:
        if found := _code_kind(event):
            numbers[found[0]].add(found[1])
    lost = {kind for kind in CRITERIA if kind not in headed and {1, 2} <= numbers[kind]}
    out: list[Event] = []
    current: Kind | None = None
    last: dict[Kind, int] = {}
    for event in events:
        if event.sign in (Sign.HEADING, Sign.LEADIN, Sign.LABEL):
            current = event.kind
        found = _code_kind(event)
        if found:
            kind, number = found
            next_one = number == last.get(kind, 0) + 1
            takes_up = next_one and (kind in last or current in CRITERIA)
            takes_up = takes_up and current is not Kind.UNIT
            if current is not kind and (takes_up or (kind in lost and number == 1)):
                out.append(replace(event, sign=Sign.HEADING, text="", heading=IMPLIED[kind]))
                current = kind
            if current is kind:
                last[kind] = number
        out.append(event)
    return out


class _Sorter:
    def __init__(self) -> None:
        self.result = Blocks()
        self.current: Block | None = None
        self.in_header = True
        self.element: str | None = None

    def sort(self, events: Iterable[Event]) -> Blocks:
        for event in events:
            self._take(event)
        return self.result

    def _take(self, event: Event) -> None:
        if event.sign in (Sign.HEADING, Sign.LEADIN):
            self._take_heading(event)
        elif event.sign is Sign.LABEL:
            self._take_label(event)
        elif event.sign is Sign.ELEMENT:
            self._take_element(event)
        elif event.sign is Sign.RUNNING:
            self.result.running.append(event.text)
        elif event.sign is Sign.NOTE:
            self.result.notes.append(event.text)
        elif self.current:
            self.current.events.append(event)
        elif self.in_header:
            self.result.header.append(event)

    def _take_heading(self, event: Event) -> None:
        heading = event.heading
        if heading is None:
            return
        self.in_header = False
        same = self.current is not None and self.current.kind is heading.kind
        if same and self.current and heading.kind in (*CRITERIA, Kind.UNIT):
            self.current.events.append(event)
            return
        group = self._group_above() if event.sign is Sign.LEADIN else []
        self.current = Block(heading.kind, heading.key, event.text, group, self.element)
        if heading.kind is Kind.UNIT:
            self.current.events.append(event)
        self.result.blocks.append(self.current)

    def _group_above(self) -> list[Event]:
        """A lead-in that opens a list may have its group's heading above it, under the section."""
        above = self.current
        if above is None or not above.events or above.kind is Kind.TOPIC:
            return []
        last = above.events[-1]
        before = above.events[-2] if len(above.events) > 1 else None
        apart = last.line.airy or last.line.page_start
        if before is not None:  # below a closed sentence, or unmarked below a marked item
            apart = (
                apart or before.text.endswith((".", ";")) or read_marker(before.text) is not None
            )
        if last.sign is not Sign.TEXT or not apart or not looks_like_heading(last.line):
            return []
        if read_marker(last.text) or (before is not None and _wants_text(before)):
            return []
        return [above.events.pop()]

    def _take_label(self, event: Event) -> None:
        if not self.result.labels.get(event.key):
            self.result.labels[event.key] = event.text
        self.current = None

    def _take_element(self, event: Event) -> None:
        self.element = " ".join(event.text.split()).rstrip(":")
        self.result.elements += 1
        if self.current and self.current.kind in CRITERIA:
            self.current.events.append(event)
        elif self.current:
            self.current = None
            self.in_header = False
