from celery import shared_task

from assessments.telling import of_what_is_overdue


@shared_task
def tell_what_is_overdue() -> None:
    of_what_is_overdue()
