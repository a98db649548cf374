"""The words of a file or account, and where those that are to be hidden stand."""

import json
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from files import store
from files.makers import texts
from files.models import Blob, Preview, PreviewPart
from files.previews import text_of
from files.redaction.texts import Span, spans_of
from portfolio.hiding.marks import Mark
from portfolio.models import EvidenceFile

MOST_BYTES = 4 * 1024 * 1024
# Around a word on a page, in fractions of it: letters reach over their own edges.
EDGE_ACROSS, EDGE_DOWN = 0.004, 0.003


def text_in(blob: Blob) -> str:
    """All of what a file says; refuses what is not known to its end."""
    if blob.kind == "text":
        with store.local(blob) as path:
            text, cut = texts.read(path, most=MOST_BYTES)
        if cut:
            raise ValidationError(_("This file is too long to hide words in it."))
        return text
    preview = Preview.objects.filter(blob=blob).first()
    if preview is None or preview.status in (Preview.Status.QUEUED, Preview.Status.RUNNING):
        raise ValidationError(_("This file is still being prepared. Try again in a minute."))
    text_known = text_of(blob)
    if text_known is None or preview.facts.get("cut"):
        raise ValidationError(
            _("The words of this file can't be read. Save it as a PDF and add that instead.")
        )
    return text_known


def marks_of(text: str, phrases: Sequence[str]) -> list[Mark]:
    """Wherever they stand; refuses those that stand nowhere."""
    _refuse_absent(text, phrases)
    return [{"start": start, "end": end} for start, end in spans_of(text, phrases)]


def boxes_of(file: EvidenceFile, phrases: Sequence[str]) -> list[Mark]:
    """Boxes over the words on the pages of a PDF, as far as its words can be read."""
    pages = _words_of_pages(file.blob)
    _refuse_unread(file.blob, len(pages))
    _refuse_absent("\f".join(page["text"] for _number, page in pages), phrases)
    return [
        {"page": number, **box}
        for number, page in pages
        for span in spans_of(page["text"], phrases)
        for box in _boxes(page["words"], span)
    ]


def _refuse_absent(text: str, phrases: Sequence[str]) -> None:
    absent = [phrase for phrase in phrases if not spans_of(text, [phrase])]
    if absent:
        raise ValidationError(
            [_("“%(words)s” does not stand in it.") % {"words": phrase[:60]} for phrase in absent]
        )


def _words_of_pages(blob: Blob) -> list[tuple[int, dict]]:
    parts = PreviewPart.objects.filter(
        preview__blob=blob,
        preview__status=Preview.Status.READY,
        role=PreviewPart.Role.WORDS,
    )
    found = []
    for part in parts.select_related("blob").order_by("number"):
        with store.open_blob(part.blob) as file:
            found.append((part.number, json.load(file)))
    if not any(page["text"].strip() for _number, page in found):
        raise ValidationError(_("There are no words to find in this file. Draw boxes instead."))
    return found


def _refuse_unread(blob: Blob, read: int) -> None:
    """The first pages of a long file are prepared; on the others nobody looked for the words."""
    facts = Preview.objects.get(blob=blob).facts
    if facts.get("cut") or facts.get("pages", read) > read:
        raise ValidationError(
            _("Only the first %(read)d pages of this file can be searched. Draw boxes instead.")
            % {"read": read}
        )


def _boxes(words: Iterable[Sequence[float]], span: Span) -> Iterable[Mark]:
    for start, end, x, y, width, height in words:
        if start < span[1] and end > span[0]:
            yield {
                "x": max(0.0, x - EDGE_ACROSS),
                "y": max(0.0, y - EDGE_DOWN),
                "width": width + 2 * EDGE_ACROSS,
                "height": height + 2 * EDGE_DOWN,
            }
