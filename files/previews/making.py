"""Making one preview: the maker in its own process, its parts into the store, the rows."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from files import store
from files.actions import keep_bytes
from files.models import Blob, Preview, PreviewPart
from files.previews import asking, queue, runner, workshop
from files.previews.attempt import Attempt
from files.previews.reasons import NOTES
from files.previews.runner import Asked, NotMade

Kind = Preview.Kind
RECORDINGS = (Kind.FILM, Kind.SOUND)
CHUNK = 1024 * 1024


def make(preview_id: int) -> None:
    """Make a preview that waits; does nothing for one that is made or in other hands."""
    if queue.has_to_wait(preview_id):
        return
    attempt = Attempt.at(preview_id)
    if attempt is None:
        return
    blob = attempt.preview.blob
    with (
        attempt,
        workshop.folder() as folder,
        store.local(blob.shown) as source,
    ):
        source.stat()  # where the bytes are lost, that is said and not "damaged"
        _Making(attempt, folder).run(_job(blob, source, folder))


def _job(blob: Blob, source: Path, folder: Path) -> Asked:
    way = asking.way_of(blob)
    if way is None:
        raise NotMade("no_kind")
    return Asked(
        maker=way.maker,
        verb=way.verb,
        source=source,
        folder=folder,
        media_type=blob.shown.media_type,
        long=way.kind in RECORDINGS,
        asked={"is_copy": blob.shown_as_id is not None},
    )


class _Making:
    def __init__(self, attempt: Attempt, folder: Path) -> None:
        self.attempt, self.folder = attempt, folder
        self.parts: list[PreviewPart] = []
        self.attachments: list[Blob] = []
        self.shown = False  # whether anything can be seen by now
        self.kind = Kind(attempt.preview.kind)
        self.copy: dict[str, Any] | None = None  # what to ask for the copy that browsers play

    def run(self, job: Asked) -> None:
        if not self._runs(job):
            self.attempt.put_back()
            return
        self.attempt.ready(self.parts)
        if self.attachments and not _came_by_mail(self.attempt.preview.blob):
            asking.ask_each(self.attachments)

    def _runs(self, job: Asked) -> bool:
        """Whether it came to an end; not where the long part has to wait for another's."""
        try:
            self._run_one(job)
            if self.copy is None:
                return True
            if self.copy.pop("codes") and not self.attempt.begin_coding():
                return False
            self._run_one(replace(job, verb="copy", long=True, asked=self.copy))
        except NotMade as error:
            self._end_early(error)
        return True

    def _run_one(self, job: Asked) -> None:
        for line in runner.told(job):
            self._take(line)

    def _take(self, line: dict[str, Any]) -> None:
        for key, value in line.items():
            TAKEN[key](self, value)

    def _take_part(self, told: dict[str, Any]) -> None:
        self.parts.append(
            PreviewPart(
                preview=self.attempt.preview,
                role=told["role"],
                number=told["number"],
                blob=self._kept(told),
                name=told.get("name", "")[:255],
                width=told.get("width"),
                height=told.get("height"),
            )
        )

    def _kept(self, told: dict[str, Any]) -> Blob:
        if told.get("is_source"):
            return self.attempt.preview.blob.shown
        blob = self._stored(told)
        if copy := told.get("shown"):
            shown = self._stored(copy)
            if shown.pk != blob.pk:
                Blob.objects.filter(pk=blob.pk, shown_as=None).update(shown_as=shown)
        if told["role"] == PreviewPart.Role.ATTACHMENT:
            self.attachments.append(blob)
        return blob

    def _stored(self, told: dict[str, Any]) -> Blob:
        place = self.folder / Path(told["file"]).name
        blob = keep_bytes(chunks=_chunks(place), media_type=told["type"])
        place.unlink()
        return blob

    def _take_facts(self, facts: dict[str, Any]) -> None:
        self.attempt.facts |= facts
        if "note" in facts:
            self.attempt.facts["note"] = str(NOTES[facts["note"]])

    def _take_kind(self, kind: str) -> None:
        """Whether a recording has pictures, only reading it tells."""
        self.kind = Kind(kind)

    def _take_copy(self, asked: dict[str, Any]) -> None:
        self.copy = asked

    def _take_progress(self, share: float) -> None:
        self.attempt.progress(share)

    def _show(self, _true: bool) -> None:
        self.attempt.show(self.parts, kind=self.kind)
        self.parts, self.shown = [], True

    def _end_early(self, error: NotMade) -> None:
        """Of a recording whose copy could not be made, and of the pages before a bad one, what
        is shown already stays."""
        if not self.shown or self.kind not in (*RECORDINGS, Kind.PAGES):
            raise error
        if self.kind in RECORDINGS:
            self._take_facts({"plays": "no", "note": "no_copy"})
        else:
            self._take_facts({"cut": True})


TAKEN = {
    "part": _Making._take_part,
    "facts": _Making._take_facts,
    "kind": _Making._take_kind,
    "copy": _Making._take_copy,
    "progress": _Making._take_progress,
    "so_far": _Making._show,
}


def _came_by_mail(blob: Blob) -> bool:
    """Letters in letters in letters have no end; one is opened, the rest can be downloaded."""
    return PreviewPart.objects.filter(blob=blob, role=PreviewPart.Role.ATTACHMENT).exists()


def _chunks(place: Path) -> Iterator[bytes]:
    with place.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
