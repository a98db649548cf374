"""One standard, put together from its blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from standards.nos.blocks import Block, Blocks
from standards.nos.checks import character_warnings, criterion_warnings, left_out_warnings
from standards.nos.counts import IN_HEADING, count_warnings, stated_counts
from standards.nos.header import identify
from standards.nos.headings import Kind
from standards.nos.items import Item, Listing, read_list
from standards.nos.lines import Line
from standards.nos.metadata import read_metadata
from standards.nos.model import Criterion, ParsedStandard
from standards.nos.numbering import number_items
from standards.nos.outline import Event, Sign
from standards.nos.paragraphs import paragraphs
from standards.nos.topic import read_points, read_synopsis
from standards.nos.units import UnitReader


@dataclass(slots=True)
class _Found:
    """All lists of one kind, and what was doubtful about them."""

    criteria: list[Criterion] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    unknown: dict[str, list[Line]] = field(default_factory=dict)
    intro: list[str] = field(default_factory=list)


def build(blocks: Blocks, vocabulary: frozenset[str]) -> ParsedStandard:
    performance = _read_kind(blocks, Kind.PERFORMANCE, vocabulary)
    knowledge = _read_kind(blocks, Kind.KNOWLEDGE, vocabulary)
    sections = _sections(blocks, {**performance.unknown, **knowledge.unknown}, vocabulary)
    for found in (("performance", performance), ("knowledge", knowledge)):
        if found[1].intro:
            _add(sections, f"{found[0]}_introduction", "\n\n".join(found[1].intro))
    synopsis = read_synopsis(blocks, vocabulary)
    identity = identify(blocks, synopsis or sections.get("overview", ""))
    metadata, warnings = read_metadata(blocks.labels)
    if metadata.version is None and identity.version:
        metadata = replace(metadata, version=identity.version)
    unit_events = [event for block in blocks.of(Kind.UNIT) for event in block.events]
    standard = ParsedStandard(
        urn=identity.urn,
        title=identity.title,
        sqa_code=identity.sqa_code,
        performance=tuple(performance.criteria),
        knowledge=tuple(knowledge.criteria),
        assessment_criteria=tuple(UnitReader(unit_events, vocabulary).read()),
        sections=sections,
        metadata=metadata,
        synopsis=synopsis,
        **{key: tuple(points) for key, points in read_points(blocks, vocabulary).items()},
    )
    missing = tuple(name for name in ("urn", "title") if getattr(standard, name) is None)
    doubts = [*warnings, *performance.warnings, *knowledge.warnings]
    doubts += _counts(blocks, sections, standard) + character_warnings(standard)
    return replace(standard, missing=missing, warnings=tuple(dict.fromkeys(doubts)))


def _read_kind(blocks: Blocks, kind: Kind, vocabulary: frozenset[str]) -> _Found:
    found = _Found()
    items: list[Item] = []
    letter = "P" if kind is Kind.PERFORMANCE else "K"
    own = blocks.of(kind)
    for block in own:
        element = block.element if len(own) >= blocks.elements or kind is Kind.PERFORMANCE else None
        listing = read_list(
            block.events, knowledge=kind is Kind.KNOWLEDGE, vocabulary=vocabulary, element=element
        )
        items += listing.items
        found.unknown |= listing.unknown
        found.intro += listing.intro
        found.warnings += left_out_warnings(listing.left_out)
        found.warnings += _empty_labels(listing, letter)
    found.criteria, warnings = number_items(items, letter)
    found.warnings += warnings + criterion_warnings(found.criteria)
    if own and not found.criteria:
        name = "performance criteria" if kind is Kind.PERFORMANCE else "knowledge"
        found.warnings.append(f"The heading for {name} is printed, but nothing stands under it.")
    return found


def _empty_labels(listing: Listing, letter: str) -> list[str]:
    return [
        f"{letter}{number} is printed without a text." for number in listing.empty_labels if number
    ]


def _sections(
    blocks: Blocks, unknown: dict[str, list[Line]], vocabulary: frozenset[str]
) -> dict[str, str]:
    sections: dict[str, str] = {}
    for block in blocks.of(Kind.SECTION):
        _add(sections, block.key, paragraphs(_lines(block), vocabulary))
    for note in blocks.notes:
        _add(sections, "notes", note)
    for title, lines in unknown.items():
        _add(sections, _slug(title), paragraphs(lines, vocabulary))
    return sections


def _lines(block: Block) -> list[Line]:
    return [event.line for event in block.events if event.sign is Sign.TEXT]


def _add(sections: dict[str, str], key: str, text: str) -> None:
    sections[key] = "\n\n".join(filter(None, (sections.get(key, ""), text)))


def _slug(title: str) -> str:
    return re.sub(r"\W+", "_", title.casefold()).strip("_")[:60] or "other"


def _counts(blocks: Blocks, sections: dict[str, str], standard: ParsedStandard) -> list[str]:
    texts = [sections.get("overview", ""), sections.get("notes", "")]
    texts += [event.text for event in blocks.header]
    texts += [_intro(block.events) for block in blocks.blocks if block.kind is not Kind.SECTION]
    stated = stated_counts("\n".join(texts))
    for block in blocks.blocks:
        if match := IN_HEADING.match(block.title.strip()):
            stated.setdefault(match[1].casefold(), int(match[2]))
    return count_warnings(stated, len(standard.performance), len(standard.knowledge))


def _intro(events: Sequence[Event]) -> str:
    return "\n".join(event.text for event in events[:3])
