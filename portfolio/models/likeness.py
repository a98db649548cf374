"""What finds evidence that is the same in two learners' portfolios."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import ASSESSING, Centre, Role, User
from portfolio.models.evidence import EvidenceFile, EvidenceVersion
from portfolio.models.learners import Portfolio


class Sketch(models.Model):
    """A short summary of a text or picture in somebody's evidence, to find its likes by.

    A text's values are the smallest hashes of its four-word shingles; a picture's are slices
    of its perceptual hash. Two that share many values are likely alike.
    """

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        PICTURE = "picture", _("Picture")

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="+")
    portfolio = models.ForeignKey(Portfolio, models.PROTECT, related_name="+")
    version = models.ForeignKey(EvidenceVersion, models.CASCADE, related_name="sketches")
    # Null: the version's account.
    file = models.ForeignKey(
        EvidenceFile, models.CASCADE, null=True, blank=True, related_name="sketches"
    )
    kind = models.CharField(max_length=8, choices=Kind)
    sha256 = models.CharField(max_length=64, db_index=True)
    many = models.PositiveIntegerField(_("how many values it has"))
    # The whole perceptual hash, or the text's shingle count; what the comparison needs more.
    facts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.kind} of {self.version_id}"


class SketchValue(models.Model):
    """One value of a sketch, in a table of its own so that one index finds all that share it."""

    sketch = models.ForeignKey(Sketch, models.CASCADE, related_name="values")
    centre = models.ForeignKey(Centre, models.PROTECT, related_name="+", db_index=False)
    value = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["centre", "value", "sketch"], name="sketches_that_share")]

    def __str__(self) -> str:
        return f"{self.value} of {self.sketch_id}"


class LikenessQuerySet(models.QuerySet["Likeness"]):
    def visible_to(self, user: User) -> "LikenessQuerySet":
        """Those of a learner on either side whom this person sees."""
        seen = EvidenceVersion.objects.visible_to(user)
        either = Q(version__in=seen) | Q(other_version__in=seen)
        return self.filter(either).readable_by(user)

    def readable_by(self, user: User) -> "LikenessQuerySet":
        """Of evidence that was already found to be visible: assessors and quality assurers alone,
        and never one who is a side of it, whatever else they are at the centre."""
        own = Q(version__evidence__portfolio__learner=user)
        others_own = Q(other_version__evidence__portfolio__learner=user)
        return self.filter(
            version__evidence__portfolio__centre_id__in=user.centres_as(*ASSESSING, Role.IQA),
        ).exclude(own | others_own)

    def in_centre(self, centre: Centre) -> "LikenessQuerySet":
        return self.filter(version__evidence__portfolio__centre=centre)

    def open(self) -> "LikenessQuerySet":
        """Those that no shared form accounts for."""
        return self.filter(template=None)

    def on(self, version: EvidenceVersion) -> "LikenessQuerySet":
        return self.filter(Q(version=version) | Q(other_version=version))


class Comparison(models.Model):
    """That a submitted version was compared with all that was there; until then, how it waits."""

    version = models.OneToOneField(EvidenceVersion, models.CASCADE, related_name="comparison")
    done_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.version_id}: {self.done_at}"


class Likeness(models.Model):
    """That two learners' evidence holds the same or nearly the same: a flag, never a verdict."""

    class Kind(models.TextChoices):
        SAME_BYTES = "same_bytes", _("The same file")
        TEXT = "text", _("Nearly the same text")
        PICTURE = "picture", _("Nearly the same picture")

    kind = models.CharField(max_length=10, choices=Kind)
    # The newer side, and the one that was there before; a null file means the account.
    version = models.ForeignKey(EvidenceVersion, models.PROTECT, related_name="likenesses")
    file = models.ForeignKey(
        EvidenceFile, models.CASCADE, null=True, blank=True, related_name="likenesses"
    )
    other_version = models.ForeignKey(
        EvidenceVersion, models.PROTECT, related_name="likenesses_of_later"
    )
    other_file = models.ForeignKey(
        EvidenceFile,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="likenesses_of_later",
    )
    # Kind, versions and files in one text: a null is never equal to a null in the database.
    sides = models.CharField(max_length=120, editable=False)
    share = models.FloatField(_("how alike, from 0 to 1"))
    found_at = models.DateTimeField(auto_now_add=True)
    # The shared form that accounts for it, as long as that counts.
    template = models.ForeignKey(
        "TemplateText", models.SET_NULL, null=True, blank=True, related_name="likenesses"
    )

    objects = LikenessQuerySet.as_manager()

    class Meta:
        ordering = ["-found_at", "-pk"]
        verbose_name_plural = "likenesses"
        constraints = [
            models.UniqueConstraint(fields=["sides"], name="a_likeness_is_flagged_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} is like {self.other_version_id}"

    def other_than(self, version: EvidenceVersion) -> EvidenceVersion:
        return self.other_version if self.version_id == version.pk else self.version


class TemplateTextQuerySet(models.QuerySet["TemplateText"]):
    def in_centre(self, centre: Centre) -> "TemplateTextQuerySet":
        return self.filter(centre=centre)

    def visible_to(self, user: User) -> "TemplateTextQuerySet":
        return self.filter(centre_id__in=user.centres_as(*ASSESSING, Role.IQA))

    def counting(self) -> "TemplateTextQuerySet":
        return self.filter(ended_at=None)


class TemplateText(models.Model):
    """A form, text or picture that many at the centre use; sharing it raises no flag.

    `values` are the hashes of the shingles of a text, or the perceptual hash of a picture.
    """

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="template_texts")
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(max_length=10, choices=Likeness.Kind)
    sha256 = models.CharField(max_length=64, blank=True)
    values = models.JSONField(default=list)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    # When the flags that it accounts for were gone through; until then a task has to.
    accounted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = TemplateTextQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name
