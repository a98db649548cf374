"""Who may look after a centre's people. A decision about a row asks with that row."""

from django.core.exceptions import PermissionDenied

from accounts.models import Centre, Invitation, Membership, Role, User


def refuse_unless(allowed: bool) -> None:
    """What every verb of every room asks first: `refuse_unless(can_…(by, row))`."""
    if not allowed:
        raise PermissionDenied


def can_see_people(user: User, centre: Centre) -> bool:
    return user.has_role(centre.pk, Role.ADMIN)


def can_invite(user: User, centre: Centre) -> bool:
    return user.has_role(centre.pk, Role.ADMIN)


def can_grant_role(user: User, centre: Centre) -> bool:
    return user.has_role(centre.pk, Role.ADMIN)


def can_revoke_role(user: User, membership: Membership) -> bool:
    """An admin may; but to stop being admin oneself takes another admin."""
    own_key = membership.role == Role.ADMIN and membership.user_id == user.pk
    return user.has_role(membership.centre_id, Role.ADMIN) and not own_key


def can_resend_invitation(user: User, invitation: Invitation) -> bool:
    return user.has_role(invitation.centre_id, Role.ADMIN)


def can_withdraw_invitation(user: User, invitation: Invitation) -> bool:
    """An admin may; but the role that goes with it may be the one that keeps the centre open."""
    own = invitation.user_id == user.pk
    return user.has_role(invitation.centre_id, Role.ADMIN) and not own
