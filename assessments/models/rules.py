"""What a centre asks of a unit's evidence, beyond every criterion being met."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import ASSESSING, SEES_WHOLE_CENTRE, Centre, User
from portfolio.models import Method
from standards.models import Criterion, Edition


class UnitRulesQuerySet(models.QuerySet["UnitRules"]):
    def visible_to(self, user: User) -> "UnitRulesQuerySet":
        return self.filter(centre_id__in=user.centres_as(*ASSESSING, *SEES_WHOLE_CENTRE))

    def in_centre(self, centre: Centre) -> "UnitRulesQuerySet":
        return self.filter(centre=centre)


class UnitRules(models.Model):
    """A centre's rules for one edition; where awarding bodies differ, these differ."""

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="unit_rules")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="unit_rules")
    minimum_pieces = models.PositiveSmallIntegerField(_("pieces of evidence, at least"), default=0)
    needs_direct = models.BooleanField(_("at least one direct method"), default=False)
    piece_per_point = models.BooleanField(
        _("a piece of evidence for each marking point"), default=True
    )
    changed_at = models.DateTimeField(auto_now=True)

    objects = UnitRulesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "unit rules"
        constraints = [
            models.UniqueConstraint(fields=["centre", "edition"], name="one_set_of_rules_a_unit"),
        ]

    def __str__(self) -> str:
        return f"rules of {self.centre_id} for {self.edition_id}"


class MethodRule(models.Model):
    """A method that a criterion needs, or one of those that it allows."""

    class Kind(models.TextChoices):
        REQUIRED = "required", _("Required")
        ALLOWED = "allowed", _("Allowed")

    rules = models.ForeignKey(UnitRules, models.CASCADE, related_name="methods")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    method = models.CharField(max_length=20, choices=Method)

    class Meta:
        ordering = ["criterion__order", "kind", "method"]
        constraints = [
            models.UniqueConstraint(
                fields=["rules", "criterion", "method"], name="a_method_is_ruled_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion_id} {self.kind} {self.method}"
