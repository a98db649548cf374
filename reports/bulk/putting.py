"""One run at putting one archive into the bucket. It goes there as it is read: no copy of it lies
here.

Each run's object has a name of its own, so that none can touch another's. The object appears at the
very end, by one request; whoever had it put there is written down as having taken copies once it is
there, and if that cannot be written it is removed again.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from typing import Any, Self

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from files.fence import Fenced, Superseded, is_unheard
from ledger.transitions import TransitionRefused, move
from reports.actions import note_download
from reports.attempt import server_fault
from reports.bulk import depositing, packing
from reports.bulk.zips import Archive
from reports.models import Deposit, Report
from reports.workflow import DEPOSIT

logger = logging.getLogger(__name__)

SPEAK_EVERY = 0.5  # seconds between two looks at the row


class Stopped(Exception):
    """It may not be put there any more; the reason, for whoever asked."""


def put(deposit_id: int) -> None:
    """Does nothing for one that is there, has ended or is in other hands."""
    run = Run.at(deposit_id)
    if run is None:
        return
    with run:
        _put(run)


def _put(run: "Run") -> None:
    row, bucket = run.row, depositing.needed_bucket()
    for earlier in range(1, row.attempts):
        bucket.clear(row.key_of(earlier))
    ready, lost = _sorted_out(run)
    archive = packing.archive_of(row.bulk, ready, lost)
    run.write(size=archive.size, lost=[report.pk for report in lost])
    run.send(archive)
    run.land(ready, archive)


def _sorted_out(run: "Run") -> tuple[list[Report], list[Report]]:
    """What goes into the archive, and what the store has lost; the first look at a PDF reads it."""
    found: dict[bool, list[Report]] = {True: [], False: []}
    for report in still_allowed(run.row):
        found[packing.find_checksum(report)].append(report)
        run.tell(0)
    if not found[True]:
        raise Stopped(_("None of these PDFs is in the store any more. Export them again."))
    return found[True], found[False]


def still_allowed(row: Deposit) -> Sequence[Report]:
    """What was asked for, if whoever asked may still put all of it there."""
    asked_by = User.objects.get(pk=row.asked_by_id)  # as they are now
    try:
        reports = depositing.choose(row.bulk, asked_by)
    except PermissionDenied as refused:
        raise Stopped(
            _("Whoever asked for this archive may no longer have it, so it was not sent.")
        ) from refused
    wanted = [report for report in reports if report.pk in row.reports]
    if len(wanted) != len(row.reports):
        raise Stopped(
            _("Some of these exports are no longer handed out. Ask for the archive again.")
        )
    return wanted


class Run(Fenced[Deposit]):
    """Use as a context: whatever fails inside ends the deposit with a plain reason, or gives it
    back; and unless it landed, nothing of it stays in the bucket."""

    def __init__(self, row: Deposit) -> None:
        super().__init__(row, quiet_after=settings.REPORT_QUIET_AFTER)
        self.key = row.key_of(row.attempts)
        self.spoke_at = 0.0
        self.began = False  # whether anything may lie in the bucket

    @classmethod
    def at(cls, deposit_id: int) -> Self | None:
        """Take it if it waits; None when there is nothing to do."""
        rows = Deposit.objects.select_related("bulk__centre", "asked_by")
        row = rows.filter(pk=deposit_id).first()
        if row is None:
            return None
        try:
            move(
                row,
                verb="start",
                table=DEPOSIT,
                attempts=F("attempts") + 1,
                heartbeat_at=timezone.now(),
                error="",
                sent=0,
                size=None,
            )
        except TransitionRefused:
            return None
        return cls(row)

    def send(self, archive: Archive) -> None:
        self.began = True
        bucket = depositing.needed_bucket()
        self.pieces = bucket.begin(self.key, content_type="application/zip")
        sent = 0
        for piece in bucket.in_pieces(self._watched(archive), archive.size):
            self.pieces.send(piece)
            sent += len(piece)
            self.tell(sent)

    def _watched(self, archive: Archive) -> Iterator[bytes]:
        """Whoever cancelled it meanwhile stops it here, not after the piece that is being read."""
        for chunk in archive.read(range(archive.size)):
            yield chunk
            self.tell()

    def land(self, reports: Sequence[Report], archive: Archive) -> None:
        """Asked once more before there is an object, and again before it counts: what was withdrawn
        or hidden while it was sent is not handed out."""
        self.write(sent=archive.size)
        still_allowed(self.row)
        self.pieces.finish()
        bucket = self.pieces.bucket.bucket_name
        with transaction.atomic():
            self.write()
            still_allowed(self.row)
            copy: dict[str, Any] = {"bulk": self.row.bulk_id, "to": "bucket", "bucket": bucket}
            for report in reports:
                note_download(report, self.row.asked_by, **copy)
            now = timezone.now()
            move(
                self.row,
                verb="finish",
                table=DEPOSIT,
                finished_at=now,
                key=self.key,
                bucket=bucket,
            )
            depositing.ended(self.row)

    # Signs of life --------------------------------------------------------------------------

    def tell(self, sent: int | None = None) -> None:
        """How many bytes are there, not oftener than somebody can see."""
        now = time.monotonic()
        if now - self.spoke_at >= SPEAK_EVERY:
            self.spoke_at = now
            self.write(**({} if sent is None else {"sent": sent}))

    # How it ends otherwise ----------------------------------------------------------------------

    def ended_by(self, error: Exception) -> None:
        if isinstance(error, Superseded):
            logger.info("Deposit %s was cancelled or taken over", self.row.pk)
        else:
            logger.error("Deposit %s failed", self.row.pk, exc_info=error)
            self._end_badly(error)
        self._clear()

    def _end_badly(self, error: Exception) -> None:
        if is_unheard(error) and self.row.attempts < settings.REPORT_ATTEMPTS:
            self._give_back()
        else:
            self._fail(reason_for(error, self.row.pk))

    @transaction.atomic
    def _give_back(self) -> None:
        """Nothing is wrong with the work itself: once more."""
        if self.is_ours():
            move(self.row, verb="requeue", table=DEPOSIT, heartbeat_at=None)
            depositing.DEPOSITS.send_on_commit([self.row.pk])

    @transaction.atomic
    def _fail(self, reason: str) -> None:
        if self.is_ours():
            move(self.row, verb="fail", table=DEPOSIT, finished_at=timezone.now(), error=reason)
            depositing.ended(self.row)

    def _clear(self) -> None:
        """Of its own object, and only if it does not lie there rightly: when a connection is lost
        at the commit, nobody knows which it was until the row is asked."""
        row = Deposit.objects.filter(pk=self.row.pk)
        if row.filter(key=self.key).exists():
            return
        if self.began:
            try:
                depositing.needed_bucket().clear(self.key)
            except ValidationError as deaf:
                logger.warning("Deposit %s left a half upload: %s", self.row.pk, deaf)
                return
        mine = row.filter(attempts=self.row.attempts, status__in=depositing.ENDED_BADLY)
        mine.update(heartbeat_at=None)  # nothing is left


def reason_for(error: Exception, number: int) -> str:
    """What went wrong and what to do, for the person who waits; the log has the rest."""
    if _is_behind(error, SoftTimeLimitExceeded):
        return _(
            "Putting the archive into the bucket took too long, so it was stopped. Ask for fewer"
            " portfolios at once."
        )
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, Stopped | TransitionRefused):
        return str(error)
    if isinstance(error, FileNotFoundError):
        return _(
            "A PDF was lost from the store while the archive was being sent. Ask for the archive"
            " again: it will leave that one out and say so."
        )
    if fault := server_fault(error):
        return fault
    if isinstance(error, OSError):
        return _("Some of these PDFs could not be read. Try again in a few minutes.")
    return _(
        "Something went wrong while the archive was sent. Ask for it again; if it fails again,"
        " tell support that it is archive %(number)d."
    ) % {"number": number}


def _is_behind(error: BaseException | None, kind: type[Exception]) -> bool:
    """What interrupts a request to the bucket reaches us as the request's own failure."""
    while error is not None:
        if isinstance(error, kind):
            return True
        error = error.__cause__ or error.__context__
    return False
