"""Asking for previews, and reading what they say."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from files import kinds, store
from files.models import Blob, Preview, PreviewPart, PreviewStatus
from files.previews.queue import PREVIEWS
from files.previews.reasons import sentence

Kind = Preview.Kind


@dataclass(frozen=True)
class Way:
    """How files of one type are shown: as what, and made by which function of which maker."""

    kind: Preview.Kind
    maker: str
    verb: str = "make"


DOCX, XLSX = kinds.DOCX.types["docx"], kinds.XLSX.types["xlsx"]
WAYS = {
    "application/pdf": Way(Kind.PAGES, "pages"),
    "text/plain": Way(Kind.TEXT, "texts"),
    "text/markdown": Way(Kind.TEXT, "texts"),
    "text/csv": Way(Kind.TABLE, "tables", "separated"),
    "message/rfc822": Way(Kind.MAIL, "mails"),
    DOCX: Way(Kind.TEXT, "texts", "word"),
    XLSX: Way(Kind.TABLE, "tables", "workbook"),
}
FAMILIES = {
    "image": Way(Kind.PICTURE, "pictures"),
    "video": Way(Kind.FILM, "media"),
    "audio": Way(Kind.SOUND, "media"),
}


def way_of(blob: Blob) -> Way | None:
    return WAYS.get(blob.media_type) or FAMILIES.get(blob.kind)


def ask(blob: Blob) -> Preview:
    """The preview of these bytes, on its way if there was none; ask as often as you like."""
    ask_each([blob])
    return Preview.objects.get(blob=blob)


def ask_each(blobs: Iterable[Blob]) -> None:
    """Ask for several with two queries."""
    wanted = {blob.pk: blob for blob in blobs}
    known = Preview.objects.filter(blob__in=wanted).values_list("blob", flat=True)
    missing = [wanted[pk] for pk in wanted.keys() - set(known)]
    if not missing:
        return
    # Somebody may ask for the same at the same moment; whoever comes second adds nothing.
    Preview.objects.bulk_create(map(_row_for, missing), ignore_conflicts=True)
    waiting = Preview.objects.filter(blob__in=missing, status=PreviewStatus.QUEUED)
    PREVIEWS.send_on_commit(waiting.values_list("pk", flat=True))


def _row_for(blob: Blob) -> Preview:
    way = way_of(blob)
    if way:
        return Preview(blob=blob, kind=way.kind)
    return Preview(
        blob=blob,
        kind=Kind.NOTHING,
        status=PreviewStatus.NONE,
        reason=sentence("no_kind"),
        finished_at=timezone.now(),
    )


def text_of(blob: Blob) -> str | None:
    """What the file says, as far as it is known; None where it says nothing, or not yet."""
    part = (
        PreviewPart.objects.filter(preview__blob=blob, preview__status=PreviewStatus.READY)
        .filter(role=PreviewPart.Role.TEXT)
        .select_related("blob")
        .first()
    )
    text = _read(part.blob) if part else ""
    return text if text.strip() else None


def _read(blob: Blob) -> str:
    with store.open_blob(blob) as file:
        return file.read().decode("utf-8", "replace")
