"""Lead-ins: the half sentence that a list of criteria completes ("You must be able to:")."""

from __future__ import annotations

import re
from dataclasses import dataclass

from standards.nos.headings import Kind, normal

MODAL = (
    r"(?:must|need to|needs to|should|shall|will|will need to|have to|has to|are required to|"
    r"is required to|are expected to|is expected to|will be expected to|will be required to|"
    r"will have to)"
)
SUBJECT = (
    r"(?:you|they|individuals|staff|workers|employees|candidates|practitioners|operatives|"
    r"i|we|(?:the|an|a) (?:[\w']+ ){0,2}[\w']+|those (?:[\w']+ ){0,4}[\w']+)"
)
PREFIX = r"(?:(?:to|for|in|when|as|at|on|this means(?: that)?|i|er mwyn) (?:[\w']+ ){0,12}?)?"
TAIL = r"(?: the following)?(?: things)?(?: that)?"
CAN_DO = (
    r"(?:be able to|be competent to|be capable of|"
    r"demonstrate (?:that )?(?:you|they) (?:can|are able to)|demonstrate (?:the )?ability to|"
    r"show (?:that )?(?:you|they) (?:can|are able to)|prove (?:that )?(?:you|they) can)(?: do)?"
)
BOTH = r"(?:knowledge|understanding)(?: and (?:understanding|knowledge))?(?: of)?"
KNOW = (
    r"(?:also )?(?:be able to )?(?:know|understand|"
    rf"have (?:a |an )?(?:[\w']+ )?{BOTH}|demonstrate (?:[\w']+ )?{BOTH})"
    r"(?: (?:and|or) (?:know|understand))?(?: about| how to| of)?"
)
WELSH_WHO = r"(?:i (?:chi|ti|chwi|ddysgwyr|unigolion)|i'r (?:[\w']+)|ichi|iddynt|iddyn nhw)"
WELSH_MUST = r"(?:mae'n rhaid|rhaid|mae angen|bydd angen|mae gofyn|bydd rhaid|dylech|byddwch)"

PERFORMANCE = re.compile(
    rf"{PREFIX}{SUBJECT} {MODAL} (?:also )?{CAN_DO}{TAIL}"
    rf"|{PREFIX}(?:you|the individual|individuals) must(?: the following)?"
    rf"|you will be able to{TAIL}"
    rf"|{PREFIX}you (?:will )?need to(?: do)?{TAIL}"
    rf"|{WELSH_MUST} {WELSH_WHO} (?:fod yn )?(?:allu|gallu|fedru|medru)(?: gwneud y canlynol)?"
    rf"|byddwch yn gallu"
)
KNOWLEDGE = re.compile(
    rf"{PREFIX}{SUBJECT} (?:{MODAL} )?{KNOW}{TAIL}"
    rf"|you (?:will )?(?:need to|must)(?: be able to)? apply{TAIL}(?: knowledge(?: of)?)?"
    rf"|{WELSH_MUST} {WELSH_WHO} (?:wybod|gwybod|ddeall|deall)"
    rf"(?: (?:a|ac|am) (?:ddeall|deall|wybod))?(?: y canlynol| am)?"
)
OUTCOME = re.compile(
    r"(?:on (?:successful )?completion of (?:this|the) unit )?"
    r"(?:the )?(?:learners?|candidates?|students?) (?:will|should)(?: be able to)?"
    r"|bydd y dysgwr(?: yn)?"
)
CAN = re.compile(r"(?:the )?(?:learners?|candidates?|students?) can|gall y dysgwr")
OPENING = re.compile(
    r"\b(?:must|need|needs|should|shall|will|have|has|required|expected|can|know|understand|"
    r"rhaid|angen|byddwch|bydd|dylech|gall)\b",
    re.IGNORECASE,
)
FIRST_LABEL = re.compile(r"\s(?=(?:P|PC|K|KU)\s?0?1\b|\(?1[.)]\s|[•·▪●]\s?)")
LONGEST = 160


@dataclass(frozen=True, slots=True)
class LeadIn:
    kind: Kind
    key: str  # "outcome" or "can" for the lines of a unit
    tail: str


def find_leadin(line: str) -> LeadIn | None:
    """The lead-in that opens this line, and what follows it on the line."""
    if len(line) < 6 or not (line[0].isalpha() or line[0] in "([*"):
        return None
    if not OPENING.search(line, 0, LONGEST):
        return None
    for head, tail, closed in _cuts(line):
        found = _kind_of(normal(head))
        if found and (closed or line[0].isupper()):
            return LeadIn(found[0], found[1], tail)
    return None


def _cuts(line: str) -> list[tuple[str, str, bool]]:
    """Where the lead-in may end: at its colon, before the first label, at the line's end."""
    cuts: list[tuple[str, str, bool]] = []
    for mark in (":", "…", "..."):
        at = line.find(mark, 0, LONGEST)
        if at > 0:
            cuts.append((line[:at], line[at + len(mark) :].lstrip(" -–—.:"), True))
    label = FIRST_LABEL.search(line, 0, LONGEST)
    if label:
        cuts.append((line[: label.start()], line[label.end() :].strip(), True))
    if len(line) <= LONGEST and not line.endswith((".", ";", ",")):
        cuts.append((line, "", False))
    return cuts


def _kind_of(phrase: str) -> tuple[Kind, str] | None:
    if CAN.fullmatch(phrase):
        return Kind.UNIT, "can"
    if OUTCOME.fullmatch(phrase):
        return Kind.UNIT, "outcome"
    if PERFORMANCE.fullmatch(phrase):
        return Kind.PERFORMANCE, "leadin"
    if KNOWLEDGE.fullmatch(phrase):
        return Kind.KNOWLEDGE, "leadin"
    return None
