"""Who may judge and sign. When it may be done is the business of workflow.py, and who may see
a thing at all is `visible_to`, in models.py."""

from accounts.models import ASSESSING, SEES_WHOLE_CENTRE, Centre, Role, User
from assessments.models import Record, SignOff, Submission
from assessments.workflow import RecordStatus
from portfolio.models import Enrolment, EvidenceVersion
from portfolio.permissions import assesses, has_witnessed, may_assess


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
    """The expected answers: staff, and never of their own questions."""
    centre = record.enrolment.portfolio.centre_id
    staff = user.has_role(centre, *ASSESSING, *SEES_WHOLE_CENTRE)
    return staff and not _is_theirs(user, record.enrolment)


def can_see_questions(user: User, centre: Centre) -> bool:
    return user.has_role(centre.pk, *ASSESSING, *SEES_WHOLE_CENTRE)


def can_write_questions(user: User, centre: Centre) -> bool:
    return user.has_role(centre.pk, *ASSESSING, Role.ADMIN)


def can_judge(user: User, submission: Submission) -> bool:
    """Save judgements and action points, which stay a draft until the decision."""
    return may_assess(user, submission.enrolment)


def can_decide(user: User, submission: Submission) -> bool:
    """Accept or return."""
    return may_assess(user, submission.enrolment)


def can_undo(user: User, submission: Submission) -> bool:
    """Nobody but whoever sent the decision; how long, undoing.py knows."""
    return submission.decided_by_id == user.pk and may_assess(user, submission.enrolment)


def can_sign_off(user: User, enrolment: Enrolment) -> bool:
    return may_assess(user, enrolment)


def can_countersign(user: User, sign_off: SignOff) -> bool:
    """A qualified assessor of the centre, who neither signed first nor did or witnessed the
    work."""
    return (
        is_qualified(user, sign_off.enrolment)
        and sign_off.assessor_id != user.pk
        and not _is_theirs(user, sign_off.enrolment)
        and not has_witnessed(user, sign_off.enrolment)
    )


def can_keep_bank(user: User, centre: Centre) -> bool:
    """Add to the centre's feedback bank, change and retire what is in it."""
    return user.has_role(centre.pk, *ASSESSING, Role.ADMIN)


def can_view_marking(user: User, submission: Submission) -> bool:
    """Staff of the centre who may see the learner; she reads decisions beside her evidence."""
    centre = submission.enrolment.portfolio.centre_id
    return user.has_role(centre, *ASSESSING, *SEES_WHOLE_CENTRE) and not _is_theirs(
        user, submission.enrolment
    )
