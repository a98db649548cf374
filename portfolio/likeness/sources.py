"""What of a version is compared: its account, the text of its files, its pictures."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from files import store
from files.models import Blob, Preview, PreviewPart
from files.previews import ask, text_of
from portfolio.anchors.texts import account_text, sha256_of
from portfolio.likeness import pictures
from portfolio.likeness.pictures import Look
from portfolio.models import EvidenceFile, EvidenceVersion

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Source:
    """A text or the look of a picture, and where it is from; no file: the account."""

    version: EvidenceVersion
    file: EvidenceFile | None
    sha256: str
    text: str = ""
    look: Look | None = None


def sources_of(version: EvidenceVersion) -> Iterator[Source]:
    """All that can be had just now; a file that is not prepared yet gives nothing."""
    account = account_text(version)
    if account.strip():
        yield Source(version, None, sha256_of(account), text=account)
    for file in version.files.select_related("blob__shown_as"):
        look = look_of(file.blob)
        if look:
            yield Source(version, file, file.blob.sha256, look=look)
        elif text := _words_of(file.blob):
            yield Source(version, file, file.blob.sha256, text=text)


def digests_of(version: EvidenceVersion) -> set[str]:
    """Of the account and the files as they are in the database now."""
    files = set(version.files.values_list("blob__sha256", flat=True))
    return files | {sha256_of(account_text(version))}


def text_at(version: EvidenceVersion, file: EvidenceFile | None) -> str:
    """What one side of a likeness says today."""
    return _words_of(file.blob) if file else account_text(version)


def _words_of(blob: Blob) -> str:
    """Nothing where a disk lost them: what else there is can still be compared."""
    try:
        return text_of(blob) or ""
    except FileNotFoundError:
        logger.error("The words of file %s are missing from the store.", blob.sha256)
        return ""


def are_ready(version: EvidenceVersion) -> bool:
    """Whether every file is prepared, or never will be."""
    under_way = (Preview.Status.QUEUED, Preview.Status.RUNNING)
    previews = [ask(file.blob) for file in version.files.select_related("blob")]
    return all(preview.status not in under_way for preview in previews)


def look_of(blob: Blob) -> Look | None:
    picture = picture_of(blob)
    if picture is None:
        return None
    with store.local(picture) as path:
        return pictures.look_of(path)


def picture_of(blob: Blob) -> Blob | None:
    """The picture that stands for the file: itself without its metadata, or a film's poster."""
    if blob.kind == "image":
        return blob.shown
    if blob.kind == "video":
        poster = PreviewPart.objects.filter(preview__blob=blob, role=PreviewPart.Role.POSTER)
        part = poster.select_related("blob").first()
        return part.blob if part else None
    return None
