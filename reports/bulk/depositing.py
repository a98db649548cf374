"""Putting the archive of many exports into the bucket, from where others fetch it by means of
their own. It goes there as it is read: no copy of it lies here."""

import logging
from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.notices import tell
from files import store
from files.heartbeat import Heartbeat
from files.queue import Queue
from ledger.transitions import TransitionRefused, move
from reports.bulk import actions, packing
from reports.bulk.zips import Archive
from reports.models import Bulk, Deposit, Report
from reports.workflow import DEPOSIT, DepositStatus

logger = logging.getLogger(__name__)

FOLDER = "archives"
DEPOSITS = Queue(Deposit, "reports.tasks.put_into_bucket")
UNDER_WAY = (DepositStatus.QUEUED, DepositStatus.RUNNING)


@transaction.atomic
def deposit(*, bulk: Bulk, by: User) -> Deposit:
    """Ask for it; who takes copies of what is written before the bytes leave.

    Asked for again while it is under way, it is the same. Raises TransitionRefused where there is
    no bucket, or nothing to put there.
    """
    if store.bucket() is None:
        raise TransitionRefused(_("This Signpost has no bucket to put an archive into."))
    Bulk.objects.select_for_update().get(pk=bulk.pk)  # of two at once, one waits for the other
    if same := bulk.deposits.filter(status__in=UNDER_WAY).first():
        return same
    reports = actions.take(bulk=bulk, by=by, to="bucket")
    made = Deposit.objects.create(bulk=bulk, asked_by=by, reports=[report.pk for report in reports])
    DEPOSITS.send_on_commit([made.pk])
    return made


def put(deposit_id: int) -> None:
    """Does nothing for one that is there, has failed or is in other hands."""
    row = Deposit.objects.select_related("bulk__centre", "asked_by").filter(pk=deposit_id).first()
    if row is None:
        return
    try:
        move(
            row,
            verb="start",
            table=DEPOSIT,
            attempts=F("attempts") + 1,
            heartbeat_at=timezone.now(),
            error="",
        )
    except TransitionRefused:
        return
    heart = Heartbeat(
        name=f"Deposit {row.pk}",
        every=settings.REPORT_QUIET_AFTER / 6,
        write=lambda: Deposit.objects.filter(pk=row.pk).update(heartbeat_at=timezone.now()),
    )
    heart.start()
    try:
        key, size = _sent(row)
    except (ValidationError, OSError) as error:
        logger.error("Deposit %s failed", row.pk, exc_info=error)
        _end(row, "fail", error=_reason_for(error))
    else:
        _end(row, "finish", key=key, size=size)
    finally:
        heart.stop()


def _sent(row: Deposit) -> tuple[str, int]:
    reports = list(actions.in_archive(row.bulk).filter(pk__in=row.reports))
    if len(reports) != len(row.reports):
        raise ValidationError(
            _("Some of these exports are no longer handed out. Ask for the archive again.")
        )
    if not all(packing.find_checksum(report) for report in reports):
        raise ValidationError(_("Some of these PDFs are no longer in the store."))
    archive = packing.archive_of(row.bulk, reports)
    return _put(row.bulk, reports, archive), archive.size


def _put(bulk: Bulk, reports: Sequence[Report], archive: Archive) -> str:
    """The same archive lies under the same name, however often it is put there."""
    bucket = store.bucket()
    if bucket is None:
        raise ValidationError(_("This Signpost has no bucket to put an archive into."))
    etag = packing.etag_of(archive, reports)
    key = f"{FOLDER}/{bulk.centre.slug}/{bulk.pk}-{etag[:16]}.zip"
    bucket.put_chunks(key, archive.read(range(archive.size)), content_type="application/zip")
    return key


def _reason_for(error: ValidationError | OSError) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return _("Some of these PDFs could not be read. Try again in a few minutes.")


@transaction.atomic
def _end(row: Deposit, verb: str, **fields: str | int) -> None:
    try:
        move(row, verb=verb, table=DEPOSIT, finished_at=timezone.now(), **fields)
    except TransitionRefused:  # it was taken back from us, and another did it
        return
    centre, chosen = row.bulk.centre, {"chosen": row.bulk.chosen}
    kind, sentence = {
        "finish": ("export_ready", _("The archive of “%(chosen)s” lies in the bucket.")),
        "fail": ("export_failed", _("The archive of “%(chosen)s” did not reach the bucket.")),
    }[verb]
    tell(
        recipient=row.asked_by,
        centre=centre,
        kind=kind,
        about=f"deposit:{row.pk}:{row.attempts}",
        text=sentence % chosen,
        path=reverse("reports:bulk", args=[centre.slug, row.bulk_id]),
    )


def resend_stuck() -> None:
    """Send what was never started, and once more what a worker left half done."""
    for row in DEPOSITS.quiet(settings.REPORT_QUIET_AFTER).select_related("bulk__centre"):
        if row.attempts < settings.REPORT_ATTEMPTS:
            _take_back(row)
        else:
            _end(row, "fail", error=_("It stopped half-way several times. Ask for it again."))
    waiting = DEPOSITS.waiting(settings.REPORT_SEND_AGAIN_AFTER).order_by("pk")
    DEPOSITS.send(list(waiting.values_list("pk", flat=True)))


def _take_back(row: Deposit) -> None:
    try:
        move(row, verb="requeue", table=DEPOSIT, heartbeat_at=None)
    except TransitionRefused:
        logger.info("Deposit %s came to an end after all", row.pk)
