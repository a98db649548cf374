"""Where a submission and a sign-off can stand, and every move between."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ledger.transitions import Transition, Transitions


class SubmissionStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    ACCEPTED = "accepted", _("Accepted")
    RETURNED = "returned", _("Returned")


SUBMISSION: Transitions = {
    "accept": Transition((SubmissionStatus.WAITING,), SubmissionStatus.ACCEPTED),
    "return": Transition((SubmissionStatus.WAITING,), SubmissionStatus.RETURNED),
}


class SignOffStatus(models.TextChoices):
    AWAITING_COUNTERSIGNATURE = "awaiting_countersignature", _("Awaiting countersignature")
    SIGNED_OFF = "signed_off", _("Signed off")
    REFUSED = "refused", _("Countersignature refused")


SIGN_OFF: Transitions = {
    "countersign": Transition((SignOffStatus.AWAITING_COUNTERSIGNATURE,), SignOffStatus.SIGNED_OFF),
    "refuse": Transition((SignOffStatus.AWAITING_COUNTERSIGNATURE,), SignOffStatus.REFUSED),
}
