from typing import Any

from celery import shared_task
from celery.signals import worker_init
from django.urls import get_resolver

from reports import kept, making, queue, shelf, telling
from reports.bulk import depositing, packing, putting

# A portfolio of 545 pages takes 50 s; what takes this long will never end.
LONGEST = 30 * 60
# An archive of 100 GB over a line of 100 Mbit/s takes two and a half hours.
LONGEST_UPLOAD = 6 * 60 * 60


@worker_init.connect
def load_what_exports_need(**_fields: Any) -> None:
    """Half a second's reading, done before the worker's processes are forked, which share it."""
    shelf.press()
    _ = get_resolver().url_patterns


@shared_task(soft_time_limit=LONGEST, time_limit=LONGEST + 60)
def make_report(report_id: int) -> None:
    making.make(report_id)
    packing.prepare(report_id)


@shared_task(soft_time_limit=LONGEST_UPLOAD, time_limit=LONGEST_UPLOAD + 5 * 60)
def put_into_bucket(deposit_id: int) -> None:
    putting.put(deposit_id)


@shared_task
def resend_stuck() -> None:
    queue.resend_stuck()
    depositing.resend_stuck()
    telling.tell_ended()
    kept.drop_outdated()


@shared_task
def trim_printed_parts() -> None:
    kept.trim()
