"""Exports of portfolios. The row is the queue's truth: the broker only carries its id."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _t

from accounts.models import SEES_WHOLE_CENTRE, Centre, User
from files.models import Blob
from portfolio.models import Portfolio
from reports.workflow import ReportStatus, Stage


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User) -> "ReportQuerySet":
        return self.filter(portfolio__centre_id__in=user.centres_as(*SEES_WHOLE_CENTRE))

    def in_centre(self, centre: Centre) -> "ReportQuerySet":
        return self.filter(portfolio__centre=centre)


class Report(models.Model):
    """One portfolio as a PDF, asked for, being made, made, or failed with a reason."""

    Status = ReportStatus

    portfolio = models.ForeignKey(Portfolio, models.PROTECT, related_name="reports")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    status = models.CharField(max_length=10, choices=ReportStatus, default=ReportStatus.QUEUED)
    stage = models.CharField(max_length=40, blank=True)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent
    attempts = models.PositiveSmallIntegerField(default=0)
    # Last sign of life: when it was sent to the broker, then each step of the worker.
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    blob = models.ForeignKey(Blob, models.PROTECT, null=True, blank=True)
    pages = models.PositiveIntegerField(null=True, blank=True)
    ledger_head = models.CharField(max_length=64, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        indexes = [models.Index(fields=["status", "heartbeat_at"], name="gone_quiet")]

    def __str__(self) -> str:
        return f"{self.portfolio} {self.requested_at:%Y-%m-%d}"

    def get_stage_display(self) -> str:
        return str(Stage(self.stage).label) if self.stage else ""

    def standing(self) -> str:
        return _t("This export is now “%(state)s”.") % {"state": self.get_status_display()}
