"""Judging as one goes: drafts, each assessor's own, that count only with the decision.

Nothing here is written to the ledger. A draft decides nothing and nobody but its writer sees
it; what the decision takes from it is in the decision's own entry.
"""

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from assessments.actions.guards import hold_waiting, refuse_unless
from assessments.models import ActionPoint, FeedbackDraft, Judgement, Submission
from assessments.permissions import can_judge
from portfolio.models import Claim

LONGEST = 10_000


@transaction.atomic
def save_judgement(
    *,
    claim: Claim,
    submission: Submission,
    by: User,
    outcome: str,
    reason: str,
    valid: bool,
    authentic: bool,
    reliable: bool,
    current: bool,
    sufficient: bool,
    feedback: str,
) -> Judgement:
    """Keep this assessor's judgement of one claim, finished or not, until the decision."""
    refuse_unless(can_judge(by, submission))
    refuse_unless(_belongs(claim, submission))
    if outcome and outcome not in Judgement.Outcome.values:
        raise ValidationError(_("Choose “met” or “not yet”."))
    _check_length(reason, feedback)
    hold_waiting(submission)
    judgement, _created = Judgement.objects.update_or_create(
        claim=claim,
        assessor=by,
        defaults={
            "submission": submission,
            "outcome": outcome,
            "reason": reason.strip(),
            "valid": valid,
            "authentic": authentic,
            "reliable": reliable,
            "current": current,
            "sufficient": sufficient,
            "feedback": feedback.strip(),
        },
    )
    return judgement


@transaction.atomic
def save_feedback(*, submission: Submission, text: str, by: User) -> FeedbackDraft:
    """Keep this assessor's feedback on the whole submission until the decision."""
    refuse_unless(can_judge(by, submission))
    _check_length(text)
    hold_waiting(submission)
    draft, _created = FeedbackDraft.objects.update_or_create(
        submission=submission, assessor=by, defaults={"text": text.strip()}
    )
    return draft


@transaction.atomic
def add_action_point(
    *, submission: Submission, text: str, due_on: datetime.date, by: User
) -> ActionPoint:
    """Something for the learner to do, by a date that has not passed."""
    refuse_unless(can_judge(by, submission))
    text = text.strip()
    if not text or len(text) > 500:
        raise ValidationError(_("Say what to do, in at most 500 letters."))
    if due_on < timezone.localdate():
        raise ValidationError(_("The date of an action can't be in the past."))
    hold_waiting(submission)
    return ActionPoint.objects.create(
        submission=submission, text=text, due_on=due_on, created_by=by
    )


@transaction.atomic
def remove_action_point(*, action_point: ActionPoint, by: User) -> None:
    """Take back one's own action point while nothing is decided."""
    refuse_unless(can_judge(by, action_point.submission))
    if action_point.created_by_id != by.pk:
        raise PermissionDenied
    hold_waiting(action_point.submission)
    action_point.delete()


def _belongs(claim: Claim, submission: Submission) -> bool:
    return (claim.version_id, claim.enrolment_id) == (
        submission.version_id,
        submission.enrolment_id,
    )


def _check_length(*texts: str) -> None:
    if any(len(text) > LONGEST for text in texts):
        raise ValidationError(_("This text is too long. Use at most 10,000 letters."))
