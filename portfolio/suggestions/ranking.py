"""Criteria ranked by the weight of the words that an account shares with them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log, sqrt

from rapidfuzz import fuzz, process

from portfolio.suggestions.words import everyday_stems, stem, telling_words
from standards.models import Criterion

MOST = 5
WINDOW = 60  # telling words that are looked at together: a criterion is met in one place
STEP = 30
FEWEST_WORDS = 4  # in the account, before anything is said

# How much a word counts that is the same, nearly the same (a slip), or only means the same.
SAME, SLIP, MEANS = 1.0, 0.8, 0.6
LIKENESS = 88  # of a hundred, for a slip
LONG_ENOUGH = 6  # letters: in a shorter word a slip makes another word

LEAST_SHARE = 0.2  # of a criterion's weight
LEAST_SCORE = 0.8


@dataclass(frozen=True)
class Suggestion:
    """A criterion that might be touched, and the account's words that say so."""

    criterion: Criterion
    words: tuple[str, ...]
    score: float


@dataclass(frozen=True)
class _Hit:
    """A word of the account that stands for one of the criterion's."""

    word: str
    strength: float


def suggest(account: str, criteria: Sequence[Criterion], most: int = MOST) -> list[Suggestion]:
    """The likeliest first; nothing at all where the words say nothing."""
    written = list(telling_words(account))
    if len(written) < FEWEST_WORDS or not criteria:
        return []
    terms = {each.pk: _terms(each) for each in criteria}
    weights = _weights(terms.values())
    stems = [stem(word) for word in written]
    slips = _slips(set(weights), set(stems))
    best: dict[int, Suggestion] = {}
    for start in range(0, max(len(written) - STEP, 1), STEP):
        hits = _hits(written[start : start + WINDOW], stems[start : start + WINDOW], slips)
        for each in criteria:
            found = _weigh(each, terms[each.pk], hits, weights)
            if found and found.score > best.get(each.pk, found).score - 1e-9:
                best[each.pk] = found
    return sorted(best.values(), key=lambda each: (-each.score, each.criterion.order))[:most]


def _terms(criterion: Criterion) -> frozenset[str]:
    text = " ".join([criterion.text, *criterion.subitems])
    return frozenset(stem(word) for word in telling_words(text))


def _weights(documents: Iterable[frozenset[str]]) -> dict[str, float]:
    """The rarer a word is among the criteria, the more it tells; 0 for one that all of them use."""
    counts: defaultdict[str, int] = defaultdict(int)
    many = 0
    for document in documents:
        many += 1
        for term in document:
            counts[term] += 1
    # A unit of two or three criteria has no common words: the count is taken as of a few more.
    return {term: log((many + 4) / (count + 1)) for term, count in counts.items()}


def _slips(vocabulary: set[str], stems: set[str]) -> dict[str, str]:
    """Misspelt words of the account, and the word of the criteria that each is likely meant as."""
    by_letter: defaultdict[str, list[str]] = defaultdict(list)
    for term in vocabulary:
        if len(term) >= LONG_ENOUGH:
            by_letter[term[0]].append(term)
    meant = {}
    for each in stems - vocabulary:
        if len(each) >= LONG_ENOUGH and (near := by_letter.get(each[0])):
            found = process.extractOne(each, near, scorer=fuzz.ratio, score_cutoff=LIKENESS)
            if found:
                meant[each] = found[0]
    return meant


def _hits(words: Sequence[str], stems: Sequence[str], slips: dict[str, str]) -> dict[str, _Hit]:
    """Each word of the criteria that this stretch holds, by the strongest of its own words."""
    hits: dict[str, _Hit] = {}
    everyday = everyday_stems()
    for word, each in zip(words, stems, strict=True):
        _keep(hits, each, _Hit(word, SAME))
        if each in slips:
            _keep(hits, slips[each], _Hit(word, SLIP))
        for meaning in everyday.get(each, ()):
            _keep(hits, meaning, _Hit(word, MEANS))
    return hits


def _keep(hits: dict[str, _Hit], term: str, hit: _Hit) -> None:
    if term not in hits or hits[term].strength < hit.strength:
        hits[term] = hit


def _weigh(
    criterion: Criterion,
    terms: frozenset[str],
    hits: dict[str, _Hit],
    weights: dict[str, float],
) -> Suggestion | None:
    shared = [term for term in terms if term in hits and weights[term] > 0]
    if not shared:
        return None
    whole = sum(max(weights[term], 0) for term in terms)
    got = sum(weights[term] * hits[term].strength for term in shared)
    score = got / sqrt(whole)
    if got / whole < LEAST_SHARE or score < LEAST_SCORE or _says_little(shared, weights, hits):
        return None
    heaviest = sorted(shared, key=lambda term: (-weights[term] * hits[term].strength, term))
    words = dict.fromkeys(hits[term].word.lower() for term in heaviest)
    return Suggestion(criterion, tuple(words), score)


def _says_little(shared: Sequence[str], weights: dict[str, float], hits: dict[str, _Hit]) -> bool:
    """One word of the account alone is chance."""
    return len({hits[term].word.lower() for term in shared}) < 2
