"""Dates as published, in English and Welsh, to ISO as far as they go."""

from __future__ import annotations

import re
from datetime import date

MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
    "ion": 1, "ionawr": 1, "chwefror": 2, "chwef": 2, "mawrth": 3, "maw": 3, "ebrill": 4,
    "ebr": 4, "mai": 5, "mehefin": 6, "meh": 6, "gorffennaf": 7, "gorff": 7, "awst": 8,
    "medi": 9, "hydref": 10, "hyd": 10, "tachwedd": 11, "tach": 11, "rhagfyr": 12, "rhag": 12,
}  # fmt: skip
ISO = re.compile(r"\b(\d{4})-(\d{1,2})(?:-(\d{1,2}))?\b")
SLASHED = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})\b")
MONTH_YEAR = re.compile(r"\b(\d{1,2})/(\d{4})\b")
WORDS = re.compile(r"[^\W\d_]+|\d+")
YEAR = re.compile(r"\b(?:19|20)\d{2}\b")


def iso_date(text: str) -> str | None:
    """ "22 Feb 2021" gives 2021-02-22, "January 2013" 2013-01, "2016" 2016."""
    if match := ISO.search(text):
        return _iso(int(match[1]), int(match[2]), int(match[3]) if match[3] else None)
    if match := SLASHED.search(text):
        year = int(match[3])
        return _iso(year if year > 99 else 2000 + year, int(match[2]), int(match[1]))
    if match := MONTH_YEAR.search(text):
        return _iso(int(match[2]), int(match[1]), None)
    return _from_words(text)


def _from_words(text: str) -> str | None:
    year = _year(text)
    if year is None:
        return None
    words = [word.casefold() for word in WORDS.findall(text[:80])]
    month = next((m for m in map(_month, words) if m), None)
    days = [int(w) for w in words if w.isdigit() and len(w) <= 2]
    if not YEAR.search(text):
        days = days[:-1]  # the last number is the year itself: "1 Feb-21"
    return _iso(year, month, days[0] if days and month else None)


def _year(text: str) -> int | None:
    if match := YEAR.search(text):
        return int(match[0])
    match = re.search(r"[^\W\d]\s*[-' ’]\s*(\d{2})$", text.strip())  # "Feb-21"
    return 2000 + int(match[1]) if match and _month(WORDS.findall(text)[0].casefold()) else None


def _month(word: str) -> int | None:
    if word in MONTHS:
        return MONTHS[word]
    english = MONTHS.get(word[:3]) if len(word) > 2 else None
    return english if english and word in _full_names(english) else None


def _full_names(number: int) -> tuple[str, ...]:
    name = date(2000, number, 1).strftime("%B").casefold()
    return (name, name[:4])


def _iso(year: int, month: int | None, day: int | None) -> str:
    if month is None or not 1 <= month <= 12:
        return f"{year:04}"
    try:
        return date(year, month, day).isoformat() if day else f"{year:04}-{month:02}"
    except ValueError:
        return f"{year:04}-{month:02}"
