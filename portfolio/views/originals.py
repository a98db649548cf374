"""The data lead's pages: what was hidden in the centre, and what it was before, for a reason."""

import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.forms import refusals_on
from accounts.lists import answer
from files.serving import respond
from portfolio import actions, lists
from portfolio.forms_redaction import ReasonForm
from portfolio.models import OriginalOpened, Redaction
from portfolio.permissions import can_open_original, can_see_originals

AT_A_GLANCE = 20


@require_GET
def redactions(request: HttpRequest) -> HttpResponseBase:
    """Everything that was hidden, and who opened an original last."""
    listing = lists.redactions(request, _hidden(request).annotate(times_opened=Count("openings")))
    opened = OriginalOpened.objects.filter(redaction__in=_hidden(request))
    related = opened.select_related("opened_by", "redaction__evidence__portfolio__learner")
    return answer(listing, "portfolio/redactions.html", {"openings": related[:AT_A_GLANCE]})


@require_http_methods(["GET", "HEAD", "POST"])
def original(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Asks why; the answer to the form is the file itself, so that no link leads to it."""
    found = get_object_or_404(_hidden(request), pk=pk)
    if not can_open_original(request.user, found):
        raise PermissionDenied
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            reason = form.cleaned_data["reason"]
            actions.open_original(redaction=found, reason=reason, by=request.user)
            return _handed_out(request, found)
    context = {
        "redaction": found,
        "form": form,
        "openings": found.openings.select_related("opened_by"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "portfolio/original.html", context, status=status)


def _hidden(request: HttpRequest) -> Any:
    if not can_see_originals(request.user, request.centre):
        raise PermissionDenied
    return (
        Redaction.objects.in_centre(request.centre)
        .filter(status=Redaction.Status.DONE)
        .select_related("evidence__portfolio__learner", "version", "original", "made_by")
    )


def _handed_out(request: HttpRequest, found: Redaction) -> HttpResponseBase:
    if found.original:
        return respond(request=request, blob=found.original, name=found.original_name)
    name = _("evidence-%(number)d-as-it-was.txt") % {"number": found.evidence.number}
    answer = HttpResponse(_readable(found.original_text), content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _readable(kept: str) -> str:
    """The texts of every version, one below the other."""
    pieces = []
    for each in json.loads(kept):
        places = "".join(f"{code}: {place}\n" for code, place in each["places"].items())
        head = _("Version %(number)d: %(title)s") % {
            "number": each["version"],
            "title": each["title"],
        }
        names = "".join(f"{name}\n" for name in each.get("files", ()))
        comments = "".join(f"{text}\n" for text in each.get("comments", ()))
        rest = f"{places}{each.get('note', '')}\n{names}{comments}".strip()
        pieces.append(f"{head}\n\n{each['account']}\n\n{rest}".rstrip() + "\n")
    return "\n\n".join(pieces)
