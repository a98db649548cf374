"""Who may judge and sign. When it may be done is the business of workflow.py, and who may see
a thing at all is `visible_to`, in models.py."""

from accounts.models import ASSESSING, SEES_EVIDENCE, SEES_WHOLE_CENTRE, Centre, Role, User
from assessments.models import ActionPoint, Appeal, Plan, PlanAction, Record, SignOff, Submission
from assessments.parts_taken import (
    overturned_decisions,
    sign_off_part,
    stands_apart,
    took_part,
    took_part_in_unit,
)
from assessments.workflow import RecordStatus
from portfolio.models import Enrolment, EvidenceVersion, Portfolio
from portfolio.permissions import assesses, may_assess, may_assess_unless
from standards.models import Edition


def _is_theirs(user: User, enrolment: Enrolment) -> bool:
    return enrolment.portfolio.learner_id == user.pk


def is_qualified(user: User, enrolment: Enrolment) -> bool:
    """Whether their signature counts by itself; a trainee's waits for a colleague's."""
    return user.has_role(enrolment.portfolio.centre_id, Role.ASSESSOR)


def can_submit(user: User, version: EvidenceVersion) -> bool:
    """An assessor's record is handed in by confirming it, and in no other way."""
    portfolio = version.evidence.portfolio
    if version.evidence.recorded_by_id:
        return False
    return portfolio.learner_id == user.pk and user.has_role(portfolio.centre_id, Role.LEARNER)


# Assessors' own records.


def can_record(user: User, enrolment: Enrolment) -> bool:
    """Plan a visit, or begin a record of one: whoever may judge what comes of it."""
    return may_assess(user, enrolment)


def can_change_record(user: User, record: Record) -> bool:
    """Make it, share it, call it off: nobody but whoever began it."""
    return record.assessor_id == user.pk and may_assess(user, record.enrolment)


def can_cancel_record(user: User, record: Record) -> bool:
    """Also an admin, for an assessor who is gone."""
    centre = record.enrolment.portfolio.centre_id
    admin = user.has_role(centre, Role.ADMIN) and not _is_theirs(user, record.enrolment)
    return admin or can_change_record(user, record)


def can_confirm_record(user: User, record: Record) -> bool:
    """Confirm it, or say what is different, or answer its questions: the learner alone."""
    portfolio = record.enrolment.portfolio
    return portfolio.learner_id == user.pk and user.has_role(portfolio.centre_id, Role.LEARNER)


def can_read_record(user: User, record: Record) -> bool:
    """What is in it, apart from its plan: the learner once it is shared with her, the unit's
    assessors from the beginning, everybody else who sees the learner once it is confirmed."""
    if record.status == RecordStatus.CONFIRMED:
        return True
    if _is_theirs(user, record.enrolment):
        return record.status == RecordStatus.WITH_LEARNER
    return record.assessor_id == user.pk or assesses(user, record.enrolment)


def can_see_expected(user: User, record: Record) -> bool:
    """The expected answers: staff, and nobody of a unit that they work towards themselves, as
    in the bank."""
    enrolment = record.enrolment
    staff = user.has_role(enrolment.portfolio.centre_id, *ASSESSING, *SEES_WHOLE_CENTRE)
    own = Enrolment.objects.filter(portfolio__learner=user, edition=enrolment.edition_id)
    return staff and not own.exists()


def can_see_questions(user: User, centre: Centre) -> bool:
    return user.has_role(centre.pk, *ASSESSING, *SEES_WHOLE_CENTRE)


def can_write_questions(user: User, centre: Centre) -> bool:
    return user.has_role(centre.pk, *ASSESSING, Role.ADMIN)


def can_judge(user: User, submission: Submission) -> bool:
    """Save judgements and action points, which stay a draft until the decision."""
    return can_decide(user, submission)


def can_decide(user: User, submission: Submission) -> bool:
    """Accept or return; but not again where an appeal against one's own decision was upheld."""
    barred = overturned_decisions(user, submission)
    return may_assess_unless(user, submission.enrolment, barred)


def can_undo(user: User, submission: Submission) -> bool:
    """Nobody but whoever sent the decision; how long, undoing.py knows."""
    return submission.decided_by_id == user.pk and may_assess(user, submission.enrolment)


def can_sign_off(user: User, enrolment: Enrolment) -> bool:
    """Whoever assesses it; not again where an appeal against their own signature was upheld."""
    overturned = SignOff.objects.overturned(user).filter(enrolment=enrolment)
    return may_assess_unless(user, enrolment, overturned)


def can_countersign(user: User, sign_off: SignOff) -> bool:
    """Just those whose list it is on while it waits (see `countersigned_by`)."""
    qualified = is_qualified(user, sign_off.enrolment)
    return qualified and SignOff.objects.countersigned_by(user).filter(pk=sign_off.pk).exists()


def can_keep_bank(user: User, centre: Centre) -> bool:
    """Add to the centre's feedback bank, change and retire what is in it."""
    return user.has_role(centre.pk, *ASSESSING, Role.ADMIN)


def can_view_marking(user: User, submission: Submission) -> bool:
    """Staff of the centre who may see the learner; she reads decisions beside her evidence."""
    centre = submission.enrolment.portfolio.centre_id
    return user.has_role(centre, *ASSESSING, *SEES_WHOLE_CENTRE) and not _is_theirs(
        user, submission.enrolment
    )


# Taking decisions back: by somebody who had no part in them.


def can_withdraw(user: User, submission: Submission) -> bool:
    """An IQA who took no part in the decision, nor in a sign-off that would go with it, and to
    whom the learner is nobody's relative."""
    return (
        user.has_role(submission.enrolment.portfolio.centre_id, Role.IQA)
        and stands_apart(user, submission.enrolment)
        and not took_part(user, submission)
        and not sign_off_part(user, submission.enrolment)
    )


def can_withdraw_sign_off(user: User, sign_off: SignOff) -> bool:
    """The same, who decided nothing that the sign-off rests on either."""
    return (
        user.has_role(sign_off.enrolment.portfolio.centre_id, Role.IQA)
        and stands_apart(user, sign_off.enrolment)
        and not took_part_in_unit(user, sign_off.enrolment)
    )


def can_see_timeline(user: User, portfolio: Portfolio) -> bool:
    """Whoever sees the learner's work; what an assessor has not sent yet is left out."""
    own = portfolio.learner_id == user.pk and user.has_role(portfolio.centre_id, Role.LEARNER)
    return own or user.has_role(portfolio.centre_id, *ASSESSING, *SEES_EVIDENCE)


def can_appeal(user: User, enrolment: Enrolment) -> bool:
    """The learner, of her own units."""
    portfolio = enrolment.portfolio
    return portfolio.learner_id == user.pk and user.has_role(portfolio.centre_id, Role.LEARNER)


def can_give_up_appeal(user: User, appeal: Appeal) -> bool:
    return appeal.made_by_id == user.pk and can_appeal(user, appeal.enrolment)


def can_see_appeals(user: User, centre: Centre) -> bool:
    """The list; which of them, `visible_to` says."""
    return user.has_role(centre.pk, Role.LEARNER, *ASSESSING, *SEES_WHOLE_CENTRE)


def can_answer_appeal(user: User, appeal: Appeal) -> bool:
    """An IQA or a qualified assessor: not whoever decided or signed, nor a relative, a witness
    or the learner herself."""
    if not user.has_role(appeal.enrolment.portfolio.centre_id, Role.IQA, Role.ASSESSOR):
        return False
    if not stands_apart(user, appeal.enrolment) or sign_off_part(user, appeal.enrolment):
        return False
    if appeal.submission is not None:
        return not took_part(user, appeal.submission)
    return not took_part_in_unit(user, appeal.enrolment)


# A unit's rules, and what assessor and learner agreed to do.


def can_see_rules(user: User, centre: Centre) -> bool:
    return user.has_role(centre.pk, *ASSESSING, *SEES_WHOLE_CENTRE)


def can_edit_rules(user: User, centre: Centre, edition: Edition) -> bool:
    """An admin, but nobody says what is asked of a unit that they work towards themselves."""
    own = Enrolment.objects.filter(portfolio__learner=user, edition=edition)
    return user.has_role(centre.pk, Role.ADMIN) and not own.exists()


def can_plan(user: User, enrolment: Enrolment) -> bool:
    """Make a plan, change it, and review it."""
    return may_assess(user, enrolment)


def can_agree_plan(user: User, plan: Plan) -> bool:
    return _is_learner_of(user, plan.enrolment) or may_assess(user, plan.enrolment)


def can_mark_plan_action(user: User, action: PlanAction) -> bool:
    """Say that it is done: whoever was to do it."""
    enrolment = action.plan.enrolment
    if action.who == PlanAction.Who.LEARNER:
        return _is_learner_of(user, enrolment)
    return may_assess(user, enrolment)


def can_mark_action_point(user: User, point: ActionPoint) -> bool:
    return _is_learner_of(user, point.submission.enrolment)


def _is_learner_of(user: User, enrolment: Enrolment) -> bool:
    portfolio = enrolment.portfolio
    return portfolio.learner_id == user.pk and user.has_role(portfolio.centre_id, Role.LEARNER)
