"""National Occupational Standards, their editions and the examiner's marking guides.

A published edition or guide never changes: triggers in the migrations refuse it. What is
still being read and corrected is a Draft.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Centre, Role, User


class Standard(models.Model):
    """A standard's name through all its editions."""

    urn = models.CharField(_("URN"), max_length=40, unique=True)

    class Meta:
        ordering = ["urn"]

    def __str__(self) -> str:
        return self.urn


class LibraryQuerySet(models.QuerySet):
    """Published texts: those shared by all centres (centre is null) and the centre's own."""

    def visible_to(self, user: User) -> "LibraryQuerySet":
        return self.filter(Q(centre=None) | Q(centre_id__in=list(user.roles_by_centre)))

    def in_centre(self, centre: Centre) -> "LibraryQuerySet":
        return self.filter(Q(centre=None) | Q(centre=centre))

    def published(self) -> "LibraryQuerySet":
        return self.exclude(published_at=None)


class Edition(models.Model):
    """One approved version. Ordered by approval date: version numbers start again at times."""

    standard = models.ForeignKey(Standard, models.PROTECT, related_name="editions")
    centre = models.ForeignKey(
        Centre, models.PROTECT, null=True, blank=True, related_name="editions"
    )
    title = models.CharField(_("title"), max_length=300)
    sqa_code = models.CharField(_("SQA code"), max_length=40, blank=True)
    version = models.CharField(_("version"), max_length=40, blank=True)
    # ISO as far as the source goes ("2013-01"), so it sorts as text.
    approved_on = models.CharField(_("approved on"), max_length=10, blank=True)
    review_on = models.CharField(_("review on"), max_length=10, blank=True)
    metadata = models.JSONField(default=dict)
    source_text = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = LibraryQuerySet.as_manager()

    class Meta:
        ordering = ["standard__urn", F("approved_on").desc(), "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "centre", "approved_on", "version"],
                name="a_centre_publishes_an_edition_once",
            ),
            models.UniqueConstraint(
                fields=["standard", "approved_on", "version"],
                condition=Q(centre=None),
                name="a_shared_edition_is_published_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standard.urn} {self.title}"


class Section(models.Model):
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="sections")
    key = models.CharField(max_length=60)
    text = models.TextField(blank=True)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.key


class Criterion(models.Model):
    class Kind(models.TextChoices):
        PERFORMANCE = "performance", _("Performance criterion")
        KNOWLEDGE = "knowledge", _("Knowledge and understanding")
        ASSESSMENT = "assessment", _("Assessment criterion")

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="criteria")
    kind = models.CharField(max_length=12, choices=Kind)
    code = models.CharField(_("code"), max_length=20)
    text = models.TextField(_("text"))
    group = models.CharField(_("group heading"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField()
    subitems = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["order"]
        verbose_name_plural = "criteria"
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="a_code_is_used_once"),
            models.UniqueConstraint(fields=["edition", "order"], name="a_place_is_used_once"),
        ]

    def __str__(self) -> str:
        return self.code


class MarkingGuide(models.Model):
    """The examiner's view of a topic, and the editions it serves."""

    centre = models.ForeignKey(
        Centre, models.PROTECT, null=True, blank=True, related_name="marking_guides"
    )
    title = models.CharField(_("title"), max_length=300)
    synopsis = models.TextField(_("synopsis"), blank=True)
    concepts = models.JSONField(default=list, blank=True)
    tips = models.JSONField(default=list, blank=True)
    misconceptions = models.JSONField(default=list, blank=True)
    source_text = models.TextField(blank=True)
    editions = models.ManyToManyField(Edition, related_name="marking_guides", blank=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = LibraryQuerySet.as_manager()

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class MarkingPoint(models.Model):
    guide = models.ForeignKey(MarkingGuide, models.PROTECT, related_name="marking_points")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["guide", "number"], name="a_point_has_its_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, user: User) -> "DraftQuerySet":
        return self.filter(centre_id__in=user.centres_as(Role.ADMIN))

    def in_centre(self, centre: Centre) -> "DraftQuerySet":
        return self.filter(centre=centre)

    def open(self) -> "DraftQuerySet":
        return self.filter(status=Draft.Status.OPEN)


class Draft(models.Model):
    """A text that was read, and its parse as corrected so far (the shape is `nos`'s JSON)."""

    class Status(models.TextChoices):
        OPEN = "open", _("Being corrected")
        PUBLISHED = "published", _("Published")
        DISCARDED = "discarded", _("Discarded")

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="drafts")
    source_name = models.CharField(_("source"), max_length=255, blank=True)
    source_text = models.TextField()
    parsed = models.JSONField()
    status = models.CharField(max_length=12, choices=Status, default=Status.OPEN)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, blank=True)
    guide = models.ForeignKey(MarkingGuide, models.PROTECT, null=True, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.parsed.get("title") or self.source_name

    def standing(self) -> str:
        """Where the draft stands, who put it there and when."""
        who, when = self.changed_by or self.created_by, self.changed_at or self.created_at
        words = {"who": who, "when": date_format(timezone.localtime(when), "j F Y, H:i")}
        sentences = {
            self.Status.OPEN: gettext("%(who)s changed this draft on %(when)s."),
            self.Status.PUBLISHED: gettext("%(who)s published this draft on %(when)s."),
            self.Status.DISCARDED: gettext("%(who)s discarded this draft on %(when)s."),
        }
        return sentences[self.Status(self.status)] % words
