"""Decisions that were taken back, and the appeals that led to it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Centre, User
from assessments.models.sign_offs import SignOff
from assessments.models.submissions import Submission, when
from assessments.workflow import AppealStatus
from portfolio.models import Enrolment


class AppealQuerySet(models.QuerySet["Appeal"]):
    def visible_to(self, user: User) -> "AppealQuerySet":
        """Of units that they see, and those that they answered themselves."""
        answered = Q(closed_by=user, enrolment__portfolio__centre_id__in=list(user.roles_by_centre))
        return self.filter(Q(enrolment__in=Enrolment.objects.visible_to(user)) | answered)

    def in_centre(self, centre: Centre) -> "AppealQuerySet":
        return self.filter(enrolment__portfolio__centre=centre)

    def open(self) -> "AppealQuerySet":
        return self.filter(status=AppealStatus.OPEN)


class Appeal(models.Model):
    """A learner asks that a decision be looked at again, by somebody who did not take it.

    Records are kept for as long as one is open, however old they are.
    """

    Status = AppealStatus

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="appeals")
    # What it is against: one decision on evidence, or none where a sign-off or its lack is meant.
    submission = models.ForeignKey(
        Submission, models.PROTECT, null=True, blank=True, related_name="appeals"
    )
    sign_off = models.ForeignKey(
        SignOff, models.PROTECT, null=True, blank=True, related_name="appeals"
    )
    status = models.CharField(max_length=12, choices=AppealStatus, default=AppealStatus.OPEN)
    grounds = models.TextField(_("why you think the decision is wrong"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="appeals")
    made_at = models.DateTimeField(auto_now_add=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(_("answer to the learner"), blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"],
                condition=Q(status=AppealStatus.OPEN),
                name="one_open_appeal_a_submission",
            ),
            models.UniqueConstraint(
                fields=["sign_off"],
                condition=Q(status=AppealStatus.OPEN),
                name="one_open_appeal_a_sign_off",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.made_by_id} on {self.enrolment_id}"

    @property
    def look(self) -> str:
        """How its state is drawn (accounts.states); its word is its own."""
        return {"open": "waiting", "upheld": "accepted", "rejected": "returned"}.get(
            self.status, "withdrawn"
        )

    def standing(self) -> str:
        if not (self.closed_by and self.closed_at):
            return _t("This appeal is open.")
        sentence = (
            _t("%(name)s gave this appeal up on %(when)s.")
            if self.status == AppealStatus.GIVEN_UP
            else _t("%(name)s already answered this appeal on %(when)s.")
        )
        return sentence % {
            "name": self.closed_by.name,
            "when": when(self.closed_at),
        }


class WithdrawalQuerySet(models.QuerySet["Withdrawal"]):
    def visible_to(self, user: User) -> "WithdrawalQuerySet":
        seen = Enrolment.objects.visible_to(user)
        return self.filter(Q(submission__enrolment__in=seen) | Q(sign_off__enrolment__in=seen))

    def in_centre(self, centre: Centre) -> "WithdrawalQuerySet":
        return self.filter(
            Q(submission__enrolment__portfolio__centre=centre)
            | Q(sign_off__enrolment__portfolio__centre=centre)
        )


class Withdrawal(models.Model):
    """A decision that was taken back, which itself stays as it was: who, when and why."""

    class Kind(models.TextChoices):
        UNDONE = "undone", _("Undone at once by whoever sent it")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    kind = models.CharField(max_length=12, choices=Kind)
    submission = models.OneToOneField(
        Submission, models.PROTECT, null=True, blank=True, related_name="withdrawal"
    )
    sign_off = models.OneToOneField(
        SignOff, models.PROTECT, null=True, blank=True, related_name="withdrawal"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="withdrawals")
    at = models.DateTimeField()
    reason = models.TextField(_("why"), blank=True)
    appeal = models.ForeignKey(
        Appeal, models.PROTECT, null=True, blank=True, related_name="withdrawals"
    )

    objects = WithdrawalQuerySet.as_manager()

    class Meta:
        ordering = ["at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(submission=None, sign_off__isnull=False)
                | Q(submission__isnull=False, sign_off=None),
                name="a_withdrawal_is_of_one_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.submission_id or self.sign_off_id}"

    def standing(self) -> str:
        sentence = (
            _t("%(name)s undid this decision on %(when)s.")
            if self.kind == self.Kind.UNDONE
            else _t("%(name)s withdrew this decision on %(when)s.")
        )
        return sentence % {"name": self.by.name, "when": when(self.at)}
