"""Places that hold no longer, as a claim remembers them, and what may not be remembered."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from files.redaction.texts import quotes
from portfolio.anchors.selectors import Place
from portfolio.hiding.guards import hidden_words, without
from portfolio.hiding.kinds import Way, way_of
from portfolio.hiding.words import text_in
from portfolio.models import Evidence, Redaction

Lost = dict[str, Any]  # a place's plain form, with the name of the file that it was in
SAYS = ("name", "quote", "prefix", "suffix")


def remembered(place: Place, name: str) -> Lost:
    return {**place.plain, "name": name}


def place_of(lost: Lost) -> Place:
    return Place(**{name: value for name, value in lost.items() if name != "name"})


@dataclass(frozen=True)
class Hidden:
    """All that was ever hidden in an item: in which files, whether in its accounts, which words.

    Under boxes on a page nobody knows the words; all of that file's places are kept out instead.
    """

    digests: frozenset[str]
    names: frozenset[str]
    in_accounts: bool
    words: tuple[str, ...]

    def touches(self, lost: Lost) -> bool:
        if lost["file"] is None:
            return self.in_accounts or self._is_said_in(lost)
        return (
            lost["sha256"] in self.digests or lost["name"] in self.names or self._is_said_in(lost)
        )

    def _is_said_in(self, lost: Lost) -> bool:
        said = "\n".join(lost[name] or "" for name in SAYS)
        return without(said, self.words) != said


def hidden_in(evidence: Evidence) -> Hidden:
    rows = list(
        evidence.redactions.exclude(status=Redaction.Status.FAILED).select_related(
            "original", "file"
        )
    )
    of_files = [each for each in rows if each.original]
    return Hidden(
        digests=frozenset(each.original.sha256 for each in of_files if each.original),
        names=frozenset(_names(of_files)),
        in_accounts=len(of_files) < len(rows),
        words=(*hidden_words(evidence), *_words_of(of_files)),
    )


def _names(rows: Iterable[Redaction]) -> Iterable[str]:
    """What the file was called before and is called since."""
    for row in rows:
        yield row.original_name
        if row.file:
            yield row.file.name


def _words_of(rows: Iterable[Redaction]) -> Iterable[str]:
    for row in rows:
        if row.original is None or way_of(row.original) != Way.WORDS:
            continue
        try:
            text = text_in(row.original)
        except (ValidationError, FileNotFoundError):
            continue
        yield from quotes(text, [(mark["start"], mark["end"]) for mark in row.marks])
