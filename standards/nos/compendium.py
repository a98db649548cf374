"""Several standards in one text: where each begins."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from standards.nos.headings import CRITERIA, Kind
from standards.nos.markers import CODE
from standards.nos.outline import LIST_MARK, Event, Sign
from standards.nos.urns import find_urn, labelled_urn
from standards.nos.words import unfinished

# Labels that stand above a standard's text; the others follow it.
HEADER_LABELS = frozenset(
    ("urn", "title", "sqa_code", "suites", "developed_by", "approved_on", "version")
)
NAMES = frozenset(("urn", "title", "sqa_code"))
MOST_HEADER_LINES = 8
MOST_TEXT_LINES = 3


def split_standards(events: Sequence[Event]) -> list[list[Event]]:
    starts = [0, *_starts(events), len(events)]
    return [list(events[a:b]) for a, b in itertools.pairwise(starts) if b > a]


class _Seen:
    """What the standard so far has shown of itself."""

    def __init__(self) -> None:
        self.keys: set[str] = set()
        self.urn: str | None = None

    @property
    def substance(self) -> bool:
        return bool({"performance", "knowledge", "unit"} & self.keys) or self.topic

    @property
    def topic(self) -> bool:
        return "synopsis" in self.keys

    def note(self, event: Event) -> None:
        if event.kind in (Kind.PERFORMANCE, Kind.KNOWLEDGE, Kind.UNIT):
            self.keys.add(str(event.kind))
        elif event.sign is Sign.HEADING:
            self.keys.add(event.key)
        self.urn = self.urn or _urn_of(event)


def _urn_of(event: Event) -> str | None:
    if event.sign is Sign.LABEL and event.key == "urn":
        return labelled_urn(event.text)
    if event.sign is Sign.RUNNING and (match := find_urn(event.text)):
        return match[0]
    return None


def _starts(events: Sequence[Event]) -> list[int]:
    starts: list[int] = []
    seen = _Seen()
    for at, event in enumerate(events):
        if seen.substance and _opens(events, at, seen, floor=starts[-1] if starts else 0):
            floor = starts[-1] if starts else 0
            start = _header_start(events, at, floor)
            starts.append(start)
            seen = _Seen()
            for earlier in events[start:at]:
                seen.note(earlier)
        seen.note(event)
    return starts


def _opens(events: Sequence[Event], at: int, seen: _Seen, *, floor: int) -> bool:
    event = events[at]
    if event.sign is Sign.LABEL and event.key == "urn":
        return labelled_urn(event.text) != seen.urn or "metadata" not in seen.keys
    if event.sign is Sign.LABEL and event.key == "title":
        return True
    if event.sign is not Sign.HEADING and event.sign is not Sign.LEADIN:
        return False
    if event.key == "synopsis":
        return True  # an examiner's topic page is a text of its own
    if event.key == "overview" or (seen.topic and event.kind in CRITERIA):
        known = "overview" in seen.keys or seen.topic
        return known or _header_start(events, at, floor) < at
    complete = {"performance", "knowledge"} <= seen.keys or "unit" in seen.keys
    if event.sign is Sign.HEADING and event.kind in (Kind.PERFORMANCE, Kind.KNOWLEDGE) and complete:
        start = _header_start(events, at, floor)
        return any(_names_a_standard(e, seen.urn) for e in events[start:at])
    return False


UNIT_TITLE = re.compile(r"^(?:unit|uned|standard)\s+\w{1,6}\b", re.IGNORECASE)


def _names_a_standard(event: Event, urn: str | None) -> bool:
    if event.sign is Sign.RUNNING or event.sign is Sign.TEXT:
        match = find_urn(event.text)
        return bool(match and match[0] != urn) or bool(UNIT_TITLE.match(event.text))
    return event.sign is Sign.LABEL and event.key in ("urn", "title")


def _header_start(events: Sequence[Event], at: int, floor: int) -> int:
    """Back over the title, URN and labels that stand above a standard's first heading."""
    start, texts = at, 0
    while start > floor and at - start < MOST_HEADER_LINES:
        event = events[start - 1]
        if event.sign is Sign.TEXT:
            if texts == MOST_TEXT_LINES or not _could_be_header(events, start - 1):
                break
            texts += 1
        elif event.sign is Sign.LABEL:
            if event.key not in HEADER_LABELS or not event.text:
                break
            if texts and event.key not in NAMES and find_urn(events[start].text):
                break  # "URN title" is a whole header: the labels above close another text
        elif event.sign is not Sign.RUNNING or event.line.footer:
            break  # the last page's footer closes the standard above
        start -= 1
    return _without_labels_of_above(events, start, at)


def _without_labels_of_above(events: Sequence[Event], start: int, at: int) -> int:
    """A version or date at the very start closes the standard above."""
    while (
        start < at
        and events[start].sign is Sign.LABEL
        and events[start].key
        not in (
            "urn",
            "title",
            "sqa_code",
        )
    ):
        start += 1
    return start


def _could_be_header(events: Sequence[Event], at: int) -> bool:
    text = events[at].text
    above = events[at - 1] if at else None
    if not 3 <= len(text) <= 180 or not (text[0].isupper() or find_urn(text)):
        return False
    if text.endswith((".", ";", ",", ":")) or LIST_MARK.match(text) or CODE.match(text):
        return False
    after_text = above is not None and above.sign is Sign.TEXT
    return not (after_text and above is not None and unfinished(above.text))
