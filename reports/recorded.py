"""Reads assessors' own records into `reports.facts`, for the items of evidence they became."""

from collections.abc import Mapping, Sequence

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.models import Record
from portfolio.hiding.guards import without
from portfolio.models import Portfolio
from reports import facts
from reports.hidden import Hidden

Kind = Record.Kind

FORMS: Mapping[str, Promise] = {
    Kind.OBSERVATION: _("Observation record"),
    Kind.DISCUSSION: _("Professional discussion record"),
    Kind.ORAL: _("Questions and answers, oral"),
    Kind.WRITTEN: _("Questions and answers, written"),
    Kind.IN_SITU: _("Record of a product seen in situ"),
    Kind.PRIOR_LEARNING: _("Recognition of prior learning"),
}


def records_of(portfolio: Portfolio, hidden: Hidden) -> dict[int, facts.AssessorRecord]:
    """By the evidence's number. What was hidden in an item is hidden in these words too; the
    expected answers stay with the staff."""
    rows = (
        Record.objects.filter(evidence__portfolio=portfolio)
        .exclude(evidence__first_submitted_at=None)
        .select_related("evidence", "assessor")
        .annotate(asked=Count("answers"))
    )
    return {
        evidence.number: _facts(row, hidden.words(evidence.number))
        for row in rows
        if (evidence := row.evidence)
    }


def _facts(row: Record, hidden: Sequence[str]) -> facts.AssessorRecord:
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
        learner_words=without(row.learner_words, hidden),
    )
