"""How much room there is for files: each centre has so much, and each of its people.

What counts is what a person brought, once however often it was sent or used, and what is on
its way in: room is taken when a transfer begins, so that it is not promised twice.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Centre, User
from files.models import Blob, Brought, Quota, Transfer
from files.refusals import Refused
from files.templatetags.sizes import plain_size

MB = 1024 * 1024


class OverQuota(Refused):
    status = 413


@dataclass(frozen=True)
class Room:
    person_used: int
    person_limit: int
    centre_used: int
    centre_limit: int

    @property
    def person_left(self) -> int:
        return max(0, self.person_limit - self.person_used)

    @property
    def centre_left(self) -> int:
        return max(0, self.centre_limit - self.centre_used)

    @property
    def left(self) -> int:
        return min(self.person_left, self.centre_left)

    @property
    def largest(self) -> int:
        """The largest file that can be sent now."""
        return min(self.left, settings.MAX_UPLOAD_BYTES)

    @property
    def is_short(self) -> bool:
        """Whether a file of the size that is otherwise allowed may not fit."""
        return self.left < settings.MAX_UPLOAD_BYTES


def room_for(user: User, centre: Centre) -> Room:
    kept = _sizes(Brought.objects.filter(centre=centre), "size", user)
    coming = _sizes(_under_way(centre), "length", user)
    quota = Quota.objects.filter(centre=centre).first()
    return Room(
        person_used=kept["person"] + coming["person"],
        person_limit=quota.person_bytes if quota else settings.PERSON_QUOTA_MB * MB,
        centre_used=kept["centre"] + coming["centre"],
        centre_limit=quota.centre_bytes if quota else settings.CENTRE_QUOTA_MB * MB,
    )


def _under_way(centre: Centre) -> QuerySet[Transfer]:
    return Transfer.objects.filter(centre=centre, finished_at=None, expires_at__gt=timezone.now())


def _sizes(rows: QuerySet, field: str, user: User) -> dict[str, int]:
    return rows.aggregate(
        centre=Coalesce(Sum(field), 0),
        person=Coalesce(Sum(field, filter=Q(owner=user)), 0),
    )


def check_room(*, user: User, centre: Centre, size: int) -> None:
    """Refuse a file that does not fit. Where something is saved next, `hold` comes first."""
    room = room_for(user, centre)
    if size > room.person_left:
        raise OverQuota(_says_for_person(room))
    if size > room.centre_left:
        raise OverQuota(_says_for_centre(room))


def _says_for_person(room: Room) -> str:
    return _(
        "There is no room for this file: you have %(left)s left of %(limit)s."
        " Send a smaller one, or ask your centre's admin."
    ) % {"left": plain_size(room.person_left), "limit": plain_size(room.person_limit)}


def _says_for_centre(room: Room) -> str:
    return _(
        "There is no room for this file: your centre has %(left)s left of %(limit)s."
        " Tell your centre's admin."
    ) % {"left": plain_size(room.centre_left), "limit": plain_size(room.centre_limit)}


def hold(centre: Centre) -> None:
    """Until the transaction ends nobody else takes room in this centre. (On SQLite nobody else
    writes at all.)"""
    Centre.objects.select_for_update(no_key=True).filter(pk=centre.pk).values("pk").first()


def check_room_for(*, user: User, centre: Centre, sha256: str, size: int) -> None:
    """The same for bytes that are known: those which the person brought before take none."""
    if not Brought.objects.filter(owner=user, centre=centre, blob__sha256=sha256).exists():
        check_room(user=user, centre=centre, size=size)


def count(*, user: User, centre: Centre, blob: Blob) -> None:
    """Note that a person brought these bytes; once is enough."""
    row = Brought(owner=user, centre=centre, blob=blob, size=blob.size)
    Brought.objects.bulk_create([row], ignore_conflicts=True)
