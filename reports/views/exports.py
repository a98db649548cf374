"""The list of exports."""

from django.db.models import Count, Q
from django.http import HttpResponseBase
from django.views.decorators.http import require_GET

from accounts.lists import answer
from assessments.overview.permissions import can_take_spreadsheets
from reports import lists
from reports.models import Bulk, BulkQuerySet
from reports.permissions import can_export_from, can_set_rules
from reports.views.shared import CentreRequest, reports_of
from reports.workflow import UNDER_WAY, ReportStatus

LATEST = 5


@require_GET
def exports(request: CentreRequest) -> HttpResponseBase:
    """While something is under way the list asks for its own fragment every two seconds."""
    rows = reports_of(request)
    under_way = rows.under_way().count()
    context = {
        "under_way": under_way,
        # Only news is worth interrupting somebody who listens to the page.
        "is_news": request.GET.get("under_way") != str(under_way),
        "bulks": _bulks(request),
        "may_export": can_export_from(request.user, request.centre),
        "may_set_rules": can_set_rules(request.user, request.centre),
        "may_take_spreadsheets": can_take_spreadsheets(request.user, request.centre),
    }
    template = "reports/_exports.html" if request.htmx else "reports/exports.html"
    return answer(lists.exports(request, rows), template, context)


def _bulks(request: CentreRequest) -> BulkQuerySet:
    """The last few that were asked for at once; the notice leads to those before."""
    seen = Bulk.objects.visible_to(request.user).in_centre(request.centre)
    return counted(seen)[:LATEST]


def counted(bulks: BulkQuerySet) -> BulkQuerySet:
    return bulks.select_related("requested_by", "centre").annotate(
        all=Count("reports"),
        made=Count("reports", filter=Q(reports__status=ReportStatus.DONE)),
        failed=Count("reports", filter=Q(reports__status=ReportStatus.FAILED)),
        under_way=Count("reports", filter=Q(reports__status__in=UNDER_WAY)),
    )
