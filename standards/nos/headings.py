"""The vocabulary: every heading and label that published standards print.

A new phrase belongs in one of the tables below and nowhere else.
Phrases are written as `normal()` leaves them: small letters, no punctuation, "and" for "&".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class Kind(StrEnum):
    PERFORMANCE = "performance"
    KNOWLEDGE = "knowledge"
    UNIT = "unit"
    SECTION = "section"
    METADATA = "metadata"
    TOPIC = "topic"


CRITERIA = frozenset((Kind.PERFORMANCE, Kind.KNOWLEDGE))


@dataclass(frozen=True, slots=True)
class Heading:
    kind: Kind
    key: str
    # A strong phrase is a heading wherever it stands alone; a weak one ("Skills",
    # "Status") could be a word of the text and must look like a heading too.
    strong: bool


STRONG: dict[tuple[Kind, str], str] = {
    (Kind.PERFORMANCE, "performance"): """
        performance criteria; performance criterion; performance statements;
        performance objectives; performance objective;
        performance requirements; performance indicators; standards of performance;
        statements of performance; outcomes of effective performance;
        effective performance; national performance criteria;
        what you must do; what you must be able to do; what you need to do;
        what you need to be able to do; what you should be able to do;
        skills and performance criteria; performance outcomes;
        meini perfformiad; meini prawf perfformiad; datganiadau perfformiad;
        yr hyn y mae'n rhaid i chi ei wneud; safonau perfformiad
        """,
    (Kind.KNOWLEDGE, "knowledge"): """
        knowledge and understanding; essential knowledge and understanding;
        underpinning knowledge and understanding; underpinning knowledge;
        essential knowledge; required knowledge; required knowledge and understanding;
        knowledge and understanding requirements; knowledge requirements;
        knowledge and understanding criteria; knowledge criteria; knowledge statements;
        knowledge and skills; k and u; knowledge specification; knowledge items;
        what you must know; what you must know and understand; what you need to know;
        what you need to know and understand; what you should know;
        what you should know and understand; knowledge understanding;
        knowledge and understanding statements; what you must understand;
        gwybodaeth a dealltwriaeth; gwybodaeth a dealltwriaeth hanfodol;
        gwybodaeth hanfodol; gwybodaeth sylfaenol;
        yr hyn y mae'n rhaid i chi ei wybod; dealltwriaeth a gwybodaeth
        """,
    (Kind.UNIT, "unit"): """
        learning outcomes and assessment criteria; learning outcomes; learning outcome;
        assessment criteria; assessment criterion;
        deilliannau dysgu; meini prawf asesu; deilliannau dysgu a meini prawf asesu
        """,
    (Kind.SECTION, "overview"): """
        unit overview; standard overview; overview of the standard; about this unit;
        about this standard; about this nos; about this workforce competence;
        about this competence; about the unit; about the standard;
        what this unit is about; what this standard is about; what the unit is about;
        what the standard is about; what this nos is about; unit summary; unit description;
        who is this standard for; summary of the unit; unit aim; aim of the unit; unit aims;
        trosolwg o'r safon; am y safon hon; am yr uned hon; ynglŷn â'r safon hon
        """,
    (Kind.SECTION, "scope_range"): """
        what you must cover; what you need to cover; what must be covered;
        scope range; scope and range; range statement; range statements; scope of the standard;
        scope of this standard; scope and context; cwmpas ystod; cwmpas ac ystod; ystod cwmpas
        """,
    (Kind.SECTION, "scope_performance"): """
        scope performance; performance scope; scope of performance; range of performance;
        scope range performance; scope range related to performance criteria;
        scope range relating to performance criteria; scope related to performance criteria;
        scope range for performance; performance range; scope relating to performance;
        cwmpas perfformiad; cwmpas ystod perfformiad;
        cwmpas ystod sy'n gysylltiedig â meini perfformiad;
        cwmpas ystod yn ymwneud â meini prawf perfformiad
        """,
    (Kind.SECTION, "scope_knowledge"): """
        scope knowledge; knowledge scope; scope of knowledge; range of knowledge;
        scope range knowledge; scope range related to knowledge and understanding;
        scope range relating to knowledge and understanding;
        scope related to knowledge and understanding; knowledge range;
        scope knowledge and understanding; scope range for knowledge;
        cwmpas gwybodaeth; cwmpas ystod gwybodaeth;
        cwmpas ystod sy'n gysylltiedig â gwybodaeth a dealltwriaeth
        """,
    (Kind.SECTION, "behaviours"): """
        behaviours which underpin effective performance; behaviours and attitudes;
        personal behaviours; underpinning behaviours; behavioural competences;
        behaviours underpinning effective performance; professional behaviours
        """,
    (Kind.SECTION, "values"): """
        values and principles; underpinning values; values underpinning practice;
        key values; values and behaviours
        """,
    (Kind.SECTION, "skills"): """
        generic skills; key skills; underpinning skills; essential skills; specific skills;
        technical skills; personal skills
        """,
    (Kind.SECTION, "glossary"): """
        glossary of terms; terms used; key words and concepts; keywords and concepts;
        key terms; definitions of terms; geirfa termau
        """,
    (Kind.SECTION, "links_to_other_nos"): """
        links to other nos; links to other standards; links to other units; related nos;
        links to other national occupational standards; links with other nos;
        related standards; linked standards; related units; links to other competences;
        cysylltiadau ag sgc eraill; dolenni i sgc eraill; cysylltiadau â sgc eraill;
        dolenni i safonau galwedigaethol cenedlaethol eraill;
        cysylltiadau â safonau galwedigaethol cenedlaethol eraill; cysylltiadau â nos eraill;
        dolenni i nos eraill
        """,
    (Kind.SECTION, "origin"): """
        origin of this nos; origin of this standard; origin of this unit;
        origin of this workforce competence; origin of this competence
        """,
    (Kind.SECTION, "external_links"): """
        external links; links to external resources; dolenni allanol; cysylltiadau allanol
        """,
    (Kind.SECTION, "additional_information"): """
        additional information; further information; supporting information;
        gwybodaeth ychwanegol
        """,
    (Kind.SECTION, "evidence_requirements"): """
        evidence requirements; assessment requirements; assessment guidance; evidence required;
        assessment strategy; assessment methodology; performance evidence; knowledge evidence;
        performance evidence requirements; knowledge evidence requirements;
        simulation requirements; gofynion tystiolaeth
        """,
    (Kind.METADATA, "urn"): """
        unit reference number; unique reference number; nos urn; standard urn; nos reference;
        standard reference; ofqual unit reference number; unit reference; urn number;
        cyfeirnod unigryw; rhif cyfeirnod unigryw
        """,
    (Kind.METADATA, "title"): """
        standard title; unit title; nos title; title of standard; title of unit;
        title of the standard; teitl y safon; teitl yr uned
        """,
    (Kind.METADATA, "sqa_code"): """
        sqa unit code; sqa code; sqa unit reference; cod uned sqa; cod sqa
        """,
    (Kind.METADATA, "version"): """
        version number; version no; issue number; rhif y fersiwn; rhif fersiwn
        """,
    (Kind.METADATA, "approved_on"): """
        date approved; approved on; approval date; final version approved;
        date of approval; approved date;
        cymeradwywyd ar; dyddiad cymeradwyo; dyddiad y cymeradwywyd; cymeradwywyd
        """,
    (Kind.METADATA, "review_on"): """
        indicative review date; review date; date of review; review by; next review date;
        dyddiad adolygu dangosol; dyddiad adolygu; dyddiad adolygu mynegol
        """,
    (Kind.METADATA, "developed_by"): """
        developed by; nos developed by; this nos was developed by;
        this standard was developed by; this unit was developed by;
        standard developed by; datblygwyd gan;
        wedi'i ddatblygu gan
        """,
    (Kind.METADATA, "originating_organisation"): """
        originating organisation; originating organization; originating body;
        sefydliad cychwynnol; sefydliad gwreiddiol; sefydliad sy'n cychwyn
        """,
    (Kind.METADATA, "original_urn"): """
        original urn; original nos urn; original unit reference number; urn gwreiddiol
        """,
    (Kind.METADATA, "relevant_occupations"): """
        relevant occupations; relevant occupation; occupations covered;
        galwedigaethau perthnasol; galwedigaethau perthynol
        """,
    (Kind.METADATA, "suites"): """
        business sectors suites; business sector suite; nos suite; suite name; suite of nos;
        business sectors; sectorau busnes cyfresi; sectorau busnes; cyfres nos
        """,
    (Kind.METADATA, "soc_code"): """
        soc code; soc codes; standard occupational classification; cod soc; cod dgs; cod sgd
        """,
    (Kind.METADATA, "keywords"): """
        key words; key words and phrases; search terms; geiriau allweddol
        """,
    (Kind.TOPIC, "synopsis"): "topic synopsis; subtopic synopsis; topic summary; topic overview",
    (Kind.TOPIC, "concepts"): """
        key concepts and core principles; key concepts; core principles; core concepts;
        key concepts and principles
        """,
    (Kind.TOPIC, "tips"): """
        exam tips and revision strategies; exam tips; examiner tips; examiners' tips;
        revision strategies; revision tips; assessment tips; portfolio tips;
        exam tips and revision; top tips
        """,
    (Kind.TOPIC, "misconceptions"): """
        common misconceptions and mistakes to avoid; common misconceptions; common mistakes;
        common mistakes to avoid; mistakes to avoid; misconceptions and mistakes;
        common misconceptions and mistakes; common errors; common pitfalls
        """,
    (Kind.TOPIC, "marking_points"): """
        examiner marking points; marking points; examiners' marking points;
        examiner's marking points; marking guidance; marking guide;
        what examiners look for; what assessors look for
        """,
}

WEAK: dict[tuple[Kind, str], str] = {
    (Kind.PERFORMANCE, "performance"): "performance; perfformiad",
    (Kind.KNOWLEDGE, "knowledge"): "knowledge; gwybodaeth",
    (Kind.SECTION, "overview"): """
        overview; introduction; summary; trosolwg; aim; purpose; unit purpose; cyflwyniad
        """,
    (Kind.SECTION, "scope_range"): "scope; range; cwmpas; ystod",
    (Kind.SECTION, "values"): "values; gwerthoedd",
    (Kind.SECTION, "behaviours"): "behaviours; behaviors; behaviour; ymddygiadau; ymddygiad",
    (Kind.SECTION, "skills"): "skills; sgiliau",
    (Kind.SECTION, "glossary"): "glossary; definitions; geirfa",
    (Kind.SECTION, "context"): "context; cyd destun",
    (Kind.SECTION, "notes"): "notes; note; guidance; nodiadau",
    (Kind.SECTION, "references"): "references",
    (Kind.SECTION, "links_to_other_nos"): "links",
    (Kind.SECTION, "origin"): "origin",
    (Kind.SECTION, "level"): "level; scqf level; credit level; unit level; lefel",
    (Kind.SECTION, "credit_value"): "credit; credits; credit value; scqf credit points",
    (Kind.SECTION, "guided_learning_hours"): "glh; guided learning hours; total unit time",
    (Kind.METADATA, "urn"): "urn; reference; unit code; unit number; nos code",
    (Kind.METADATA, "title"): "title; teitl",
    (Kind.METADATA, "version"): "version; fersiwn",
    (Kind.METADATA, "approved_on"): "approved",
    (Kind.METADATA, "validity"): "validity; dilysrwydd",
    (Kind.METADATA, "status"): "status; statws",
    (Kind.METADATA, "suites"): "suite; suites; cyfres; cyfresi",
    (Kind.METADATA, "relevant_occupations"): "occupations; galwedigaethau",
    (Kind.METADATA, "keywords"): "keywords; keyword; allweddeiriau",
    (Kind.METADATA, "developed_by"): "developer",
    (Kind.TOPIC, "synopsis"): "synopsis",
    (Kind.TOPIC, "concepts"): "concepts",
    (Kind.TOPIC, "tips"): "tips",
    (Kind.TOPIC, "misconceptions"): "misconceptions",
}


def _table() -> dict[str, Heading]:
    table: dict[str, Heading] = {}
    for source, strong in ((WEAK, False), (STRONG, True)):
        for (kind, key), phrases in source.items():
            for phrase in phrases.split(";"):
                table[" ".join(phrase.split())] = Heading(kind, key, strong)
    return table


HEADINGS = _table()
FIRST_WORDS = frozenset(phrase.split()[0] for phrase in HEADINGS)
# "version", "knowledge and": the first line of a heading that goes on below.
BEGINNINGS = frozenset(
    " ".join(words[:size]) for words in map(str.split, HEADINGS) for size in range(1, len(words))
)
LONGEST = max(map(len, HEADINGS)) + 20
MOST_LINES = 4  # "Scope/range / related to / performance / criteria"

NOT_WORDS = re.compile(r"[^\w' ]+")
CURLY = str.maketrans({"’": "'", "‘": "'", "&": " and ", "/": " ", "-": " ", "–": " ", "_": " "})
CONTINUED = re.compile(
    r"\s*[\s(\[–-](?:continued|cont'?d?\.?|parhad)[)\]]?\s*$|\s*[(\[]\d{1,3}(?: items?)?[)\]]\s*$",
    re.IGNORECASE,
)
NUMBERED = re.compile(
    r"^(?:(?:section|part|rhan|adran)\s+\w{1,3}\b[\s.:)–-]*"
    r"|\(?\d{1,2}(?:\.\d{1,2})?[.):]?\s+|\(?[A-Z][.):]\s+)",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)  # several rules ask about the same line
def normal(phrase: str) -> str:
    phrase = NOT_WORDS.sub(" ", phrase.casefold().translate(CURLY))
    return " ".join(phrase.split()).strip("'")


def find_heading(phrase: str, *, emphasised: bool = False) -> Heading | None:
    """The heading that this whole phrase is, if it looks like one."""
    phrase = phrase.strip()
    if not phrase or len(phrase) > LONGEST:
        return None
    for candidate in _readings(phrase):
        heading = HEADINGS.get(normal(candidate))
        if heading and _looks_right(heading, candidate, emphasised=emphasised):
            return heading
    return None


def _readings(phrase: str) -> list[str]:
    bare = CONTINUED.sub("", phrase)
    unnumbered = NUMBERED.sub("", bare)
    return [phrase, bare, unnumbered] if bare != unnumbered else [phrase, bare]


def _looks_right(heading: Heading, phrase: str, *, emphasised: bool) -> bool:
    if phrase.endswith((".", ",", ";")) and not heading.strong:
        return False
    first = next((c for c in phrase if c.isalpha()), "")
    return emphasised or first.isupper() or (heading.strong and phrase.endswith(":"))


SEPARATED = re.compile(r"^(.{2,60}?)\s*(:|\s[–—-]\s)\s*(?=\S)")


def split_heading(line: str) -> tuple[Heading, str] | None:
    """A heading with its text on the same line: "Version number: 2"."""
    match = SEPARATED.match(line)
    if not match:
        return None
    heading = find_heading(match[1])
    if heading is None or (match[2] != ":" and not heading.strong):
        return None
    return heading, line[match.end() :].strip()


# "Learning outcome 1: Understand play" opens a unit's list and is its first line too.
OUTCOME = re.compile(
    r"^(?:learning outcome|LO|deilliant dysgu)\s*(\d{1,2})\b[\s:.)–—-]*(.*)$", re.IGNORECASE
)
UNIT = Heading(Kind.UNIT, "outcome", strong=True)

ELEMENT = re.compile(
    r"^(?:elements?(?: of competence)?|elfen|outcome|deilliant|part|rhan)\s+"
    r"(?:[A-Z]{0,8}\d{1,4}(?:\.\d{1,2})?|[A-Z]|one|two|three|four|five|six)\b(?![a-z])",
    re.IGNORECASE,
)


def is_element(line: str) -> bool:
    """Does the line open a numbered Element of an older standard?"""
    if len(line) > 160 or not ELEMENT.match(line) or line.endswith((";", ",")):
        return False
    return line[0].isupper()
