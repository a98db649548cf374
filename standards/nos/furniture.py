"""What a page carries besides its text: running titles, page numbers, the web site's own words."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from standards.nos.headings import find_heading, is_element, normal
from standards.nos.leadins import find_leadin
from standards.nos.lines import Line
from standards.nos.metadata import find_unmarked_label
from standards.nos.urns import URN_IN_TEXT, looks_like_urn

PAGE_NUMBER = re.compile(
    r"^(?:page|pg\.?|p\.|tudalen)\s*\d{1,4}(?:\s*(?:of|o|/)\s*\d{1,4})?$"
    r"|^\d{1,4}\s*(?:of|o|/)\s*\d{1,4}$"
    r"|^(?:approved|final|draft)\s+\d{1,2}$"
    r"|^[-–—]\s*\d{1,4}\s*[-–—]$",
    re.IGNORECASE,
)
BARE_NUMBER = re.compile(r"^\d{1,3}$")
TRAILING_NUMBER = re.compile(
    r"(?<![\d/])[\s|–-]*(?:(?:page|tudalen)\s*)?(?<!\d)(\d{1,3})(?:\s*(?:of|o|/)\s*\d{1,3})?\s*$",
    re.IGNORECASE,
)
RULE = re.compile(r"^[.·_\-=*~|:+\s]{3,}$")
SITE_WORDS = re.compile(
    r"^(?:google online preview.*|in order to avoid copyright disputes.*|"
    r"download|print|print this page|print page|back to top|"
    r"top of page|back|home|share|menu|search|log ?in|sign in|skip to (?:main )?content|"
    r"cookies?|cookie policy|"
    r"accept (?:all )?cookies|related (?:searches|documents|nos)|advertisement|loading\.*|"
    r"privacy(?: policy)?|terms (?:and conditions|of use)|contact us|about us|"
    r"download (?:pdf|word|nos|standard).*|view (?:pdf|full standard)|feedback|"
    r"home\s*[>»›].*|print(?:\s*[|·]\s*\w+)+|"
    r"for [\w ]{3,60} (?:visit|go to|see) (?:https?://)?(?:[\w-]+\.)+[a-z]{2,}\S*|"
    r"(?:https?://|www\.)\S+)$",
    re.IGNORECASE,
)
RIGHTS = re.compile(
    r"^(?:©|\(c\)\s*(?:copyright|(?:19|20)\d{2})|copyright\b|"
    r"all rights reserved|crown copyright|hawlfraint)",
    re.IGNORECASE,
)
PARTIAL = re.compile(
    r"this page is only a partial\b|full document (?:is )?available|preview only",
    re.IGNORECASE,
)
# "Knowledge and understanding relating to performance statement 2": the number is its own.
PART_OF_A_LIST = re.compile(
    r"(?:(?:essential )?knowledge and understanding|knowledge|performance (?:criteria|statements?))"
    r" (?:for|of|relating|related|in relation)\b.*\d$"
)
LIST_MARK = re.compile(
    r"^(?:[PK]\.?[CU]?\s?\d|\(?\d{1,3}[.)]|[•·▪●◦*–-]\s?|\(?[a-z]\))", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Cleaned:
    lines: list[Line]  # running titles stay in their places, marked as such
    partial: bool = False  # the page calls itself incomplete


def drop_furniture(lines: list[Line]) -> Cleaned:
    running = _running_titles(lines)
    marks = [_is_furniture(line.text, running) for line in lines]
    for at, label in enumerate(lines[:-1]):
        heading = find_heading(label.text) if marks[at + 1] else None
        if heading and heading.key in ("urn", "original_urn"):
            marks[at + 1] = False  # the URN under its label is no running title
    _mark_bare_numbers(lines, marks)
    kept: list[Line] = []
    removed = False
    for at, (line, mark) in enumerate(zip(lines, marks, strict=True)):
        if mark and (title := running.get(_key(line.text))):
            counted = line.text not in (title, _unnumbered(line.text))
            footer = counted or _number_follows(lines, at)
            kept.append(replace(line, text=title, running=True, footer=footer))
        elif not mark:
            # air around a dropped footer says nothing of the text's own paragraphs
            kept.append(replace(line, blanks=0, page_start=True) if removed else line)
        removed = mark
    partial = any(PARTIAL.search(line.text) for line in lines)
    return Cleaned(kept, partial)


def _number_follows(lines: list[Line], at: int) -> bool:
    below = lines[at + 1].text if at + 1 < len(lines) else ""
    return bool(BARE_NUMBER.match(below) or PAGE_NUMBER.match(below))


def _key(text: str) -> str:
    return normal(_unnumbered(text[:300])[:200])


def _unnumbered(text: str) -> str:
    words = text.rsplit(None, 1)
    if words and (match := URN_IN_TEXT.fullmatch(words[-1])) and looks_like_urn(match[0]):
        return text  # the last digits are the URN's own
    return TRAILING_NUMBER.sub("", text).strip() if text[-1:].isdigit() else text


def _running_titles(lines: list[Line]) -> dict[str, str]:
    """Lines that repeat because they stand on every page, by their key."""
    copies: dict[str, list[str]] = {}
    for line in lines:
        if len(line.text) <= 200:
            copies.setdefault(_key(line.text), []).append(line.text)
    repeated = {
        key: texts
        for key, texts in copies.items()
        if len(texts) > 1 and len(key) > 3 and not _is_text(texts[0])
    }
    found: dict[str, str] = {}
    bodies: set[str] = set()
    for key, texts in repeated.items():
        urn = URN_IN_TEXT.search(texts[0])
        if urn and looks_like_urn(urn[0]):
            found[key] = _without_page(texts)
            bodies.add(_without(key, normal(urn[0])))
    # the title alone, repeated under a line that also holds the URN
    found |= {
        key: texts[0]
        for key, texts in repeated.items()
        if any(key == body or _shortens(body, key) for body in bodies)
    }
    found |= {key: _without_page(repeated[key]) for key in _beside_urns(lines, repeated)}
    edges = _around_page_breaks(lines, repeated)
    found |= _footers_of(lines)
    return found | {key: _without_page(repeated[key]) for key in edges if key not in found}


def _beside_urns(lines: list[Line], repeated: Mapping[str, list[str]]) -> set[str]:
    """The title that stands under the URN on every page."""
    under: Counter[str] = Counter()
    for above, line in itertools.pairwise(lines):
        match = URN_IN_TEXT.fullmatch(above.text) if line.text[:1].isupper() else None
        if match and looks_like_urn(match[0]):
            under[_key(line.text)] += 1
    return {key for key, count in under.items() if count > 1 and " " in key and key in repeated}


HEADER_LINES = 8


def _footers_of(lines: list[Line]) -> dict[str, str]:
    """Even once, a line of the header's URN and title together is a footer."""
    header = [line.text for line in lines[:HEADER_LINES] if not _is_text(line.text)]
    found = {
        _key(line.text): _unnumbered(line.text)
        for line in lines[1:]
        if len(line.text) > 12 and line.text != _unnumbered(line.text) in header
    }
    urns = {m[0] for text in header if (m := URN_IN_TEXT.search(text)) and looks_like_urn(m[0])}
    for urn in urns:
        key = normal(urn)
        titles = {_without(normal(text), key) for text in header} - {"", "urn"}
        for line in lines[1:]:
            if urn in line.text and len(line.text) <= 200:
                candidate = _key(line.text)
                body = _without(candidate, key)
                known = any(body == title or _closes(body, title) for title in titles)
                if known and line.text not in header:
                    found[candidate] = _unnumbered(line.text)
    return found


def _shortens(short: str, title: str) -> bool:
    """A footer may print only the beginning of a long title."""
    return len(short.split()) > 1 and title.startswith(short + " ")


def _closes(body: str, title: str) -> bool:
    """ "Skills for Health GEN99 Prepare rooms": the publisher's name may stand before it."""
    return len(title.split()) > 2 and body.endswith(" " + title)


def _without_page(copies: list[str]) -> str:
    """A last number that differs from page to page is the page's."""
    return copies[0] if len(set(copies)) == 1 else min(map(_unnumbered, copies), key=len)


def _without(key: str, urn: str) -> str:
    return " ".join(key.replace(urn, " ").split())


def _is_text(text: str) -> bool:
    """Headings, lead-ins and items repeat for good reasons."""
    return bool(
        PART_OF_A_LIST.match(normal(text))
        or find_unmarked_label(text, among_labels=False)
        or find_heading(text)
        or find_leadin(text)
        or is_element(text)
        or LIST_MARK.match(text)
    )


def _around_page_breaks(lines: list[Line], repeated: Mapping[str, list[str]]) -> set[str]:
    """Repeated lines that touch a page's edge each time, or count the pages."""
    edges: Counter[str] = Counter()
    numbers: dict[str, list[int]] = {}
    for at, line in enumerate(lines):
        key = _key(line.text)
        if key not in repeated or len(key) < 8:
            continue
        edges[key] += _at_edge(lines, at)
        if line.text[-1:].isdigit() and (match := TRAILING_NUMBER.search(line.text)):
            numbers.setdefault(key, []).append(int(match[1]))
    counting = {key for key, found in numbers.items() if _counts_pages(found)}
    return counting | {key for key, count in edges.items() if count > 1}


def _counts_pages(numbers: list[int]) -> bool:
    pairs = itertools.pairwise(numbers)
    return len(numbers) > 1 and all(below == above + 1 for above, below in pairs)


def _at_edge(lines: list[Line], at: int) -> bool:
    near = lines[max(at - 2, 0) : at + 3]
    return lines[at].page_start or any(PAGE_NUMBER.match(line.text) for line in near)


def _is_furniture(text: str, running: dict[str, str]) -> bool:
    if _key(text) in running:
        return True
    short = len(text) <= 200
    return bool(
        PAGE_NUMBER.match(text)
        or RULE.match(text)
        or (short and SITE_WORDS.match(text))
        or (short and RIGHTS.match(text))
        or PARTIAL.search(text)
    )


def _mark_bare_numbers(lines: list[Line], marks: list[bool]) -> None:
    """A number alone is a page number only beside other furniture or a page's edge."""
    for at, line in enumerate(lines):
        if marks[at] or not BARE_NUMBER.match(line.text):
            continue
        above = at > 0 and marks[at - 1]
        below = at + 1 < len(lines) and (marks[at + 1] or lines[at + 1].page_start)
        if above or below:
            marks[at] = True
