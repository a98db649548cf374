"""The verbs of exporting many portfolios at once."""

from collections.abc import Callable, Collection, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Centre, User
from accounts.permissions import refuse_unless
from ledger.transitions import TransitionRefused
from reports import actions
from reports.bulk.choosing import Wanted
from reports.models import Bulk, Report, ReportQuerySet
from reports.permissions import can_download, can_export_from, can_handle
from reports.workflow import UNDER_WAY, ReportStatus


@transaction.atomic
def request_many(*, centre: Centre, wanted: Sequence[Wanted], chosen: str, by: User) -> Bulk:
    """One export a portfolio; the same that somebody asked for and waits for is enough."""
    refuse_unless(can_export_from(by, centre))
    if not wanted:
        raise ValidationError(_("Nobody fits this choice. Choose others."))
    for each in wanted:
        refuse_unless(each.portfolio.centre_id == centre.pk)
        actions.check(each.options, each.portfolio, by)
    if same := _under_way(centre, wanted, chosen):
        return same
    bulk = Bulk.objects.create(centre=centre, requested_by=by, chosen=chosen)
    for each in wanted:
        actions.ask(each.portfolio, by, each.options, bulk)
    return bulk


def _under_way(centre: Centre, wanted: Sequence[Wanted], chosen: str) -> Bulk | None:
    """Somebody pressed the button twice."""
    asked = {each.portfolio.pk: each.options for each in wanted}
    alike = Bulk.objects.in_centre(centre).filter(chosen=chosen, reports__status__in=UNDER_WAY)
    for bulk in alike.distinct():
        if {row.portfolio_id: row.options for row in bulk.reports.all()} == asked:
            return bulk
    return None


@transaction.atomic
def cancel_all(*, bulk: Bulk, by: User) -> int:
    """Those that wait or are being made; how many that was."""
    refuse_unless(can_handle(by, bulk))
    return _each(bulk.reports.filter(status__in=UNDER_WAY), actions.cancel, by)


@transaction.atomic
def retry_failed(*, bulk: Bulk, by: User) -> int:
    refuse_unless(can_handle(by, bulk))
    return _each(bulk.reports.filter(status=ReportStatus.FAILED), actions.retry, by)


def _each(rows: ReportQuerySet, verb: Callable[..., None], by: User) -> int:
    done = 0
    for report in rows.with_barred(by).select_related("portfolio__learner"):
        try:
            verb(report=report, by=by)
        except TransitionRefused:
            continue  # a worker was quicker
        done += 1
    return done


@transaction.atomic
def take(*, bulk: Bulk, by: User, without: Collection[int] = ()) -> list[Report]:
    """What goes into an archive; who takes a copy of what is written before the bytes leave."""
    refuse_unless(can_handle(by, bulk))
    reports = [report for report in in_archive(bulk, by) if report.pk not in without]
    if not reports:
        raise TransitionRefused(_("None of these exports can be downloaded now."))
    for report in reports:
        refuse_unless(can_download(by, report))
        actions.note_download(report, by, bulk=bulk.pk)
    return reports


def in_archive(bulk: Bulk, by: User) -> ReportQuerySet:
    """What is ready and still handed out, in an order that stays; with what has to be known of
    whoever takes it."""
    rows = (
        bulk.reports.given_out()
        .with_barred(by)
        .select_related("portfolio__learner", "blob", "bulk")
    )
    return rows.order_by("portfolio__learner__name", "pk")
