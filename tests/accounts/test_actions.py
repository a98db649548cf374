"""Inviting, accepting, and giving and taking roles."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F
from django.utils import timezone

from accounts import actions, tasks
from accounts.models import Invitation, Membership, Role, User
from ledger.models import Entry
from ledger.transitions import TransitionRefused
from tests.factories import PASSWORD, Cast, make_member, make_user

GOOD = "slow-green-tractor-9"


@pytest.fixture
def sent(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> Callable[..., Any]:
    """Runs an action, then what follows its commit, with no broker in between."""
    monkeypatch.setattr(tasks.send_invitations, "delay", tasks.send_invitations)

    def run(action: Callable[..., Any], **kwargs: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return action(**kwargs)

    return run


def ask(cast: Cast, email: str = "new@example.org", **changes: Any) -> dict[str, Any]:
    return {
        "centre": cast.centre,
        "email": email,
        "name": "Nia New",
        "role": Role.LEARNER,
        "by": cast.admin,
        **changes,
    }


def verbs(cast: Cast) -> list[str]:
    entries = Entry.objects.filter(stream=f"centre:{cast.centre.pk}").order_by("sequence")
    return list(entries.values_list("verb", flat=True))


def test_an_invited_person_is_a_member_at_once_and_gets_a_link(cast: Cast, sent: Any) -> None:
    invitation, token = sent(actions.invite, **ask(cast, " New@Example.org "))

    user = User.objects.get(email="new@example.org")
    assert user.has_role(cast.centre.pk, Role.LEARNER)
    assert not user.has_usable_password()
    assert [letter.to for letter in mail.outbox] == [["new@example.org"]]
    assert f"/invitation/{token}/" in mail.outbox[0].body
    invitation.refresh_from_db()
    assert invitation.sent_at is not None
    assert verbs(cast) == ["invited"]


def test_the_database_does_not_hold_the_token(cast: Cast) -> None:
    invitation, token = actions.invite(**ask(cast))

    kept = [str(value) for value in Invitation.objects.values_list().get(pk=invitation.pk)]
    assert token not in kept
    assert Invitation.objects.open_for(token).get() == invitation


def test_the_link_expires_after_fourteen_days(cast: Cast) -> None:
    invitation, token = actions.invite(**ask(cast))
    lasts = invitation.expires_at - invitation.created_at
    assert timedelta(days=13, hours=23) < lasts < timedelta(days=14, hours=1)

    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(TransitionRefused):
        actions.accept_invitation(token=token, password=GOOD)


def test_accepting_sets_the_password_once(cast: Cast) -> None:
    _, token = actions.invite(**ask(cast))

    user = actions.accept_invitation(token=token, password=GOOD)

    assert user.check_password(GOOD)
    assert verbs(cast) == ["invited", "invitation_accepted"]
    with pytest.raises(TransitionRefused):
        actions.accept_invitation(token=token, password="another-long-password-7")
    user.refresh_from_db()
    assert user.check_password(GOOD)


def test_a_weak_password_leaves_the_link_open(cast: Cast) -> None:
    _, token = actions.invite(**ask(cast))

    with pytest.raises(ValidationError):
        actions.accept_invitation(token=token, password="password")

    assert Invitation.objects.open_for(token).exists()


def test_a_second_link_cannot_change_the_password(cast: Cast, outsiders: Cast) -> None:
    _, first = actions.invite(**ask(cast))
    _, second = actions.invite(**ask(outsiders, role=Role.ASSESSOR))

    actions.accept_invitation(token=first, password=GOOD)

    with pytest.raises(TransitionRefused):
        actions.accept_invitation(token=second, password="another-long-password-7")


def test_a_password_set_by_another_way_closes_the_link(cast: Cast) -> None:
    invitation, token = actions.invite(**ask(cast))
    invitation.user.set_password(GOOD)
    invitation.user.save()

    with pytest.raises(TransitionRefused):
        actions.accept_invitation(token=token, password="another-long-password-7")


def test_an_account_that_exists_joins_at_once_and_is_told(
    cast: Cast, outsiders: Cast, sent: Any
) -> None:
    known = make_member(outsiders.centre, Role.ASSESSOR, "Kay Known", password=PASSWORD)

    invitation, token = sent(actions.invite, **ask(cast, known.email, name="Someone"))

    known = User.objects.get(pk=known.pk)
    assert known.has_role(cast.centre.pk, Role.LEARNER)
    assert token == ""
    assert invitation.accepted_at is not None
    assert known.check_password(PASSWORD)
    assert known.name == "Kay Known"
    assert "/invitation/" not in mail.outbox[0].body
    assert outsiders.centre.name not in mail.outbox[0].body


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "not an address"), ("email", ""), ("name", "  "), ("name", "x" * 151)],
)
def test_bad_input_invites_nobody(cast: Cast, field: str, value: str) -> None:
    people = User.objects.count()
    with pytest.raises(ValidationError):
        actions.invite(**{**ask(cast), field: value})
    assert User.objects.count() == people


def test_an_unknown_role_invites_nobody(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        actions.invite(**ask(cast, role="owner"))
    assert not User.objects.filter(email="new@example.org").exists()


def test_nobody_is_invited_twice_to_one_role(cast: Cast) -> None:
    actions.invite(**ask(cast))
    with pytest.raises(ValidationError, match="already has that role"):
        actions.invite(**ask(cast))
    assert Invitation.objects.count() == 1


def test_resending_replaces_the_link(cast: Cast, sent: Any) -> None:
    invitation, old = sent(actions.invite, **ask(cast))

    _, new = sent(actions.resend_invitation, invitation=invitation, by=cast.admin)

    assert f"/invitation/{new}/" in mail.outbox[1].body
    assert not Invitation.objects.open_for(old).exists()
    assert actions.accept_invitation(token=new, password=GOOD).check_password(GOOD)


def test_withdrawing_takes_link_and_role_back(cast: Cast, sent: Any) -> None:
    invitation, token = actions.invite(**ask(cast))

    actions.withdraw_invitation(invitation=invitation, by=cast.admin)

    assert not Membership.objects.filter(user=invitation.user).exists()
    with pytest.raises(TransitionRefused):
        actions.accept_invitation(token=token, password=GOOD)
    with pytest.raises(TransitionRefused):
        sent(actions.resend_invitation, invitation=invitation, by=cast.admin)
    assert mail.outbox == []
    assert verbs(cast) == ["invited", "invitation_withdrawn"]


def test_a_used_invitation_is_not_withdrawn(cast: Cast) -> None:
    invitation, token = actions.invite(**ask(cast))
    actions.accept_invitation(token=token, password=GOOD)
    with pytest.raises(TransitionRefused):
        actions.withdraw_invitation(invitation=invitation, by=cast.admin)
    assert invitation.user.memberships.exists()


def test_mail_that_fails_is_sent_later(
    cast: Cast, sent: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(**kwargs: Any) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr(tasks, "send_mail", fails)
        invitation, _ = sent(actions.invite, **ask(cast))
    Invitation.objects.update(expires_at=F("expires_at") - timedelta(minutes=5))

    tasks.send_unsent()
    tasks.send_unsent()

    assert len(mail.outbox) == 1
    invitation.refresh_from_db()
    assert invitation.sent_at is not None


def test_a_broken_broker_loses_no_invitation(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def no_broker(pks: list[int]) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(tasks.send_invitations, "delay", no_broker)
    with django_capture_on_commit_callbacks(execute=True):
        invitation, _ = actions.invite(**ask(cast))
    assert Invitation.objects.get(pk=invitation.pk).sent_at is None


def test_a_role_is_granted_only_to_people_of_the_centre(cast: Cast, outsiders: Cast) -> None:
    ask = {"centre": cast.centre, "role": Role.IQA, "by": cast.admin}
    actions.grant_role(user=cast.assessor, **ask)
    assert cast.assessor.has_role(cast.centre.pk, Role.ASSESSOR)
    assert cast.assessor.has_role(cast.centre.pk, Role.IQA)
    with pytest.raises(ValidationError, match="not at your centre"):
        actions.grant_role(user=outsiders.assessor, **ask)
    with pytest.raises(ValidationError, match="already has that role"):
        actions.grant_role(user=cast.assessor, **ask)
    assert verbs(cast) == ["role_granted"]


def test_a_revoked_role_is_gone_at_once(cast: Cast) -> None:
    membership = Membership.objects.select_related("user", "centre").get(user=cast.iqa)
    assert membership.user.has_role(cast.centre.pk, Role.IQA)

    actions.revoke_role(membership=membership, by=cast.admin)

    assert not membership.user.has_role(cast.centre.pk, Role.IQA)
    assert verbs(cast) == ["role_revoked"]
    with pytest.raises(TransitionRefused):
        actions.revoke_role(
            membership=Membership(
                pk=membership.pk or 10**6, centre=cast.centre, user=cast.iqa, role=Role.IQA
            ),
            by=cast.admin,
        )


def test_no_admin_takes_their_own_key_away(cast: Cast) -> None:
    own = Membership.objects.get(user=cast.admin)
    with pytest.raises(PermissionDenied):
        actions.revoke_role(membership=own, by=cast.admin)


def test_a_centre_keeps_one_admin_who_can_sign_in(cast: Cast) -> None:
    """Two admins remove each other at once: the second must be refused, though their own
    roles were read before the first was done."""
    second = make_member(cast.centre, Role.ADMIN, "Sue Second", password=PASSWORD)
    cast.admin.set_password(PASSWORD)
    cast.admin.save()
    actions.invite(**ask(cast, "third@example.org", role=Role.ADMIN))  # who never came
    assert second.has_role(cast.centre.pk, Role.ADMIN)  # read, and kept for the request
    first_key = Membership.objects.get(user=cast.admin)
    second_key = Membership.objects.get(user=second)

    actions.revoke_role(membership=second_key, by=cast.admin)
    with pytest.raises(ValidationError, match="at least one admin"):
        actions.revoke_role(membership=first_key, by=second)

    assert Membership.objects.filter(pk=first_key.pk).exists()


@pytest.mark.parametrize(
    "action",
    ["invite", "resend", "withdraw", "grant", "revoke"],
)
def test_without_the_ledger_nothing_happens(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    invitation, _ = actions.invite(**ask(cast, "first@example.org"))
    membership = Membership.objects.get(user=cast.iqa)
    stranger = make_user("Una Used")
    calls: dict[str, Callable[[], Any]] = {
        "invite": lambda: actions.invite(**ask(cast)),
        "resend": lambda: actions.resend_invitation(invitation=invitation, by=cast.admin),
        "withdraw": lambda: actions.withdraw_invitation(invitation=invitation, by=cast.admin),
        "grant": lambda: actions.grant_role(
            centre=cast.centre, user=cast.iqa, role=Role.ASSESSOR, by=cast.admin
        ),
        "revoke": lambda: actions.revoke_role(membership=membership, by=cast.admin),
    }

    def state() -> list[Any]:
        return [
            list(Membership.objects.order_by("pk").values_list("pk", "role")),
            list(Invitation.objects.order_by("pk").values_list("token_digest", "withdrawn_at")),
            User.objects.count(),
        ]

    def breaks(**kwargs: Any) -> None:
        raise RuntimeError("the ledger is broken")

    before = state()
    monkeypatch.setattr(actions, "record", breaks)
    with pytest.raises(RuntimeError, match="the ledger is broken"):
        calls[action]()
    assert state() == before
    assert stranger.memberships.count() == 0


def test_a_list_is_invited_whole_or_not_at_all(cast: Cast, sent: Any) -> None:
    ask_all = {"centre": cast.centre, "role": Role.LEARNER, "by": cast.admin}
    people = sent(actions.invite_all, people={"a@x.org": "Ann", "b@x.org": "Bo"}, **ask_all)
    assert [people["a@x.org"].name, people["b@x.org"].name] == ["Ann", "Bo"]
    assert sorted(letter.to[0] for letter in mail.outbox) == ["a@x.org", "b@x.org"]
    with pytest.raises(ValidationError):
        sent(actions.invite_all, people={"c@x.org": "Cy", "a@x.org": "Ann"}, **ask_all)
    assert not User.objects.filter(email="c@x.org").exists()
    assert sent(actions.invite_all, people={}, **ask_all) == {}
    assert len(mail.outbox) == 2


def test_support_opens_a_centre_with_its_first_admin(db: None) -> None:
    centre, token = actions.open_centre(
        name="Eastfield",
        slug="eastfield",
        number="C-7",
        admin_name="Ola",
        admin_email="ola@example.org",
    )
    admin = actions.accept_invitation(token=token, password=GOOD)
    assert admin.has_role(centre.pk, Role.ADMIN)
    verbs = Entry.objects.filter(stream=f"centre:{centre.pk}").values_list("verb", flat=True)
    assert "centre_opened" in verbs
    with pytest.raises(ValidationError):
        actions.open_centre(
            name="Twin",
            slug="eastfield",
            number="",
            admin_name="Eve",
            admin_email="eve@example.org",
        )
    assert not User.objects.filter(email="eve@example.org").exists()


def test_nobody_makes_themselves_the_data_lead(cast):
    with pytest.raises(ValidationError, match="Another admin"):
        actions.grant_role(centre=cast.centre, user=cast.admin, role="data_lead", by=cast.admin)
    assert not cast.admin.memberships.filter(role="data_lead").exists()
    granted = actions.grant_role(centre=cast.centre, user=cast.iqa, role="data_lead", by=cast.admin)
    assert granted.role == "data_lead"
