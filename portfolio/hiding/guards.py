"""Keeping originals out of an item while, and after, a copy takes their place."""

import json
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _

from files.models import Blob
from files.redaction.texts import masked, quotes, spans_of
from ledger.transitions import TransitionRefused
from portfolio.models import Evidence, EvidenceVersion, Portfolio, Redaction

Status = Redaction.Status


def hold_item(evidence: Evidence) -> None:
    """Until the commit nobody copies or adds anything in this item: an original that is just
    being replaced can't slip into a new version."""
    Evidence.objects.filter(pk=evidence.pk).update(number=F("number"))


def hold_items(portfolio: Portfolio) -> None:
    """The same for all items of a portfolio, and for those that are just being made: whoever makes
    one updates the portfolio's row."""
    Portfolio.objects.filter(pk=portfolio.pk).update(last_number=F("last_number"))
    items = Evidence.objects.filter(portfolio=portfolio).order_by("pk")
    list(items.select_for_update(no_key=True).values("pk"))


def refuse_originals(version: EvidenceVersion, blobs: Iterable[int]) -> None:
    """What was hidden in a portfolio does not come back into it by adding the same file again."""
    hidden = (
        Redaction.objects.filter(
            evidence__portfolio=version.evidence.portfolio_id, original__in=list(blobs)
        )
        .exclude(status=Status.FAILED)
        .values_list("evidence__number", flat=True)
    )
    if version.evidence.number in hidden:
        raise ValidationError(
            _("In one of these files something was hidden. Its copy is in the evidence already.")
        )
    if hidden:
        raise ValidationError(
            _(
                "In one of these files something was hidden, in evidence %(number)d."
                " Download the copy from there, and add that."
            )
            % {"number": hidden[0]}
        )


def refuse_if_under_way(portfolio: Portfolio, original: Blob) -> None:
    waiting = Redaction.objects.filter(evidence__portfolio=portfolio, original=original)
    if waiting.filter(status__in=Status.under_way()).exists():
        raise TransitionRefused(
            _("Something is just being hidden in this file. Wait until that is done.")
        )


def hidden_words(evidence: Evidence) -> list[str]:
    """What was hidden in the item's accounts, to be kept out of whatever is written later: from
    a form that stood open meanwhile, or typed once more."""
    rows = Redaction.objects.filter(evidence=evidence, original=None).select_related("version")
    return words_hidden_by(rows)


def hidden_in(portfolio: Portfolio) -> dict[int, list[str]]:
    """The same for all items of a portfolio, by their numbers; one query."""
    rows = Redaction.objects.filter(evidence__portfolio=portfolio, original=None)
    found: dict[int, list[str]] = {}
    for row in rows.select_related("version", "evidence"):
        found.setdefault(row.evidence.number, []).extend(words_hidden_by([row]))
    return found


def words_hidden_by(redactions: Iterable[Redaction]) -> list[str]:
    """Of accounts; loaded with their versions."""
    return [word for row in redactions if row.original_text for word in _hidden_by(row)]


def _hidden_by(redaction: Redaction) -> list[str]:
    texts = json.loads(redaction.original_text)
    number = redaction.version.number
    account = next(text["account"] for text in texts if text["version"] == number)
    return quotes(account, [(mark["start"], mark["end"]) for mark in redaction.marks])


def without(text: str, words: Iterable[str]) -> str:
    """The text with these words masked wherever they stand."""
    return masked(text, spans_of(text, words))
