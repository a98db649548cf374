"""The centre's spreadsheets, for those who see it whole."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.lists import KINDS
from assessments.overview import figures
from assessments.overview.permissions import can_take_spreadsheets
from assessments.overview.scope import Scope, choices_in
from assessments.sheets import SHEETS


@require_GET
def spreadsheets(request: HttpRequest) -> HttpResponse:
    """All of them, with one form to say of which part of the centre."""
    _only_who_may(request)
    scope = Scope.read(request.centre, request.GET)
    query = request.GET.copy()
    query.pop("as", None)
    context = {
        "sheets": SHEETS.items(),
        "scope": scope,
        "choices": choices_in(request.centre),
        "weeks": request.GET.get("weeks", ""),
        "periods": figures.PERIODS.items(),
        "finds_learners": True,
        "query": query.urlencode(),
    }
    return render(request, "assessments/spreadsheets.html", context)


@require_GET
def spreadsheet(request: HttpRequest, sheet: str) -> HttpResponseBase:
    """One of them as a file, CSV where the address does not ask for a workbook."""
    _only_who_may(request)
    found = SHEETS.get(sheet)
    if found is None:
        raise Http404
    scope = Scope.read(request.centre, request.GET)
    write = KINDS.get(request.GET.get("as", ""), KINDS["csv"])
    return write(sheet, found.columns(scope), found.rows(scope, _since(request)))


def _since(request: HttpRequest) -> datetime | None:
    weeks = request.GET.get("weeks", "")
    known = weeks in {str(each) for each in figures.PERIODS}
    return figures.Period.read(weeks).since if known else None


def _only_who_may(request: HttpRequest) -> None:
    if not can_take_spreadsheets(request.user, request.centre):
        raise PermissionDenied
