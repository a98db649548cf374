"""Witnesses: who is asked, who is approved as an expert, what they stated."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.links import MailedLink
from accounts.models import ASSESSING, SEES_WHOLE_CENTRE, Centre, User
from portfolio.models.evidence import Evidence
from portfolio.models.learners import Enrolment
from standards.models import Criterion, Edition


class ExpertWitnessQuerySet(models.QuerySet["ExpertWitness"]):
    def visible_to(self, user: User) -> "ExpertWitnessQuerySet":
        return self.filter(centre_id__in=user.centres_as(*ASSESSING, *SEES_WHOLE_CENTRE))

    def in_centre(self, centre: Centre) -> "ExpertWitnessQuerySet":
        return self.filter(centre=centre)

    def standing(self) -> "ExpertWitnessQuerySet":
        return self.filter(ended_at=None)


class ExpertWitness(models.Model):
    """Somebody occupationally competent whom the centre approved as a witness for one unit."""

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="expert_witnesses")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="expert_witnesses")
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail address"))
    competence = models.TextField(_("why they are competent in this work"))
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ExpertWitnessQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "edition", "email"],
                condition=Q(ended_at=None),
                name="an_expert_witness_is_approved_once_for_a_unit",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class WitnessInvitationQuerySet(models.QuerySet["WitnessInvitation"]):
    def visible_to(self, user: User) -> "WitnessInvitationQuerySet":
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user))

    def in_centre(self, centre: Centre) -> "WitnessInvitationQuerySet":
        return self.filter(enrolment__portfolio__centre=centre)

    def standing(self) -> "WitnessInvitationQuerySet":
        """Neither used, nor withdrawn, nor too old."""
        return self.filter(used_at=None, withdrawn_at=None, expires_at__gt=timezone.now())

    def of(self, token: str) -> "WitnessInvitationQuerySet":
        return self.filter(token_digest=WitnessInvitation.digest(token))


class WitnessInvitation(MailedLink):
    """A single-use link with which a witness states what they saw, without an account."""

    SALT = "portfolio.witness_invitation"

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="witness_invitations")
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail address"))
    as_expert = models.BooleanField(_("as an expert witness"), default=False)
    message = models.TextField(_("what to write about"), blank=True)
    criteria = models.ManyToManyField(Criterion, related_name="+", blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="witnesses_invited"
    )
    used_at = models.DateTimeField(null=True, blank=True)

    objects = WitnessInvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} for {self.enrolment_id}"

    @property
    def state(self) -> str:
        """given, withdrawn, expired, sent, or queued while the e-mail has not gone out."""
        if self.used_at:
            return "given"
        if self.withdrawn_at:
            return "withdrawn"
        if self.expires_at <= timezone.now():
            return "expired"
        return "sent" if self.sent_at else "queued"

    @property
    def is_unanswered(self) -> bool:
        """Whether it can be sent again or withdrawn."""
        return not (self.used_at or self.withdrawn_at)


class TestimonyQuerySet(models.QuerySet["Testimony"]):
    def visible_to(self, user: User) -> "TestimonyQuerySet":
        return self.filter(evidence__in=Evidence.objects.visible_to(user))

    def in_centre(self, centre: Centre) -> "TestimonyQuerySet":
        return self.filter(evidence__portfolio__centre=centre)


class Testimony(models.Model):
    """What a witness stated and confirmed; never changed, by nobody."""

    __test__ = False  # pytest takes the name for a test

    invitation = models.OneToOneField(WitnessInvitation, models.PROTECT, related_name="testimony")
    evidence = models.OneToOneField(Evidence, models.PROTECT, related_name="testimony")
    name = models.CharField(_("name"), max_length=150)
    relationship = models.CharField(_("how you know the learner"), max_length=200)
    job = models.CharField(_("your job"), max_length=200)
    is_expert = models.BooleanField(_("expert witness"), default=False)
    seen_on = models.DateField(_("when you saw it"))
    statement = models.TextField(_("what you saw"))
    criteria = models.ManyToManyField(Criterion, related_name="+")
    declaration_version = models.CharField(max_length=20)
    declaration_text = models.TextField()
    confirmed_at = models.DateTimeField()

    objects = TestimonyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "testimonies"

    def __str__(self) -> str:
        return f"{self.name} on {self.evidence_id}"
