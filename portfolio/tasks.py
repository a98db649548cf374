"""Work of this room that is done outside a request; the rows say what is still to do."""

from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.links import send_once, send_what_is_left
from portfolio.hiding import making, queue
from portfolio.models import WitnessInvitation

UNUSED = WitnessInvitation.objects.filter(used_at=None).select_related(
    "invited_by",
    "enrolment__portfolio__learner",
    "enrolment__portfolio__centre",
    "enrolment__edition__standard",
)


@shared_task
def send_witness_invitation(invitation_id: int) -> None:
    send_once(UNUSED.all(), invitation_id, _send)


@shared_task
def send_unsent_to_witnesses() -> None:
    send_what_is_left(UNUSED.all(), _send)


# A film of an hour is coded anew in about as long; what takes longer will never end.
@shared_task(soft_time_limit=2 * 60 * 60, time_limit=2 * 60 * 60 + 60)
def make_redaction(redaction_id: int) -> None:
    making.make(redaction_id)


@shared_task
def resend_redactions() -> None:
    queue.resend()


def _send(invitation: WitnessInvitation) -> None:
    """The letter holds the learner's name and unit, and not a word of evidence."""
    learner = " ".join(invitation.enrolment.portfolio.learner.name.split())
    context = {
        "invitation": invitation,
        "enrolment": invitation.enrolment,
        "learner": learner,
        "link": settings.ORIGIN + reverse("testimony", args=[invitation.token()]),
        "until": timezone.localtime(invitation.expires_at),
    }
    send_mail(
        subject=_("What did you see %(name)s do?") % {"name": learner},
        message=render_to_string("portfolio/email/witness.txt", context),
        from_email=None,
        recipient_list=[invitation.email],
    )
