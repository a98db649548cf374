"""Making one copy: the maker in its own process, the copy into the store, then into its place."""

import logging
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone

from files import previews, store
from files.actions import keep_bytes
from files.models import Blob, Preview
from files.previews import making as preview_making
from files.previews import runner
from files.previews.runner import Asked, Killed, NotMade
from files.redaction.texts import masked
from portfolio.actions.redactions import put_in_place
from portfolio.hiding.kinds import Way, type_of_text_copy, way_of
from portfolio.hiding.reasons import sentence
from portfolio.hiding.words import text_in
from portfolio.models import Redaction

logger = logging.getLogger(__name__)

CHUNK = 1024 * 1024
SPEAK_EVERY = 1.0  # seconds between two writes of the progress
VERBS = {Way.PICTURE: "picture", Way.PAGES: "document", Way.RECORDING: "recording"}
Status = Redaction.Status


class Superseded(Exception):
    """Somebody else is making this by now."""


def make(redaction_id: int) -> None:
    """Make a copy that waits; does nothing for one that is made or in other hands."""
    run = _Run.at(redaction_id)
    if run is None:
        return
    try:
        copy = run.make()
        put_in_place(redaction=run.redaction, copy=copy)
    except NotMade as error:
        run.fail(error.why, error.words)
    except FileNotFoundError as error:
        logger.error("Redaction %s: the bytes are missing: %s", redaction_id, error)
        run.fail("lost")
    except ValidationError:
        run.fail("text_changed")
    except Killed as error:
        logger.warning("Redaction %s: %s", redaction_id, error)
        run.again()
    except Superseded:
        logger.info("Redaction %s was taken over by somebody else", redaction_id)


class _Run:
    """One run; its number fences it off from one that follows it."""

    def __init__(self, redaction: Redaction) -> None:
        self.redaction = redaction
        self.original: Blob = redaction.original
        self.spoke_at = time.monotonic()

    @classmethod
    def at(cls, redaction_id: int) -> "_Run | None":
        taken = Redaction.objects.filter(pk=redaction_id, status=Status.QUEUED).update(
            status=Status.RUNNING,
            attempts=F("attempts") + 1,
            heartbeat_at=timezone.now(),
            progress=0,
            trouble="",
        )
        if not taken:
            return None
        rows = Redaction.objects.select_related("original__shown_as", "evidence__portfolio")
        return cls(rows.get(pk=redaction_id))

    def make(self) -> Blob:
        way = way_of(self.original)
        if way is None:
            raise NotMade("damaged")
        return self._text_copy() if way == Way.WORDS else self._made_copy(way)

    def _text_copy(self) -> Blob:
        text = text_in(self.original)
        spans = [(mark["start"], mark["end"]) for mark in self.redaction.marks]
        if spans and spans[-1][1] > len(text):
            raise NotMade("text_changed")
        data = masked(text, spans).encode()
        copy = keep_bytes(chunks=[data], media_type=type_of_text_copy(self.original))
        # Seen before it is in place, so that claims' passages can be looked for in it.
        waiting = previews.ask(copy)
        if waiting.status == Preview.Status.QUEUED:
            preview_making.make(waiting.pk)
        return copy

    def _made_copy(self, way: Way) -> Blob:
        with (
            tempfile.TemporaryDirectory(prefix="signpost-redaction-") as folder,
            store.local(self.original.shown) as source,
        ):
            source.stat()
            for line in runner.told(self._job(way, source, Path(folder))):
                self._speak(line.get("progress"))
                if "part" in line:
                    told = line["part"]
                    place = Path(folder) / Path(told["file"]).name
                    return keep_bytes(chunks=_chunks(place), media_type=told["type"])
        raise NotMade("damaged")

    def _job(self, way: Way, source: Path, folder: Path) -> Asked:
        return Asked(
            maker="redaction",
            verb=VERBS[way],
            source=source,
            folder=folder,
            media_type=self.original.shown.media_type,
            long=way != Way.PICTURE,
            asked={"marks": self.redaction.marks},
        )

    def _speak(self, share: float | None) -> None:
        now = time.monotonic()
        if share is not None and now - self.spoke_at >= SPEAK_EVERY:
            self.spoke_at = now
            if not self._row().update(heartbeat_at=timezone.now(), progress=round(share * 100)):
                raise Superseded

    def _row(self):
        return Redaction.objects.filter(
            pk=self.redaction.pk, status=Status.RUNNING, attempts=self.redaction.attempts
        )

    def fail(self, why: str, words: dict[str, object] | None = None) -> None:
        self._row().update(
            status=Status.FAILED,
            trouble=sentence(why, words)[:300],
            finished_at=timezone.now(),
        )

    def again(self) -> None:
        """Another try, sent by the next round of `queue.resend`, until there were enough."""
        if self.redaction.attempts % settings.REDACTION_ATTEMPTS == 0:
            self.fail("stopped")
        else:
            self._row().update(status=Status.QUEUED, heartbeat_at=None)


def _chunks(place: Path) -> Iterator[bytes]:
    with place.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
