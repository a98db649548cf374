"""Links that work once and come by e-mail: how they are kept, sent and sent again.

The database keeps a token's digest, and a nonce from which the token can be made again only
with the server's secret key: so the e-mail can be sent later by a worker that knows no more
than the row's id, and yet a copy of the database opens nothing.
"""

import hashlib
import logging
import secrets
from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPException
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

log = logging.getLogger(__name__)

LINK_LASTS = timedelta(days=14)
GIVE_UP_AFTER = timedelta(days=1)
NOT_BEFORE = timedelta(minutes=1)


class MailedLink(models.Model):
    """The part of a row that is a link: `sent_at` is empty until its e-mail went out."""

    SALT: ClassVar[str]

    nonce = models.CharField(max_length=32, editable=False)
    token_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @staticmethod
    def new_nonce() -> str:
        return secrets.token_hex(16)

    @classmethod
    def token_from(cls, nonce: str) -> str:
        return salted_hmac(cls.SALT, nonce, algorithm="sha256").hexdigest()

    def token(self) -> str:
        return self.token_from(self.nonce)

    @staticmethod
    def digest(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()

    @classmethod
    def fresh(cls) -> dict[str, Any]:
        """The fields of a new link, which makes the one before stop working."""
        nonce = cls.new_nonce()
        return {
            "nonce": nonce,
            "token_digest": cls.digest(cls.token_from(nonce)),
            "expires_at": timezone.now() + LINK_LASTS,
            "sent_at": None,
        }


Link = TypeVar("Link", bound=MailedLink)


def send_once(rows: models.QuerySet[Link], pk: int, send: Callable[[Link], None]) -> None:
    """Send one link's e-mail, unless it went out already or is no longer wanted."""
    link = rows.filter(pk=pk, sent_at=None, withdrawn_at=None).first()
    if link is None:
        return
    try:
        send(link)
    except (SMTPException, OSError):
        log.exception("%s %s could not be sent yet", link._meta.verbose_name, pk)
        return
    # Only the link that was sent: another may have been asked for meanwhile.
    rows.model._base_manager.filter(pk=pk, nonce=link.nonce).update(sent_at=timezone.now())


def send_what_is_left(rows: models.QuerySet[Link], send: Callable[[Link], None]) -> None:
    """What the broker or the mail server did not take; it can also be asked for again."""
    asked_before = timezone.now() + LINK_LASTS
    waiting = rows.filter(
        sent_at=None,
        withdrawn_at=None,
        expires_at__gt=asked_before - GIVE_UP_AFTER,
        expires_at__lt=asked_before - NOT_BEFORE,
    )
    for pk in waiting.values_list("pk", flat=True):
        send_once(rows, pk, send)
