"""The exact places in evidence at which claims are met."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Centre, User
from portfolio.anchors.labels import label_of, named_label
from portfolio.models.evidence import Claim, EvidenceFile, EvidenceVersion
from portfolio.workflow import ClaimStatus

FIELDS = (
    *("kind", "sha256", "quote", "prefix", "suffix", "start", "page", "last_page"),
    *("x", "y", "width", "height", "begins", "ends"),
)


class AnchorQuerySet(models.QuerySet["Anchor"]):
    def visible_to(self, user: User) -> "AnchorQuerySet":
        return self.filter(claim__in=Claim.objects.visible_to(user))

    def in_centre(self, centre: Centre) -> "AnchorQuerySet":
        return self.filter(claim__enrolment__portfolio__centre=centre)

    def read_by(self, user: User) -> "AnchorQuerySet":
        """What an assessor marks while judging is a draft: the learner sees it once the claim
        is decided."""
        return self.filter(
            ~models.Q(claim__enrolment__portfolio__learner=user)
            | ~models.Q(claim__status=ClaimStatus.SUBMITTED)
            | models.Q(made_at__lte=models.F("claim__version__submitted_at"))
            | models.Q(made_by=user)
        )

    def listed(self) -> "AnchorQuerySet":
        """With all that a list of places says of each."""
        learner = models.F("claim__enrolment__portfolio__learner")
        by_another = models.Case(
            models.When(made_by=learner, then=False),
            default=True,
            output_field=models.BooleanField(),
        )
        return self.select_related("file", "made_by").annotate(by_another=by_another)

    def for_export(self, version: EvidenceVersion) -> "AnchorQuerySet":
        """A version's, with all that their export tells."""
        return self.filter(claim__version=version).select_related(
            "file__blob", "claim__criterion__edition__standard"
        )


class Place(models.Model):
    """One exact place in the evidence (a W3C Web Annotation selector).

    It is bound to the bytes it was made on: a file's, or the account's (`file` is null and
    `sha256` is over the account's UTF-8 text).
    """

    class Kind(models.TextChoices):
        PASSAGE = "passage", _("Passage")
        REGION = "region", _("Part of a picture or page")
        MOMENT = "moment", _("Moment")
        PAGES = "pages", _("Pages")
        WHOLE = "whole", _("All of it")

    file = models.ForeignKey(
        EvidenceFile, models.CASCADE, null=True, blank=True, related_name="%(class)ss"
    )
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, choices=Kind)
    # A passage: the words, what stands before and after, and where in the text it begins.
    quote = models.TextField(blank=True)
    prefix = models.CharField(max_length=100, blank=True)
    suffix = models.CharField(max_length=100, blank=True)
    start = models.PositiveIntegerField(null=True, blank=True)
    # A region's page or a passage's, counted from 1; a range of pages ends with `last_page`.
    page = models.PositiveIntegerField(null=True, blank=True)
    last_page = models.PositiveIntegerField(null=True, blank=True)
    # A rectangle in fractions of the page or picture, from its top left corner.
    x = models.FloatField(null=True, blank=True)
    y = models.FloatField(null=True, blank=True)
    width = models.FloatField(null=True, blank=True)
    height = models.FloatField(null=True, blank=True)
    # A moment, in seconds from the beginning.
    begins = models.FloatField(null=True, blank=True)
    ends = models.FloatField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True

    @property
    def plain(self) -> dict[str, Any]:
        """As scripts and forms spell it: what is absent is null."""
        fields = {name: getattr(self, name) for name in FIELDS}
        return {name: None if value == "" else value for name, value in fields.items()} | {
            "file": self.file_id
        }

    @property
    def label(self) -> str:
        """ "page 2, marked part", "1:10 to 1:45", "“I rang her back…”"."""
        return label_of(self.plain)

    @property
    def named_label(self) -> str:
        """ "film.mp4, 1:10 to 1:45"."""
        return named_label(self.plain, self.file.name if self.file else "")


class Anchor(Place):
    """The exact place at which a claim is met."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="anchors")
    # An assessor who moves a learner's place makes another; the learner's stays, and says so.
    replaced_by = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, related_name="replaces"
    )

    objects = AnchorQuerySet.as_manager()

    class Meta:
        # What was written comes first, then the files in their order, on every database.
        ordering = [
            models.F("file__order").asc(nulls_first=True),
            models.F("page").asc(nulls_first=True),
            models.F("begins").asc(nulls_first=True),
            models.F("start").asc(nulls_first=True),
            "pk",
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.claim_id}"

    @property
    def is_added(self) -> bool:
        """Marked by an assessor while judging, and not handed in with the evidence."""
        submitted_at = self.claim.version.submitted_at
        return submitted_at is not None and self.made_at > submitted_at
