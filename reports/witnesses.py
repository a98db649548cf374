"""Reads what witnesses stated into `reports.facts`, and by what right they are experts."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import QuerySet

from portfolio.models import ExpertWitness, Portfolio, Testimony
from reports import facts

Approvals = dict[tuple[int, str], list[ExpertWitness]]


def testimonies_of(portfolio: Portfolio) -> dict[int, facts.Testimony]:
    """By the evidence's number."""
    rows = Testimony.objects.filter(evidence__portfolio=portfolio)
    approvals = _approvals(portfolio)
    return {
        row.evidence.number: _facts(row, approvals[_who(row)])
        for row in rows.select_related("evidence", "invitation__enrolment")
    }


def _who(row: Testimony) -> tuple[int, str]:
    return row.invitation.enrolment.edition_id, row.invitation.email.lower()


def _approvals(portfolio: Portfolio) -> Approvals:
    """Of each person for each edition, the oldest first."""
    rows: QuerySet[ExpertWitness] = ExpertWitness.objects.in_centre(portfolio.centre)
    rows = rows.filter(edition__enrolments__portfolio=portfolio).distinct()
    found: Approvals = defaultdict(list)
    for row in rows.select_related("approved_by").order_by("approved_at", "pk"):
        found[row.edition_id, row.email.lower()].append(row)
    return found


def _facts(row: Testimony, approvals: Sequence[ExpertWitness]) -> facts.Testimony:
    """An approval counts from its day; one that has ended since stood when they signed."""
    stood = [
        each
        for each in approvals
        if row.is_expert
        and each.approved_at <= row.confirmed_at
        and (each.ended_at is None or each.ended_at >= row.confirmed_at)
    ]
    approval = stood[-1] if stood else None
    return facts.Testimony(
        name=row.name,
        relationship=row.relationship,
        job=row.job,
        expert=row.is_expert,
        declaration=row.declaration_text,
        confirmed_at=row.confirmed_at,
        seen_on=row.seen_on,
        approved_by=approval.approved_by.name if approval else "",
        approved_at=approval.approved_at if approval else None,
        competence=approval.competence if approval else "",
    )
