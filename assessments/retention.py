"""When records must be kept whatever their age."""

from assessments.models import Appeal
from portfolio.models import Enrolment


def clock_stopped(enrolment: Enrolment) -> bool:
    """An open appeal stops the clock: nothing of the unit, nor of the portfolio it rests on, may
    be cleared away before it is answered."""
    return Appeal.objects.open().filter(enrolment__portfolio=enrolment.portfolio_id).exists()
