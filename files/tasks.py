from celery import shared_task

from files import store


@shared_task
def sweep() -> None:
    store.sweep()
