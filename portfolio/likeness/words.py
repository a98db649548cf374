"""Texts by their shingles: every four words in a row, whatever their case and marks."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from heapq import nsmallest
from typing import NamedTuple

LENGTH = 4
# Fewer shingles than this in common is what two people may well write by themselves.
FEWEST = 20
# Of a text that long or longer, so many in common are a passage, however small their share.
A_PASSAGE = 80
A_SHARE = 0.3

# A sketch holds the smallest hashes, and of a long text a fixed fraction of all, so that a
# passage from it is found too.
SMALLEST = 48
ONE_IN = 32
MOST = 400

HALF = 1 << 63
WORD = re.compile(r"\w+")


class Word(NamedTuple):
    start: int
    end: int
    plain: str


class Overlap(NamedTuple):
    """What two texts share; `share` is of the one that has less."""

    shared: frozenset[int]
    share: float

    @property
    def is_alike(self) -> bool:
        many = len(self.shared)
        return many >= FEWEST and (self.share >= A_SHARE or many >= A_PASSAGE)


def words(text: str) -> list[Word]:
    return [Word(match.start(), match.end(), _plain(match[0])) for match in WORD.finditer(text)]


def _plain(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold()


def shingles_in_order(words: Sequence[Word]) -> Iterator[int]:
    """The hash of each word and the three after it; the last three words begin none."""
    plain = [word.plain for word in words]
    for at in range(len(plain) - LENGTH + 1):
        yield _hash(" ".join(plain[at : at + LENGTH]))


def _hash(shingle: str) -> int:
    """In the range of a database's big integer."""
    digest = hashlib.blake2b(shingle.encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


def shingles(text: str) -> frozenset[int]:
    return frozenset(shingles_in_order(words(text)))


def sketch(shingles: Iterable[int]) -> list[int]:
    """Few values that stand for many; two texts that share much share some of them."""
    every = sorted(shingles)
    limit = -HALF + 2 * HALF // ONE_IN
    smallest = nsmallest(MOST, (value for value in every if value < limit))
    return smallest if len(smallest) > SMALLEST else every[:SMALLEST]


def overlap(one: frozenset[int], other: frozenset[int]) -> Overlap:
    shared = one & other
    least = min(len(one), len(other))
    return Overlap(shared, len(shared) / least if least else 0.0)
