"""Moving a row from one state to the next: a table says which moves there are, and one
conditional update makes the move, so that of two people at once exactly one succeeds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import models


class TransitionRefused(Exception):
    """The row was no longer in a state from which this can be done. Shown to the person."""


@dataclass(frozen=True)
class Transition:
    """One verb: the states it may start from, and the one it ends in."""

    old: tuple[str, ...]
    new: str


Transitions = Mapping[str, Transition]


class HasStanding(Protocol):
    def standing(self) -> str:
        """Where the row stands now, who put it there and when, as a sentence."""


def move(row: models.Model, *, verb: str, table: Transitions, **also: Any) -> None:
    """Make the move and set `also` in the same update, or raise TransitionRefused.

    `row` has a `status` field and a `standing()` sentence; its own fields are refreshed.
    """
    transition = table[verb]
    moved = (
        type(row)
        ._base_manager.filter(pk=row.pk, status__in=transition.old)
        .update(status=transition.new, **also)
    )
    row.refresh_from_db()
    if not moved:
        raise TransitionRefused(row.standing())  # type: ignore[attr-defined]


def change(row: models.Model, among: models.QuerySet[Any], **fields: Any) -> None:
    """What is no move from state to state: the same one update, of a row that still stands among
    these."""
    changed = among.filter(pk=row.pk).update(**fields)
    row.refresh_from_db()
    if not changed:
        raise TransitionRefused(row.standing())  # type: ignore[attr-defined]
