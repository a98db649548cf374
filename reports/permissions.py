"""Who may export. When it may be done is the business of workflow.py.

An admin exports, and the data lead, who alone may have shown what was hidden: so only a data
lead gets a copy of such an export. An IQA looks at what was exported, and at who took copies.
"""

from accounts.models import SEES_EVIDENCE, Centre, Role, User
from portfolio.models import Portfolio
from portfolio.permissions import barred_from_hidden
from reports.models import Bulk, Report

EXPORTS = (Role.ADMIN, Role.DATA_LEAD)


def can_see_exports(user: User, centre: Centre) -> bool:
    """The centre's exports: how each stands, and who took copies."""
    return user.has_role(centre.pk, *SEES_EVIDENCE)


def can_export_from(user: User, centre: Centre) -> bool:
    """Ask for many portfolios of the centre at once."""
    return user.has_role(centre.pk, *EXPORTS)


def can_export(user: User, portfolio: Portfolio) -> bool:
    return user.has_role(portfolio.centre_id, *EXPORTS)


def can_show_hidden(user: User, portfolio: Portfolio) -> bool:
    """The data lead, and nobody in their own portfolio or a relative's."""
    may = user.has_role(portfolio.centre_id, Role.DATA_LEAD)
    return may and not barred_from_hidden(user, [portfolio])


def can_show_hidden_in(user: User, centre: Centre) -> bool:
    return user.has_role(centre.pk, Role.DATA_LEAD)


def can_retry(user: User, report: Report) -> bool:
    return can_export(user, report.portfolio) and _may_have(user, report)


def can_cancel(user: User, report: Report) -> bool:
    return can_export(user, report.portfolio)


def can_download(user: User, report: Report) -> bool:
    return can_export(user, report.portfolio) and _may_have(user, report)


def can_withdraw(user: User, report: Report) -> bool:
    """The admin answers for what the centre has handed out."""
    return user.has_role(report.portfolio.centre_id, Role.ADMIN)


def can_handle(user: User, bulk: Bulk) -> bool:
    """Stop what was asked for at once, try again, or take all of it as one archive."""
    return user.has_role(bulk.centre_id, *EXPORTS)


def can_set_rules(user: User, centre: Centre) -> bool:
    return user.has_role(centre.pk, Role.ADMIN)


def _may_have(user: User, report: Report) -> bool:
    return not report.shows_hidden or can_read_hidden(user, report)


def can_read_hidden(user: User, report: Report) -> bool:
    """Also why it is shown, which may itself name who was hidden."""
    barred = getattr(report, "is_barred", None)  # lists bring it along, see `ReportQuerySet`
    if barred is None:
        return can_show_hidden(user, report.portfolio)
    return user.has_role(report.portfolio.centre_id, Role.DATA_LEAD) and not barred
