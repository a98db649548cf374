"""What was hidden in the evidence: kept out of an export, or shown where the data lead asked.

The pages' rows hold redacted copies and masked words already. What is left is to mask the same
words where others wrote them down (a reason, a testimony's job), and to keep back files in which
something is only about to be hidden.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from files.models import Blob
from files.redaction.texts import BLOCK
from portfolio.account import render
from portfolio.hiding.guards import without, words_hidden_by
from portfolio.models import EvidenceFile, EvidenceVersion, Portfolio, Redaction
from reports import facts

Texts = Mapping[str, Any]
Fact = TypeVar("Fact")

# What people wrote, in whichever fact it stands; names of those who act, and digests, stay.
WRITTEN = frozenset(
    {
        *("title", "place", "reason", "feedback", "text", "words", "quote", "prefix", "suffix"),
        *("file", "account", "permission_note", "location", "currency", "job", "relationship"),
        "competence",
    }
)
NAMED = (facts.File, facts.Testimony)  # whose name is not an actor's


class Hidden:
    """What was hidden in one portfolio, read in one query."""

    def __init__(self, portfolio: Portfolio, *, shown: bool) -> None:
        self.shown = shown
        rows = list(
            Redaction.objects.filter(evidence__portfolio=portfolio).select_related(
                "version", "evidence", "original__shown_as"
            )
        )
        self._of_file = [row for row in rows if row.original_id]
        self._words: dict[int, list[str]] = defaultdict(list)
        self._texts: dict[tuple[int, int], Texts] = {}
        for row in rows:
            if not row.original_id:
                self._remember(row)
        self._origin = {
            (row.evidence_id, row.copy_id): row
            for row in self._of_file
            if row.status == Redaction.Status.DONE
        }
        self._pending = {
            (row.evidence_id, row.original_id)
            for row in self._of_file
            if row.status != Redaction.Status.DONE
        }

    def _remember(self, row: Redaction) -> None:
        self._words[row.evidence.number] += words_hidden_by([row])
        for text in json.loads(row.original_text) if row.original_text else ():
            # The first to hide something in a version knew all of it.
            self._texts.setdefault((row.evidence.number, text["version"]), text)

    def words(self, number: int) -> Sequence[str]:
        """To be masked wherever somebody wrote of this item."""
        return () if self.shown else self._words.get(number, ())

    # Files -----------------------------------------------------------------------------------

    def is_pending(self, evidence: int, file: EvidenceFile | None) -> bool:
        """Something is to be hidden in it, and is not yet: nobody else sees the file until then."""
        return not self.shown and file is not None and (evidence, file.blob_id) in self._pending

    def is_copy(self, evidence: int, file: EvidenceFile) -> bool:
        return not self.shown and (evidence, file.blob_id) in self._origin

    def blob(self, evidence: int, file: EvidenceFile) -> Blob:
        """The file's bytes: the copy, or what was handed in where that is asked for."""
        found = self._first(evidence, file) if self.shown else None
        return found.original if found and found.original else file.blob

    def name(self, evidence: int, file: EvidenceFile) -> str:
        found = self._first(evidence, file) if self.shown else None
        return found.original_name if found and found.original_name else file.name

    def _first(self, evidence: int, file: EvidenceFile) -> Redaction | None:
        """Of several copies, one made of another, the one that was made of the original."""
        row: Redaction | None = None
        at: int | None = file.blob_id
        while found := self._origin.get((evidence, at)):
            row, at = found, found.original_id
            if at == file.blob_id:
                break
        return row

    # Words -----------------------------------------------------------------------------------

    def version(self, row: EvidenceVersion) -> EvidenceVersion:
        """The version with its own words again, where they are asked for."""
        told = self._texts.get((row.evidence.number, row.number)) if self.shown else None
        if told:
            row.title = unmasked(row.title, told["title"])
            row.account = unmasked(row.account, told["account"])
            row.account_html = render(row.account)
        return row

    def place(self, number: int, version: int, code: str, place: str) -> str:
        told = self._texts.get((number, version)) if self.shown else None
        return unmasked(place, told["places"].get(code, "")) if told else place


def unmasked(text: str, before: str) -> str:
    """What it said before it was masked, if it is the same text: drafts are written anew."""
    pieces = text.split(BLOCK)
    first, last = pieces[0], pieces[-1]
    if len(pieces) == 1 or not (before.startswith(first) and before.endswith(last)):
        return text
    at = len(first)
    for piece in pieces[1:-1]:
        at = before.find(piece, at)
        if at < 0:
            return text
        at += len(piece)
    return before if at <= len(before) - len(last) else text


def mask(portfolio: facts.Portfolio, hidden: Hidden) -> facts.Portfolio:
    """Without the words that were hidden in an item, in all that is said of the item."""
    if not any(hidden.words(item.number) for item in portfolio.evidence):
        return portfolio

    def of(each: Any) -> Any:
        return masked(each, hidden.words(each.number))

    return replace(
        portfolio,
        evidence=tuple(of(each) for each in portfolio.evidence),
        reviews=tuple(of(each) for each in portfolio.reviews),
        units=tuple(_unit(each, of) for each in portfolio.units),
    )


def _unit(unit: facts.Unit, of: Any) -> facts.Unit:
    return replace(
        unit,
        criteria=tuple(
            replace(each, claims=tuple(of(claim) for claim in each.claims))
            for each in unit.criteria
        ),
        sign_offs=tuple(
            replace(each, guides=tuple(_guide(guide, of) for guide in each.guides))
            for each in unit.sign_offs
        ),
    )


def _guide(guide: facts.Guide, of: Any) -> facts.Guide:
    return replace(
        guide,
        points=tuple(
            replace(point, credits=tuple(of(credit) for credit in point.credits))
            for point in guide.points
        ),
    )


def masked(fact: Fact, words: Iterable[str]) -> Fact:
    """A fact and all facts in it, with these words masked in whatever people wrote."""
    words = list(words)
    if not words or not is_dataclass(fact):
        return fact
    return replace(
        fact,  # type: ignore[type-var]
        **{field.name: _value(fact, field.name, words) for field in fields(fact) if field.init},
    )


def _value(fact: Any, name: str, words: list[str]) -> Any:
    value = getattr(fact, name)
    if isinstance(value, str):
        written = name in WRITTEN or (name == "name" and isinstance(fact, NAMED))
        return without(value, words) if written else value
    if isinstance(value, tuple):
        return tuple(masked(each, words) for each in value)
    return masked(value, words)
