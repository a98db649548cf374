"""Judging as one goes: drafts, each assessor's own, that count only with the decision.

Each judgement as it was first given, and each change of mind, is an entry in the ledger. The
words are not: they are typed and saved many times over, and the decision's own entry seals
those that went out.
"""

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import refuse_unless
from assessments.actions.guards import hold_waiting
from assessments.models import ActionPoint, FeedbackDraft, Judgement, Submission
from assessments.permissions import can_judge
from ledger.record import record
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
    # Whoever saves holds the submission, so nobody else makes this row in between.
    judgement = Judgement.objects.filter(claim=claim, assessor=by).first() or Judgement(
        submission=submission, assessor=by
    )
    judgement.claim = claim  # as it was loaded, with its criterion
    before = judgement.given
    judgement.outcome = outcome
    judgement.reason, judgement.feedback = reason.strip(), feedback.strip()
    judgement.valid, judgement.authentic, judgement.reliable = valid, authentic, reliable
    judgement.current, judgement.sufficient = current, sufficient
    judgement.save()
    if judgement.given != before:
        _record(judgement, submission, by)
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


def _record(judgement: Judgement, submission: Submission, by: User) -> None:
    version = submission.version
    record(
        stream=submission.enrolment.portfolio.stream,
        verb="claim_judged",
        subject=judgement,
        by=by,
        facts={
            "evidence": version.evidence.number,
            "version": version.number,
            "enrolment": submission.enrolment_id,
            "claim": judgement.claim_id,
            "criterion": judgement.claim.criterion.code,
            "outcome": judgement.outcome,
            "varcs": judgement.held,
        },
    )


def _belongs(claim: Claim, submission: Submission) -> bool:
    return (claim.version_id, claim.enrolment_id) == (
        submission.version_id,
        submission.enrolment_id,
    )


def _check_length(*texts: str) -> None:
    if any(len(text) > LONGEST for text in texts):
        raise ValidationError(_("This text is too long. Use at most 10,000 letters."))
