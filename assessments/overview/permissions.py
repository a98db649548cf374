"""Who may see a centre as a whole."""

from accounts.models import ASSESSING, SEES_WHOLE_CENTRE, Centre, User


def can_see_caseload(user: User, centre: Centre) -> bool:
    """One's own learners."""
    return user.has_role(centre.pk, *ASSESSING)


def can_see_overview(user: User, centre: Centre) -> bool:
    """Every learner of the centre, and each assessor's figures."""
    return user.has_role(centre.pk, *SEES_WHOLE_CENTRE)


def can_take_spreadsheets(user: User, centre: Centre) -> bool:
    """All that is known of every learner's progress, as files; and the centre's ledger."""
    return user.has_role(centre.pk, *SEES_WHOLE_CENTRE)


def can_see_plans(user: User, centre: Centre) -> bool:
    """The list of them; which ones, `visible_to` says."""
    return user.has_role(centre.pk, *ASSESSING, *SEES_WHOLE_CENTRE)
