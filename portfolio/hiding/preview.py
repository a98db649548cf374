"""What will be hidden, in the shape in which a page shows it before it is done."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from files.redaction.texts import Span, masked, quotes
from portfolio.hiding.marks import Mark

MOST_SHOWN = 20_000  # letters of a long text


@dataclass(frozen=True)
class Passage:
    words: str
    times: int


def passages(text: str, spans: Sequence[Span]) -> list[Passage]:
    """Each phrase once, and how often it stands."""
    said = [text[start:end] for start, end in spans]
    return [Passage(each, said.count(each)) for each in quotes(text, spans)]


def masked_text(text: str, spans: Sequence[Span]) -> str:
    return masked(text, spans)


def boxes_by_page(marks: Sequence[Mark]) -> list[tuple[int, list[dict[str, str]]]]:
    """For SVG, which takes no number with a comma whatever the page's language."""
    pages: defaultdict[int, list[dict[str, str]]] = defaultdict(list)
    for mark in marks:
        sides = ("x", "y", "width", "height")
        pages[mark.get("page", 1)].append({side: f"{mark[side]:.5f}" for side in sides})
    return sorted(pages.items())
