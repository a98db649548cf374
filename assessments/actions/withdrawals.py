"""Taking a decision back. It stays as it was; the same work waits again, as the next round."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import refuse_unless
from assessments.actions.carrying import carry_drafts
from assessments.actions.guards import hold_as_it_is, hold_open
from assessments.models import Appeal, SignOff, Submission, Withdrawal
from assessments.permissions import can_undo, can_withdraw, can_withdraw_sign_off
from assessments.telling import of_undoing, of_withdrawing, of_withdrawing_sign_off
from assessments.undoing import follows_an_undone, is_in_time, is_made_anew, later_versions
from assessments.workflow import SignOffStatus, SubmissionStatus
from ledger.record import record
from ledger.transitions import TransitionRefused, move
from portfolio.hiding.guards import hold_item
from portfolio.models import Claim, Enrolment, EvidenceVersion
from portfolio.workflow import CLAIM, ENROLMENT, VERSION, VersionStatus

LONGEST = 4_000
UNDONE, WITHDRAWN = Withdrawal.Kind.UNDONE, Withdrawal.Kind.WITHDRAWN


@transaction.atomic
def undo(*, submission: Submission, by: User) -> Submission:
    """Within a minute, by whoever sent it: the same work waits again, with all they had written.

    Asked twice, the second answer is the first one's.
    """
    refuse_unless(can_undo(by, submission))
    _hold_decided(submission)
    if again := _taken_back_by(submission, by, UNDONE, ""):
        return again
    hold_open(submission.enrolment)
    _refuse_to_undo(submission)
    following = take_back(submission, kind=UNDONE, by=by)
    carry_drafts(submission, following)
    return following


@transaction.atomic
def withdraw(*, submission: Submission, reason: str, by: User) -> Submission:
    """An IQA takes a colleague's decision back, with a reason; a sign-off that rests on it goes
    with it."""
    refuse_unless(can_withdraw(by, submission))
    reason = checked_reason(reason)
    _hold_decided(submission)
    if again := _taken_back_by(submission, by, WITHDRAWN, reason):
        return again
    refuse_while_appealed(submission.enrolment, submission)
    return overturn(submission, by=by, reason=reason)


@transaction.atomic
def withdraw_sign_off(*, sign_off: SignOff, reason: str, by: User) -> Withdrawal:
    """The unit is open again; the sign-off stays in sight with who, when and why."""
    refuse_unless(can_withdraw_sign_off(by, sign_off))
    reason = checked_reason(reason)
    hold_as_it_is(sign_off.enrolment)
    same = Withdrawal.objects.filter(sign_off=sign_off, by=by, reason=reason).first()
    if same:
        return same
    refuse_while_appealed(sign_off.enrolment, None)
    return take_back_sign_off(sign_off, by=by, reason=reason)


def overturn(
    submission: Submission, *, by: User, reason: str, appeal: Appeal | None = None
) -> Submission:
    """Take a decision back for a reason; first the sign-off that rests on it, if there is one.

    An appeal is answered also where the learner has left the unit: what was decided wrongly is
    put right, and the work waits for the day she comes back.
    """
    enrolment = submission.enrolment
    for signed in SignOff.objects.in_force().filter(enrolment=enrolment):
        take_back_sign_off(signed, by=by, reason=reason, appeal=appeal)
    if appeal is None:
        hold_open(enrolment)
    else:
        hold_as_it_is(enrolment)
    return take_back(submission, kind=WITHDRAWN, by=by, reason=reason, appeal=appeal)


def take_back_sign_off(
    sign_off: SignOff, *, by: User, reason: str, appeal: Appeal | None = None
) -> Withdrawal:
    earlier = Withdrawal.objects.filter(sign_off=sign_off).select_related("by").first()
    if earlier:
        raise TransitionRefused(earlier.standing())
    if sign_off.status == SignOffStatus.REFUSED:
        raise TransitionRefused(sign_off.standing())
    move(sign_off.enrolment, verb="reopen", table=ENROLMENT)
    withdrawal = Withdrawal.objects.create(
        kind=WITHDRAWN, sign_off=sign_off, by=by, at=timezone.now(), reason=reason, appeal=appeal
    )
    record(
        stream=sign_off.enrolment.portfolio.stream,
        verb="sign_off_withdrawn",
        subject=sign_off,
        by=by,
        facts={
            "enrolment": sign_off.enrolment_id,
            "round": sign_off.round,
            "status": sign_off.status,
            "signed_by": sign_off.assessor_id,
            "appeal": appeal.pk if appeal else None,
        },
        sealed={"reason": reason},
    )
    of_withdrawing_sign_off(sign_off, by)
    return withdrawal


def refuse_while_appealed(enrolment: Enrolment, submission: Submission | None) -> None:
    """The answer to the appeal decides; nobody goes past it."""
    if Appeal.objects.open().filter(enrolment=enrolment, submission=submission).exists():
        raise TransitionRefused(_("The learner appeals against this. Answer the appeal instead."))


def take_back(
    submission: Submission,
    *,
    kind: str,
    by: User,
    reason: str = "",
    appeal: Appeal | None = None,
) -> Submission:
    """The next round of the same work, seen as it was handed in; the caller asked who may."""
    _refuse_unless_standing(submission)
    Withdrawal.objects.create(
        kind=kind, submission=submission, by=by, at=timezone.now(), reason=reason, appeal=appeal
    )
    following = Submission.objects.create(
        version=submission.version,
        enrolment=submission.enrolment,
        round=submission.round + 1,
        submitted_at=submission.submitted_at,
        frozen=submission.frozen,
        frozen_sha256=submission.frozen_sha256,
    )
    _reopen_claims(submission)
    _reopen_version(submission.version, following)
    _record(submission, following, f"decision_{kind}", by, reason, appeal)
    if kind == UNDONE:
        of_undoing(submission)
    else:
        of_withdrawing(submission, following, by)
    return following


def checked_reason(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise ValidationError(_("Say why."), code="reason")
    if len(reason) > LONGEST:
        raise ValidationError(_("This text is too long. Use at most 4,000 letters."), code="reason")
    return reason


def _hold_decided(submission: Submission) -> None:
    """In the order in which handing in and deciding hold them: the item, the unit, the version."""
    hold_item(submission.version.evidence)
    hold_as_it_is(submission.enrolment)
    hold_as_it_is(submission.version)


def _taken_back_by(submission: Submission, by: User, kind: str, reason: str) -> Submission | None:
    """The same request once more, after a timeout or a double click: what it led to."""
    same = Withdrawal.objects.filter(submission=submission, by=by, kind=kind, reason=reason)
    if not same.exists():
        return None
    return Submission.objects.get(
        version=submission.version_id,
        enrolment=submission.enrolment_id,
        round=submission.round + 1,
    )


def _refuse_to_undo(submission: Submission) -> None:
    if not is_in_time(submission):
        raise TransitionRefused(
            _("It is more than a minute ago. Your IQA can withdraw this decision, with a reason.")
        )
    if submission.round > 1 and follows_an_undone(submission):
        raise TransitionRefused(_("You undid this once already. Your decision stands now."))
    refuse_while_appealed(submission.enrolment, submission)
    if later_versions(submission).exists():
        raise TransitionRefused(_("The learner has read it and begun a new version already."))
    if is_made_anew(submission):
        raise TransitionRefused(_("The record is being made anew already."))


def _refuse_unless_standing(submission: Submission) -> None:
    if submission.status == SubmissionStatus.WAITING:
        raise TransitionRefused(submission.standing())
    if earlier := Withdrawal.objects.filter(submission=submission).select_related("by").first():
        raise TransitionRefused(earlier.standing())


def _reopen_claims(submission: Submission) -> None:
    transition = CLAIM["reopen"]
    decided = Claim.objects.filter(
        version=submission.version_id,
        enrolment=submission.enrolment_id,
        status__in=transition.old,
    )
    decided.update(status=transition.new)


def _reopen_version(version: EvidenceVersion, following: Submission) -> None:
    """Another unit's return still holds the whole item back."""
    version.refresh_from_db()
    others = version.submissions.in_force().exclude(pk=following.pk)
    returned = others.filter(status=SubmissionStatus.RETURNED)
    if version.status != VersionStatus.SUBMITTED and not returned.exists():
        move(version, verb="reopen", table=VERSION)


def _record(
    submission: Submission,
    following: Submission,
    verb: str,
    by: User,
    reason: str,
    appeal: Appeal | None,
) -> None:
    version = submission.version
    facts: Mapping[str, Any] = {
        "evidence": version.evidence.number,
        "version": version.number,
        "enrolment": submission.enrolment_id,
        "round": submission.round,
        "decision": submission.status,
        "decided_by": submission.decided_by_id,
        "frozen_sha256": submission.frozen_sha256,
        "marked_against_sha256": submission.marked_against_sha256,
        "waits_as": following.pk,
        "appeal": appeal.pk if appeal else None,
    }
    record(
        stream=submission.enrolment.portfolio.stream,
        verb=verb,
        subject=submission,
        by=by,
        facts=facts,
        sealed={"reason": reason} if reason else {},
    )
