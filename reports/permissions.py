"""Who may export. When it may be done is the business of workflow.py."""

from accounts.models import Centre, Role, User
from portfolio.models import Portfolio
from reports.models import Report


def can_export_from(user: User, centre: Centre) -> bool:
    """See the centre's exports, and ask for a whole cohort's."""
    return user.has_role(centre.pk, Role.ADMIN)


def can_export(user: User, portfolio: Portfolio) -> bool:
    return user.has_role(portfolio.centre_id, Role.ADMIN)


def can_retry(user: User, report: Report) -> bool:
    return can_export(user, report.portfolio)


def can_download(user: User, report: Report) -> bool:
    return can_export(user, report.portfolio)
