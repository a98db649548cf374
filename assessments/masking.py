"""What was hidden in an item is hidden on the marking page too, where staff wrote it down. In hand
only, to be shown: the decisions, and what the ledger holds of them, never change."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from assessments.desk import ClaimOnDesk
from assessments.history import Past
from assessments.told import Action, Words
from portfolio.hiding.guards import without
from portfolio.hiding.written import mask_written

Hidden = Mapping[int, Collection[str]]  # words by the number of the item they were hidden in


def mask_histories(desk: Iterable[ClaimOnDesk], hidden: Hidden) -> None:
    for each in desk:
        each.history = [_past(past, hidden.get(past.evidence or 0, ())) for past in each.history]


def mask_words(words: Words, number: int, hidden: Hidden) -> Words:
    """What was said before, each by its own item, and the actions of this one. A draft is its
    writer's own, to be changed by them."""
    for told in words.earlier:
        mask_written([told], hidden.get(told.evidence, ()))
        told.actions = _actions(told.actions, hidden.get(told.evidence, ()))
    return replace(words, actions=_actions(words.actions, hidden.get(number, ())))


def _past(past: Past, words: Collection[str]) -> Past:
    if not words:
        return past
    back = past.taken_back
    return replace(
        past,
        reason=without(past.reason, words),
        feedback=without(past.feedback, words),
        taken_back=replace(back, reason=without(back.reason, words)) if back else None,
    )


def _actions(actions: list[Action], words: Collection[str]) -> list[Action]:
    return [replace(each, text=without(each.text, words)) for each in actions] if words else actions
