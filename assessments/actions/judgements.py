"""Judging as one goes: drafts, each assessor's own, that count only with the decision.

Each judgement as it was first given, and each change of mind, is an entry in the ledger. The
words are not: they are typed and saved many times over, and the decision's own entry seals
those that went out.
"""

import datetime
from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import refuse_unless
from assessments.actions.guards import hold_waiting
from assessments.actions.stale import Stale, is_behind
from assessments.actions.ticks import put_ticks, ticked_points
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
    points: Collection[int] | None = None,
    revision: int | None = None,
) -> Judgement:
    """Keep this assessor's judgement of one claim, finished or not, until the decision.

    `points` are the marking points it earns, which stay as they are when none are given.
    `revision` is the draft's that the page showed: an older page changes nothing.
    """
    refuse_unless(can_judge(by, submission))
    refuse_unless(_belongs(claim, submission))
    if outcome and outcome not in Judgement.Outcome.values:
        raise ValidationError(_("Choose “met” or “not yet”."))
    _check_length(reason, feedback)
    hold_waiting(submission)
    given = {
        "outcome": outcome,
        "reason": reason.strip(),
        "feedback": feedback.strip(),
        "valid": valid,
        "authentic": authentic,
        "reliable": reliable,
        "current": current,
        "sufficient": sufficient,
    }
    # Whoever saves holds the submission, so nobody else makes this row in between.
    own = Judgement.objects.filter(submission=submission, claim=claim, assessor=by)
    judgement = own.first() or Judgement(submission=submission, assessor=by)
    judgement.claim = claim  # as it was loaded, with its criterion
    before = judgement.given
    ticked = points is not None and set(points) != ticked_points(judgement)
    if _put(judgement, given, revision, more=ticked) and judgement.given != before:
        _record(judgement, submission, by)
    if points is not None and ticked:
        put_ticks(judgement, submission, points)
    return judgement


@transaction.atomic
def save_feedback(
    *, submission: Submission, text: str, by: User, revision: int | None = None
) -> FeedbackDraft:
    """Keep this assessor's feedback on the whole submission until the decision."""
    refuse_unless(can_judge(by, submission))
    _check_length(text)
    hold_waiting(submission)
    own = FeedbackDraft.objects.filter(submission=submission, assessor=by)
    draft = own.first() or FeedbackDraft(submission=submission, assessor=by)
    _put(draft, {"text": text.strip()}, revision)
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
    # Sent twice, after a timeout or by a double click, it is still one thing to do.
    return ActionPoint.objects.get_or_create(
        submission=submission, text=text, due_on=due_on, created_by=by
    )[0]


@transaction.atomic
def remove_action_point(*, action_point: ActionPoint, by: User) -> None:
    """Take back one's own action point while nothing is decided."""
    refuse_unless(can_judge(by, action_point.submission))
    if action_point.created_by_id != by.pk:
        raise PermissionDenied
    hold_waiting(action_point.submission)
    action_point.delete()


def _put(
    draft: Judgement | FeedbackDraft,
    given: Mapping[str, Any],
    revision: int | None,
    *,
    more: bool = False,
) -> bool:
    """Whether anything was new (`more`: beside the row). The same words sent again after a
    timeout are no second save, and no quarrel with an older page either."""
    same = all(getattr(draft, name) == value for name, value in given.items())
    if draft.pk and same and not more:
        return False
    if is_behind(draft, revision):
        raise Stale(draft)
    for name, value in given.items():
        setattr(draft, name, value)
    draft.revision += 1
    draft.save()
    return True


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
