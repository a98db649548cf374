"""Inviting people to a centre, and giving and taking their roles."""

from collections.abc import Mapping, Sequence

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Centre, Invitation, Membership, Role, User
from accounts.permissions import (
    can_grant_role,
    can_invite,
    can_resend_invitation,
    can_revoke_role,
    can_withdraw_invitation,
    refuse_unless,
)
from accounts.tasks import send_invitations
from ledger.record import record
from ledger.transitions import TransitionRefused


@transaction.atomic
def open_centre(
    *, name: str, slug: str, number: str, admin_name: str, admin_email: str
) -> tuple[Centre, str]:
    """A new centre with its first admin; support staff do this, so nobody's role is asked.

    The second value is the admin's invitation token, "" for somebody who can sign in already.
    """
    centre = Centre(name=name, slug=slug, number=number)
    centre.full_clean()
    centre.save()
    admin = _account_for(admin_email, admin_name)
    _add_role(centre, admin, Role.ADMIN)
    _record(centre, "centre_opened", centre, admin, user=admin, role=Role.ADMIN)
    token = "" if admin.has_usable_password() else _first_link(centre, admin)
    return centre, token


@transaction.atomic
def invite(*, centre: Centre, email: str, name: str, role: str, by: User) -> tuple[Invitation, str]:
    """Make somebody a member at once and write to them.

    The second value is the link's token; it is "" for somebody who can sign in already: they
    are told that they were added, and there is nothing to accept.
    """
    invitation, token = _invited(centre, email, name, role, by)
    _send_after_commit([invitation])
    return invitation, token


@transaction.atomic
def invite_all(
    *, centre: Centre, people: Mapping[str, str], role: str, by: User
) -> dict[str, User]:
    """Invite everybody, address to name, or nobody; their accounts by the address given."""
    made = {email: _invited(centre, email, name, role, by)[0] for email, name in people.items()}
    if made:
        _send_after_commit(list(made.values()))
    return {email: invitation.user for email, invitation in made.items()}


@transaction.atomic
def resend_invitation(*, invitation: Invitation, by: User) -> tuple[Invitation, str]:
    """Write again, with a new link; the one sent before stops working."""
    refuse_unless(can_resend_invitation(by, invitation))
    _change_open(invitation, **Invitation.fresh())
    _record(invitation.centre, "invitation_resent", invitation, by, user=invitation.user)
    _send_after_commit([invitation])
    return invitation, invitation.token()


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User) -> None:
    """Take the link back, and the role that came with it."""
    refuse_unless(can_withdraw_invitation(by, invitation))
    _change_open(invitation, withdrawn_at=timezone.now())
    Membership.objects.filter(
        centre=invitation.centre_id, user=invitation.user_id, role=invitation.role
    ).delete()
    _forget_roles(invitation.user)
    _record(
        invitation.centre,
        "invitation_withdrawn",
        invitation,
        by,
        user=invitation.user,
        role=invitation.role,
    )


@transaction.atomic
def accept_invitation(*, token: str, password: str) -> User:
    """Set the invited person's password; every other link that waits for them closes too."""
    invitation = Invitation.objects.open_for(token).select_related("user", "centre").first()
    if invitation is None:
        raise TransitionRefused(_("This link was used already, was taken back or is too old."))
    user = invitation.user
    validate_password(password, user)
    _change_open(invitation, accepted_at=timezone.now())
    user.set_password(password)
    user.save(update_fields=["password"])
    Invitation.objects.filter(user=user, accepted_at=None, withdrawn_at=None).update(
        accepted_at=timezone.now()
    )
    _record(invitation.centre, "invitation_accepted", invitation, user, user=user)
    return user


@transaction.atomic
def grant_role(*, centre: Centre, user: User, role: str, by: User) -> Membership:
    """Give somebody of the centre one more role."""
    refuse_unless(can_grant_role(by, centre))
    if not Membership.objects.filter(centre=centre, user=user).exists():
        raise ValidationError(_("This person is not at your centre. Invite them first."))
    if role == Role.DATA_LEAD and user == by:
        # Whoever opens what was hidden is somebody whom another person trusted with it.
        raise ValidationError(_("Another admin has to make you the data lead."))
    membership = _add_role(centre, user, role)
    _record(centre, "role_granted", membership, by, user=user, role=role)
    return membership


@transaction.atomic
def revoke_role(*, membership: Membership, by: User) -> None:
    """Take a role away. What the person did in it stays, and stays theirs."""
    refuse_unless(can_revoke_role(by, membership))
    centre, user, role = membership.centre, membership.user, membership.role
    # Of two admins removing each other, the second waits here until the first is done.
    Centre.objects.select_for_update().get(pk=centre.pk)
    if role == Role.ADMIN and not _other_admins(membership).exists():
        raise ValidationError(_("A centre needs at least one admin. Make somebody admin first."))
    subject = Membership(pk=membership.pk)
    gone, _rows = Membership.objects.filter(pk=membership.pk).delete()
    if not gone:
        raise TransitionRefused(_("This role was taken away already."))
    _forget_roles(user)
    _record(centre, "role_revoked", subject, by, user=user, role=role)


def _invited(centre: Centre, email: str, name: str, role: str, by: User) -> tuple[Invitation, str]:
    refuse_unless(can_invite(by, centre))
    user = _account_for(email, name)
    _add_role(centre, user, role)
    invitation, token = _open_invitation(centre, user, role=role, by=by)
    _record(centre, "invited", invitation, by, user=user, role=role, sealed={"email": user.email})
    return invitation, "" if invitation.accepted_at else token


def _account_for(email: str, name: str) -> User:
    """The person with this address; a new one has no password until the link is used."""
    email, name = email.strip().lower(), " ".join(name.split())
    validate_email(email)
    if not name or len(name) > 150:
        raise ValidationError(_("Give a name of at most 150 letters."))
    user, _made = User.objects.get_or_create(
        email=email, defaults={"name": name, "password": make_password(None)}
    )
    return user


def _first_link(centre: Centre, admin: User) -> str:
    """Nobody is there yet to invite the first admin, so the invitation is in their own name."""
    invitation, token = _open_invitation(centre, admin, role=Role.ADMIN, by=admin)
    _send_after_commit([invitation])
    return token


def _open_invitation(centre: Centre, user: User, *, role: str, by: User) -> tuple[Invitation, str]:
    invitation = Invitation.objects.create(
        centre=centre,
        user=user,
        role=role,
        invited_by=by,
        accepted_at=timezone.now() if user.has_usable_password() else None,
        **Invitation.fresh(),
    )
    return invitation, invitation.token()


def _add_role(centre: Centre, user: User, role: str) -> Membership:
    if role not in Role.values:
        raise ValidationError(_("Choose a role from the list."))
    membership, made = Membership.objects.get_or_create(centre=centre, user=user, role=role)
    if not made:
        raise ValidationError(_("This person already has that role at your centre."))
    _forget_roles(user)
    return membership


def _forget_roles(user: User) -> None:
    user.__dict__.pop("roles_by_centre", None)


def _other_admins(membership: Membership) -> models.QuerySet[Membership]:
    """Who else could look after the centre: an invited admin who never came does not count."""
    return (
        Membership.objects.filter(
            centre=membership.centre_id, role=Role.ADMIN, user__in=User.objects.joined()
        )
        .exclude(user=membership.user_id)
        .filter(user__is_active=True)
    )


def _change_open(invitation: Invitation, **changes: object) -> None:
    """One conditional update, so that of two people at once exactly one succeeds."""
    still_open = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if not still_open.update(**changes):
        raise TransitionRefused(_("This invitation was used or taken back already."))
    invitation.refresh_from_db()


def _send_after_commit(invitations: Sequence[Invitation]) -> None:
    def send() -> None:
        send_invitations.delay([each.pk for each in invitations])

    # One message for them all, so that a broker that is down is waited for once. Robust: the
    # row says what was not sent yet, and a scheduled task sends it later.
    transaction.on_commit(send, robust=True)


def _record(
    centre: Centre,
    verb: str,
    subject: models.Model,
    by: User,
    *,
    user: User,
    role: str = "",
    sealed: Mapping[str, str] | None = None,
) -> None:
    facts = {"user": user.pk, "role": role} if role else {"user": user.pk}
    record(
        stream=f"centre:{centre.pk}", verb=verb, subject=subject, by=by, facts=facts, sealed=sealed
    )
