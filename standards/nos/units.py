"""Qualification units: "The learner will … The learner can 1.1 …"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from standards.nos.headings import OUTCOME
from standards.nos.items import tidy_item
from standards.nos.lines import Line
from standards.nos.markers import Style, read_marker
from standards.nos.model import AssessmentCriterion
from standards.nos.outline import Event, Sign
from standards.nos.words import BEFORE_A_NUMBER, last_word, leaning, unfinished
from standards.nos.wrapping import join

CRITERION = re.compile(
    r"(?:^|(?<=\s))(?:AC\s?|P)?(\d{1,2})\.(\d{1,2})(?!\.?\d)[.):]?(?:\s+(?=\S)|(?=[A-Z])|$)"
)


@dataclass(slots=True)
class _Part:
    """One outcome or criterion while its lines come in."""

    number: int
    sub: int = 0
    lines: list[Line] = field(default_factory=list)
    points: list[list[Line]] = field(default_factory=list)


class UnitReader:
    def __init__(self, events: Sequence[Event], vocabulary: frozenset[str]) -> None:
        self.vocabulary = vocabulary
        self.outcomes: dict[int, _Part] = {}
        self.criteria: list[_Part] = []
        self.current: _Part | None = None
        self.decimals = any(CRITERION.search(e.text) for e in events if e.sign is Sign.TEXT)
        self.after_can = False
        # numbers that open a line somewhere: the same inside a line is a quantity
        starts = (CRITERION.match(e.text) for e in events if e.sign is Sign.TEXT)
        self.opening = {(mark[1], mark[2]) for mark in starts if mark}
        for event in events:
            self._take(event)

    def _take(self, event: Event) -> None:
        if match := OUTCOME.match(event.text):
            self._open_outcome(int(match[1]), _line(event.line, match[2]))
        elif event.sign is not Sign.TEXT:
            self.after_can = event.key == "can" or "criteri" in event.text.casefold()
            self.current = None
        elif self.decimals:
            self._take_decimals(event.line)
        else:
            self._take_listed(event.line)

    def _take_decimals(self, line: Line) -> None:
        """Text before the first 1.1 on the line is the outcome's or the last criterion's."""
        marks = [m for m in CRITERION.finditer(line.text) if self._goes_on(m, line.text)]
        head = line.text[: marks[0].start()] if marks else line.text
        if head.strip():
            self._take_plain(_line(line, head))
        ends = [*(mark.start() for mark in marks), len(line.text)][1:]
        for mark, end in zip(marks, ends if marks else [], strict=True):
            part = _Part(int(mark[1]), int(mark[2]), [_line(line, line.text[mark.end() : end])])
            self.criteria.append(part)
            self.current = part

    def _goes_on(self, mark: re.Match[str], text: str) -> bool:
        """Is it a criterion's number, and not a quantity in a sentence?"""
        number, before = int(mark[1]), text[: mark.start()].strip()
        if before and (mark[1], mark[2]) in self.opening:
            return False
        if before and (_breaks_off(before) or last_word(before) in BEFORE_A_NUMBER):
            return False
        last = self.criteria[-1].number if self.criteria else 0
        return number in (last, last + 1) or number in self.outcomes

    def _take_plain(self, line: Line) -> None:
        marker = read_marker(line.text)
        numbered = marker and marker.style in (Style.NUMBER, Style.BARE)
        if marker and numbered and marker.number == len(self.outcomes) + 1:
            self._open_outcome(marker.number, _line(line, marker.rest))
        elif marker and marker.style in (Style.BULLET, Style.LETTER) and self.current:
            self.current.points.append([_line(line, marker.rest)])
        elif self.current and self.current.points:
            self.current.points[-1].append(line)
        elif self.current:
            self.current.lines.append(line)
        elif not self.after_can:
            self._open_outcome(len(self.outcomes) + 1, line)

    def _take_listed(self, line: Line) -> None:
        """No 1.1 is printed: what stands under "can" is numbered by its outcome."""
        marker = read_marker(line.text)
        text = _line(line, marker.rest) if marker else line
        if not self.after_can:
            if marker or self.current is None:
                self._open_outcome(len(self.outcomes) + 1, text)
            else:
                self.current.lines.append(line)
        elif marker or self.current is None:
            outcome = max(len(self.outcomes), 1)
            sub = 1 + sum(part.number == outcome for part in self.criteria)
            self.current = _Part(outcome, sub, [text])
            self.criteria.append(self.current)
        else:
            self.current.lines.append(line)

    def _open_outcome(self, number: int, line: Line) -> None:
        part = self.outcomes.setdefault(number, _Part(number))
        if line.text:
            part.lines.append(line)
        self.current = part

    def read(self) -> list[AssessmentCriterion]:
        found = []
        for part in self.criteria:
            outcome = self.outcomes.get(part.number)
            text = self._text(part)
            if text:
                name = self._text(outcome) if outcome else ""
                found.append(AssessmentCriterion(f"{part.number}.{part.sub}", text, name or None))
        return found

    def _text(self, part: _Part) -> str:
        text = tidy_item(join(part.lines, self.vocabulary))
        points = "; ".join(tidy_item(join(point, self.vocabulary)) for point in part.points)
        return " ".join(filter(None, (text, points)))


def _breaks_off(text: str) -> bool:
    return unfinished(text) or leaning(text)


def _line(line: Line, text: str) -> Line:
    return Line(text.strip(), line.indent, line.blanks, width=line.width, divided=line.divided)
