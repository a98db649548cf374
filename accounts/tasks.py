"""Sending invitations and notices. The row is the queue's truth: `sent_at`, or `mailed_at`, is
empty until it went out."""

from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import mailing
from accounts.links import send_once, send_what_is_left
from accounts.models import Invitation

INVITATIONS = Invitation.objects.select_related("user", "centre", "invited_by")


@shared_task
def send_invitations(invitation_ids: list[int]) -> None:
    for pk in invitation_ids:
        send_once(INVITATIONS.all(), pk, _send)


@shared_task
def send_unsent() -> None:
    send_what_is_left(INVITATIONS.all(), _send)


@shared_task
def mail_notices() -> None:
    mailing.mail_at_once()


@shared_task
def mail_daily_notices() -> None:
    mailing.mail_daily()


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
