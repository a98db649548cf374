"""Who may do what with a portfolio. When it may be done is the business of workflow.py, and
who may see a thing at all is `visible_to`, in models.py."""

from accounts.models import ASSESSING, SEES_EVIDENCE, Centre, Role, User
from portfolio.models import Allocation, Enrolment, Evidence, EvidenceVersion, Portfolio


def _is_theirs(user: User, portfolio: Portfolio) -> bool:
    """The learner herself, for as long as she is a learner of that centre."""
    return portfolio.learner_id == user.pk and user.has_role(portfolio.centre_id, Role.LEARNER)


def can_add_evidence(user: User, portfolio: Portfolio) -> bool:
    return _is_theirs(user, portfolio)


def can_edit_version(user: User, version: EvidenceVersion) -> bool:
    return _is_theirs(user, version.evidence.portfolio)


def can_claim(user: User, version: EvidenceVersion) -> bool:
    return _is_theirs(user, version.evidence.portfolio)


def can_withdraw_draft(user: User, version: EvidenceVersion) -> bool:
    return _is_theirs(user, version.evidence.portfolio)


def can_make_new_version(user: User, evidence: Evidence) -> bool:
    return _is_theirs(user, evidence.portfolio)


# The centre's side: an admin decides; an IQA and the assessors look.


def can_see_learners(user: User, centre: Centre) -> bool:
    """The list of learners; `visible_to` says which of them."""
    return user.has_role(centre.pk, *ASSESSING, *SEES_EVIDENCE)


def can_enrol(user: User, centre: Centre) -> bool:
    return user.has_role(centre.pk, Role.ADMIN)


def can_edit_portfolio(user: User, portfolio: Portfolio) -> bool:
    """The registration number and the cohort."""
    return user.has_role(portfolio.centre_id, Role.ADMIN)


def can_withdraw_enrolment(user: User, enrolment: Enrolment) -> bool:
    return user.has_role(enrolment.portfolio.centre_id, Role.ADMIN)


def can_reinstate_enrolment(user: User, enrolment: Enrolment) -> bool:
    return user.has_role(enrolment.portfolio.centre_id, Role.ADMIN)


def can_allocate(user: User, enrolment: Enrolment) -> bool:
    """An admin, but nobody picks who judges their own work."""
    portfolio = enrolment.portfolio
    return user.has_role(portfolio.centre_id, Role.ADMIN) and portfolio.learner_id != user.pk


def can_end_allocation(user: User, allocation: Allocation) -> bool:
    return can_allocate(user, allocation.enrolment)
