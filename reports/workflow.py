"""Where an export can stand, and every move between."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ledger.transitions import Transition, Transitions


class ReportStatus(models.TextChoices):
    QUEUED = "queued", _("Waiting to start")
    RUNNING = "running", _("Being made")
    DONE = "done", _("Ready")
    FAILED = "failed", _("Failed")


REPORT: Transitions = {
    "start": Transition((ReportStatus.QUEUED,), ReportStatus.RUNNING),
    "finish": Transition((ReportStatus.RUNNING,), ReportStatus.DONE),
    "fail": Transition((ReportStatus.QUEUED, ReportStatus.RUNNING), ReportStatus.FAILED),
    "requeue": Transition((ReportStatus.RUNNING,), ReportStatus.QUEUED),
    "retry": Transition((ReportStatus.FAILED,), ReportStatus.QUEUED),
}
