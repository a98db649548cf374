"""What an assessor and a learner agreed to do, and by when."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Centre, User
from assessments.models.submissions import when
from portfolio.models import Enrolment, Method
from standards.models import Criterion


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, user: User) -> "PlanQuerySet":
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user))

    def in_centre(self, centre: Centre) -> "PlanQuerySet":
        return self.filter(enrolment__portfolio__centre=centre)

    def running(self) -> "PlanQuerySet":
        return self.filter(reviewed_at=None)


class Plan(models.Model):
    """An assessment plan for one unit. A change asks both to agree again."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="plans")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    note = models.TextField(_("what is planned"), blank=True)
    review_on = models.DateField(_("review on"))
    revision = models.PositiveIntegerField(default=1)
    assessor_agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    assessor_agreed_at = models.DateTimeField(null=True, blank=True)
    learner_agreed_at = models.DateTimeField(null=True, blank=True)
    # The review closes the plan; the next one is a new row.
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    review = models.TextField(_("how it went"), blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=models.Q(reviewed_at=None),
                name="one_running_plan_a_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"plan of {self.enrolment_id}"

    @property
    def is_agreed(self) -> bool:
        return bool(self.assessor_agreed_at and self.learner_agreed_at)

    @property
    def is_overdue(self) -> bool:
        """Its review is."""
        return self.reviewed_at is None and self.review_on < timezone.localdate()

    def standing(self) -> str:
        if self.reviewed_by and self.reviewed_at:
            return _t("%(name)s reviewed this plan on %(when)s, which closed it.") % {
                "name": self.reviewed_by.name,
                "when": when(self.reviewed_at),
            }
        return _t("This plan was changed after you opened it. Read it again.")


class PlanActionQuerySet(models.QuerySet["PlanAction"]):
    def visible_to(self, user: User) -> "PlanActionQuerySet":
        return self.filter(plan__in=Plan.objects.visible_to(user))

    def in_centre(self, centre: Centre) -> "PlanActionQuerySet":
        return self.filter(plan__enrolment__portfolio__centre=centre)

    def open(self) -> "PlanActionQuerySet":
        return self.filter(done_at=None)

    def done(self) -> "PlanActionQuerySet":
        return self.exclude(done_at=None)


class PlanAction(models.Model):
    """One thing to do, by whom and by when."""

    class Who(models.TextChoices):
        LEARNER = "learner", _("Learner")
        ASSESSOR = "assessor", _("Assessor")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="actions")
    who = models.CharField(_("who"), max_length=8, choices=Who, default=Who.LEARNER)
    text = models.CharField(_("what to do"), max_length=500)
    method = models.CharField(
        _("how it shows competence"), max_length=20, choices=Method, blank=True
    )
    criteria = models.ManyToManyField(Criterion, related_name="plan_actions", blank=True)
    due_on = models.DateField(_("by when"))
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PlanActionQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.text

    @property
    def is_overdue(self) -> bool:
        return self.done_at is None and self.due_on < timezone.localdate()
