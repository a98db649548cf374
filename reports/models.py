"""Exports of portfolios. The row is the queue's truth: the broker only carries its id."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _t

from accounts.models import SEES_EVIDENCE, Centre, User
from files.models import Blob
from portfolio.models import Interest, Portfolio, Redaction
from reports.options import Options
from reports.workflow import DEPOSIT_UNDER_WAY, UNDER_WAY, DepositStatus, ReportStatus, Stage

# Without what is easily mistaken for something else when it is read from paper.
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 10

SHOWS_HIDDEN = Q(choices__has_key="unredacted") & ~Q(choices__unredacted="")
UP_TO_DATE = Q(hidden_now=F("hidden_before")) | SHOWS_HIDDEN  # rows `with_hidden_now`


def new_code() -> str:
    """By chance, so that nobody finds an export by counting."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


class ExportRules(models.Model):
    """What a centre decided about its exports; a centre without a row has the defaults."""

    centre = models.OneToOneField(Centre, models.PROTECT, related_name="export_rules")
    # Original files up to this size go into the PDF; others are listed by hash, size and place.
    file_up_to_mb = models.PositiveIntegerField(default=25)
    files_up_to_mb = models.PositiveIntegerField(default=200)  # all of one PDF's together

    def __str__(self) -> str:
        return str(self.centre)

    @property
    def sizes(self) -> dict[str, int]:
        return {"file_up_to_mb": self.file_up_to_mb, "files_up_to_mb": self.files_up_to_mb}


class BulkQuerySet(models.QuerySet["Bulk"]):
    def visible_to(self, user: User) -> "BulkQuerySet":
        return self.filter(centre_id__in=user.centres_as(*SEES_EVIDENCE))

    def in_centre(self, centre: Centre) -> "BulkQuerySet":
        return self.filter(centre=centre)


class Bulk(models.Model):
    """Many portfolios asked for at once, and handed out as one archive."""

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="bulk_exports")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    chosen = models.CharField(max_length=300)  # what was chosen, in words: "Cohort 2026"
    told_at = models.DateTimeField(null=True, blank=True)  # when whoever asked was told

    objects = BulkQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.chosen} {self.requested_at:%Y-%m-%d}"


class Deposit(models.Model):
    """The archive of many exports on its way into the bucket for archives, or there."""

    Status = DepositStatus

    bulk = models.ForeignKey(Bulk, models.PROTECT, related_name="deposits")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    reports = models.JSONField(default=list)  # the keys of those that were asked for
    lost = models.JSONField(default=list)  # and of those among them that the store had lost
    status = models.CharField(max_length=10, choices=DepositStatus, default=DepositStatus.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Last sign of life. Once it has ended: until nothing half sent is left in the bucket.
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    bucket = models.CharField(max_length=100, blank=True)  # that it lies in
    key = models.CharField(max_length=300, blank=True)  # the object's name there
    size = models.PositiveBigIntegerField(null=True, blank=True)  # known when it sets out
    sent = models.PositiveBigIntegerField(default=0)  # bytes so far

    class Meta:
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.bulk} {self.status}"

    @property
    def is_under_way(self) -> bool:
        return self.status in DEPOSIT_UNDER_WAY

    def key_of(self, attempt: int) -> str:
        """Each try has a name of its own: nobody ever writes or removes what is another's."""
        return f"{self.bulk.centre.slug}/{self.bulk_id}/{self.pk}-{attempt}.zip"

    def standing(self) -> str:
        return _t("This archive is now “%(state)s”.") % {"state": self.get_status_display()}


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User) -> "ReportQuerySet":
        return self.filter(portfolio__centre_id__in=user.centres_as(*SEES_EVIDENCE))

    def in_centre(self, centre: Centre) -> "ReportQuerySet":
        return self.filter(portfolio__centre=centre)

    def under_way(self) -> "ReportQuerySet":
        return self.filter(status__in=UNDER_WAY)

    def with_hidden_now(self) -> "ReportQuerySet":
        """Each row with what `Report.is_outdated` would ask for by itself."""
        return self.annotate(hidden_now=_hidden_now())

    def with_barred(self, user: User) -> "ReportQuerySet":
        """Each row with what `barred_from_hidden` (portfolio/permissions.py) would ask for by
        itself; for questions about this person only."""
        ties = Interest.objects.blocking().filter(person=user, portfolio=OuterRef("portfolio"))
        return self.annotate(is_barred=Exists(ties) | Q(portfolio__learner=user))

    def given_out(self) -> "ReportQuerySet":
        """Made, not withdrawn, neither too old nor outdated: see `Report.withheld`."""
        rows = self.with_hidden_now().filter(UP_TO_DATE)
        rows = rows.filter(status=ReportStatus.DONE, withdrawn_at=None, blob__isnull=False)
        oldest = given_out_since()
        return rows.filter(finished_at__gt=oldest) if oldest else rows

    def expired(self) -> "ReportQuerySet":
        oldest = given_out_since()
        long_ago = Q(finished_at__lte=oldest) if oldest else Q(pk__in=())
        return self.filter(long_ago, status=ReportStatus.DONE, withdrawn_at=None)

    def outdated(self) -> "ReportQuerySet":
        """Held back for nothing but that something was hidden since."""
        rows = self.with_hidden_now().exclude(UP_TO_DATE)
        made = rows.filter(status=ReportStatus.DONE, withdrawn_at=None)
        return made.exclude(pk__in=self.expired().values("pk"))


def _hidden_now() -> Coalesce:
    of_it = Redaction.objects.filter(evidence__portfolio=OuterRef("portfolio")).order_by()
    counted = of_it.values("evidence__portfolio").annotate(many=Count("pk"))
    return Coalesce(Subquery(counted.values("many")), 0)


def given_out_since() -> datetime | None:
    """What was made before is no longer handed out; None when nothing ever expires."""
    days = settings.EXPORT_DAYS
    return timezone.now() - timedelta(days=days) if days else None


class Report(models.Model):
    """One portfolio as a PDF, asked for, being made, made, or failed with a reason."""

    Status = ReportStatus

    portfolio = models.ForeignKey(Portfolio, models.PROTECT, related_name="reports")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    status = models.CharField(max_length=10, choices=ReportStatus, default=ReportStatus.QUEUED)
    stage = models.CharField(max_length=40, blank=True)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent
    count = models.PositiveIntegerField(default=0)  # of the stage: pictures or parts made so far
    count_of = models.PositiveIntegerField(default=0)  # and how many there are
    attempts = models.PositiveSmallIntegerField(default=0)
    # Last sign of life: when it was sent to the broker, then each step of the worker.
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    choices = models.JSONField(default=dict)  # see reports/options.py
    bulk = models.ForeignKey(Bulk, models.PROTECT, null=True, blank=True, related_name="reports")
    # Printed on the cover; leads whoever holds the paper to the public page.
    code = models.CharField(max_length=CODE_LENGTH, unique=True, default=new_code)
    # SHA-256 of the certificate that signed it; "" where the centre had none.
    certificate = models.CharField(max_length=64, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_reason = models.TextField(blank=True)
    blob = models.ForeignKey(Blob, models.PROTECT, null=True, blank=True)
    pages = models.PositiveIntegerField(null=True, blank=True)
    ledger_head = models.CharField(max_length=64, blank=True)
    # How often something had been hidden in the portfolio when it was read.
    hidden_before = models.PositiveIntegerField(default=0)
    # Of the PDF's bytes, for archives; found when it first goes into one.
    crc32 = models.PositiveBigIntegerField(null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        indexes = [models.Index(fields=["status", "heartbeat_at"], name="gone_quiet")]

    def __str__(self) -> str:
        return f"{self.portfolio} {self.requested_at:%Y-%m-%d}"

    @property
    def options(self) -> Options:
        return Options.of(self.choices)

    @property
    def shows_hidden(self) -> bool:
        return bool(self.options.unredacted)

    @property
    def expires_at(self) -> datetime | None:
        if self.finished_at is None or not settings.EXPORT_DAYS:
            return None
        return self.finished_at + timedelta(days=settings.EXPORT_DAYS)

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def is_outdated(self) -> bool:
        """Something was hidden in the portfolio after it was read, so that it may be legible in
        here. The data lead asked for what is hidden in her own."""
        if self.status != ReportStatus.DONE or self.shows_hidden:
            return False
        now = getattr(self, "hidden_now", None)  # lists bring it along
        if now is None:
            now = Redaction.objects.filter(evidence__portfolio=self.portfolio_id).count()
        return bool(now != self.hidden_before)

    @property
    def shown_state(self) -> str:
        """The key of what people are shown: a finished export may no longer be handed out."""
        if self.status == ReportStatus.DONE:
            if self.withdrawn_at:
                return "withdrawn"
            if self.is_expired:
                return "expired"
            if self.is_outdated:
                return "outdated"
        return self.status

    def newer(self) -> "Report | None":
        """A later export of the same portfolio and series, made and not withdrawn."""
        if self.finished_at is None:
            return None
        rows = Report.objects.filter(
            portfolio_id=self.portfolio_id,
            status=ReportStatus.DONE,
            withdrawn_at=None,
            finished_at__gte=self.finished_at,
        ).exclude(pk=self.pk)
        for row in rows.order_by("-finished_at", "-pk"):
            later = (row.finished_at, row.pk) > (self.finished_at, self.pk)
            if later and row.series == self.series:
                return row
        return None

    @property
    def series(self) -> dict[str, Any]:
        """What it is an export of, as the ledger says it; a later one takes its place."""
        return {
            "scope": self.options.scope.value,
            "units": sorted(self.options.units),
            "feedback": self.options.feedback,
            "shows_hidden": self.shows_hidden,
            "language": self.options.language,
        }

    def withheld(self) -> str:
        """Why a finished export is no longer handed out; "" while it is."""
        if self.withdrawn_at:
            return _t("This export was withdrawn, so it is no longer handed out.")
        if self.is_expired:
            return _t("This download has expired. The export can still be checked by its code.")
        if self.is_outdated:
            return _t("Something was hidden after this PDF was made. Export again.")
        return ""

    def get_stage_display(self) -> str:
        return str(Stage(self.stage).label) if self.stage else ""

    def standing(self) -> str:
        return _t("This export is now “%(state)s”.") % {"state": self.get_status_display()}
