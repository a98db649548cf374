"""What somebody may do with an export, for the rows of lists."""

from django import template

from accounts.models import User
from reports import permissions
from reports.models import Report
from reports.workflow import UNDER_WAY, ReportStatus

register = template.Library()


@register.filter
def downloadable_by(report: Report, user: User) -> bool:
    is_there = report.status == ReportStatus.DONE and not report.withheld()
    return is_there and permissions.can_download(user, report)


@register.filter
def cancellable_by(report: Report, user: User) -> bool:
    return report.status in UNDER_WAY and permissions.can_cancel(user, report)


@register.filter
def retriable_by(report: Report, user: User) -> bool:
    ended = (ReportStatus.FAILED, ReportStatus.CANCELLED)
    return report.status in ended and permissions.can_retry(user, report)


@register.filter
def repeatable_by(report: Report, user: User) -> bool:
    """Another one with the same choices."""
    return report.status == ReportStatus.DONE and permissions.can_retry(user, report)


@register.filter
def tells_why_to(report: Report, user: User) -> bool:
    """Why what was hidden is shown."""
    return report.shows_hidden and permissions.can_read_hidden(user, report)


@register.filter
def in_groups(code: str) -> str:
    """In two groups, as people read it out."""
    half = len(code) // 2
    return f"{code[:half]} {code[half:]}"
