"""Who may send a file."""

from accounts.models import Centre, Role, User


def can_upload(user: User, centre: Centre) -> bool:
    return user.has_role(centre.pk, *Role.values)
