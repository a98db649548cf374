"""One run at making one report: its progress, and how it ends."""

import logging
import time
from typing import Self

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from files import upkeep
from files.fence import Fenced, Superseded, is_unheard
from files.models import Blob
from files.store import FULL
from ledger.transitions import TransitionRefused, move
from reports import telling
from reports.embedding import NotEmbedded
from reports.models import Report
from reports.parts.hands import Lost
from reports.parts.printing import NeverSettles
from reports.queue import send_on_commit
from reports.workflow import REPORT, Stage

logger = logging.getLogger(__name__)

SPEAK_EVERY = 0.5  # seconds between two writes of the progress
SAY_WHY = (ValidationError, Lost, NotEmbedded)  # in sentences for the person who waits


class Attempt(Fenced[Report]):
    """Use as a context: any failure inside ends the report as failed, with a plain reason."""

    def __init__(self, report: Report) -> None:
        super().__init__(report, quiet_after=settings.REPORT_QUIET_AFTER)
        self.report = report
        self.spoke_at = 0.0
        self.kept: Blob | None = None  # the finished file's bytes, before any row refers to them

    @classmethod
    def at(cls, report_id: int) -> Self | None:
        """Take the report if it waits to be made; None when there is nothing to do."""
        report = Report.objects.select_related("portfolio").filter(pk=report_id).first()
        if report is None:
            return None
        now = timezone.now()
        try:
            move(
                report,
                verb="start",
                table=REPORT,
                attempts=F("attempts") + 1,
                started_at=now,
                heartbeat_at=now,
                stage=Stage.READING,
                progress=0,
                count=0,
                count_of=0,
                error="",
            )
        except TransitionRefused:
            return None
        return cls(report)

    def tell(self, stage: Stage, percent: int, *, count: int = 0, of: int = 0) -> None:
        """Write the progress, not oftener than somebody can see; a sign of life as well.

        `count` of `of` is how far the stage itself has come: pictures, parts, files. Whoever
        cancelled the export meanwhile stops it here: nothing that this run does counts any more.
        """
        now = time.monotonic()
        if stage == self.report.stage and now - self.spoke_at < SPEAK_EVERY:
            return
        self.spoke_at, self.report.stage = now, stage
        self.write(stage=stage, progress=percent, count=count, count_of=of)

    def finish(
        self,
        *,
        blob: Blob,
        pages: int,
        ledger_head: str,
        certificate: str = "",
        hidden_before: int = 0,
    ) -> None:
        """In the caller's transaction, so that nothing is half made."""
        if not connection.in_atomic_block:
            raise RuntimeError("A report is finished in the transaction of its ledger entry.")
        self.write(progress=100)
        move(
            self.report,
            verb="finish",
            table=REPORT,
            finished_at=timezone.now(),
            stage="",
            count=0,
            count_of=0,
            blob=blob,
            pages=pages,
            ledger_head=ledger_head,
            certificate=certificate,
            hidden_before=hidden_before,
        )
        telling.ended(self.report)

    def ended_by(self, error: Exception) -> None:
        if isinstance(error, Superseded):
            logger.info("Report %s was taken over by somebody else", self.report.pk)
            self._give_up_bytes()
        else:
            logger.error("Report %s failed", self.report.pk, exc_info=error)
            try:
                self._end_badly(error)
            finally:
                self._give_up_bytes()

    def _end_badly(self, error: Exception) -> None:
        if is_unheard(error):
            self._give_back(error)
        else:
            self._fail(reason_for(error, self.report.pk))

    def _give_up_bytes(self) -> None:
        """A portfolio that nobody was given is not kept."""
        if self.kept is None:
            return
        try:
            upkeep.remove_if_unused(self.kept)
        except (DatabaseError, ValidationError) as error:
            logger.warning("Report %s left its file in the store: %s", self.report.pk, error)

    @transaction.atomic
    def _give_back(self, error: Exception) -> None:
        """Nothing is wrong with the work itself: once more, as long as it has tries left."""
        if self.report.attempts % settings.REPORT_ATTEMPTS == 0:
            self._fail(reason_for(error, self.report.pk))
        elif self.is_ours():
            move(self.report, verb="requeue", table=REPORT, heartbeat_at=None)
            send_on_commit([self.report])

    @transaction.atomic
    def _fail(self, reason: str) -> None:
        if self.is_ours():
            move(self.report, verb="fail", table=REPORT, finished_at=timezone.now(), error=reason)
            telling.ended(self.report)


def reason_for(error: Exception, number: int) -> str:
    """What went wrong and what to do, for the person who waits; the log has the rest."""
    if isinstance(error, SAY_WHY):
        return " ".join(error.messages)
    if isinstance(error, SoftTimeLimitExceeded):
        return _(
            "Making the PDF took too long, so it was stopped. Try again when the server is less"
            " busy."
        )
    if isinstance(error, OSError) and error.errno in FULL:
        return _("There is no room left on the server. Ask whoever runs it for more room.")
    if isinstance(error, NeverSettles):
        return _(
            "The page numbers in the contents could not be worked out. Trying again does not help:"
            " tell support that it is export %(number)d."
        ) % {"number": number}
    return server_fault(error) or _(
        "Something went wrong while the PDF was made. Try again; if it fails again, tell"
        " support that it is export %(number)d."
    ) % {"number": number}


def server_fault(error: Exception) -> str:
    """Of what any long work may fail at; nothing for other errors."""
    if isinstance(error, MemoryError):
        return _(
            "The server ran out of memory. Ask whoever runs the server for more, then try again."
        )
    if isinstance(error, DatabaseError):
        return _("The database did not answer in time. Try again in a few minutes.")
    return ""
