"""Who people are and what they may be at a centre."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.links import MailedLink


class Role(models.TextChoices):
    LEARNER = "learner", _("Learner")
    ASSESSOR = "assessor", _("Assessor")
    TRAINEE_ASSESSOR = "trainee_assessor", _("Trainee assessor")
    IQA = "iqa", _("Internal quality assurer")
    ADMIN = "admin", _("Centre admin")
    # Holds what was redacted: opens an original only with a reason, which is logged.
    DATA_LEAD = "data_lead", _("Data lead")


ASSESSING = (Role.ASSESSOR, Role.TRAINEE_ASSESSOR)
SEES_WHOLE_CENTRE = (Role.ADMIN, Role.IQA)
# The data lead looks for people in it, and decides nothing about the learner.
SEES_EVIDENCE = (*SEES_WHOLE_CENTRE, Role.DATA_LEAD)


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def joined(self) -> models.QuerySet["User"]:
        """Those who have a password: an invited person has none until they use the link."""
        return self.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=(email or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    is_staff = models.BooleanField(_("support staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def roles_by_centre(self) -> dict[int, frozenset[str]]:
        """Centre id to roles, read once for a request; `grant_role` forgets it again."""
        return _by_centre(self.memberships.values_list("centre_id", "role"))

    def centre_at(self, slug: str) -> "Centre | None":
        """The centre of an address, if this is a member of it, with the number for the bell. Read
        with all of their roles, so that no page asks for any of it once more."""
        rows = list(self.memberships.with_unread_notices().select_related("centre"))
        self.roles_by_centre = _by_centre((each.centre_id, each.role) for each in rows)
        for each in rows:
            if each.centre.slug == slug:
                each.centre.unread_notices = each.unread_notices
                return each.centre
        return None

    def centres(self) -> list["Centre"]:
        return list(Centre.objects.filter(memberships__user=self).distinct())

    def has_role(self, centre_id: int, *roles: str) -> bool:
        """Whether the user is active and holds any of the roles at the centre."""
        held = self.roles_by_centre.get(centre_id, frozenset())
        return self.is_active and not held.isdisjoint(roles)

    def centres_as(self, *roles: str) -> list[int]:
        """The ids of the centres where the user holds any of the roles."""
        return [pk for pk in self.roles_by_centre if self.has_role(pk, *roles)]


def _by_centre(rows: Iterable[tuple[int, str]]) -> dict[int, frozenset[str]]:
    held: dict[int, set[str]] = {}
    for centre_id, role in rows:
        held.setdefault(centre_id, set()).add(role)
    return {centre_id: frozenset(roles) for centre_id, roles in held.items()}


class Centre(models.Model):
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(unique=True)
    number = models.CharField(_("centre number"), max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    # For the bell, where the centre was read by `User.centre_at`.
    unread_notices: int

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: User) -> "MembershipQuerySet":
        return self.filter(centre_id__in=user.centres_as(*SEES_WHOLE_CENTRE))

    def in_centre(self, centre: Centre) -> "MembershipQuerySet":
        return self.filter(centre=centre)

    def with_unread_notices(self) -> "MembershipQuerySet":
        theirs = Notice.objects.unread().filter(
            recipient=OuterRef("user"), centre=OuterRef("centre")
        )
        counted = theirs.order_by().values("centre").annotate(count=Count("pk")).values("count")
        return self.annotate(unread_notices=Coalesce(Subquery(counted), 0))


class Membership(models.Model):
    """One role of one person at one centre."""

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "user", "role"], name="a_role_is_held_once_at_a_centre"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} at {self.centre_id}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: User) -> "InvitationQuerySet":
        return self.filter(centre_id__in=user.centres_as(Role.ADMIN))

    def in_centre(self, centre: Centre) -> "InvitationQuerySet":
        return self.filter(centre=centre)

    def open_for(self, token: str) -> "InvitationQuerySet":
        """The invitation this link opens: not used, not expired, not taken back."""
        return self.filter(
            token_digest=Invitation.digest(token),
            accepted_at=None,
            withdrawn_at=None,
            expires_at__gt=timezone.now(),
            user__is_active=True,
            # Somebody who has set a password by another way must not have it changed by this.
            user__password__startswith=UNUSABLE_PASSWORD_PREFIX,
        )


class Invitation(MailedLink):
    """A single-use link by e-mail, with which somebody new chooses their password."""

    SALT = "accounts.invitation"

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="invitations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="invitations")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="invitations_sent"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user_id} to {self.centre_id}"

    def is_open(self, now: datetime) -> bool:
        return not (self.accepted_at or self.withdrawn_at) and self.expires_at > now


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> "NoticeQuerySet":
        return self.filter(recipient=user)

    def in_centre(self, centre: Centre) -> "NoticeQuerySet":
        return self.filter(centre=centre)

    def shown(self) -> "NoticeQuerySet":
        """Neither undone nor still within the minute in which it can be."""
        return self.filter(due_at__lte=timezone.now(), taken_back_at=None)

    def unread(self) -> "NoticeQuerySet":
        return self.shown().filter(read_at=None)


class Notice(models.Model):
    """Something that happened and that one person should know: in the page, and by e-mail as
    they chose. It names no evidence's content; the link leads to it."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices")
    centre = models.ForeignKey(Centre, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=40)  # of notices.KINDS
    # What it is about, so that one thing is told once however often its task runs.
    about = models.CharField(max_length=120)
    text = models.CharField(_("notice"), max_length=300)
    path = models.CharField(max_length=300)
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()  # a decision can be undone for a minute: told after that
    taken_back_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-due_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "kind", "about"], name="a_thing_is_told_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["recipient", "-due_at"], condition=Q(read_at=None), name="unread_notices"
            ),
            models.Index(fields=["due_at"], condition=Q(mailed_at=None), name="notices_to_mail"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def url(self) -> str:
        """Its place, with the notice's id, by which the page marks it as read."""
        parts = urlsplit(self.path)
        query = f"{parts.query}&" if parts.query else ""
        return urlunsplit(parts._replace(query=f"{query}notice={self.pk}"))


class NoticeChoice(models.Model):
    """When a person wants e-mail; no row means at once."""

    class Mail(models.TextChoices):
        AT_ONCE = "at_once", _("At once")
        DAILY = "daily", _("Once a day, all together")
        NEVER = "never", _("Never; I look here")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_choice"
    )
    mail = models.CharField(_("e-mail"), max_length=8, choices=Mail, default=Mail.AT_ONCE)
    # Who wanted no e-mail before is not sent what lay here meanwhile.
    mails_from = models.DateTimeField(null=True, blank=True)
    digested_on = models.DateField(null=True, blank=True)  # the day of the last daily e-mail

    def __str__(self) -> str:
        return f"{self.user_id} {self.mail}"
