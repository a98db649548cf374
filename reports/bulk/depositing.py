"""Asking for the archive of many exports to be put into a bucket, from where others fetch it by
means of their own; `putting` does it. The bucket is not the one that files are kept in: whoever may
fetch archives may not read all that people handed in."""

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.notices import tell
from accounts.permissions import refuse_unless
from files.queue import Queue
from ledger.transitions import TransitionRefused, move
from reports.bulk import actions
from reports.models import Bulk, Deposit, Report
from reports.permissions import can_download, can_handle, can_see_exports
from reports.queue import send_again_after
from reports.workflow import DEPOSIT, DEPOSIT_UNDER_WAY, DepositStatus

if TYPE_CHECKING:
    from files.bucket import Archives  # boto3 is loaded only by those who have one

logger = logging.getLogger(__name__)

DEPOSITS = Queue(Deposit, "reports.tasks.put_into_bucket")
ENDED_BADLY = (DepositStatus.FAILED, DepositStatus.CANCELLED)


def bucket() -> "Archives | None":
    return storages["archives"] if "archives" in settings.STORAGES else None  # type: ignore[return-value]


def needed_bucket() -> "Archives":
    found = bucket()
    if found is None:
        raise TransitionRefused(_("This Signpost has no bucket to put an archive into."))
    return found


@transaction.atomic
def deposit(*, bulk: Bulk, by: User) -> Deposit:
    """Ask for it; asked for again while it is under way, it is the same.

    Raises TransitionRefused where there is no bucket, or nothing that may be put there.
    """
    refuse_unless(can_handle(by, bulk))
    needed_bucket()
    Bulk.objects.select_for_update().get(pk=bulk.pk)  # of two at once, one waits for the other
    reports = choose(bulk, by)
    if same := bulk.deposits.filter(status__in=DEPOSIT_UNDER_WAY).first():
        return same
    made = Deposit.objects.create(bulk=bulk, asked_by=by, reports=[report.pk for report in reports])
    DEPOSITS.send_on_commit([made.pk])
    return made


def choose(bulk: Bulk, by: User) -> list[Report]:
    """What this person may put into the bucket now."""
    refuse_unless(can_handle(by, bulk))
    reports = list(actions.in_archive(bulk, by))
    if not reports:
        raise TransitionRefused(_("None of these exports can be put into the bucket now."))
    if any(report.shows_hidden for report in reports):
        raise TransitionRefused(
            _(
                "These exports show what was hidden. Only a data lead may have them, by"
                " downloading them, so they are not put into a bucket."
            )
        )
    for report in reports:
        refuse_unless(can_download(by, report))
    return reports


@transaction.atomic
def cancel(*, deposit: Deposit, by: User) -> None:
    """A worker that is at it notices between two chunks, and leaves nothing in the bucket."""
    refuse_unless(can_handle(by, deposit.bulk))
    move(deposit, verb="cancel", table=DEPOSIT, finished_at=timezone.now(), error="")
    if by != deposit.asked_by:
        _tell(deposit, "export_failed", _("Another cancelled the archive of “%(chosen)s”."))


def ended(row: Deposit) -> None:
    """Call it in the transaction in which it ended: whoever asked is told."""
    if row.status == DepositStatus.DONE:
        _tell(row, "export_ready", _("The archive of “%(chosen)s” lies in the bucket."))
    else:
        _tell(row, "export_failed", _("The archive of “%(chosen)s” did not reach the bucket."))


def _tell(row: Deposit, kind: str, sentence: str) -> None:
    centre, asked_by = row.bulk.centre, User.objects.get(pk=row.asked_by_id)  # as they are now
    if not can_see_exports(asked_by, centre):
        return
    tell(
        recipient=asked_by,
        centre=centre,
        kind=kind,
        about=f"deposit:{row.pk}:{row.attempts}",
        text=sentence % {"chosen": row.bulk.chosen},
        path=reverse("reports:bulk", args=[centre.slug, row.bulk_id]),
    )


# What went wrong -------------------------------------------------------------------------


def resend_stuck() -> None:
    """Send what was never started, and once more what a worker left half done; and remove from
    the bucket what nobody will ever finish."""
    for row in DEPOSITS.quiet(settings.REPORT_QUIET_AFTER).select_related("bulk__centre"):
        logger.warning("Deposit %s went quiet in attempt %s", row.pk, row.attempts)
        _take_back(row)
    waiting = DEPOSITS.waiting(send_again_after())
    DEPOSITS.send(list(waiting.order_by("pk").values_list("pk", flat=True)))
    _clear_left()


@transaction.atomic
def _take_back(row: Deposit) -> None:
    """From the attempt that went quiet, and no other that may have begun since."""
    quiet = DEPOSITS.quiet(settings.REPORT_QUIET_AFTER).filter(pk=row.pk, attempts=row.attempts)
    if not quiet.update(error=""):  # it came to an end after all
        return
    if row.attempts < settings.REPORT_ATTEMPTS:
        move(row, verb="requeue", table=DEPOSIT, heartbeat_at=None)
        return
    why = _("It stopped half-way several times. Ask for it again.")
    move(row, verb="fail", table=DEPOSIT, finished_at=timezone.now(), error=why)
    ended(row)


def _clear_left() -> None:
    """Half an upload that a killed worker left costs its owner money for ever, and nobody sees it.

    One that still works is over the moment it looks at its row, long before this."""
    there = bucket()
    if there is None:
        return
    ago = timezone.now() - timedelta(seconds=settings.REPORT_QUIET_AFTER)
    left = Deposit.objects.filter(status__in=ENDED_BADLY, heartbeat_at__lt=ago)
    for row in left.select_related("bulk__centre"):
        try:
            for attempt in range(1, row.attempts + 1):
                there.clear(row.key_of(attempt))
        except ValidationError as deaf:
            logger.warning("What deposit %s left is still there: %s", row.pk, deaf)
            left.update(heartbeat_at=timezone.now())  # once more in a minute
            return
        Deposit.objects.filter(pk=row.pk).update(heartbeat_at=None)
