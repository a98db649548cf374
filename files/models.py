"""Bytes, kept once under their SHA-256, and who brought them. Knows nothing of evidence."""

import uuid

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


class Quota(models.Model):
    """How much a centre, and each of its people, may bring; without a row the settings decide."""

    centre = models.OneToOneField(Centre, models.PROTECT, related_name="quota")
    centre_bytes = models.PositiveBigIntegerField(_("for the whole centre, in bytes"))
    person_bytes = models.PositiveBigIntegerField(_("for each person, in bytes"))

    def __str__(self) -> str:
        return f"{self.centre_id}: {self.centre_bytes}, {self.person_bytes} each"


class Brought(models.Model):
    """That a person brought these bytes to a centre: what their quota is counted from.

    The same bytes count once for a person, however often they are sent or used.
    """

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="brought")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="brought")
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="brought")
    size = models.PositiveBigIntegerField(_("size in bytes"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "owner", "blob"], name="bytes_are_counted_once_a_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} brought {self.blob_id}"


class TransferQuerySet(models.QuerySet["Transfer"]):
    def visible_to(self, user: User) -> "TransferQuerySet":
        return self.filter(owner=user)

    def in_centre(self, centre: Centre) -> "TransferQuerySet":
        return self.filter(centre=centre)


class Transfer(models.Model):
    """A file on its way in, part by part (tus 1.0); its bytes so far lie in the store.

    `upload` is set once all have come; then it is a file like any other.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey(Centre, models.PROTECT, related_name="transfers")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="transfers")
    name = models.CharField(_("file name"), max_length=255)
    # As the sender wrote it, which a tus client may ask to have back.
    metadata = models.CharField(max_length=4000, blank=True)
    length = models.PositiveBigIntegerField(_("length in bytes"))
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)
    upload = models.OneToOneField(
        Upload, models.SET_NULL, null=True, blank=True, related_name="transfer"
    )
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = TransferQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class PreviewStatus(models.TextChoices):
    QUEUED = "queued", _("Waiting to be prepared")
    RUNNING = "running", _("Being prepared")
    READY = "ready", _("Ready")
    NONE = "none", _("No preview")


class Preview(models.Model):
    """What can be seen of a file without downloading it; one a blob, whoever brought it."""

    Status = PreviewStatus

    class Kind(models.TextChoices):
        PAGES = "pages", _("Pages")  # PDF
        PICTURE = "picture", _("Picture")
        FILM = "film", _("Film")
        SOUND = "sound", _("Sound")
        TEXT = "text", _("Text")  # plain text, DOCX
        TABLE = "table", _("Spreadsheet")
        MAIL = "mail", _("E-mail")
        NOTHING = "nothing", _("Nothing to show")

    blob = models.OneToOneField(Blob, models.PROTECT, related_name="preview")
    kind = models.CharField(max_length=10, choices=Kind)
    status = models.CharField(max_length=10, choices=PreviewStatus, default=PreviewStatus.QUEUED)
    # Width and height in pixels or points, duration in seconds, frame rate, count of pages …
    facts = models.JSONField(default=dict)
    reason = models.CharField(max_length=300, blank=True)  # why there is none, in plain words
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField(auto_now_add=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.status}"

    @property
    def is_ready(self) -> bool:
        return self.status == PreviewStatus.READY


class PreviewPart(models.Model):
    """One made file of a preview: a page's picture, the poster, the playable copy, a text."""

    class Role(models.TextChoices):
        PAGE = "page", _("Page")  # number from 1; its words lie in WORDS of the same number
        WORDS = "words", _("Words of a page and where they stand")
        THUMBNAIL = "thumbnail", _("Thumbnail")
        PICTURE = "picture", _("Picture")
        POSTER = "poster", _("Poster")
        PLAYABLE = "playable", _("Copy that browsers play")
        WAVEFORM = "waveform", _("Waveform")
        TEXT = "text", _("Text")
        SHEET = "sheet", _("Sheet")
        ATTACHMENT = "attachment", _("Attachment")

    preview = models.ForeignKey(Preview, models.CASCADE, related_name="parts")
    role = models.CharField(max_length=12, choices=Role)
    number = models.PositiveIntegerField(default=1)
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="preview_parts")
    name = models.CharField(max_length=255, blank=True)  # of a sheet or an attachment
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["role", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["preview", "role", "number"], name="a_preview_part_is_made_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.number}"
