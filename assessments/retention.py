"""How long a learner's records are kept, and what stops that clock.

They are kept for so many years after the last thing that happened to any of them. While a unit
is open the clock has not begun; while an appeal is open it stands still, and the answer, being
the last thing that happened, sets it going anew.
"""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Min, Q
from django.utils import timezone

from assessments.workflow import AppealStatus
from ledger.models import Entry
from portfolio.models import Enrolment, Portfolio
from portfolio.workflow import EnrolmentStatus

OPEN = (EnrolmentStatus.ACTIVE, EnrolmentStatus.AWAITING_COUNTERSIGNATURE)


@dataclass(frozen=True)
class Keeping:
    """`until` is empty while the clock does not run; `appealed_at`, unless an appeal stopped it."""

    until: datetime.date | None = None
    appealed_at: datetime.datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether the day has come: nothing is cleared away by itself even then."""
        return self.until is not None and self.until < timezone.localdate()


def clock_stopped(enrolment: Enrolment) -> bool:
    """An open appeal stops the clock: nothing of the unit, nor of the portfolio it rests on, may
    be cleared away before it is answered."""
    return keeping_of(enrolment.portfolio).appealed_at is not None


def keeping_of(portfolio: Portfolio) -> Keeping:
    units = portfolio.enrolments.aggregate(
        appealed_at=Min("appeals__made_at", filter=Q(appeals__status=AppealStatus.OPEN)),
        open=Count("pk", filter=Q(status__in=OPEN)),
    )
    if units["appealed_at"] or units["open"]:
        return Keeping(appealed_at=units["appealed_at"])
    last = Entry.objects.filter(stream=portfolio.stream).order_by("-sequence").first()
    since = timezone.localdate(last.at if last else portfolio.created_at)
    return Keeping(until=_years_after(since, settings.KEEP_YEARS))


def _years_after(day: datetime.date, years: int) -> datetime.date:
    """The end of February has no such day in most years: then the day after."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return datetime.date(day.year + years, 3, 1)
