"""Which standard it is: URN, title and SQA code, from labels, header lines and running titles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from standards.nos.blocks import Blocks
from standards.nos.headings import normal
from standards.nos.lines import Line
from standards.nos.urns import (
    SPACED_URN,
    SQA_LABELLED,
    SQA_SHAPE,
    UNIT_REFERENCE,
    VERSION_SUFFIX,
    find_urn,
    labelled_urn,
    tidy_sqa,
)
from standards.nos.words import VERBS, first_word, unfinished

LONGEST_TITLE = 180
GENERIC = frozenset(
    """national occupational standards; national occupational standard; nos; unit; standard;
    uk standards; nos finder; find nos; nos search; skills cfa; unit specification;
    unit details; ukces; safon; safonau;
    safonau galwedigaethol cenedlaethol; safon alwedigaethol genedlaethol; contents; final;
    final version; draft; approved; level 1; level 2; level 3; level 4; level 5; mandatory unit;
    optional unit; core unit; unit content""".replace("\n", " ").split(";")
)
GENERIC = frozenset(" ".join(phrase.split()) for phrase in GENERIC)
UNIT_NUMBER = re.compile(
    r"^(?:unit|uned|nos|standard)\s+(?:[\w.]{1,8}(?:\s\d{2})?\s*[:–—-]\s*|\d{1,4}\s+(?=[A-Z])"
    r"|[A-Z]{1,3}\d{1,3}\s+(?=[A-Z][a-z]))",
    re.IGNORECASE,
)
PAGE = re.compile(
    r"[\s|–—-]+(?:page|tudalen)\s*\d{1,3}(?:\s*(?:of|o|/)\s*\d{1,3})?$", re.IGNORECASE
)
BRACKETED_VERSION = re.compile(
    r"\s*[(\[](?:version|issue|v|fersiwn)\.?\s*(\d{1,2}(?:\.\d{1,2})?)[)\]]?$", re.IGNORECASE
)
NO_TITLE = re.compile(
    r"^(?:https?:|www\.|\d+\s*$|page\b|version\b|level\s+\d|performance criteria\b|"
    r"knowledge and understanding\b)",
    re.IGNORECASE,
)
SEPARATORS = " \t-–—:|,.•*()[]/"


@dataclass(frozen=True, slots=True)
class Identity:
    urn: str | None = None
    title: str | None = None
    sqa_code: str | None = None
    version: str | None = None  # "SKAEC1 v2"


@dataclass(frozen=True, slots=True)
class Named:
    """A header line, taken apart."""

    title: str
    urn: str | None
    sqa_code: str | None
    version: str | None
    line: Line
    numbered: bool = False  # "Unit B5 …" opens with the number of the unit


def identify(blocks: Blocks, opening: str) -> Identity:
    """`opening` is the start of the overview or synopsis, which may be printed as a header too."""
    lines = [event.line for event in blocks.header]
    lines += [Line(text) for text in blocks.running]
    named = [_take_apart(line) for line in lines if len(line.text) <= LONGEST_TITLE]
    labelled = blocks.labels.get("urn", "")
    urn = labelled_urn(labelled) if labelled else None
    sqa = blocks.labels.get("sqa_code") or next((n.sqa_code for n in named if n.sqa_code), None)
    version = next((n.version for n in named if n.version), None)
    if labelled and (match := VERSION_SUFFIX.search(labelled)):
        version = match[1]
    best = _best(named, opening)
    urn = urn or (best.urn if best else None) or next((n.urn for n in named if n.urn), None)
    title = " ".join(blocks.labels.get("title", "").split())
    if best and not title:
        title = _with_second_line(best, named)
    return Identity(urn, title or None, _sqa(sqa), version)


def _sqa(code: str | None) -> str | None:
    match = SQA_SHAPE.search(code) if code else None
    return tidy_sqa(match[0]) if match else None


def _take_apart(line: Line) -> Named:
    text = line.text
    sqa = urn = version = None
    if match := SQA_LABELLED.search(text):
        sqa, text = match[1], text[: match.start()] + " " + text[match.end() :]
    elif (match := SQA_SHAPE.match(text)) and " " in match[0]:
        sqa, text = match[0], text[match.end() :]
    found = UNIT_REFERENCE.search(text) or find_urn(text) or SPACED_URN.search(text)
    if found:
        urn = found[0].replace(" ", "")
        before, after = text[: found.start()], text[found.end() :]
        if suffix := VERSION_SUFFIX.match(after):
            version, after = suffix[1], after[suffix.end() :]
        text = f"{before.strip(SEPARATORS)} {after.strip(SEPARATORS)}"
        if before.strip(SEPARATORS).casefold() in ("urn", "nos", "unit", "ref"):
            text = after.strip(SEPARATORS)
    text = PAGE.sub("", text)
    if suffix := BRACKETED_VERSION.search(text):
        version, text = version or suffix[1], text[: suffix.start()]
    text, numbered = UNIT_NUMBER.subn("", text.strip(SEPARATORS[:-5] + "()[]"))
    title = _once(" ".join(text.split()).strip("-–—:| "))
    return Named(title, urn, sqa, version, line, numbered=bool(numbered))


def _once(title: str) -> str:
    """ "Lay floors Lay floors" is the same title twice."""
    words = title.split()
    half = len(words) // 2
    return " ".join(words[:half]) if half > 1 and words[:half] == words[half:] else title


def _best(named: Sequence[Named], opening: str) -> Named | None:
    """The line that is most likely the title."""
    candidates = [n for n in named if _could_be_title(n.title, opening)]
    counts = Counter(normal(n.title) for n in candidates)
    best = max(candidates, key=lambda n: _merit(n, named, counts), default=None)
    # a footer may print only the beginning of a long title
    longer = (n for n in candidates if best and n.title.startswith(best.title + " "))
    return next(longer, best)


def _could_be_title(text: str, opening: str) -> bool:
    if not 3 <= len(text) <= LONGEST_TITLE or (not text[0].isupper() and not text[0].isdigit()):
        return False
    if normal(text) in GENERIC or text.endswith((".", ";", ",")) or ". " in text:
        return False
    if not any(c.isalpha() for c in text) or opening.startswith(text):
        return False
    return not NO_TITLE.match(text)


def _merit(named: Named, lines: Sequence[Named], counts: Counter[str]) -> tuple[int, int, int, int]:
    at = lines.index(named)
    beside = [lines[i] for i in (at - 1, at + 1) if 0 <= i < len(lines)]
    near_urn = bool(named.urn) or any(n.urn and not n.title for n in beside)
    return (
        min(counts[normal(named.title)], 2),
        2 * bool(named.urn and len(named.title.split()) > 1)
        + near_urn
        + named.line.emphasised
        + 2 * named.numbered,
        first_word(named.title) in VERBS,
        -at,
    )


def _with_second_line(best: Named, lines: Sequence[Named]) -> str:
    """A long title wraps: its second line begins with a small letter."""
    title, at = best.title, lines.index(best)
    for below in lines[at + 1 : at + 3]:
        goes_on = below.title[:1].islower() or (unfinished(title) and below.title)
        if not goes_on or below.urn or below.line.airy or len(title) > LONGEST_TITLE:
            break
        title += " " + below.title
    return title
