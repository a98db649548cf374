"""Sending invitations. The row is the queue's truth: `sent_at` is empty until it went out."""

import logging
from datetime import timedelta
from smtplib import SMTPException

from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Invitation

log = logging.getLogger(__name__)
GIVE_UP_AFTER = timedelta(days=1)
NOT_BEFORE = timedelta(minutes=1)


@shared_task
def send_invitations(invitation_ids: list[int]) -> None:
    for pk in invitation_ids:
        _send_once(pk)


def _send_once(invitation_id: int) -> None:
    """Send one e-mail, unless it went out already or is no longer wanted."""
    unsent = Invitation.objects.select_related("user", "centre", "invited_by")
    invitation = unsent.filter(pk=invitation_id, sent_at=None, withdrawn_at=None).first()
    if invitation is None:
        return
    try:
        _send(invitation)
    except (SMTPException, OSError):
        log.exception("Invitation %s could not be sent yet", invitation_id)
        return
    # Only the link that was sent: another may have been asked for meanwhile.
    Invitation.objects.filter(pk=invitation_id, nonce=invitation.nonce).update(
        sent_at=timezone.now()
    )


@shared_task
def send_unsent() -> None:
    """What the broker or the mail server did not take; the person can also be asked again."""
    now = timezone.now()
    waiting = Invitation.objects.filter(
        sent_at=None,
        withdrawn_at=None,
        created_at__gt=now - GIVE_UP_AFTER,
        created_at__lt=now - NOT_BEFORE,
    )
    for pk in waiting.values_list("pk", flat=True):
        _send_once(pk)


def _send(invitation: Invitation) -> None:
    joined = invitation.accepted_at is not None
    path = reverse("home") if joined else reverse("invitation", args=[invitation.token()])
    context = {
        "invitation": invitation,
        "link": settings.ORIGIN + path,
        "until": timezone.localtime(invitation.expires_at),
    }
    name = "added" if joined else "invited"
    words = _("%(centre)s has added you") if joined else _("%(centre)s has invited you to Signpost")
    centre = " ".join(invitation.centre.name.split())  # a header holds no line break
    send_mail(
        subject=words % {"centre": centre},
        message=render_to_string(f"accounts/email/{name}.txt", context),
        from_email=None,
        recipient_list=[invitation.user.email],
    )
