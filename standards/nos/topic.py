"""The examiner's topic page: synopsis, concepts, tips, misconceptions, marking points."""

from __future__ import annotations

from standards.nos.blocks import Blocks
from standards.nos.headings import Kind
from standards.nos.items import read_list
from standards.nos.outline import Sign
from standards.nos.paragraphs import paragraphs


def read_synopsis(blocks: Blocks, vocabulary: frozenset[str]) -> str | None:
    texts = [
        paragraphs([event.line for event in block.events], vocabulary)
        for block in blocks.of(Kind.TOPIC)
        if block.key == "synopsis"
    ]
    return "\n\n".join(filter(None, texts)) or None


def read_points(blocks: Blocks, vocabulary: frozenset[str]) -> dict[str, list[str]]:
    """The lists of a topic page by name, one string a point."""
    points: dict[str, list[str]] = {}
    for block in blocks.of(Kind.TOPIC):
        if block.key == "synopsis":
            continue
        events = [event for event in block.events if event.sign is Sign.TEXT]
        listing = read_list(events, knowledge=False, vocabulary=vocabulary)
        found = points.setdefault(block.key, [])
        found += ["; ".join([item.text, *item.subitems]) for item in listing.items]
    return points
