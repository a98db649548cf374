"""Reads appeals into `reports.facts`: what was asked, and what came of it.

Interests that somebody declared are not printed: the learner, whose portfolio it is, never hears
of one.
"""

from assessments.models import Appeal
from portfolio.models import Portfolio
from reports import facts


def appeals_of(portfolio: Portfolio) -> tuple[facts.Appeal, ...]:
    """Also those that are open, the oldest first."""
    rows = Appeal.objects.filter(enrolment__portfolio=portfolio).order_by("made_at", "pk")
    related = rows.select_related(
        "enrolment__edition__standard", "submission__version__evidence", "closed_by"
    )
    return tuple(_facts(row) for row in related.defer("submission__frozen"))


def _facts(row: Appeal) -> facts.Appeal:
    version = row.submission.version if row.submission else None
    return facts.Appeal(
        number=version.evidence.number if version else 0,
        version=version.number if version else 0,
        unit=row.enrolment.edition.standard.urn,
        enrolment=row.enrolment_id,
        state=row.look,
        word=str(row.get_status_display()),
        made_at=row.made_at,
        reason=row.grounds,
        answered_by=row.closed_by.name if row.closed_by else "",
        answered_at=row.closed_at,
        feedback=row.answer,
        given_up=row.status == Appeal.Status.GIVEN_UP,
    )
