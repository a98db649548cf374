"""Texts whose line ends were lost: headings found in the middle of very long lines."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from standards.nos.headings import HEADINGS, Kind
from standards.nos.leadins import find_leadin
from standards.nos.lines import Line
from standards.nos.urns import URN_IN_TEXT, looks_like_urn
from standards.nos.words import VERBS, first_word

# Shorter lines are paragraphs at most.
LONG = 200
SHORT = 30
LEADIN = (
    r"(?:You|The (?:individual|learner|candidate|worker|practitioner)|Individuals|Learners) "
    r"(?:must|need to|will|should|can)(?: (?:be able to|know and understand|know|understand))?"
    r"(?: the following)?\s?:"
)
WELSH_LEADIN = r"Rhaid i chi (?:allu|wybod a deall|wybod)\s?:"
HEADED = (
    r"(?:Performance [Cc]riteria|PERFORMANCE CRITERIA|Knowledge (?:and|&|And) [Uu]nderstanding|"
    r"KNOWLEDGE (?:AND|&) UNDERSTANDING|Meini [Pp]erfformiad|Gwybodaeth a [Dd]ealltwriaeth)"
)
FIRST_ITEM = r"(?:(?:PC|KU|[PK])\s?0?1\b|\(?1[.)]\s|[•·▪●]\s?)"
OPENER = re.compile(
    rf"(?:^|\s)(?P<heading>{HEADED})(?=\s*:?\s*(?:{LEADIN}|{WELSH_LEADIN}|{FIRST_ITEM}|[A-Z]))"
    rf"|(?:^|\s)(?P<leadin>{LEADIN}|{WELSH_LEADIN})"
    rf"|(?:^|\s)(?P<section>Overview|OVERVIEW|Trosolwg)(?=\s+(?:This|The|You|Mae))"
)
LABEL = re.compile(
    r"(?:^|\s)(Developed by|Version [Nn]umber|Date [Aa]pproved|Approved on|"
    r"Indicative [Rr]eview [Dd]ate|Originating [Oo]rganisation|Original URN|"
    r"Relevant [Oo]ccupations|Key ?words|Suites?|Validity|"
    r"Status|SOC [Cc]ode|URN|Scope/range|Scope Performance|Scope Knowledge|Values|"
    r""
    r"Behaviours|Skills|Glossary|Links [Tt]o [Oo]ther NOS|External [Ll]inks|"
    r"Business Sectors \(Suites\))(?=[\s:]|$)"
)
# Even on a shorter line these do not stand inside a sentence.
RUN_ON = re.compile(
    rf"\w\s+{HEADED}\s*:?\s+(?:{LEADIN}|{WELSH_LEADIN})|^(?:\d{{1,2}}\s+)?{HEADED}\s+(?:{LEADIN})"
    rf"|^(?:\d{{1,2}}\s+)?(?:Overview|OVERVIEW|Trosolwg)\s+(?:This|The|You|Mae)\b"
)
FOOTER_END = re.compile(r"\s([A-Z]{2}[\w&-]{1,16}\d)\s+\d{1,3}$")
FEWEST_LABELS = 3
TOPIC = re.compile(
    "|".join(
        phrase.title().replace(" And ", " (?:And|and|&) ").replace(" To ", " [Tt]o ")
        for phrase, heading in sorted(HEADINGS.items(), key=lambda pair: -len(pair[0]))
        if heading.kind is Kind.TOPIC and heading.strong and "'" not in phrase
    )
)
FEWEST_TOPICS = 2
# "… your expertise Support individuals to communicate You must be able to:"
GROUP = re.compile(r"(?:(?<=[a-z)])[.;]?\s+|^)([A-Z][a-z]+ [^A-Z.;:]{0,20}(?:[^.;:]{0,100}))$")


def unroll(lines: Iterable[Line]) -> Iterator[Line]:
    lines = list(lines)
    ends = Counter(m[1] for line in lines if (m := FOOTER_END.search(line.text)))
    footers = {urn for urn, count in ends.items() if count > 1 and looks_like_urn(urn)}
    for line in lines:
        end = FOOTER_END.search(line.text)
        if end and end[1] in footers and end.start() > SHORT:
            yield replace(line, text=end[1], running=True)
            line = replace(line, text=line.text[: end.start()])
        if len(line.text) <= LONG and not RUN_ON.search(line.text):
            yield line
            continue
        for at, text in enumerate(_split(line.text)):
            yield replace(line, text=text, width=len(text), blanks=line.blanks if at == 0 else 0)


def _split(text: str) -> Iterator[str]:
    for stretch in _without_footers(text):
        for part in _at_openers(stretch):
            yield from _at_labels(part)


def _without_footers(text: str) -> Iterator[str]:
    """Cut out running titles that ran into the text: URN, words, a page number."""
    marks = [m for m in URN_IN_TEXT.finditer(text) if looks_like_urn(m[0])]
    most = Counter(m[0] for m in marks).most_common(1)
    titles = _repeated([text[m.end() : m.end() + LONG] for m in marks if m[0] == most[0][0]])
    if not titles:
        yield text
        return
    urn = most[0][0]
    ways = "|".join(r"\s+".join(map(re.escape, title)) for title in titles)
    footer = re.compile(re.escape(urn) + rf"\s+(?:{ways})(?:\s+\d{{1,3}}\b)?")
    parts = [part.strip() for part in footer.split(text)]
    for title in titles:
        yield " ".join([urn, *title])
    yield from _rejoined([part for part in parts if part])


def _repeated(texts: list[str]) -> list[list[str]]:
    """The words that follow the URN each time, for each way they begin; longest first."""
    ways: dict[str, list[str]] = {}
    for text in texts:
        ways.setdefault(" ".join(text.split()[:2]), []).append(text)
    common = [_common_words(way) for way in ways.values() if len(way) > 1]
    return sorted((words for words in common if len(words) > 1), key=len, reverse=True)


def _common_words(texts: list[str]) -> list[str]:
    common: list[str] = []
    for words in zip(*(text.split() for text in texts), strict=False):
        if len(set(words)) > 1:
            break
        common.append(words[0])
    return common


def _rejoined(parts: list[str]) -> Iterator[str]:
    """A footer in mid-sentence leaves the sentence in two."""
    held = ""
    for part in parts:
        if held and not (part[0].islower() or part[0].isdigit()):
            yield held
            held = ""
        held = f"{held} {part}".strip()
    if held:
        yield held


def _at_openers(text: str) -> Iterator[str]:
    start = 0
    for match in OPENER.finditer(text):
        if match.start() < start:
            continue
        before = text[start : match.start()].strip()
        if match["leadin"]:
            yield from _group_apart(before)
            yield match["leadin"]
        else:
            if before:
                yield before
            yield match["heading"] or match["section"]
        start = match.end()
    rest = text[start:].strip(" :")
    if rest:
        yield rest


def _group_apart(before: str) -> Iterator[str]:
    """The group heading that stands between the last item and the next lead-in."""
    tail = before[-140:]
    best = None
    for match in re.finditer(r"(?<=[a-z)\].;]\s)[A-Z][a-z]+(?=\s[a-z])", tail):
        best = match if best is None or first_word(match[0]) in VERBS else best
    if best is None or find_leadin(tail[best.start() :]):
        if before:
            yield before
        return
    cut = len(before) - len(tail) + best.start()
    yield before[:cut].strip()
    yield before[cut:].strip()


def _at_labels(text: str) -> Iterator[str]:
    marks = list(LABEL.finditer(text)) if len(text) > 60 else []
    if len({mark[1] for mark in marks}) < FEWEST_LABELS:
        marks = list(TOPIC.finditer(text))
        if len({mark[0] for mark in marks}) < FEWEST_TOPICS:
            yield text
            return
        yield from _each_apart(text, marks)
        return
    edges = [0, *(mark.start() for mark in marks), len(text)]
    for begin, end in itertools.pairwise(edges):
        part = text[begin:end].strip()
        if part:
            yield part


def _each_apart(text: str, marks: list[re.Match[str]]) -> Iterator[str]:
    """Each heading on a line of its own, and the text after it on the next."""
    edges = [0, *(edge for mark in marks for edge in mark.span()), len(text)]
    for begin, end in itertools.pairwise(edges):
        part = text[begin:end].strip()
        if part:
            yield part
