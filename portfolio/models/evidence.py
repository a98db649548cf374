"""Evidence with its versions and files, and the claims it makes."""

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Centre, User
from files.models import Blob
from portfolio.models.learners import Allocation, Enrolment, Portfolio
from portfolio.workflow import ClaimStatus, VersionStatus
from standards.models import Criterion

MAX_PLACE = 200

# Where an assessor's record stands while it is made, and while its learner reads it, as the room
# to the right spells it.
MAKING, WITH_LEARNER = "making", "with_learner"


def _not_anothers_draft(user: User, version: str = "") -> Q:
    """A draft is its writer's alone until it is submitted; `version` is the path to it."""
    at = f"{version}__" if version else ""
    return _written_for(user, f"{at}evidence__") | ~Q(**{f"{at}submitted_at": None})


def _written_for(user: User, evidence: str = "") -> Q:
    """What the learner wrote; an assessor's record is theirs, and hers while she is to read it."""
    own = Q(**{f"{evidence}recorded_by": None})
    shared = Q(**{f"{evidence}record__status": WITH_LEARNER})
    hers = Q(**{f"{evidence}portfolio__learner": user}) & (own | shared)
    return hers | Q(**{f"{evidence}recorded_by": user})


def _colleagues_record(user: User, evidence: str = "") -> Exists:
    """A record of a unit that this person assesses as well; they may read it while it is made."""
    running = Allocation.objects.filter(assessor=user, ended_at=None)
    return Exists(running.filter(enrolment=OuterRef(f"{evidence}record__enrolment")))


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, user: User) -> "EvidenceQuerySet":
        """An assessor sees a learner's whole list of evidence, but drafts only whose they are."""
        return self.filter(portfolio__in=Portfolio.objects.visible_to(user)).filter(
            ~Q(first_submitted_at=None) | _written_for(user) | _colleagues_record(user)
        )

    def in_centre(self, centre: Centre) -> "EvidenceQuerySet":
        return self.filter(portfolio__centre=centre)


class Evidence(models.Model):
    """One numbered item. What it says is in its versions."""

    portfolio = models.ForeignKey(Portfolio, models.PROTECT, related_name="evidence")
    number = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
    first_submitted_at = models.DateTimeField(null=True, blank=True)
    # A witness's own words: the learner hands them in, but can't change them.
    by_witness = models.BooleanField(_("given by a witness"), default=False)
    # The assessor whose own record it is: theirs to write until the learner confirms it.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Named by the device that captured it offline, so that sending twice makes one item.
    capture_id = models.UUIDField(null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["portfolio", "number"]
        verbose_name_plural = "evidence"
        constraints = [
            models.UniqueConstraint(
                fields=["portfolio", "number"], name="an_evidence_number_is_used_once"
            ),
            models.UniqueConstraint(
                fields=["portfolio", "capture_id"], name="a_capture_is_sent_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    def open_units(self) -> models.QuerySet[Enrolment]:
        """Where it can claim criteria; an assessor's record, in the units that they assess."""
        units = Enrolment.objects.active().filter(portfolio=self.portfolio_id)
        if self.recorded_by_id is None:
            return units
        return units.filter(allocations__assessor=self.recorded_by_id, allocations__ended_at=None)


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


class PersonalData(models.TextChoices):
    """What the learner says of other people in the evidence."""

    NONE = "none", _("Nobody else can be recognised")
    PERMISSION = "permission", _("Others can be recognised, and they agreed to it")
    PRESENT = "present", _("Others can be recognised and must be hidden")


class EvidenceVersionQuerySet(models.QuerySet["EvidenceVersion"]):
    def visible_to(self, user: User) -> "EvidenceVersionQuerySet":
        seen = self.filter(evidence__in=Evidence.objects.visible_to(user))
        return seen.readable_by(user)

    def in_centre(self, centre: Centre) -> "EvidenceVersionQuerySet":
        return self.filter(evidence__portfolio__centre=centre)

    def of(self, evidence: Evidence, user: User) -> "EvidenceVersionQuerySet":
        """Those of an item that was already found to be visible, less other people's drafts."""
        return self.filter(evidence=evidence).readable_by(user)

    def readable_by(self, user: User) -> "EvidenceVersionQuerySet":
        """Of items that were already found to be visible, all but other people's drafts."""
        return self.filter(_not_anothers_draft(user) | _colleagues_record(user, "evidence__"))

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
    # Empty until the learner has answered; evidence can't be submitted before.
    personal_data = models.CharField(
        _("other people in it"), max_length=12, choices=PersonalData, blank=True
    )
    # Who agreed to be recorded or named, and how that is known; kept with the recording.
    permission_note = models.TextField(_("who agreed, and how you know"), blank=True)

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
    # Exact places that did not survive a change of the evidence, until the learner has seen to it.
    lost_places = models.JSONField(default=list, blank=True)
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
