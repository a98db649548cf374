"""A learner's portfolio at a centre, the units on it and who assesses them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import ASSESSING, SEES_EVIDENCE, Centre, Role, User
from portfolio.workflow import EnrolmentStatus
from standards.models import Edition

# How interests.py spells the tie that keeps somebody out of every decision on the learner.
RELATIVE = "relative"


def apart_from(user: User, enrolment: str = "") -> Q:
    """Nobody decides on their own work, a relative's, or where they were witness: as a condition
    on the enrolment reached by the path `enrolment`."""
    at = f"{enrolment}__" if enrolment else ""
    tied = Portfolio.objects.filter(
        interests__person=user, interests__kind=RELATIVE, interests__ended_at=None
    )
    theirs = {"invitation__email__iexact": user.email}
    asked = {f"witness_invitations__testimony__{name}": is_ for name, is_ in theirs.items()}
    used = {f"claims__version__evidence__testimony__{name}": is_ for name, is_ in theirs.items()}
    return (
        ~Q(**{f"{at}portfolio__learner": user})
        & ~Q(**{f"{at}portfolio__in": tied.values("pk")})
        & ~Q(**{f"{enrolment or 'pk'}__in": Enrolment.objects.filter(**asked).values("pk")})
        & ~Q(**{f"{enrolment or 'pk'}__in": Enrolment.objects.filter(**used).values("pk")})
    )


def _seen_by(user: User, portfolio: str, enrolments: str) -> Q:
    """Tenancy in one place, as a condition on the portfolio reached by the path `portfolio`.

    A learner sees her own; an admin, IQA or data lead the whole centre; an assessor those whose
    units are allocated to them (`enrolments` is the path to the enrolments that count), and,
    being qualified, those that wait for just their countersignature or answer to an appeal.
    """
    centre = f"{portfolio}__centre_id__in" if portfolio else "centre_id__in"
    learner = f"{portfolio}__learner" if portfolio else "learner"
    at = f"{enrolments}__" if enrolments else ""
    return (
        Q(**{learner: user, centre: user.centres_as(Role.LEARNER)})
        | Q(**{centre: user.centres_as(*SEES_EVIDENCE)})
        | Q(
            **{
                centre: user.centres_as(*ASSESSING),
                f"{at}allocations__assessor": user,
                f"{at}allocations__ended_at": None,
            }
        )
        | Q(
            **{
                centre: user.centres_as(Role.ASSESSOR),
                f"{enrolments or 'pk'}__in": _waiting_for(user).values("pk"),
            }
        )
    )


def _waiting_for(user: User) -> "EnrolmentQuerySet":
    """Units that wait for somebody without a part in them, and whom this one may be. The verbs,
    in the room to the right, say the same of each sign-off and each appeal."""
    waiting = Enrolment.objects.filter(status=EnrolmentStatus.AWAITING_COUNTERSIGNATURE)
    to_sign = waiting.exclude(pk__in=_signed_by(user).values("pk"))
    appealed = Enrolment.objects.filter(appeals__status="open")
    to_answer = appealed.exclude(pk__in=_appealed_against(user).values("pk"))
    either = Q(pk__in=to_sign.values("pk")) | Q(pk__in=to_answer.values("pk"))
    return Enrolment.objects.filter(either).filter(apart_from(user))


def _signed_by(user: User) -> "EnrolmentQuerySet":
    """Where their signature waits for another's, or an appeal against it was upheld."""
    first = Q(
        sign_offs__assessor=user,
        sign_offs__status=EnrolmentStatus.AWAITING_COUNTERSIGNATURE,
        sign_offs__withdrawal=None,
    )
    signed = Q(sign_offs__assessor=user) | Q(sign_offs__countersigner=user)
    return Enrolment.objects.filter(first | signed & Q(sign_offs__withdrawal__appeal__isnull=False))


def _appealed_against(user: User) -> "EnrolmentQuerySet":
    """Where what is in question was decided or signed with a part of theirs."""
    rounds = "appeals__submission__version__submissions"
    judged = Q(**{f"{rounds}__decided_by": user}) | Q(**{f"{rounds}__judgements__assessor": user})
    one = Q(**{f"{rounds}__enrolment": F("pk")}) & judged
    anything = Q(submissions__decided_by=user) | Q(submissions__judgements__assessor=user)
    whole = Q(appeals__submission=None) & anything
    signed = Q(sign_offs__assessor=user) | Q(sign_offs__countersigner=user)
    return Enrolment.objects.filter(one | whole | signed, appeals__status="open")


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

    def assessed_by(self, user: User) -> "EnrolmentQuerySet":
        """Those which this person has to assess, and may: lists and verbs ask this alike."""
        running = Allocation.objects.filter(assessor=user, ended_at=None).values("enrolment")
        here = self.filter(portfolio__centre__in=user.centres_as(*ASSESSING), pk__in=running)
        return here.filter(apart_from(user))


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
