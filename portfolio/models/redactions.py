"""What was hidden in evidence, and who opened the original."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Centre, User
from files.models import Blob
from portfolio.models.evidence import Evidence, EvidenceFile, EvidenceVersion


class RedactionQuerySet(models.QuerySet["Redaction"]):
    def visible_to(self, user: User) -> "RedactionQuerySet":
        """That something was hidden is no secret to those who see the item; what, is."""
        return self.filter(evidence__in=Evidence.objects.visible_to(user))

    def in_centre(self, centre: Centre) -> "RedactionQuerySet":
        return self.filter(evidence__portfolio__centre=centre)


class Redaction(models.Model):
    """A redacted copy that took an original's place in every version of an item.

    Other items of the portfolio that held the same bytes have a row of their own for it.
    Either of a file (`original`, `copy`) or of an account (`original_text`). The originals
    are reached through the data lead's page alone.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Being made")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

        @classmethod
        def under_way(cls) -> "list[Redaction.Status]":
            return [cls.QUEUED, cls.RUNNING]

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="redactions")
    version = models.ForeignKey(EvidenceVersion, models.PROTECT, related_name="redactions")
    file = models.ForeignKey(
        EvidenceFile, models.SET_NULL, null=True, blank=True, related_name="redactions"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    # Boxes {page, x, y, width, height} in fractions, ranges {begins, ends} in seconds, or
    # words {start, end} in characters.
    marks = models.JSONField()
    original = models.ForeignKey(
        Blob, models.PROTECT, null=True, blank=True, related_name="redacted_as"
    )
    original_name = models.CharField(max_length=255, blank=True)
    original_text = models.TextField(blank=True)
    copy = models.ForeignKey(
        Blob, models.PROTECT, null=True, blank=True, related_name="redaction_of"
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=300, blank=True)

    objects = RedactionQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.evidence_id} {self.status}"

    @property
    def is_of_account(self) -> bool:
        return self.original_id is None

    @property
    def is_under_way(self) -> bool:
        return self.status in self.Status.under_way()

    def standing(self) -> str:
        return _t("This is now “%(state)s”.") % {"state": self.get_status_display()}


class OriginalOpened(models.Model):
    """That the data lead opened an original, and why; the ledger holds it too."""

    redaction = models.ForeignKey(Redaction, models.PROTECT, related_name="openings")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    reason = models.TextField(_("why"))

    class Meta:
        ordering = ["-opened_at"]

    def __str__(self) -> str:
        return f"{self.opened_by_id} opened {self.redaction_id}"
