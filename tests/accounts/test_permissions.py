"""Who may look after people, as a truth table: every verb, every part, both centres."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts import permissions
from accounts.models import Invitation, Membership, Role
from tests.factories import Cast

Subject = Callable[[Cast], Any]


def the_centre(cast: Cast) -> Any:
    return cast.centre


def a_role(cast: Cast) -> Any:
    return Membership.objects.get(user=cast.learner)


def an_invitation(cast: Cast) -> Any:
    return Invitation.objects.create(
        centre=cast.centre,
        user=cast.second_learner,
        role=Role.IQA,
        nonce="n",
        token_digest="d",
        invited_by=cast.admin,
        expires_at=timezone.now(),
    )


VERBS: dict[str, Subject] = {
    "can_see_people": the_centre,
    "can_invite": the_centre,
    "can_grant_role": the_centre,
    "can_revoke_role": a_role,
    "can_resend_invitation": an_invitation,
    "can_withdraw_invitation": an_invitation,
}


def test_the_table_knows_every_verb() -> None:
    assert {name for name in vars(permissions) if name.startswith("can_")} == set(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_only_an_active_admin_of_the_centre_may(cast: Cast, outsiders: Cast, verb: str) -> None:
    thing = VERBS[verb](cast)
    may = getattr(permissions, verb)
    allowed = {part for part, person in cast.people().items() if may(person, thing)}
    assert allowed == {"admin"}
    assert not any(may(person, thing) for person in outsiders.people().values())

    cast.admin.is_active = False
    assert not may(cast.admin, thing)


def test_an_admin_may_take_another_admins_role_but_not_the_own(cast: Cast) -> None:
    own = Membership.objects.get(user=cast.admin)
    others = Membership.objects.create(centre=cast.centre, user=cast.iqa, role=Role.ADMIN)
    extra = Membership.objects.create(centre=cast.centre, user=cast.admin, role=Role.ASSESSOR)
    assert not permissions.can_revoke_role(cast.admin, own)
    assert permissions.can_revoke_role(cast.admin, others)
    assert permissions.can_revoke_role(cast.admin, extra)


def test_nobody_takes_back_the_invitation_that_made_them_admin(cast: Cast) -> None:
    own = an_invitation(cast)
    own.user = cast.admin
    assert not permissions.can_withdraw_invitation(cast.admin, own)
