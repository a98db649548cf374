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


class JudgementStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    DECIDED = "decided", _("Decided")
    TAKEN_BACK = "taken_back", _("Taken back")


# Its state is no column: it follows from when it was decided, and from its submission's withdrawal.
JUDGEMENT: Transitions = {
    "save": Transition((JudgementStatus.DRAFT,), JudgementStatus.DRAFT),
    "decide": Transition((JudgementStatus.DRAFT,), JudgementStatus.DECIDED),
    "take_back": Transition((JudgementStatus.DECIDED,), JudgementStatus.TAKEN_BACK),
}


class SignOffStatus(models.TextChoices):
    AWAITING_COUNTERSIGNATURE = "awaiting_countersignature", _("Awaiting countersignature")
    SIGNED_OFF = "signed_off", _("Signed off")
    REFUSED = "refused", _("Countersignature refused")


SIGN_OFF: Transitions = {
    "countersign": Transition((SignOffStatus.AWAITING_COUNTERSIGNATURE,), SignOffStatus.SIGNED_OFF),
    "refuse": Transition((SignOffStatus.AWAITING_COUNTERSIGNATURE,), SignOffStatus.REFUSED),
}


class AppealStatus(models.TextChoices):
    OPEN = "open", _("Open")
    UPHELD = "upheld", _("Upheld")
    REJECTED = "rejected", _("Not upheld")
    GIVEN_UP = "given_up", _("Given up")


APPEAL: Transitions = {
    "uphold": Transition((AppealStatus.OPEN,), AppealStatus.UPHELD),
    "reject": Transition((AppealStatus.OPEN,), AppealStatus.REJECTED),
    "give_up": Transition((AppealStatus.OPEN,), AppealStatus.GIVEN_UP),
}


class RecordStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    MAKING = "making", _("Being made")
    WITH_LEARNER = "with_learner", _("With the learner")
    CONFIRMED = "confirmed", _("Confirmed")
    CANCELLED = "cancelled", _("Cancelled")


RECORD: Transitions = {
    "begin": Transition((RecordStatus.PLANNED,), RecordStatus.MAKING),
    # For written questions this is asking them; for all else, asking the learner to confirm.
    "share": Transition((RecordStatus.PLANNED, RecordStatus.MAKING), RecordStatus.WITH_LEARNER),
    "question": Transition((RecordStatus.WITH_LEARNER,), RecordStatus.MAKING),
    # The assessor saw something to put right before she answered.
    "take_back": Transition((RecordStatus.WITH_LEARNER,), RecordStatus.MAKING),
    "confirm": Transition((RecordStatus.WITH_LEARNER,), RecordStatus.CONFIRMED),
    # What was handed in came back: its next version is made, and confirmed, as the first was.
    "amend": Transition((RecordStatus.CONFIRMED,), RecordStatus.MAKING),
    "cancel": Transition((RecordStatus.PLANNED, RecordStatus.MAKING), RecordStatus.CANCELLED),
}
