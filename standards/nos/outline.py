"""From lines to events: this line is a heading, this a lead-in, this a label, this only text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate

from standards.nos.headings import (
    BEGINNINGS,
    CRITERIA,
    FIRST_WORDS,
    MOST_LINES,
    OUTCOME,
    UNIT,
    Heading,
    Kind,
    find_heading,
    is_element,
    normal,
    split_heading,
)
from standards.nos.leadins import find_leadin
from standards.nos.lines import Line
from standards.nos.markers import Style, read_marker
from standards.nos.metadata import find_unmarked_label


class Sign(StrEnum):
    HEADING = "heading"
    LEADIN = "leadin"
    LABEL = "label"  # of metadata; its value is in the event's text
    ELEMENT = "element"
    RUNNING = "running"
    NOTE = "note"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Event:
    sign: Sign
    line: Line
    text: str
    heading: Heading | None = None

    @property
    def kind(self) -> Kind | None:
        return self.heading.kind if self.heading else None

    @property
    def key(self) -> str:
        return self.heading.key if self.heading else ""


LEADIN_WORDS = frozenset(
    """you the individual individuals to in for candidates learners those
    rhaid mae bydd byddwch""".split()
)
LIST_MARK = re.compile(r"^(?:[•·▪●◦‣o*–—-]\s+|\(?\d{1,3}[.)]|\(?[a-z]\))")
BULLET = re.compile(r"^[•·▪●◦‣*–—-]\s*")
# A label broken over lines has short pieces; longer lines are prose.
SHORT = 45
MOST_WORDS = 4


class _Place(StrEnum):
    """Where a line stands; the same words may be a heading here and text there."""

    HEADER = "header"
    CRITERIA = "criteria"
    GLOSSARY = "glossary"
    SECTION = "section"
    LABELS = "labels"


def find_events(lines: list[Line]) -> list[Event]:
    """Running titles keep their places, but never part a heading that fills two lines."""
    body = [line for line in lines if not line.running]
    titles: dict[int, list[Line]] = {}
    for before, line in zip(accumulate(not line.running for line in lines), lines, strict=True):
        if line.running:
            titles.setdefault(before, []).append(line)
    if not any(line.text[:1].isupper() for line in body):
        # a text without any capitals: its headings have none either
        body = [replace(line, emphasised=True) for line in body]
    events: list[Event] = []
    at, place = 0, _Place.HEADER
    while at < len(body):
        found, used = _events_at(body, at, place)
        for index in range(at, at + used):
            events += [Event(Sign.RUNNING, line, line.text) for line in titles.pop(index, [])]
        events.extend(found)
        for event in found:
            place = _place_after(event, place)
        at += used
    events += [Event(Sign.RUNNING, line, line.text) for rest in titles.values() for line in rest]
    return _attach_values(events)


def _place_after(event: Event, place: _Place) -> _Place:
    if event.sign is Sign.LABEL:
        return place if place is _Place.HEADER else _Place.LABELS
    if event.sign not in (Sign.HEADING, Sign.LEADIN):
        return place
    if event.kind in CRITERIA:
        return _Place.CRITERIA
    return _Place.GLOSSARY if event.key == "glossary" else _Place.SECTION


def _events_at(lines: list[Line], at: int, place: _Place) -> tuple[list[Event], int]:
    line = lines[at]
    listed = LIST_MARK.match(line.text) is not None
    bulleted = BULLET.match(line.text) is not None
    # "3. Values" is an item of a list of criteria, "4. GLOSSARY" is not
    only_strong = place is _Place.CRITERIA and listed and not line.text.isupper()
    if not bulleted:
        if place is _Place.CRITERIA and _heads_codes(lines, at):
            return [Event(Sign.TEXT, line, line.text)], 1
        found = _broken_heading(lines, at) or _label_around_value(lines, at)
        found = found or _whole_heading(lines, at, only_strong=only_strong)
        if found:
            return found
    if listed:
        return [Event(Sign.TEXT, line, line.text)], 1
    return _partial(line, place), 1


GROUP_NAMES = frozenset("values behaviours skills context additional_information".split())


def _heads_codes(lines: list[Line], at: int) -> bool:
    """ "Values" or "Skills" right above K1 is a group's heading, and no section."""
    heading = find_heading(lines[at].text, emphasised=lines[at].emphasised)
    if heading is None or heading.key not in GROUP_NAMES or at + 1 >= len(lines):
        return False
    marker = read_marker(lines[at + 1].text)
    return marker is not None and marker.style is Style.CODE


def _broken_heading(lines: list[Line], at: int) -> tuple[list[Event], int] | None:
    """A heading in a narrow column, its text beside its last line: "Version / number 2"."""
    head = ""
    for used in range(1, MOST_LINES):
        head = f"{head} {lines[at + used - 1].text}".strip()
        if at + used >= len(lines) or normal(head) not in BEGINNINGS:
            return None
        below = lines[at + used]
        words = below.text.split() if below.text[:1].isalpha() else []
        for size in range(min(len(words) - 1, MOST_WORDS), 0, -1):
            heading = find_heading(" ".join([head, *words[:size]]))
            if heading:
                return _with_tail(below, heading, " ".join(words[size:])), used + 1
    return None


def _label_around_value(lines: list[Line], at: int) -> tuple[list[Event], int] | None:
    """A label that wraps beside its value: "Originating Habia / Organisation"."""
    words = lines[at].text.split()
    below = lines[at + 1] if at + 1 < len(lines) else None
    if below is None or below.blanks or len(words) < 2 or len(below.text) > SHORT:
        return None
    rest = below.text.split()
    for size in range(min(len(words) - 1, 2), 0, -1):
        head = " ".join(words[:size])
        if normal(head) not in BEGINNINGS:
            continue
        for used in range(1, min(len(rest), 2) + 1):
            heading = find_heading(" ".join([head, *rest[:used]]))
            if heading and heading.kind is Kind.METADATA and heading.strong:
                value = " ".join([*words[size:], *rest[used:]])
                return [Event(Sign.LABEL, below, value, heading)], 2
    return None


def _whole_heading(
    lines: list[Line], at: int, *, only_strong: bool
) -> tuple[list[Event], int] | None:
    """A heading or lead-in that fills one to four whole lines, the longest that fits."""
    first = lines[at]
    word = normal(first.text[:40]).split(" ")[0]
    most = _most_lines(lines, at) if word in FIRST_WORDS or word in LEADIN_WORDS else 1
    for used in range(most, 0, -1):
        phrase = " ".join(line.text for line in lines[at : at + used])
        heading = find_heading(phrase, emphasised=first.emphasised)
        if heading and (heading.strong or not only_strong):
            sign = Sign.LABEL if heading.kind is Kind.METADATA else Sign.HEADING
            text = "" if sign is Sign.LABEL else phrase
            return [Event(sign, first, text, heading)], used
        if used > 1 and word in LEADIN_WORDS:
            leadin = find_leadin(phrase)
            if leadin and lines[at + 1].text[:1].isupper() and find_leadin(lines[at + 1].text):
                return None  # "To start the session / You must be able to:" is a group's heading
            if leadin and not leadin.tail:
                heading = Heading(leadin.kind, leadin.key, strong=True)
                return [Event(Sign.LEADIN, first, phrase, heading)], used
    return None


def _with_tail(line: Line, heading: Heading, tail: str) -> list[Event]:
    if heading.kind is Kind.METADATA:
        return [Event(Sign.LABEL, line, tail, heading)]
    return [Event(Sign.HEADING, line, line.text, heading), *_rest(line, tail)]


def _most_lines(lines: list[Line], at: int) -> int:
    most = 1
    while most < MOST_LINES and at + most < len(lines):
        above, line = lines[at + most - 1], lines[at + most]
        if len(above.text) > SHORT or len(line.text) > SHORT or line.blanks > 1:
            break
        if above.text.endswith((":", ".")):
            break
        most += 1
    return most


def _partial(line: Line, place: _Place) -> list[Event]:
    """A line that opens with a heading, label or lead-in and goes on with its text."""
    if leadin := find_leadin(line.text):
        heading = Heading(leadin.kind, leadin.key, strong=True)
        event = Event(Sign.LEADIN, line, line.text, heading)
        return [event, *_rest(line, leadin.tail)]
    if split := split_heading(line.text):
        return _split_events(line, *split, place)
    if label := find_unmarked_label(line.text, among_labels=place is _Place.LABELS):
        return [Event(Sign.LABEL, line, label[1], label[0])]
    if OUTCOME.match(line.text):
        return [Event(Sign.HEADING, line, line.text, UNIT)]
    if is_element(line.text):
        return [Event(Sign.ELEMENT, line, line.text)]
    return [Event(Sign.TEXT, line, line.text)]


def _split_events(line: Line, heading: Heading, rest: str, place: _Place) -> list[Event]:
    text = [Event(Sign.TEXT, line, line.text)]
    if place is _Place.GLOSSARY and not heading.strong:
        return text
    if heading.kind is Kind.METADATA:
        return [Event(Sign.LABEL, line, rest, heading)]
    if heading.key == "notes":
        return [Event(Sign.NOTE, line, rest)] if place is _Place.CRITERIA else text
    if place is _Place.CRITERIA and not heading.strong:
        return text
    return [Event(Sign.HEADING, line, line.text, heading), *_rest(line, rest)]


def _rest(line: Line, tail: str) -> list[Event]:
    if not tail:
        return []
    rest = replace(line, text=tail, blanks=0, emphasised=False)
    return _partial(rest, _Place.CRITERIA)


VALUE_GOES_ON = (",", ";", " and", " &")


def _attach_values(events: list[Event]) -> list[Event]:
    """Text under a metadata label is its value; "Label: value" may also wrap."""
    joined: list[Event] = []
    label: int | None = None
    for event in events:
        last = joined[label] if label is not None else None
        if event.sign is Sign.TEXT and last and label is not None and _belongs(last, event):
            text = f"{last.text}\n{event.text}" if last.text else event.text
            joined[label] = replace(last, text=text, line=event.line)
            continue
        joined.append(event)
        if event.sign is Sign.LABEL:
            label = len(joined) - 1
        elif event.sign is not Sign.RUNNING:
            label = None
    return joined


ONE_LINE = frozenset(
    ("version", "approved_on", "review_on", "validity", "status", "urn", "original_urn", "sqa_code")
)


LISTED = ("suites", "relevant_occupations", "keywords")


def _belongs(label: Event, event: Event) -> bool:
    if not label.text:
        return True
    if label.text.endswith(VALUE_GOES_ON):
        return True
    if label.key in ONE_LINE:
        return False
    if event.text[:1].islower():
        return event.line.blanks < 2
    if event.line.blanks or label.key not in LISTED:
        return False
    # a list goes on with more of its own marks; a title below it has none
    mark = ";" if ";" in label.text else ","
    return mark in event.text or mark not in label.text
