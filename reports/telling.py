"""Whoever asked for exports is told when they have ended: one alone at once, many asked for at
once by one notice when the last of them has ended."""

from functools import partial

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.notices import tell
from reports.models import Bulk, BulkQuerySet, Report
from reports.workflow import ReportStatus


def ended(report: Report) -> None:
    """Call it in the transaction in which an export ended."""
    if report.bulk_id:
        # Two workers that finish at once do not see each other's row until both are through.
        transaction.on_commit(partial(tell_if_all_ended, report.bulk_id), robust=True)
    elif report.status == ReportStatus.DONE:
        _tell_of_one(report, "export_ready", _("The portfolio of %(name)s is ready."))
    elif report.status == ReportStatus.FAILED:
        _tell_of_one(report, "export_failed", _("The export of %(name)s failed."))


def _tell_of_one(report: Report, kind: str, sentence: str) -> None:
    centre = report.portfolio.centre
    tell(
        recipient=report.requested_by,
        centre=centre,
        kind=kind,
        about=f"report:{report.pk}:{report.attempts}",
        text=sentence % {"name": report.portfolio.learner.name},
        path=reverse("reports:report", args=[centre.slug, report.pk]),
    )


@transaction.atomic
def tell_if_all_ended(bulk_id: int) -> None:
    """Of all who find that nothing is left to do, one succeeds in saying so."""
    now = timezone.now()
    if _ended().filter(pk=bulk_id).update(told_at=now):
        _tell_of_all(Bulk.objects.select_related("centre", "requested_by").get(pk=bulk_id))


def tell_ended() -> None:
    """For those whose worker was killed between ending the last one and saying so."""
    for pk in _ended().values_list("pk", flat=True):
        tell_if_all_ended(pk)


def _ended() -> BulkQuerySet:
    under_way = Report.objects.under_way().exclude(bulk=None)
    return Bulk.objects.filter(told_at=None).exclude(pk__in=under_way.values("bulk"))


def _tell_of_all(bulk: Bulk) -> None:
    made = bulk.reports.filter(status=ReportStatus.DONE).count()
    failed = bulk.reports.filter(status=ReportStatus.FAILED).count()
    if not made + failed:  # all cancelled: whoever did that knows
        return
    sentence = ngettext("%(made)d export is ready", "%(made)d exports are ready", made)
    if failed:
        sentence += _(", %(failed)d failed")
    told = sentence % {"made": made, "failed": failed}
    tell(
        recipient=bulk.requested_by,
        centre=bulk.centre,
        kind="export_failed" if failed else "export_ready",
        about=f"bulk:{bulk.pk}:{bulk.told_at:%Y%m%d%H%M%S%f}",
        text=f"{told}: {bulk.chosen}",
        path=reverse("reports:bulk", args=[bulk.centre.slug, bulk.pk]),
    )
