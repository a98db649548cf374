"""Where a claim, a version of evidence and an enrolment can stand, and every move between."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ledger.transitions import Transition, Transitions


class ClaimStatus(models.TextChoices):
    CLAIMED = "claimed", _("Claimed")
    SUBMITTED = "submitted", _("Submitted")
    MET = "met", _("Met")
    NOT_YET = "not_yet", _("Not yet")


CLAIM: Transitions = {
    "submit": Transition((ClaimStatus.CLAIMED,), ClaimStatus.SUBMITTED),
    "meet": Transition((ClaimStatus.SUBMITTED,), ClaimStatus.MET),
    "not_yet": Transition((ClaimStatus.SUBMITTED,), ClaimStatus.NOT_YET),
    # The decision was taken back.
    "reopen": Transition((ClaimStatus.MET, ClaimStatus.NOT_YET), ClaimStatus.SUBMITTED),
}


class VersionStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    ACCEPTED = "accepted", _("Accepted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


VERSION: Transitions = {
    "submit": Transition((VersionStatus.DRAFT,), VersionStatus.SUBMITTED),
    "withdraw": Transition((VersionStatus.DRAFT,), VersionStatus.WITHDRAWN),
    # One item can go to the assessors of several units; the first to return it decides.
    "return": Transition(
        (VersionStatus.SUBMITTED, VersionStatus.ACCEPTED, VersionStatus.RETURNED),
        VersionStatus.RETURNED,
    ),
    "accept": Transition((VersionStatus.SUBMITTED,), VersionStatus.ACCEPTED),
    "reopen": Transition((VersionStatus.RETURNED, VersionStatus.ACCEPTED), VersionStatus.SUBMITTED),
}


class EnrolmentStatus(models.TextChoices):
    ACTIVE = "active", _("Active")
    AWAITING_COUNTERSIGNATURE = "awaiting_countersignature", _("Awaiting countersignature")
    SIGNED_OFF = "signed_off", _("Signed off")
    WITHDRAWN = "withdrawn", _("Withdrawn")


ENROLMENT: Transitions = {
    "sign_off": Transition((EnrolmentStatus.ACTIVE,), EnrolmentStatus.SIGNED_OFF),
    "sign_off_provisionally": Transition(
        (EnrolmentStatus.ACTIVE,), EnrolmentStatus.AWAITING_COUNTERSIGNATURE
    ),
    "countersign": Transition(
        (EnrolmentStatus.AWAITING_COUNTERSIGNATURE,), EnrolmentStatus.SIGNED_OFF
    ),
    "refuse_countersignature": Transition(
        (EnrolmentStatus.AWAITING_COUNTERSIGNATURE,), EnrolmentStatus.ACTIVE
    ),
    # The sign-off was taken back.
    "reopen": Transition(
        (EnrolmentStatus.SIGNED_OFF, EnrolmentStatus.AWAITING_COUNTERSIGNATURE),
        EnrolmentStatus.ACTIVE,
    ),
    "withdraw": Transition((EnrolmentStatus.ACTIVE,), EnrolmentStatus.WITHDRAWN),
    "reinstate": Transition((EnrolmentStatus.WITHDRAWN,), EnrolmentStatus.ACTIVE),
}
