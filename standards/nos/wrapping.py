"""Where does one item end and the next begin, when nothing marks it?

Each line end gets a score from what can be seen: whether the next word would have
fitted on the line, how the line ends, how the next begins. With a known number of
items the best line ends win; without, every line end above zero divides.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from standards.nos.lines import Line
from standards.nos.words import (
    ALSO_NOUNS,
    GOES_ON,
    KNOWLEDGE_STARTS,
    VERBS,
    first_word,
    last_word,
    leaning,
    unfinished,
)

# Among the words that begin items these seldom stand inside a sentence.
FIRM_STARTS = frozenset("how why what ensure identify record explain encourage observe".split())
# Lines of printed pages are this wide; beyond that a line is a whole paragraph.
NARROWEST, WIDEST = 40, 115
STOPS = (";", "; and", "; or", ".")
FULL = 3  # this close to the margin a line may have been full


def page_width(lines: Sequence[Line]) -> int:
    """The width that lines were wrapped at, 0 if they were not."""
    lengths = sorted((line.width for line in lines), reverse=True)
    if not lengths or not NARROWEST <= lengths[0] <= WIDEST:
        return 0
    return lengths[0]


def is_full(line: Line, below: Line, width: int) -> bool:
    """Would the next line's first word not have fitted any more?"""
    word = below.text.split(" ", 1)[0]
    return width > 0 and line.width + 1 + len(word) > width


@dataclass(frozen=True, slots=True)
class Habits:
    """What the items of one list have in common."""

    width: int
    knowledge: bool
    capitals: bool  # items begin with capitals, so small letters mean a wrapped line
    stops: bool  # items end with a full stop or semicolon


def score(above: Line, below: Line, habits: Habits) -> float:
    """How sure is it that an item ends after `above`? Above zero: rather yes."""
    if above.divided:
        return -9.0
    total = _ending(above.text) + _slack(above, below, habits.width)
    total += _beginning(below.text, knowledge=habits.knowledge, capitals=habits.capitals)
    if habits.stops and not above.text.endswith(STOPS):
        total -= 4
    return total + (3 if below.blanks else 0)


def _ending(text: str) -> float:
    if text.endswith(STOPS) and not text.endswith("."):
        return 4
    if unfinished(text):
        return -5
    if leaning(text):
        return -2
    return 3 if text.endswith((".", "!", "?")) else 0


def _beginning(text: str, *, knowledge: bool, capitals: bool) -> float:
    word = first_word(text)
    if text[:1].isupper():
        return 2 if capitals else 0.5
    if capitals or not text[:1].isalpha():
        return -3
    if knowledge and word in KNOWLEDGE_STARTS:
        return 3.5 if word in FIRM_STARTS else 2
    if word in GOES_ON:
        return -3
    if not knowledge and word in VERBS:
        return 2 if word in ALSO_NOUNS else 3
    return -1


def _slack(above: Line, below: Line, width: int) -> float:
    """Room left on the line beyond the next word, as a score with its fine grain."""
    if not width:
        return 1.5
    room = width - above.width - 1 - len(below.text.split(" ", 1)[0])
    if room < 0:
        return (-1.5 if room >= -FULL else -2) + room / 100
    return (2 if room > 8 else 1 if room > FULL else 0) + room / 100


def scores(lines: Sequence[Line], *, knowledge: bool, width: int | None = None) -> list[float]:
    width = page_width(lines) if width is None else width
    if width and not _is_wrapped(lines, width):
        width = 0
    habits = Habits(width, knowledge, begin_with_capitals(lines), end_with_stops(lines))
    return [score(above, below, habits) for above, below in itertools.pairwise(lines)]


def _is_wrapped(lines: Sequence[Line], width: int) -> bool:
    """Some line must break off in mid-sentence, or go on in a way no item begins."""
    capitals = begin_with_capitals(lines)
    return any(
        is_full(above, below, width + FULL)
        and (_breaks_off(above.text) or _goes_on(below.text, capitals=capitals))
        for above, below in itertools.pairwise(lines)
    )


def _breaks_off(text: str) -> bool:
    return unfinished(text) or leaning(text)


def _goes_on(text: str, *, capitals: bool) -> bool:
    name = text[:1].isupper() and not capitals
    return name or first_word(text) in GOES_ON - KNOWLEDGE_STARTS or _tail(text)


def _tail(text: str) -> bool:
    """One or two words alone are the end of a wrapped line."""
    starts = VERBS | KNOWLEDGE_STARTS
    return text[:1].islower() and len(text) < 25 and first_word(text) not in starts


def begin_with_capitals(lines: Sequence[Line]) -> bool:
    """Do items begin with capitals, so that small letters mean a wrapped line?"""
    upper = sum(line.text[:1].isupper() for line in lines)
    return bool(lines) and lines[0].text[:1].isupper() and upper * 3 >= len(lines)


def end_with_stops(lines: Sequence[Line]) -> bool:
    stopped = sum(line.text.endswith(STOPS) for line in lines)
    return len(lines) > 2 and lines[-1].text.endswith(STOPS) and stopped * 3 >= len(lines)


def join(lines: Sequence[Line], vocabulary: frozenset[str] = frozenset()) -> str:
    """One text from wrapped lines; a word divided at a line end is made whole."""
    text = ""
    divided = False
    for line in lines:
        if not text:
            text = line.text
        elif divided:
            text += line.text
        elif text.endswith("-") and text[-2:-1].isalpha() and line.text[:1].islower():
            text = _join_hyphen(text, line.text, vocabulary)
        else:
            text += " " + line.text
        divided = line.divided
    return text


# First halves of words that keep their hyphen: "long-term", "self-esteem".
COMPOUNDS = frozenset(
    """all back best co cross day decision drug e end ever face first follow four free front full
    half hand health high higher home in inter job large life long longer low lower make mid
    multi near new non off on one open out over part people person post pre pro quality re real
    risk self semi service short shorter single six small so task team third three time top two
    up user value well work year""".split()
)
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def words_of(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in WORD.findall(text))


def _join_hyphen(text: str, below: str, vocabulary: frozenset[str]) -> str:
    before = last_word(text).rstrip("-").lstrip("-")
    after = first_word(below).split("-")[0]
    if before + after in vocabulary:
        return text[:-1] + below
    keeps = (
        f"{before}-{after}" in vocabulary
        or "-" in before
        or before in COMPOUNDS
        or (before in vocabulary and after in vocabulary and len(before) > 3 and len(after) > 2)
    )
    return text + below if keeps else text[:-1] + below


def divide(lines: Sequence[Line], cuts: Sequence[int]) -> list[list[Line]]:
    """The lines between cuts; a cut is the index of the first line of a new part."""
    edges = [0, *cuts, len(lines)]
    return [list(lines[a:b]) for a, b in itertools.pairwise(edges)]


def partition(lines: Sequence[Line], parts: int, *, knowledge: bool) -> list[list[Line]]:
    """Divide wrapped lines into so many items, at the likeliest line ends."""
    if parts > len(lines):
        lines = _sentences(lines, parts, knowledge=knowledge)
    if parts >= len(lines):
        return [[line] for line in lines]
    ends = scores(lines, knowledge=knowledge)
    best = sorted(range(len(ends)), key=lambda i: -ends[i])[: parts - 1]
    return divide(lines, sorted(i + 1 for i in best))


SUBJECTS = frozenset("i it they we who you people individuals".split())
WORD_START = re.compile(r"(?<=[^\s,:(–—-]\s)(?=[^\W\d_])")


def _sentences(lines: Sequence[Line], parts: int, *, knowledge: bool) -> list[Line]:
    """Cut lines that ran together before the words that items begin with.

    Only a guess: the words that most likely begin an item are tried first.
    """
    text = " ".join(line.text for line in lines)
    starts = KNOWLEDGE_STARTS if knowledge else VERBS
    marks: list[tuple[float, int]] = []
    for match in WORD_START.finditer(text):
        before = text[max(match.start() - 40, 0) : match.start()].rstrip()
        word = first_word(text[match.start() : match.start() + 40])
        above = last_word(before)
        adverb = above.endswith("ly") and above in starts  # "regularly assess" begins once
        inside = adverb or above in SUBJECTS or unfinished(before) or leaning(before)
        if word in starts and not inside:
            firm = 2 * before.endswith((".", ";")) + (word in FIRM_STARTS)
            firm -= word in ALSO_NOUNS
            marks.append((-firm, match.start()))
    cuts = sorted(at for _, at in sorted(marks)[: parts - 1])
    edges = [0, *cuts, len(text)]
    return [
        replace(lines[0], text=text[a:b].strip(), width=0) for a, b in itertools.pairwise(edges)
    ]


def split_unmarked(lines: Sequence[Line], *, knowledge: bool) -> tuple[list[list[Line]], bool]:
    """Items of a list without marks, and whether a division was doubtful."""
    ends = scores(lines, knowledge=knowledge)
    cuts = [i + 1 for i, value in enumerate(ends) if value > 0]
    doubtful = any(abs(value) < 1 for value in ends)
    return divide(lines, cuts), doubtful
