"""What the pages of exports have in common."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from accounts.models import Centre, User
from reports.bulk.packing import harmless_name
from reports.models import Report, ReportQuerySet
from reports.permissions import can_export_from, can_see_exports


class CentreRequest(HttpRequest):
    """As the middlewares leave it on a page under /c/<centre>/."""

    user: User
    centre: Centre
    htmx: HtmxDetails


def reports_of(request: CentreRequest) -> ReportQuerySet:
    require_reader(request)
    seen = Report.objects.visible_to(request.user).in_centre(request.centre)
    return (
        seen.with_hidden_now()
        .with_barred(request.user)
        .select_related("portfolio__learner", "portfolio__centre", "requested_by", "blob", "bulk")
    )


def require_reader(request: CentreRequest) -> None:
    if not can_see_exports(request.user, request.centre):
        raise PermissionDenied


def require_exporter(request: CentreRequest) -> None:
    if not can_export_from(request.user, request.centre):
        raise PermissionDenied


def to_report(request: CentreRequest, report: Report) -> HttpResponse:
    return redirect("reports:report", centre=request.centre.slug, pk=report.pk)


def file_name(report: Report) -> str:
    """Such as: Portfolio – Amira Khan – 2026-11-22.pdf"""
    made: Any = report.finished_at
    parts = (_("Portfolio"), report.portfolio.learner.name, f"{timezone.localtime(made):%Y-%m-%d}")
    return " – ".join(filter(None, map(harmless_name, parts))) + ".pdf"
