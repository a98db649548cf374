"""How a unit was signed off, and what earned each marking point."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Centre, Role, User
from assessments.models.submissions import when
from assessments.workflow import SignOffStatus
from portfolio.models import Enrolment, EvidenceVersion, apart_from
from standards.models import MarkingPoint


class SignOffQuerySet(models.QuerySet["SignOff"]):
    def visible_to(self, user: User) -> "SignOffQuerySet":
        """A colleague who comes too late to countersign still sees who was first."""
        too_late = SignOff.objects.exclude(countersigner=None).countersigned_by(user)
        seen = Enrolment.objects.visible_to(user)
        return self.filter(Q(enrolment__in=seen) | Q(pk__in=too_late.values("pk")))

    def in_centre(self, centre: Centre) -> "SignOffQuerySet":
        return self.filter(enrolment__portfolio__centre=centre)

    def in_force(self) -> "SignOffQuerySet":
        """Neither refused by the countersigner nor taken back later."""
        return self.exclude(status=SignOffStatus.REFUSED).filter(withdrawal=None)

    def countersigned_by(self, user: User) -> "SignOffQuerySet":
        """Those that this person could countersign, whether or not they still wait: a qualified
        assessor of the centre, who neither signed first nor did or witnessed the work, is no
        relative, and against whose signature on the unit no appeal was upheld."""
        overturned = SignOff.objects.overturned(user).values("enrolment")
        return (
            self.filter(enrolment__portfolio__centre__in=user.centres_as(Role.ASSESSOR))
            .filter(apart_from(user, "enrolment"))
            .exclude(assessor=user)
            .exclude(enrolment__in=overturned)
        )

    def overturned(self, user: User) -> "SignOffQuerySet":
        """Those with this person's signature that went with an appeal."""
        signed = Q(assessor=user) | Q(countersigner=user)
        return self.filter(signed, withdrawal__appeal__isnull=False)


class SignOff(models.Model):
    """The assessor's decision on the whole unit, and the countersigner's where needed."""

    Status = SignOffStatus

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="sign_offs")
    # The next after one that was withdrawn, which itself is never changed.
    round = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=30, choices=SignOffStatus)
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="sign_offs")
    signed_at = models.DateTimeField()
    declaration_version = models.CharField(max_length=20)
    declaration_text = models.TextField()
    countersigner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="countersignatures",
    )
    countersigned_at = models.DateTimeField(null=True, blank=True)
    countersigner_reason = models.TextField(_("why"), blank=True)
    countersigner_declaration_version = models.CharField(max_length=20, blank=True)
    countersigner_declaration_text = models.TextField(blank=True)
    # The third check: no evidence relied on shows anybody who did not agree to it.
    personal_data_checked = models.BooleanField(_("other people checked"), default=False)

    objects = SignOffQuerySet.as_manager()

    class Meta:
        ordering = ["signed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "round"],
                condition=~Q(status=SignOffStatus.REFUSED),
                name="a_unit_is_signed_off_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.status}"

    @property
    def is_complete(self) -> bool:
        return self.status == SignOffStatus.SIGNED_OFF

    @property
    def is_in_force(self) -> bool:
        """Whether nobody took it back (fetch `withdrawal` along with many)."""
        return not hasattr(self, "withdrawal")

    def standing(self) -> str:
        if not (self.countersigner and self.countersigned_at):
            return _t("%(name)s already signed this unit off on %(when)s.") % {
                "name": self.assessor.name,
                "when": when(self.signed_at),
            }
        sentence = (
            _t("%(name)s already countersigned this on %(when)s.")
            if self.is_complete
            else _t("%(name)s already sent this back on %(when)s.")
        )
        return sentence % {
            "name": self.countersigner.name,
            "when": when(self.countersigned_at),
        }


class MarkingPointCredit(models.Model):
    """A marking point, the evidence that earns it, and the point's wording at that time."""

    sign_off = models.ForeignKey(SignOff, models.PROTECT, related_name="credits")
    marking_point = models.ForeignKey(MarkingPoint, models.PROTECT, related_name="credits")
    # Empty where an imported decision earned it, in whose words `imported_from` says where.
    version = models.ForeignKey(
        EvidenceVersion, models.PROTECT, null=True, blank=True, related_name="credits"
    )
    imported_from = models.TextField(blank=True)
    wording = models.TextField()

    class Meta:
        ordering = ["marking_point__number", "version__evidence__number"]
        constraints = [
            models.UniqueConstraint(
                fields=["sign_off", "marking_point", "version"], name="a_credit_is_given_once"
            ),
            models.CheckConstraint(
                condition=Q(version__isnull=False, imported_from="")
                | (Q(version=None) & ~Q(imported_from="")),
                name="a_credit_names_what_earned_it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.marking_point_id} by {self.version_id}"
