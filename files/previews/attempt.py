"""One run at making one preview: what there is of it so far, and how it ends."""

import logging
import time
from typing import Any, Self

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from files.fence import Fenced, Superseded
from files.models import Preview, PreviewPart, PreviewStatus
from files.previews import queue
from files.previews.reasons import sentence
from files.previews.runner import Killed, NotMade

logger = logging.getLogger(__name__)

SPEAK_EVERY = 2.0  # seconds between two writes of the progress


class Attempt(Fenced[Preview]):
    """Use as a context: whatever goes wrong inside ends in "none" or in another try."""

    def __init__(self, preview: Preview) -> None:
        super().__init__(preview, quiet_after=settings.PREVIEW_QUIET_AFTER)
        self.preview = preview
        self.facts: dict[str, Any] = {}
        self.spoke_at = 0.0

    @classmethod
    @transaction.atomic
    def at(cls, preview_id: int) -> Self | None:
        """Take the preview if it waits to be made; None when there is nothing to do."""
        taken = Preview.objects.filter(pk=preview_id, status=PreviewStatus.QUEUED).update(
            status=PreviewStatus.RUNNING,
            attempts=F("attempts") + 1,
            heartbeat_at=timezone.now(),
            facts={},
            reason="",
        )
        if not taken:
            return None
        PreviewPart.objects.filter(preview=preview_id).delete()  # of a run that was cut short
        return cls(Preview.objects.select_related("blob__shown_as").get(pk=preview_id))

    def progress(self, share: float) -> None:
        now = time.monotonic()
        if now - self.spoke_at >= SPEAK_EVERY:
            self.spoke_at = now
            self.write(facts={**self.facts, "progress": round(share * 100)})

    @transaction.atomic
    def show(self, parts: list[PreviewPart], **values: Any) -> None:
        """What is made so far; the row first, which keeps others from it until the commit."""
        self.write(facts=self.facts, **values)
        PreviewPart.objects.bulk_create(parts)

    def begin_coding(self) -> bool:
        """Whether a film may be coded now; the machine is for other work, too."""
        if queue.films_in_hand() >= settings.PREVIEW_FILMS_AT_ONCE:
            return False
        self.facts["coding"] = True
        self.write(facts=self.facts)
        return True

    def put_back(self) -> None:
        """Until another film is done; what can be seen by now stays."""
        self.rows().update(
            status=PreviewStatus.QUEUED,
            attempts=F("attempts") - 1,
            heartbeat_at=None,
            facts={**self.facts, "waits": True},
        )

    def ready(self, parts: list[PreviewPart]) -> None:
        self.facts.pop("coding", None)
        self.show(parts, status=PreviewStatus.READY, finished_at=timezone.now())

    # How it ends ---------------------------------------------------------------------------

    @transaction.atomic
    def _none(self, why: str, words: dict[str, object] | None = None) -> None:
        ended = self.rows().update(
            status=PreviewStatus.NONE,
            reason=sentence(why, words)[:300],
            finished_at=timezone.now(),
            facts={},
        )
        if ended:
            PreviewPart.objects.filter(preview=self.preview).delete()

    def _again(self) -> None:
        """Another try, sent by the next round of `queue.resend`, until there were enough."""
        if self.preview.attempts >= settings.PREVIEW_ATTEMPTS:
            self._none("stopped", {"times": self.preview.attempts})
        else:
            self.rows().update(status=PreviewStatus.QUEUED, heartbeat_at=None)

    def ended_by(self, error: Exception) -> None:
        if isinstance(error, NotMade):
            self._none(error.why, error.words)
        elif isinstance(error, FileNotFoundError):
            logger.error("Preview %s: the bytes are missing: %s", self.preview.pk, error)
            self._none("lost")
        elif isinstance(error, Superseded):
            logger.info("Preview %s was taken over by somebody else", self.preview.pk)
        else:
            known = isinstance(error, Killed)
            logger.error(
                "Preview %s was not made: %s",
                self.preview.pk,
                error,
                exc_info=None if known else error,
            )
            self._again()
