"""Where an export can stand, every move between, and the stages of making one."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ledger.transitions import Transition, Transitions


class ReportStatus(models.TextChoices):
    QUEUED = "queued", _("Waiting to start")
    RUNNING = "running", _("Being made")
    DONE = "done", _("Ready")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


UNDER_WAY = (ReportStatus.QUEUED, ReportStatus.RUNNING)

REPORT: Transitions = {
    "start": Transition((ReportStatus.QUEUED,), ReportStatus.RUNNING),
    "finish": Transition((ReportStatus.RUNNING,), ReportStatus.DONE),
    "fail": Transition((ReportStatus.QUEUED, ReportStatus.RUNNING), ReportStatus.FAILED),
    "requeue": Transition((ReportStatus.RUNNING,), ReportStatus.QUEUED),
    "cancel": Transition((ReportStatus.QUEUED, ReportStatus.RUNNING), ReportStatus.CANCELLED),
    "retry": Transition((ReportStatus.FAILED, ReportStatus.CANCELLED), ReportStatus.QUEUED),
}


class DepositStatus(models.TextChoices):
    """Of an archive that is put into the bucket."""

    QUEUED = "queued", _("Waiting to start")
    RUNNING = "running", _("On its way")
    DONE = "done", _("In the bucket")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


DEPOSIT_UNDER_WAY = (DepositStatus.QUEUED, DepositStatus.RUNNING)

DEPOSIT: Transitions = {
    "start": Transition((DepositStatus.QUEUED,), DepositStatus.RUNNING),
    "finish": Transition((DepositStatus.RUNNING,), DepositStatus.DONE),
    "fail": Transition((DepositStatus.RUNNING,), DepositStatus.FAILED),
    "requeue": Transition((DepositStatus.RUNNING,), DepositStatus.QUEUED),
    "cancel": Transition(DEPOSIT_UNDER_WAY, DepositStatus.CANCELLED),
}


class Stage(models.TextChoices):
    """What the worker is busy with; `stage` of a report that is being made."""

    READING = "reading", _("Reading the portfolio")
    PICTURES = "pictures", _("Preparing pictures")
    PAGES = "pages", _("Laying out pages")
    JOINING = "joining", _("Putting the parts together")
    FILES = "files", _("Putting the original files inside")
    SIGNING = "signing", _("Signing")
    SAVING = "saving", _("Saving the PDF")
