"""Who may judge and sign. When it may be done is the business of workflow.py, and who may see
a thing at all is `visible_to`, in models.py."""

from accounts.models import ASSESSING, SEES_WHOLE_CENTRE, Role, User
from assessments.models import SignOff, Submission
from portfolio.models import Enrolment, EvidenceVersion
from portfolio.permissions import has_witnessed, may_assess


def _is_theirs(user: User, enrolment: Enrolment) -> bool:
    return enrolment.portfolio.learner_id == user.pk


def is_qualified(user: User, enrolment: Enrolment) -> bool:
    """Whether their signature counts by itself; a trainee's waits for a colleague's."""
    return user.has_role(enrolment.portfolio.centre_id, Role.ASSESSOR)


def can_submit(user: User, version: EvidenceVersion) -> bool:
    portfolio = version.evidence.portfolio
    return portfolio.learner_id == user.pk and user.has_role(portfolio.centre_id, Role.LEARNER)


def can_judge(user: User, submission: Submission) -> bool:
    """Save judgements and action points, which stay a draft until the decision."""
    return may_assess(user, submission.enrolment)


def can_decide(user: User, submission: Submission) -> bool:
    """Accept or return."""
    return may_assess(user, submission.enrolment)


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


def can_view_marking(user: User, submission: Submission) -> bool:
    """Staff of the centre who may see the learner; she reads decisions beside her evidence."""
    centre = submission.enrolment.portfolio.centre_id
    return user.has_role(centre, *ASSESSING, *SEES_WHOLE_CENTRE) and not _is_theirs(
        user, submission.enrolment
    )
