"""What was hidden in the evidence: kept out of an export, or shown where the data lead asked.

The pages' rows hold redacted copies and masked words already. What is left is to mask the same
words where others wrote them down (a reason, a testimony's job), and to keep back files in which
something is only about to be hidden.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cached_property
from typing import Any, TypeVar, cast

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
        *("competence", "note", "review", "seen"),
    }
)
NAMED = (facts.File, facts.Testimony)  # whose name is not an actor's
OF_AN_ITEM = (facts.Evidence, facts.Claim, facts.Review, facts.Credit)  # by its number
OF_A_UNIT = (facts.Plan, facts.SignOff, facts.Imported, facts.Appeal)
PUBLISHED = (facts.Guide, facts.Wording)  # nobody at the centre wrote it


class Hidden:
    """What was hidden in one portfolio, read in one query."""

    def __init__(self, portfolio: Portfolio, *, shown: bool) -> None:
        self.shown = shown
        rows = list(
            Redaction.objects.filter(evidence__portfolio=portfolio).select_related(
                "version", "evidence", "original__shown_as"
            )
        )
        self.times = len(rows)
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

    @cached_property
    def all_words(self) -> Sequence[str]:
        """To be masked in what was written of no single item."""
        found = (word for words in self._words.values() for word in words)
        return () if self.shown else tuple(dict.fromkeys(found))

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
    """Without the words that were hidden in an item, in all that is said of the item; and without
    any hidden words in what is said of a whole unit, which may be about any of them."""
    return _masked(portfolio, (), hidden) if hidden.all_words else portfolio


def _masked(fact: Fact, words: Sequence[str], hidden: Hidden) -> Fact:
    """A fact and all facts in it; itself where that changes nothing."""
    if isinstance(fact, tuple):
        told = tuple(_masked(each, words, hidden) for each in fact)
        return cast(Fact, told) if _differ(told, fact) else fact
    if not is_dataclass(fact) or isinstance(fact, type):
        return fact
    words = _words_for(fact, words, hidden)
    before = {field.name: getattr(fact, field.name) for field in fields(fact) if field.init}
    after = {
        name: without(value, words)
        if words and isinstance(value, str) and _is_written(fact, name)
        else _masked(value, words, hidden)
        for name, value in before.items()
    }
    return replace(fact, **after) if _differ(after.values(), before.values()) else fact


def _differ(some: Iterable[Any], others: Iterable[Any]) -> bool:
    return any(one is not other for one, other in zip(some, others, strict=True))


def _words_for(fact: Any, outside: Sequence[str], hidden: Hidden) -> Sequence[str]:
    """What is to be masked in it, or what is masked around it."""
    if isinstance(fact, OF_AN_ITEM):
        return hidden.words(fact.number)
    if isinstance(fact, OF_A_UNIT):
        return hidden.all_words
    return () if isinstance(fact, PUBLISHED) else outside


def _is_written(fact: Any, name: str) -> bool:
    return name in WRITTEN or (name == "name" and isinstance(fact, NAMED))
