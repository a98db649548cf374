"""The two sides of a likeness: what they share, and whether that still counts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from portfolio.likeness.known import Known
from portfolio.likeness.sources import look_of, text_at
from portfolio.likeness.words import LENGTH, overlap, shingles, shingles_in_order, words
from portfolio.models import EvidenceFile, EvidenceVersion, Likeness

Kind = Likeness.Kind
Side = tuple[EvidenceVersion, EvidenceFile | None]


def sides(likeness: Likeness) -> tuple[Side, Side]:
    return (likeness.version, likeness.file), (likeness.other_version, likeness.other_file)


def what_is_shared(likeness: Likeness) -> tuple[str, list[Any]]:
    """The digest of the file that both have, or else what their texts or pictures share."""
    one, other = sides(likeness)
    if likeness.kind == Kind.SAME_BYTES:
        return (likeness.file.blob.sha256 if likeness.file else ""), []
    if likeness.kind == Kind.PICTURE:
        look = look_of(one[1].blob) if one[1] else None
        return "", [look.as_facts()] if look else []
    return "", sorted(shingles(text_at(*one)) & shingles(text_at(*other)))


def still_alike(likeness: Likeness, known: Known) -> bool:
    one, other = sides(likeness)
    if likeness.kind == Kind.SAME_BYTES:
        return bool(likeness.file) and likeness.file.blob.sha256 not in known.files
    if likeness.kind == Kind.PICTURE:
        look = look_of(one[1].blob) if one[1] else None
        return look is not None and not known.shows(look)
    first, second = (shingles(text_at(*side)) - known.shingles for side in (one, other))
    return overlap(first, second).is_alike


@dataclass(frozen=True)
class Stretch:
    """Some of a text; shared with the other side, or not."""

    text: str
    shared: bool
    cut: bool = False


def marked(text: str, shared: frozenset[int]) -> list[Stretch]:
    """The whole text in stretches that are shared and stretches that are not."""
    stretches, at = [], 0
    for start, end in _spans(text, shared):
        stretches += [Stretch(text[at:start], False), Stretch(text[start:end], True)]
        at = end
    stretches.append(Stretch(text[at:], False))
    return [each for each in stretches if each.text]


def only_shared(text: str, shared: frozenset[int]) -> list[Stretch]:
    """For those who may not read the rest."""
    return [Stretch(text[start:end], True, cut=True) for start, end in _spans(text, shared)]


def _spans(text: str, shared: frozenset[int]) -> Iterator[tuple[int, int]]:
    """From the first to the last word of each run of shingles that the other side has too."""
    found = words(text)
    start = end = None
    for at, value in enumerate(shingles_in_order(found)):
        if value not in shared:
            continue
        first, last = found[at].start, found[at + LENGTH - 1].end
        if end is None or first > end:
            if start is not None and end is not None:
                yield start, end
            start = first
        end = last
    if start is not None and end is not None:
        yield start, end


def shared_words(likeness: Likeness) -> frozenset[int]:
    one, other = sides(likeness)
    return shingles(text_at(*one)) & shingles(text_at(*other))
