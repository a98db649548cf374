"""Decisions that were taken elsewhere."""

from django.conf import settings
from django.db import models
from django.utils import formats, timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Centre, User
from portfolio.models.learners import Enrolment
from standards.models import Criterion


class ImportedDecisionQuerySet(models.QuerySet["ImportedDecision"]):
    def visible_to(self, user: User) -> "ImportedDecisionQuerySet":
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user))

    def in_centre(self, centre: Centre) -> "ImportedDecisionQuerySet":
        return self.filter(enrolment__portfolio__centre=centre)

    def in_force(self) -> "ImportedDecisionQuerySet":
        return self.filter(taken_back_at=None)


class ImportedDecision(models.Model):
    """A criterion that another centre found met before the learner came: imported, not judged
    again, and shown as such for ever."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="imported")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="imported")
    decided_at_centre = models.CharField(_("where it was decided"), max_length=200)
    decided_by_name = models.CharField(_("who decided it"), max_length=150)
    decided_on = models.DateField(_("when it was decided"))
    seen = models.CharField(_("what you saw of it"), max_length=300)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(auto_now_add=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_reason = models.TextField(_("why"), blank=True)

    objects = ImportedDecisionQuerySet.as_manager()

    class Meta:
        ordering = ["criterion__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "criterion"],
                condition=models.Q(taken_back_at=None),
                name="a_criterion_is_imported_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion_id} of {self.enrolment_id}"

    def standing(self) -> str:
        if not (self.taken_back_by and self.taken_back_at):
            return _t("This decision was imported, and stands.")
        return _t("%(name)s already took this back on %(when)s.") % {
            "name": self.taken_back_by.name,
            "when": formats.date_format(timezone.localtime(self.taken_back_at), "j F Y, H:i"),
        }
