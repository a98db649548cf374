"""A learner's portfolio at a centre, the units on it and who assesses them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import ASSESSING, SEES_EVIDENCE, Centre, Role, User
from portfolio.workflow import EnrolmentStatus
from standards.models import Edition


def _seen_by(user: User, portfolio: str, enrolments: str) -> Q:
    """Tenancy in one place, as a condition on the portfolio reached by the path `portfolio`.

    A learner sees her own; an admin, IQA or data lead the whole centre; an assessor those whose
    units are allocated to them (`enrolments` is the path to the enrolments that count), and,
    being qualified, those that wait for a countersignature or for the answer to an appeal.
    """
    centre = f"{portfolio}__centre_id__in" if portfolio else "centre_id__in"
    learner = f"{portfolio}__learner" if portfolio else "learner"
    at = f"{enrolments}__" if enrolments else ""
    assessing = user.centres_as(*ASSESSING)
    appealed = Enrolment.objects.filter(appeals__status="open").values("pk")
    return (
        Q(**{learner: user, centre: user.centres_as(Role.LEARNER)})
        | Q(**{centre: user.centres_as(*SEES_EVIDENCE)})
        | Q(
            **{
                centre: assessing,
                f"{at}allocations__assessor": user,
                f"{at}allocations__ended_at": None,
            }
        )
        | Q(
            **{
                centre: user.centres_as(Role.ASSESSOR),
                f"{at}status": EnrolmentStatus.AWAITING_COUNTERSIGNATURE,
            }
        )
        | Q(**{centre: user.centres_as(Role.ASSESSOR), f"{enrolments or 'pk'}__in": appealed})
    )


class PortfolioQuerySet(models.QuerySet["Portfolio"]):
    def visible_to(self, user: User) -> "PortfolioQuerySet":
        seen = Portfolio.objects.filter(_seen_by(user, "", "enrolments")).values("pk")
        return self.filter(pk__in=seen)

    def in_centre(self, centre: Centre) -> "PortfolioQuerySet":
        return self.filter(centre=centre)


class Portfolio(models.Model):
    """All of one learner's work at one centre; one chain of the ledger."""

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="portfolios")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="portfolios")
    registration_number = models.CharField(_("registration number"), max_length=60, blank=True)
    cohort = models.CharField(_("cohort"), max_length=80, blank=True)
    # The last evidence number given out; a number is never used again.
    last_number = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PortfolioQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "learner"], name="one_portfolio_a_learner_and_centre"
            ),
        ]

    def __str__(self) -> str:
        return str(self.learner)

    @property
    def stream(self) -> str:
        """The ledger's stream of this portfolio."""
        return f"portfolio:{self.pk}"


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def visible_to(self, user: User) -> "EnrolmentQuerySet":
        seen = Enrolment.objects.filter(_seen_by(user, "portfolio", "")).values("pk")
        return self.filter(pk__in=seen)

    def in_centre(self, centre: Centre) -> "EnrolmentQuerySet":
        return self.filter(portfolio__centre=centre)

    def active(self) -> "EnrolmentQuerySet":
        return self.filter(status=EnrolmentStatus.ACTIVE)


class Enrolment(models.Model):
    """A learner working towards one unit: one edition of one standard."""

    Status = EnrolmentStatus

    portfolio = models.ForeignKey(Portfolio, models.PROTECT, related_name="enrolments")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="enrolments")
    status = models.CharField(
        max_length=30, choices=EnrolmentStatus, default=EnrolmentStatus.ACTIVE
    )
    started_on = models.DateField(_("started on"))
    created_at = models.DateTimeField(auto_now_add=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["portfolio__learner__name", "edition__standard__urn"]
        constraints = [
            models.UniqueConstraint(
                fields=["portfolio", "edition"], name="a_learner_takes_an_edition_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.portfolio} – {self.edition}"

    def standing(self) -> str:
        return _t("This unit is now “%(state)s”.") % {"state": self.get_status_display()}


class Allocation(models.Model):
    """Who assesses a learner's unit, and since when."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="allocations")
    assessor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="allocations"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "assessor"],
                condition=Q(ended_at=None),
                name="an_assessor_is_allocated_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessor_id} assesses {self.enrolment_id}"


class LearnerListQuerySet(models.QuerySet["LearnerList"]):
    def visible_to(self, user: User) -> "LearnerListQuerySet":
        return self.filter(centre_id__in=user.centres_as(Role.ADMIN))

    def in_centre(self, centre: Centre) -> "LearnerListQuerySet":
        return self.filter(centre=centre)


class LearnerList(models.Model):
    """Learners read from a CSV file, between the preview and the saving.

    The row goes as soon as the list is saved, given up or forgotten for a day: so a list is
    saved once however often the button is pressed, and names lie about nowhere twice.
    """

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="learner_lists")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    source_name = models.CharField(_("source"), max_length=255, blank=True)
    rows = models.JSONField()
    ignored_columns = models.JSONField(default=list)

    objects = LearnerListQuerySet.as_manager()

    def __str__(self) -> str:
        return self.source_name
