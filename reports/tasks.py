from celery import shared_task

from reports import making, queue, telling
from reports.bulk import packing

# A portfolio of 545 pages takes 50 s; what takes this long will never end.
LONGEST = 30 * 60


@shared_task(soft_time_limit=LONGEST, time_limit=LONGEST + 60)
def make_report(report_id: int) -> None:
    making.make(report_id)
    packing.prepare(report_id)


@shared_task
def resend_stuck() -> None:
    queue.resend_stuck()
    telling.tell_ended()
