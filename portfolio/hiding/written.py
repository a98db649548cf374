"""What was hidden in an item is hidden too where an assessor's words name it: in hand only, to be
shown. The decision itself, and what the ledger holds of it, never change."""

from collections.abc import Collection, Iterable
from typing import Any

from portfolio.hiding.guards import without

WRITTEN = ("feedback", "reason", "text")


def mask_written(rows: Iterable[Any], hidden: Collection[str]) -> None:
    for row in rows if hidden else ():
        for name in WRITTEN:
            if words := getattr(row, name, ""):
                setattr(row, name, without(words, hidden))


def mask_decision(submission: Any, hidden: Collection[str]) -> None:
    """One decision with its comments and actions, which were loaded with it."""
    if hidden:
        withdrawal = getattr(submission, "withdrawal", None)
        mask_written([submission, withdrawal], hidden)
        mask_written([*submission.comments.all(), *submission.action_points.all()], hidden)
