"""The facts about an edition: version, dates, suites, who wrote it."""

from __future__ import annotations

import re
from collections.abc import Callable

from standards.nos.dates import iso_date
from standards.nos.headings import HEADINGS, Heading, Kind, normal
from standards.nos.model import Metadata
from standards.nos.urns import VERSION_SUFFIX, labelled_urn

DATE = re.compile(
    r"^(?:\d{1,2}(?:st|nd|rd|th|ain|af|fed|eg)?\s+)?(?:of\s+)?[^\W\d_]{3,10}\s*,?\s+\d{4}$"
    r"|^(?:19|20)\d{2}$|^\d{1,4}[/.-]\d{1,2}(?:[/.-]\d{2,4})?$",
    re.IGNORECASE,
)
VERSION = re.compile(r"^v?\.?\s*(\d{1,3}(?:\.\d{1,3}){0,2})$", re.IGNORECASE)
SOC = re.compile(r"^\d{2,4}(?:[/.]\d{1,3})?(?:\s*[,;]\s*\d{2,4})*$")
VALIDITY = re.compile(r"^(?:current|legacy|expired|withdrawn|archived|cyfredol)$", re.IGNORECASE)
STATUS = re.compile(
    r"^(?:original|tailored|imported|draft|approved|amended|revised|gwreiddiol|teilwredig)\b.{0,20}$",
    re.IGNORECASE,
)
NAME = re.compile(r"^[A-Z0-9][^.;:]{1,80}$")
LIST = re.compile(r"^[A-Z].{1,200}$|^[^.]{1,80};.{1,400}$")
WORDS = re.compile(r"^[^.]{2,400}$")

PLAUSIBLE: dict[str, re.Pattern[str]] = {
    "version": VERSION,
    "approved_on": DATE,
    "review_on": DATE,
    "soc_code": SOC,
    "validity": VALIDITY,
    "status": STATUS,
    "developed_by": NAME,
    "originating_organisation": NAME,
    "relevant_occupations": LIST,
    "suites": LIST,
    "keywords": WORDS,
}
# Longest first, so that "Original URN" is not read as "URN".
PHRASES = sorted(
    (
        (phrase.split(), heading)
        for phrase, heading in HEADINGS.items()
        if heading.kind is Kind.METADATA
    ),
    key=lambda pair: -len(pair[0]),
)
STARTS = frozenset(words[0] for words, _ in PHRASES)
LONGEST_LINE = 300
# "Final version approved July 2009 © copyright …"
RIGHTS = re.compile(r"\s*(?:©|\(c\)|copyright\b).*$", re.IGNORECASE)


def find_unmarked_label(line: str, *, among_labels: bool) -> tuple[Heading, str] | None:
    """A label and its value with nothing between them: "Version number 2".

    Among other labels a weak word ("Suite Customer Service") is believed too.
    """
    if len(line) > LONGEST_LINE or not line[:1].isupper():
        return None
    words = line.split()
    if normal(words[0]) not in STARTS:
        return None
    for phrase, heading in PHRASES:
        size = len(phrase)
        if normal(" ".join(words[:size])).split() == phrase and len(words) > size:
            value = RIGHTS.sub("", " ".join(words[size:]))
            return (heading, value) if _plausible(heading, value, among_labels) else None
    return None


def _plausible(heading: Heading, value: str, among_labels: bool) -> bool:
    if heading.key in ("urn", "original_urn"):
        return len(value) <= 24 and labelled_urn(value) is not None
    pattern = PLAUSIBLE.get(heading.key)
    if pattern is None:
        return False
    if pattern in (NAME, LIST, WORDS) and not (heading.strong or among_labels):
        return False
    return pattern.match(value) is not None


def read_metadata(values: dict[str, str]) -> tuple[Metadata, list[str]]:
    """The values as printed, by key, to typed metadata and what could not be read."""
    warnings: list[str] = []
    dates = {key: _date(key, values.get(key), warnings) for key in ("approved_on", "review_on")}
    metadata = Metadata(
        version=_version(values.get("version")),
        approved_on=dates["approved_on"],
        review_on=dates["review_on"],
        suites=_list_of(values.get("suites"), _split_suites),
        developed_by=_one(values.get("developed_by")),
        originating_organisation=_one(values.get("originating_organisation")),
        original_urn=_one(values.get("original_urn")),
        validity=_one(values.get("validity")),
        status=_one(values.get("status")),
        relevant_occupations=_occupations(values.get("relevant_occupations")),
        soc_code=_one(values.get("soc_code")),
        keywords=_list_of(values.get("keywords"), _split_keywords),
    )
    return metadata, warnings


def _one(value: str | None) -> str | None:
    return " ".join(value.split()).rstrip(";,") or None if value else None


def _version(value: str | None) -> str | None:
    value = _one(value)
    if value is None:
        return None
    match = VERSION.match(value) or VERSION_SUFFIX.search(" " + value)
    return match[1] if match else value


def _date(key: str, value: str | None, warnings: list[str]) -> str | None:
    value = _one(value)
    if value is None:
        return None
    found = iso_date(value)
    if found is None:
        name = "approval" if key == "approved_on" else "review"
        warnings.append(f'The {name} date "{value[:60]}" could not be read.')
    return found


def _list_of(value: str | None, split: Callable[[str], list[str]]) -> tuple[str, ...]:
    if not value:
        return ()
    parts = (" ".join(part.split()).strip(" .,;•*-–") for part in split(value))
    return tuple(dict.fromkeys(part for part in parts if part))


def _outside_brackets(text: str, mark: re.Pattern[str]) -> list[str]:
    parts, depth, start = [], 0, 0
    for match in re.finditer(r"[()]|" + mark.pattern, text):
        if match[0] == "(":
            depth += 1
        elif match[0] == ")":
            depth = max(depth - 1, 0)
        elif depth == 0:
            parts.append(text[start : match.start()])
            start = match.end()
    return [*parts, text[start:]]


SEMICOLON = re.compile(r";")
TIGHT_COMMA = re.compile(r",(?=\S)")
COMMA = re.compile(r",")


def _split_suites(value: str) -> list[str]:
    """Suites stand apart by semicolons, lines or commas.

    Where some commas have no space after them, only those separate: the others
    belong to a name ("Hospitality, Leisure and Travel,Customer Service").
    """
    if ";" in value:
        return _outside_brackets(_unwrap(value), SEMICOLON)
    tight = TIGHT_COMMA.search(value)
    parts: list[str] = []
    for line in _unwrap(value).split("\n"):
        parts += _outside_brackets(line, TIGHT_COMMA if tight else COMMA)
    return parts


def _split_keywords(value: str) -> list[str]:
    if ";" in value:
        return _outside_brackets(value.replace("\n", " "), SEMICOLON)
    if "," in value:
        return _outside_brackets(value.replace("\n", " "), COMMA)
    return value.split("\n")


def _unwrap(value: str) -> str:
    """Join a line to the one above where it only goes on."""
    return re.sub(r"(?<=[,;])\n|\n(?=[a-z(&])", " ", value)


def _occupations(value: str | None) -> str | None:
    if not value:
        return None
    lines = [line.strip(" •*-–") for line in _unwrap(value).split("\n")]
    return "; ".join(line.rstrip(";,") for line in lines if line) or None
