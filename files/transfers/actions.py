"""The life of a transfer: begun, added to, finished or ended."""

import tempfile
import time
import uuid
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Protocol

from django.db import transaction
from django.utils import timezone

from accounts.models import Centre, User
from accounts.permissions import refuse_unless
from files import checks, quota, store, upkeep
from files.actions import enter, examine
from files.models import Transfer, Upload
from files.permissions import can_upload
from files.refusals import Refused
from files.transfers import parts
from files.transfers.parts import Part
from files.transfers.protocol import Checksum

# Long enough for a phone that lies in a drawer over the holidays' first week.
LIFE = timedelta(days=7)
# What comes in a fifth of a second is put away at once: a slow line's bytes are soon safe, a fast
# one's cost little.
LARGEST = 1024 * 1024
PATIENCE = 0.2


class Body(Protocol):
    def readinto(self, room: memoryview, /) -> int:
        """Wait for the next bytes, put them there; how many came, 0 at the end."""


class Mismatch(Exception):
    """The bytes are not those of the checksum; none of them was kept."""


class Lost(Exception):
    """The bytes of the transfer are gone, or it is finished and used."""


def begin(*, name: str, length: int, metadata: str, centre: Centre, by: User) -> Transfer:
    """Take room for a file that is to come, or raise Refused before its first byte."""
    refuse_unless(can_upload(by, centre))
    name = checks.check_name(name)
    checks.check_size(length)
    with transaction.atomic():
        quota.hold(centre)
        quota.check_room(user=by, centre=centre, size=length)
        transfer = Transfer.objects.create(
            centre=centre,
            owner=by,
            name=name,
            metadata=metadata,
            length=length,
            expires_at=timezone.now() + LIFE,
        )
        parts.make(transfer.pk)
    return transfer


def offset(*, transfer: Transfer) -> int:
    """How many bytes are here and will stay.

    Raises Lost for one that has expired: its room is promised to others, though its bytes lie
    there until the next sweep.
    """
    if transfer.finished_at:
        return transfer.length
    if transfer.expires_at <= timezone.now():
        raise Lost
    try:
        return parts.size_of(transfer.pk)
    except FileNotFoundError as error:
        transfer.refresh_from_db()
        if transfer.finished_at:
            return transfer.length
        raise Lost from error


def add(
    *, transfer: Transfer, body: Body, at: int, most: int, checksum: Checksum | None, by: User
) -> int:
    """Keep what comes, as it comes, up to `most` bytes; the new offset. The last byte finishes.

    A connection that breaks keeps what came before; with a checksum, which can then not be
    checked, nothing.
    """
    _check_may(transfer, by)
    with _part(transfer) as part:
        for piece in _checked(body, most, checksum) if checksum else _pieces(body, most):
            part.add(piece, at=at)
            at += len(piece)
        if at == transfer.length:
            _finish(transfer, part, by)
    return at


def _part(transfer: Transfer) -> Part:
    try:
        return Part(transfer.pk, length=transfer.length)
    except FileNotFoundError as error:
        raise Lost from error


def _pieces(body: Body, most: int) -> Iterator[memoryview]:
    goes_on = True
    while most and goes_on:
        room, came = memoryview(bytearray(min(most, LARGEST))), 0
        until = time.monotonic() + PATIENCE
        while goes_on and came < len(room) and time.monotonic() < until:
            next_ones = _next(body, room[came:])
            goes_on, came = bool(next_ones), came + next_ones
        most -= came
        if came:
            yield room[:came]


def _next(body: Body, room: memoryview) -> int:
    try:
        return body.readinto(room)
    except OSError:  # the connection broke; what came before stays
        return 0


def _checked(body: Body, most: int, checksum: Checksum) -> Iterator[bytes | memoryview]:
    """The pieces again, once all of them have proved right; until then they lie aside."""
    digest = checksum.start()
    with tempfile.TemporaryFile(dir=parts.folder()) as aside:
        for piece in _pieces(body, most):
            digest.update(piece)
            with store.plain_failures():
                aside.write(piece)
        if digest.digest() != checksum.digest:
            raise Mismatch
        aside.seek(0)
        while proved := aside.read(LARGEST):
            yield proved


def finish(*, transfer: Transfer, by: User) -> Upload | None:
    """What a transfer became whose bytes are all here; nothing once that was used.

    May be called again and again, at once or after a crash: the file is made once. Raises
    Refused, and ends the transfer, when it is a file that may not come in.
    """
    _check_may(transfer, by)
    if not transfer.finished_at:
        with _part(transfer) as part:
            _finish(transfer, part, by)
    return transfer.upload


def _check_may(transfer: Transfer, by: User) -> None:
    refuse_unless(transfer.owner_id == by.pk and can_upload(by, transfer.centre))


def _finish(transfer: Transfer, part: Part, by: User) -> None:
    with part.locked():
        _look_again(transfer)
        if not transfer.finished_at and part.is_whole:
            _take_in(transfer, part, by)


def _look_again(transfer: Transfer) -> None:
    try:
        transfer.refresh_from_db(fields=["upload", "finished_at"])
    except Transfer.DoesNotExist as error:
        raise Lost from error


def _take_in(transfer: Transfer, part: Part, by: User) -> None:
    try:
        with upkeep.bringing():
            found = examine(part, transfer.name)
            with transaction.atomic():
                transfer.upload = enter(found, centre=transfer.centre, by=by)
                transfer.finished_at = timezone.now()
                transfer.save(update_fields=["upload", "finished_at"])
    except Refused as refusal:
        if refusal.status < 500:  # otherwise the disk is full, and may have room later
            part.remove()
            transfer.delete()
        raise
    part.remove()


def end(*, transfer: Transfer, by: User) -> None:
    """Give a transfer up: its bytes go, and the room it took. What it became stays."""
    refuse_unless(transfer.owner_id == by.pk)
    with suppress(Lost), _part(transfer) as part, part.locked():
        part.remove()
    Transfer.objects.filter(pk=transfer.pk).delete()


def prolong(*, transfer: Transfer) -> None:
    """Somebody is still at it."""
    transfer.expires_at = timezone.now() + LIFE
    Transfer.objects.filter(pk=transfer.pk).update(expires_at=transfer.expires_at)


def sweep() -> int:
    """End what was given up; how many transfers that was."""
    now, ended = timezone.now(), 0
    for pk in Transfer.objects.filter(expires_at__lt=now).values_list("pk", flat=True):
        gone, _rows = Transfer.objects.filter(pk=pk, expires_at__lt=now).delete()
        ended += bool(gone)  # unless somebody went on with it this moment
    parts.sweep(lambda names: {str(pk) for pk in _unfinished(names)})
    return ended


def _unfinished(names: Collection[str]) -> Iterable[uuid.UUID]:
    rows = Transfer.objects.filter(pk__in=names, finished_at=None)
    return rows.values_list("pk", flat=True)
