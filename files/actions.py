"""Taking files in."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import Centre, User
from files import checks, images, kinds, store
from files.handlers import StoredUpload
from files.models import Blob, Upload
from files.permissions import can_upload
from files.store import Incoming


@dataclass(frozen=True)
class Kept:
    """Bytes that are safe on disk and have no row yet."""

    sha256: str
    size: int
    media_type: str


def receive(*, file: UploadedFile, centre: Centre, by: User) -> Upload:
    """Keep an uploaded file that passes every check, or raise Refused and keep nothing."""
    if not can_upload(by, centre):
        raise PermissionDenied
    incoming = _incoming(file)
    try:
        name = checks.check_name(_sent_name(file))
        checks.check_size(incoming.size)
        kept, shown = _keep(incoming, name)
    finally:
        incoming.discard()
    with transaction.atomic():
        blob = _row(kept, shown_as=_row(shown) if shown else None)
        name = checks.name_for(name, blob.media_type)
        return Upload.objects.create(centre=centre, owner=by, blob=blob, name=name)


def keep_bytes(*, chunks: Iterable[bytes], media_type: str) -> Blob:
    """Store a file that we made ourselves."""
    sha256, size = store.keep(chunks)
    return _row(Kept(sha256, size, media_type))


def _incoming(file: UploadedFile) -> Incoming:
    """The bytes under their temporary name; those of our own handler are there already."""
    if isinstance(file, StoredUpload):
        return file.taken()
    checks.check_size(file.size or 0)
    incoming = Incoming()
    for chunk in file.chunks():
        incoming.write(chunk)
    incoming.finish()
    return incoming


def _sent_name(file: UploadedFile) -> str:
    return file.sent_name if isinstance(file, StoredUpload) else file.name or ""


def _keep(incoming: Incoming, name: str) -> tuple[Kept, Kept | None]:
    """The bytes and, of a picture, the copy for others; neither is kept before both are sound."""
    kind, media_type = checks.media_type_of(incoming.path, name)
    shown = None
    if kind in kinds.PICTURES and not _has_copy(incoming.sha256):
        data, shown_type = images.shown_copy(incoming.path, kind)
        sha256, size = store.keep([data])
        shown = Kept(sha256, size, shown_type) if sha256 != incoming.sha256 else None
    incoming.keep()
    return Kept(incoming.sha256, incoming.size, media_type), shown


def _has_copy(sha256: str) -> bool:
    """Whether somebody brought this picture before, so that its copy for others is there."""
    known = Blob.objects.select_related("shown_as").filter(sha256=sha256).first()
    return known is not None and all(
        store.has(blob.sha256) for blob in (known, known.shown_as or known)
    )


def _row(kept: Kept, *, shown_as: Blob | None = None) -> Blob:
    blob, _made = Blob.objects.get_or_create(
        sha256=kept.sha256,
        defaults={"size": kept.size, "media_type": kept.media_type, "shown_as": shown_as},
    )
    return blob
