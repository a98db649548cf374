"""Where claims point to, as what a page can draw: stretches of text and boxes on a page."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import pairwise
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from portfolio.models import Anchor

TOKENS = re.compile(r"<[^>]*>|[^<]+")
LABEL_HEIGHT = 18
NEAR_TOP = 0.03
SAME_LINE = 0.5  # how much of its height a word must share with the one before


@dataclass(frozen=True)
class Span:
    """Characters of a text that an anchor means."""

    start: int
    end: int
    anchor: Anchor

    @property
    def code(self) -> str:
        return self.anchor.claim.criterion.code


@dataclass(frozen=True)
class Box:
    """A rectangle in fractions of a page; the first of an anchor carries its label."""

    x: float
    y: float
    width: float
    height: float
    anchor: Anchor
    is_first: bool = True

    @property
    def code(self) -> str:
        return self.anchor.claim.criterion.code

    @property
    def label(self) -> dict[str, str | int]:
        """Where the code stands, for SVG. It sits on a box like a tab, inside where there is no
        room above; beside a passage it stands in the margin, so that it hides no words."""
        return {
            "x": "0%" if self.is_passage else f"{self.x * 100:.2f}%",
            "y": f"{self.y * 100:.2f}%",
            "top": 0 if self.is_passage or self.y < NEAR_TOP else -LABEL_HEIGHT,
            "width": 9 * len(self.code) + 12,
            "height": LABEL_HEIGHT,
        }

    @property
    def is_passage(self) -> bool:
        return self.anchor.kind == Anchor.Kind.PASSAGE

    @property
    def attributes(self) -> SafeString:
        return format_html(
            'x="{}" y="{}" width="{}" height="{}"',
            *(f"{value:.5f}" for value in (self.x, self.y, self.width, self.height)),
        )


def spans_in(text: str, anchors: Iterable[Anchor]) -> list[Span]:
    """Passages that are really there; one that is not is better unmarked than marked wrongly."""
    found = []
    for anchor in anchors:
        if anchor.kind != Anchor.Kind.PASSAGE or not anchor.quote:
            continue
        start = anchor.start if anchor.start is not None else text.find(anchor.quote)
        if start >= 0 and text[start : start + len(anchor.quote)] == anchor.quote:
            found.append(Span(start, start + len(anchor.quote), anchor))
    return found


def marked_text(text: str, spans: Sequence[Span], *, at: int = 0) -> SafeString:
    """Plain text, of which so much stands before, with its passages marked; its textContent stays
    the text."""
    return mark_safe("".join(_marked(text, at, spans)))  # noqa: S308 - each piece is escaped


def marked_html(html: str, spans: Sequence[Span]) -> SafeString:
    """The same for HTML that was sanitised when it was stored; its tags stay as they are."""
    pieces: list[str] = []
    at = 0
    for token in TOKENS.findall(html):
        if token.startswith("<"):
            pieces.append(token)
        else:
            text = unescape(token)
            pieces.extend(_marked(text, at, spans))
            at += len(text)
    return mark_safe("".join(pieces))  # noqa: S308 - stored HTML is sanitised, text is escaped


def _marked(text: str, offset: int, spans: Sequence[Span]) -> Iterator[str]:
    ends = {offset, offset + len(text)}
    edges = {edge for span in spans for edge in (span.start, span.end)}
    for start, end in pairwise(sorted(ends | {e for e in edges if min(ends) < e < max(ends)})):
        over = [span for span in spans if span.start <= start and end <= span.end]
        piece = conditional_escape(text[start - offset : end - offset])
        yield _mark(piece, start, end, over) if over else piece


def _mark(piece: str, start: int, end: int, over: Sequence[Span]) -> str:
    # The label comes from the style sheet: as text it would become part of what is quoted.
    ended = " ".join(span.code for span in over if span.end == end)
    places = "".join(
        format_html('<span class="viewer-here" id="mark-{}"></span>', span.anchor.pk)
        for span in over
        if span.start == start
    )
    label = format_html(' data-label="{}"', ended) if ended else ""
    return f'{places}<mark class="viewer-mark"{label}>{piece}</mark>'


def boxes_on(page: int, anchors: Iterable[Anchor], words: dict[str, Any] | None) -> list[Box]:
    """What is marked on one page: parts of it, and passages where the page's words are known."""
    boxes = []
    for anchor in anchors:
        if anchor.kind == Anchor.Kind.REGION and (anchor.page or 1) == page:
            boxes.append(_region(anchor))
        elif anchor.kind == Anchor.Kind.PASSAGE and anchor.page == page and words:
            boxes.extend(_passage(anchor, words))
        elif anchor.kind == Anchor.Kind.PAGES and anchor.page == page:
            boxes.append(Box(0, 0, 1, 1, anchor))
        elif anchor.kind == Anchor.Kind.PAGES and _covers(anchor, page):
            boxes.append(Box(0, 0, 1, 1, anchor, is_first=False))
    return boxes


def _region(anchor: Anchor) -> Box:
    return Box(anchor.x or 0, anchor.y or 0, anchor.width or 0, anchor.height or 0, anchor)


def _covers(anchor: Anchor, page: int) -> bool:
    return (anchor.page or 1) <= page <= (anchor.last_page or anchor.page or 1)


def _passage(anchor: Anchor, words: dict[str, Any]) -> Iterator[Box]:
    for span in spans_in(words["text"], [anchor]):
        inside = [word for word in words["words"] if word[0] < span.end and word[1] > span.start]
        for number, (x, y, width, height) in enumerate(_lines(inside)):
            yield Box(x, y, width, height, anchor, is_first=number == 0)


def _lines(words: Sequence[Sequence[float]]) -> list[tuple[float, float, float, float]]:
    """Words that stand side by side become one stroke of the highlighter."""
    lines: list[tuple[float, float, float, float]] = []
    for _start, _end, x, y, width, height in words:
        if lines and _beside(lines[-1], x, y, height):
            left, top, wide, high = lines.pop()
            upper, lower = min(top, y), max(top + high, y + height)
            lines.append((left, upper, max(left + wide, x + width) - left, lower - upper))
        else:
            lines.append((x, y, width, height))
    return lines


def _beside(line: tuple[float, float, float, float], x: float, y: float, height: float) -> bool:
    shared = min(line[1] + line[3], y + height) - max(line[1], y)
    return x >= line[0] and shared > SAME_LINE * min(line[3], height)
