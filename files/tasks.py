from celery import shared_task

from files import store, upkeep
from files.previews import making, queue, workshop
from files.transfers import actions as transfers

# The maker has its own, shorter time; this is for whatever else could hang.
LONGEST = 50 * 60


@shared_task
def sweep() -> None:
    store.sweep()
    workshop.sweep()
    transfers.sweep()
    upkeep.remove_unused()


@shared_task(time_limit=LONGEST)
def make_preview(preview_id: int) -> None:
    making.make(preview_id)


@shared_task
def remake_stuck_previews() -> None:
    queue.resend()
