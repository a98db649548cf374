"""Who may do what with standards. Whoever sees an edition or a guide may read it."""

from accounts.models import Centre, Role, User
from standards.models import Draft, MarkingGuide


def can_draft(user: User, centre: Centre) -> bool:
    return user.has_role(centre.pk, Role.ADMIN)


def can_correct(user: User, draft: Draft) -> bool:
    return user.has_role(draft.centre_id, Role.ADMIN)


def can_publish(user: User, draft: Draft) -> bool:
    return user.has_role(draft.centre_id, Role.ADMIN)


def can_discard(user: User, draft: Draft) -> bool:
    return user.has_role(draft.centre_id, Role.ADMIN)


def can_serve(user: User, guide: MarkingGuide) -> bool:
    """A shared guide belongs to no centre: one centre's admin can't change it for all."""
    return guide.centre_id is not None and user.has_role(guide.centre_id, Role.ADMIN)
