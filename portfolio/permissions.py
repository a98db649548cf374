"""Who may do what with a portfolio. When it may be done is the business of workflow.py, and
who may see a thing at all is `visible_to`, in models.py."""

from accounts.models import Role, User
from portfolio.models import Evidence, EvidenceVersion, Portfolio


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
