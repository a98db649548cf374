"""Reads assessors' own records into `reports.facts`, for the items of evidence they became."""

from collections import defaultdict
from collections.abc import Mapping

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.models import Record
from portfolio.hiding.guards import without, words_hidden_by
from portfolio.models import Portfolio, Redaction
from reports import facts

Kind = Record.Kind

FORMS: Mapping[str, Promise] = {
    Kind.OBSERVATION: _("Observation record"),
    Kind.DISCUSSION: _("Professional discussion record"),
    Kind.ORAL: _("Questions and answers, oral"),
    Kind.WRITTEN: _("Questions and answers, written"),
    Kind.IN_SITU: _("Record of a product seen in situ"),
    Kind.PRIOR_LEARNING: _("Recognition of prior learning"),
}


def records_of(portfolio: Portfolio) -> dict[int, facts.AssessorRecord]:
    """By the evidence's number. What was hidden in an item is hidden in these words too; the
    expected answers stay with the staff."""
    rows = (
        Record.objects.filter(evidence__portfolio=portfolio)
        .exclude(evidence__first_submitted_at=None)
        .select_related("evidence", "assessor")
        .annotate(asked=Count("answers"))
    )
    hidden = _hidden(portfolio)
    return {
        evidence.number: _facts(row, hidden[evidence.pk])
        for row in rows
        if (evidence := row.evidence)
    }


def _hidden(portfolio: Portfolio) -> dict[int, list[str]]:
    """Words by the item that they were hidden in."""
    rows = Redaction.objects.filter(evidence__portfolio=portfolio, original=None)
    found: dict[int, list[str]] = defaultdict(list)
    for row in rows.exclude(evidence__recorded_by=None).select_related("version"):
        found[row.evidence_id] += words_hidden_by([row])
    return found


def _facts(row: Record, hidden: list[str]) -> facts.AssessorRecord:
    return facts.AssessorRecord(
        kind=row.kind,
        form=str(FORMS[row.kind]),
        assessor=row.assessor.name,
        planned_for=row.planned_for,
        place=without(row.place, hidden),
        location=without(row.location, hidden),
        seen_in_situ_on=row.seen_in_situ_on,
        learned_on=row.learned_on,
        currency=without(row.currency, hidden),
        questions=row.asked,  # type: ignore[attr-defined]
        declaration=row.declaration_text,
        confirmed_at=row.confirmed_at,
    )
