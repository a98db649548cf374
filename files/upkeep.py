"""Removing what was brought and never used for anything.

Whoever brings a file holds a shared lock from before its bytes are kept until its rows are
there; whoever removes holds the lock alone. So nobody relies on bytes that are just going.
"""

import fcntl
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from files import store
from files.models import Blob, Brought, Upload

logger = logging.getLogger(__name__)

UNUSED_FOR = timedelta(days=30)
TRIES = 30


@contextmanager
def bringing() -> Iterator[None]:
    with _lock() as fd:
        fcntl.flock(fd, fcntl.LOCK_SH)
        yield


def lock_path() -> Path:
    return settings.BLOB_DIR.with_suffix(".lock")


@contextmanager
def _lock() -> Iterator[int]:
    with store.plain_failures():
        fd = os.open(lock_path(), os.O_RDWR | os.O_CREAT, 0o640)
    try:
        yield fd
    finally:
        os.close(fd)  # which gives the lock up


def remove_unused() -> int:
    """Remove uploads that nobody put anywhere, and their bytes if nothing else needs them; how
    many uploads that was. Files in a bucket stay: the lock does not reach other machines."""
    if store.bucket():
        return 0
    with _lock() as fd:
        if not _alone(fd):
            return 0  # somebody is bringing files all the time; another night, then
        unused = Upload.objects.filter(created_at__lt=timezone.now() - UNUSED_FOR)
        return sum(_remove(upload) for upload in unused.select_related("blob__shown_as"))


def remove_if_unused(blob: Blob) -> bool:
    """Remove bytes that we made ourselves and that came to be part of nothing, unless somebody
    else refers to the same; whether they went. Files in a bucket stay, as above."""
    if store.bucket():
        return False
    with _lock() as fd:
        if not _alone(fd):
            return False
        with transaction.atomic():
            gone = _remove_blobs(blob)
        _unlink(gone)
    return bool(gone)


def _alone(fd: int) -> bool:
    for _attempt in range(TRIES):
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(1)
        else:
            return True
    return False


def _remove(upload: Upload) -> bool:
    try:
        with transaction.atomic():
            removed, _rows = Upload.objects.filter(pk=upload.pk).delete()
            gone = _remove_blobs(upload.blob) if removed else []
    except IntegrityError:
        logger.info("Upload %s was put to use this moment.", upload.pk)
        return False
    _unlink(gone)
    return bool(removed)


def _unlink(gone: list[str]) -> None:
    for sha256 in gone:
        store.place_of(sha256).unlink(missing_ok=True)


def _remove_blobs(blob: Blob) -> list[str]:
    """The rows of these bytes, and of the copy for others, as far as nothing refers to them."""
    gone = []
    for each in filter(None, (blob, blob.shown_as)):
        if not _is_needed(each):
            Brought.objects.filter(blob=each).delete()
            Blob.objects.filter(pk=each.pk).delete()
            gone.append(each.sha256)
    return gone


def _is_needed(blob: Blob) -> bool:
    """Whether any row of any room refers to these bytes, other than who brought them."""
    return any(
        _rows_of(relation).filter(**{relation.field.name: blob}).exists()
        for relation in Blob._meta.related_objects
        if relation.related_model is not Brought
    )


def _rows_of(relation: models.ForeignObjectRel) -> models.QuerySet:
    return relation.related_model._base_manager.all()
