"""A learner asks that a decision be looked at again, and somebody who had no part in it answers."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import refuse_unless
from assessments.actions.guards import hold_as_it_is
from assessments.actions.withdrawals import checked_reason, overturn, take_back_sign_off
from assessments.models import Appeal, SignOff, Submission
from assessments.permissions import can_answer_appeal, can_appeal, can_give_up_appeal
from assessments.telling import of_appeal, of_appeal_answer, of_giving_up_appeal
from assessments.workflow import APPEAL, AppealStatus, SubmissionStatus
from ledger.record import record
from ledger.transitions import TransitionRefused, move
from portfolio.hiding.guards import hold_item
from portfolio.models import Enrolment
from portfolio.workflow import EnrolmentStatus


@transaction.atomic
def appeal(*, submission: Submission, grounds: str, by: User) -> Appeal:
    """Against one decision on evidence. Sent twice, it is one appeal."""
    refuse_unless(can_appeal(by, submission.enrolment))
    grounds = checked_reason(grounds)
    hold_as_it_is(submission.enrolment)
    submission.refresh_from_db()  # as it stands now that nobody can take it back
    if submission.status == SubmissionStatus.WAITING or not submission.is_in_force:
        raise TransitionRefused(submission.standing())
    return _open(submission.enrolment, submission, None, grounds, by)


@transaction.atomic
def appeal_unit(*, enrolment: Enrolment, grounds: str, by: User) -> Appeal:
    """Against a unit's sign-off, or against its not being signed off."""
    refuse_unless(can_appeal(by, enrolment))
    grounds = checked_reason(grounds)
    hold_as_it_is(enrolment)
    if enrolment.status == EnrolmentStatus.WITHDRAWN:
        raise TransitionRefused(enrolment.standing())
    signed = SignOff.objects.in_force().filter(enrolment=enrolment).first()
    return _open(enrolment, None, signed, grounds, by)


@transaction.atomic
def uphold(*, appeal: Appeal, answer: str, by: User) -> Appeal:
    """The learner is right: the decision is withdrawn, and somebody else decides anew."""
    if not _close(appeal, "uphold", answer, by):
        return appeal
    if appeal.submission is not None:
        overturn(appeal.submission, by=by, reason=appeal.answer, appeal=appeal)
    elif appeal.sign_off is not None and _stands(appeal.sign_off):
        take_back_sign_off(appeal.sign_off, by=by, reason=appeal.answer, appeal=appeal)
    return appeal


@transaction.atomic
def reject(*, appeal: Appeal, answer: str, by: User) -> Appeal:
    """The decision stands, and the learner is told why."""
    _close(appeal, "reject", answer, by)
    return appeal


@transaction.atomic
def give_up(*, appeal: Appeal, by: User) -> Appeal:
    refuse_unless(can_give_up_appeal(by, appeal))
    if appeal.status == AppealStatus.GIVEN_UP:
        return appeal
    move(appeal, verb="give_up", table=APPEAL, closed_by=by, closed_at=timezone.now())
    _record(appeal, "appeal_given_up", by, {})
    of_giving_up_appeal(appeal)
    return appeal


def _stands(sign_off: SignOff) -> bool:
    """Not one that a countersigner refused, or that went with a decision, while the appeal was
    open: the learner gets her answer all the same."""
    return SignOff.objects.in_force().filter(pk=sign_off.pk).exists()


def _open(
    enrolment: Enrolment,
    submission: Submission | None,
    signed: SignOff | None,
    grounds: str,
    by: User,
) -> Appeal:
    standing = Appeal.objects.open().filter(
        enrolment=enrolment, submission=submission, sign_off=signed
    )
    if already := standing.first():
        if already.grounds == grounds:
            return already
        raise ValidationError(_("You appeal against this already. Wait for the answer."))
    made = Appeal.objects.create(
        enrolment=enrolment, submission=submission, sign_off=signed, grounds=grounds, made_by=by
    )
    _record(made, "appeal_made", by, {"grounds": grounds})
    of_appeal(made)
    return made


def _close(appeal: Appeal, verb: str, answer: str, by: User) -> bool:
    """Whether it is closed by this; not, where the same answer was sent before a timeout."""
    refuse_unless(can_answer_appeal(by, appeal))
    answer = checked_reason(answer)
    if appeal.submission is not None:
        hold_item(appeal.submission.version.evidence)
    hold_as_it_is(appeal.enrolment)
    appeal.refresh_from_db(fields=["status", "closed_by", "closed_at", "answer"])
    if (appeal.status, appeal.closed_by_id, appeal.answer) == (APPEAL[verb].new, by.pk, answer):
        return False
    now = timezone.now()
    move(appeal, verb=verb, table=APPEAL, closed_by=by, closed_at=now, answer=answer)
    verb = "appeal_upheld" if verb == "uphold" else "appeal_rejected"
    _record(appeal, verb, by, {"answer": answer})
    of_appeal_answer(appeal)
    return True


def _record(appeal: Appeal, verb: str, by: User, sealed: dict[str, str]) -> None:
    submission = appeal.submission
    version = submission.version if submission else None
    record(
        stream=appeal.enrolment.portfolio.stream,
        verb=verb,
        subject=appeal,
        by=by,
        facts={
            "enrolment": appeal.enrolment_id,
            "evidence": version.evidence.number if version else None,
            "version": version.number if version else None,
            "submission": appeal.submission_id,
            "sign_off": appeal.sign_off_id,
            "frozen_sha256": submission.frozen_sha256 if submission else "",
        },
        sealed=sealed,
    )
