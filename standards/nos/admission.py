"""Is it a standard at all? Weighs what was found against what other texts look like."""

from __future__ import annotations

import re
from collections.abc import Iterable

from standards.nos.blocks import Blocks
from standards.nos.headings import CRITERIA, Kind
from standards.nos.model import NotAStandard, ParsedStandard
from standards.nos.outline import Event

NOTHING_FOUND = (
    "This does not read as a National Occupational Standard: "
    "no performance criteria and no knowledge statements were found."
)
# One of these must be somewhere in a standard or a topic page. Spaces may be line ends.
PHRASES = (
    r"performance\W{1,8}(?:criteri|statement|requirement|indicator|outcome)|effective\s+performance"
    r"|must\W{1,4}be\W{1,4}able|need\W{1,4}to\W{1,4}(?:be\W{1,4}able|know|understand|do)"
    r"|must\W{1,4}(?:know|understand|do)|should\W{1,4}know|know\W{1,4}and\W{1,4}understand"
    r"|(?:will|should|required\W{1,4}to|expected\W{1,4}to)\W{1,4}be\W{1,4}able"
    r"|knowledge\W{1,8}(?:and|&|requirement|criteri|statement)"
    r"|(?:underpinning|essential)\W{1,4}knowledge"
    r"|learners?\W{1,4}(?:will|can)|assessment\W{1,4}criteri|learning\W{1,4}outcome|candidates?\W{1,4}can"
    r"|meini\s+(?:prawf\s+)?per|gwybodaeth\W{1,8}a|rhaid\W{1,4}i"
    r"|key\W{1,4}concepts|marking\W{1,4}points|misconceptions|topic\W{1,4}synopsis"
)
SPOOR = re.compile(PHRASES, re.IGNORECASE)
# In a long text the phrase must open a line and end it, or come before a colon.
HEADED_SPOOR = re.compile(
    rf"^[^\w\n]{{0,12}}(?:\w{{1,12}}\W{{1,4}}){{0,3}}(?:{PHRASES})[^\n.;]{{0,60}}(?::|$)",
    re.IGNORECASE | re.MULTILINE,
)
FIRST_CODES = re.compile(r"^\W{0,3}(?:[PK]\.?[CU]?|LO|AC)\s?0?1\b", re.IGNORECASE | re.MULTILINE)
LONG_TEXT = 60_000
OTHER_TEXTS = re.compile(
    r"\b(?:salary|per annum|closing date|vacancy|curriculum vitae|job description|"
    r"person specification|how to apply|apply now|apply (?:online|today|by)|"
    r"we are looking for|cover(?:ing)? letter|"
    r"annual leave|hourly rate|pension scheme|competitive pay|equal opportunities employer|"
    r"ingredients|preheat|tbsp|tsp|serves \d|cooking time|prep(?:aration)? time|"
    r"references available|date of birth|employment history|work experience|personal statement|"
    r"add to (?:basket|cart)|checkout|unsubscribe|forgot(?:ten)? (?:your )?password|"
    r"page not found)\b",
    re.IGNORECASE,
)
CODE_LINE = re.compile(
    r"[{}]\s*$|[)\]\"']\s*;\s*$|=[^=]*;\s*$|\(\)|=>|::|\+=|==|[\"']\)?,?\s*$"
    r"|^\s*[\w.]+\s*=\s*\S|^\s*[\])}]+\s*$"
    r"|^\s*(?:def|class|import|from|return|function|const|var|let|yield|#include)\b"
)
OPENERS = (*CRITERIA, Kind.UNIT, Kind.TOPIC)
ENOUGH = 3


def has_spoor(text: str) -> bool:
    """A quick look, so that a novel is not taken apart line by line."""
    phrases = SPOOR if len(text) <= LONG_TEXT else HEADED_SPOOR
    return phrases.search(text) is not None or FIRST_CODES.search(text) is not None


def has_lists(events: Iterable[Event], text: str) -> bool:
    """Is there any heading or code that could open a list?"""
    if any(event.kind in OPENERS for event in events):
        return True
    return FIRST_CODES.search(text) is not None


def is_source_code(text: str) -> bool:
    lines = [line for line in text[:100_000].split("\n") if line.strip()]
    return len(lines) > 5 and sum(bool(CODE_LINE.search(line)) for line in lines) * 4 > len(lines)


def weigh(standard: ParsedStandard, blocks: Blocks, text: str) -> int:
    """Points for each independent sign of a standard, minus points for other kinds of text."""
    points = _points_for_headings(standard, blocks)
    points += bool(standard.urn) + (len(blocks.labels.keys() - {"title"}) >= 2)
    points += any(block.key == "overview" for block in blocks.blocks)
    points += _printed_codes(blocks)
    others = {match[0].casefold() for match in OTHER_TEXTS.finditer(text)}
    return points - 2 * len(others)


def _points_for_headings(standard: ParsedStandard, blocks: Blocks) -> int:
    points = 0
    lists = {Kind.PERFORMANCE: standard.performance, Kind.KNOWLEDGE: standard.knowledge}
    for kind in CRITERIA:
        if len(lists[kind]) < 1:
            continue
        own = blocks.of(kind)
        named = any(len(block.title.split()) > 1 for block in own)
        led_in = any(e.heading for block in own for e in block.events)
        points += 2 * named + led_in
    if len(standard.assessment_criteria) > 1:
        points += 3
    topic = {block.key for block in blocks.of(Kind.TOPIC) if block.events}
    return points + (4 if len(topic) > 1 else 0)


def _printed_codes(blocks: Blocks) -> int:
    code = re.compile(r"^[(\[]?(?:P|PC|K|KU)\s?0?[12]\b")
    return sum(
        any(code.match(event.text) for event in block.events)
        for block in blocks.blocks
        if block.kind in CRITERIA
    )


def refuse_others(standard: ParsedStandard, blocks: Blocks, text: str) -> None:
    found = (
        len(standard.performance) + len(standard.knowledge) + len(standard.assessment_criteria)
        + len(standard.marking_points) + len(standard.concepts) + len(standard.tips)
        + len(standard.misconceptions)
    )  # fmt: skip
    if found < 2 or weigh(standard, blocks, text) < ENOUGH:
        raise NotAStandard(NOTHING_FOUND)
