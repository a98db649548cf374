"""Bytes, kept once under their SHA-256, and who brought them. Knows nothing of evidence."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Centre, User


class Blob(models.Model):
    """A row for bytes that are already on disk (the bytes come first, the row after)."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    media_type = models.CharField(max_length=100)
    # What other people are shown in its place: a picture without its metadata (position,
    # camera). Null where the bytes themselves may be shown.
    shown_as = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="shown_for"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.media_type} {self.sha256[:12]}"

    @property
    def kind(self) -> str:
        """The family of the media type: image, video, audio, text, application, message."""
        return self.media_type.split("/", 1)[0]

    @property
    def shown(self) -> "Blob":
        """The bytes that others may see."""
        return self.shown_as or self


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, user: User) -> "UploadQuerySet":
        return self.filter(owner=user)

    def in_centre(self, centre: Centre) -> "UploadQuerySet":
        return self.filter(centre=centre)


class Upload(models.Model):
    """A file somebody sent and has not yet put anywhere; only its owner may use it."""

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="uploads")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="uploads")
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="uploads")
    name = models.CharField(_("file name"), max_length=255)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UploadQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
