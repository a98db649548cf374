"""A learner's portfolio: units enrolled on, evidence with its versions, claims on criteria."""

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import ASSESSING, SEES_WHOLE_CENTRE, Centre, Role, User
from files.models import Blob
from portfolio.workflow import ClaimStatus, EnrolmentStatus, VersionStatus
from standards.models import Criterion, Edition

MAX_PLACE = 200


def _seen_by(user: User, portfolio: str, enrolments: str) -> Q:
    """Tenancy in one place, as a condition on the portfolio reached by the path `portfolio`.

    A learner sees her own; an admin or IQA the whole centre; an assessor those whose units
    are allocated to them (`enrolments` is the path to the enrolments that count), and, being
    qualified, those that wait for a countersignature.
    """
    centre = f"{portfolio}__centre_id__in" if portfolio else "centre_id__in"
    learner = f"{portfolio}__learner" if portfolio else "learner"
    at = f"{enrolments}__" if enrolments else ""
    assessing = user.centres_as(*ASSESSING)
    return (
        Q(**{learner: user, centre: user.centres_as(Role.LEARNER)})
        | Q(**{centre: user.centres_as(*SEES_WHOLE_CENTRE)})
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
    )


def _not_anothers_draft(user: User, version: str = "") -> Q:
    """A draft is the learner's alone until she submits it; `version` is the path to it."""
    at = f"{version}__" if version else ""
    return Q(**{f"{at}evidence__portfolio__learner": user}) | ~Q(**{f"{at}submitted_at": None})


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


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, user: User) -> "EvidenceQuerySet":
        """An assessor sees a learner's whole list of evidence, but drafts only the learner."""
        return self.filter(portfolio__in=Portfolio.objects.visible_to(user)).exclude(
            ~Q(portfolio__learner=user), first_submitted_at=None
        )

    def in_centre(self, centre: Centre) -> "EvidenceQuerySet":
        return self.filter(portfolio__centre=centre)


class Evidence(models.Model):
    """One numbered item. What it says is in its versions."""

    portfolio = models.ForeignKey(Portfolio, models.PROTECT, related_name="evidence")
    number = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
    first_submitted_at = models.DateTimeField(null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["portfolio", "number"]
        verbose_name_plural = "evidence"
        constraints = [
            models.UniqueConstraint(
                fields=["portfolio", "number"], name="an_evidence_number_is_used_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class Method(models.TextChoices):
    """How evidence shows competence (DOMAIN: assessment methods)."""

    OBSERVATION = "observation", _("Observation")
    WORK_PRODUCT = "work_product", _("Work product")
    QUESTIONING = "questioning", _("Questions and answers")
    DISCUSSION = "discussion", _("Professional discussion")
    WITNESS = "witness", _("Witness testimony")
    EXPERT_WITNESS = "expert_witness", _("Expert witness testimony")
    ACCOUNT = "account", _("Reflective account or personal statement")
    CASE_STUDY = "case_study", _("Case study")
    SIMULATION = "simulation", _("Simulation")
    PRIOR_LEARNING = "prior_learning", _("Recognition of prior learning")

    @property
    def is_direct(self) -> bool:
        return self in {Method.OBSERVATION, Method.WORK_PRODUCT, Method.QUESTIONING}


class EvidenceVersionQuerySet(models.QuerySet["EvidenceVersion"]):
    def visible_to(self, user: User) -> "EvidenceVersionQuerySet":
        seen = self.filter(evidence__in=Evidence.objects.visible_to(user))
        return seen.filter(_not_anothers_draft(user))

    def in_centre(self, centre: Centre) -> "EvidenceVersionQuerySet":
        return self.filter(evidence__portfolio__centre=centre)

    def of(self, evidence: Evidence, user: User) -> "EvidenceVersionQuerySet":
        """Those of an item that was already found to be visible, less other people's drafts."""
        return self.filter(evidence=evidence).filter(_not_anothers_draft(user))

    def current(self) -> "EvidenceVersionQuerySet":
        """The newest that was not given up of each item, among those selected so far."""
        standing = self.exclude(status=VersionStatus.WITHDRAWN)
        later = standing.filter(evidence=OuterRef("evidence"), number__gt=OuterRef("number"))
        return standing.filter(~Exists(later))


class EvidenceVersion(models.Model):
    """What an item said at one time. Once submitted it is frozen; a change is a new version."""

    Status = VersionStatus

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=12, choices=VersionStatus, default=VersionStatus.DRAFT)
    title = models.CharField(_("title"), max_length=200)
    method = models.CharField(_("how it shows competence"), max_length=20, choices=Method)
    gathered_on = models.DateField(_("date of the work"))
    account = models.TextField(_("what was done"), blank=True)
    account_html = models.TextField(blank=True, editable=False)  # rendered and sanitised
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    declaration_version = models.CharField(max_length=20, blank=True)
    declaration_text = models.TextField(blank=True)

    objects = EvidenceVersionQuerySet.as_manager()

    class Meta:
        ordering = ["evidence", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["evidence", "number"], name="a_version_number_is_used_once"
            ),
            models.UniqueConstraint(
                fields=["evidence"],
                condition=Q(status=VersionStatus.DRAFT),
                name="one_draft_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_draft(self) -> bool:
        return self.status == VersionStatus.DRAFT

    def standing(self) -> str:
        return _t("This evidence is now “%(state)s”.") % {"state": self.get_status_display()}


class EvidenceFileQuerySet(models.QuerySet["EvidenceFile"]):
    def visible_to(self, user: User) -> "EvidenceFileQuerySet":
        return self.filter(version__in=EvidenceVersion.objects.visible_to(user))

    def in_centre(self, centre: Centre) -> "EvidenceFileQuerySet":
        return self.filter(version__evidence__portfolio__centre=centre)


class EvidenceFile(models.Model):
    """One file of one version, under the name its owner gave it."""

    version = models.ForeignKey(EvidenceVersion, models.PROTECT, related_name="files")
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="evidence_files")
    name = models.CharField(_("file name"), max_length=255)
    order = models.PositiveSmallIntegerField()

    objects = EvidenceFileQuerySet.as_manager()

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class ClaimQuerySet(models.QuerySet["Claim"]):
    def visible_to(self, user: User) -> "ClaimQuerySet":
        return self.filter(version__in=EvidenceVersion.objects.visible_to(user))

    def in_centre(self, centre: Centre) -> "ClaimQuerySet":
        return self.filter(enrolment__portfolio__centre=centre)

    def on(self, enrolments: Iterable[Enrolment], user: User) -> "ClaimQuerySet":
        """Those on units that were already found to be visible, less other people's drafts and
        drafts that were given up."""
        return (
            self.filter(enrolment__in=[each.pk for each in enrolments])
            .filter(_not_anothers_draft(user, "version"))
            .exclude(version__status=VersionStatus.WITHDRAWN)
        )


class Claim(models.Model):
    """This evidence, at this place in it, meets this criterion."""

    Status = ClaimStatus

    version = models.ForeignKey(EvidenceVersion, models.PROTECT, related_name="claims")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="claims")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="claims")
    # Where in the evidence, in the learner's words: "page 2", "1:10 to 1:45". Empty: all of it.
    place = models.CharField(_("where in it"), max_length=MAX_PLACE, blank=True)
    status = models.CharField(max_length=12, choices=ClaimStatus, default=ClaimStatus.CLAIMED)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["criterion__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "criterion"], name="a_version_claims_a_criterion_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} claims {self.criterion_id}"

    def standing(self) -> str:
        return _t("This claim is now “%(state)s”.") % {"state": self.get_status_display()}


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
