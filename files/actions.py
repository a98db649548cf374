"""Taking files in."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import Centre, User
from files import checks, images, kinds, quota, store, upkeep
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


class Arrived(Protocol):
    """A whole file that lies beside the store and may come in."""

    @property
    def path(self) -> Path: ...
    @property
    def size(self) -> int: ...
    @property
    def sha256(self) -> str: ...
    def keep(self) -> None: ...


@dataclass(frozen=True)
class Found:
    """What a file is: its bytes, the copy that others see, and the name to give it."""

    kept: Kept
    shown: Kept | None
    name: str


def receive(*, file: UploadedFile, centre: Centre, by: User) -> Upload:
    """Keep an uploaded file that passes every check, or raise Refused and keep nothing."""
    if not can_upload(by, centre):
        raise PermissionDenied
    incoming = _incoming(file)
    sha256, size = incoming.sha256, incoming.size
    try:
        quota.check_room_for(user=by, centre=centre, sha256=sha256, size=size)
        with upkeep.bringing():
            found = examine(incoming, _sent_name(file))
            with transaction.atomic():
                quota.hold(centre)
                quota.check_room_for(user=by, centre=centre, sha256=sha256, size=size)
                return enter(found, centre=centre, by=by)
    finally:
        incoming.discard()


def examine(arrived: Arrived, sent_name: str) -> Found:
    """Let a file into the store if it passes every check, however it came; or raise Refused."""
    name = checks.check_name(sent_name)
    checks.check_size(arrived.size)
    kept, shown = _keep(arrived, name)
    return Found(kept, shown, name)


def enter(found: Found, *, centre: Centre, by: User) -> Upload:
    """The rows of a file that is in the store. The caller has seen to the room it takes."""
    blob = _row(found.kept, shown_as=_row(found.shown) if found.shown else None)
    quota.count(user=by, centre=centre, blob=blob)
    name = checks.name_for(found.name, blob.media_type)
    return Upload.objects.create(centre=centre, owner=by, blob=blob, name=name)


def keep_bytes(*, chunks: Iterable[bytes], media_type: str) -> Blob:
    """Store a file that we made ourselves."""
    with upkeep.bringing():
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


def _keep(arrived: Arrived, name: str) -> tuple[Kept, Kept | None]:
    """The bytes and, of a picture, the copy for others; neither is kept before both are sound."""
    kind, media_type = checks.media_type_of(arrived.path, name)
    shown = None
    if kind in kinds.PICTURES and not _has_copy(arrived.sha256):
        data, shown_type = images.shown_copy(arrived.path, kind)
        sha256, size = store.keep([data])
        shown = Kept(sha256, size, shown_type) if sha256 != arrived.sha256 else None
    arrived.keep()
    return Kept(arrived.sha256, arrived.size, media_type), shown


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
