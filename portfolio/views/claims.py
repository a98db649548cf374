from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portfolio import actions
from portfolio.anchors.typed import PARTS
from portfolio.claiming import ClaimsPage
from portfolio.forms_claims import ClaimsForm
from portfolio.models import EvidenceVersion
from portfolio.permissions import can_claim
from portfolio.viewing import anchors_on, to_view
from portfolio.views.loading import evidence_or_404, own_draft

KEEPING = "X-Signpost-Keep"  # sent by the page while somebody is still at it


@require_http_methods(["GET", "HEAD", "POST"])
def claims(request: HttpRequest, pk: int) -> HttpResponse:
    """Criteria of all the learner's open units to tick, beside the evidence that shows them."""
    version = own_draft(request, evidence_or_404(request, pk), can_claim)
    if request.method != "POST":
        return _page(request, version)
    form = ClaimsForm(request.POST, version=version)
    saved = form.is_valid() and _try(request, version, form)
    if KEEPING in request.headers:
        return _kept(request, version, form)
    if not saved:
        return _page(request, version, form)
    messages.success(request, _("Your claims are saved."))
    # Of an assessor's record, this leads on to the record's own page.
    return redirect("portfolio:evidence", centre=request.centre.slug, pk=pk)


def _try(request: HttpRequest, version: EvidenceVersion, form: ClaimsForm) -> bool:
    """Whether it was saved; if not, why not is in the form."""
    try:
        _save(request, version, form)
    except ValidationError as error:
        form.add_error(None, error)
    return not form.errors


@transaction.atomic
def _save(request: HttpRequest, version: EvidenceVersion, form: ClaimsForm) -> None:
    actions.claim(
        version=version,
        places=form.places(),
        anchors=form.anchors(),
        seen=form.seen(),
        by=request.user,
    )
    if KEEPING not in request.headers:
        actions.forget_lost_places(version)


def _kept(request: HttpRequest, version: EvidenceVersion, form: ClaimsForm) -> JsonResponse:
    """What stands now, for a page that goes on; or what was wrong."""
    if form.errors:
        return JsonResponse({"errors": form.errors_by_criterion()}, status=422)
    page = ClaimsPage(version, request.user)
    answer = {
        "seenCriteria": page.seen_criteria,
        "seenAnchors": page.seen_anchors,
        "anchors": page.marked_by_criterion(),
    }
    return JsonResponse(answer)


def _page(
    request: HttpRequest, version: EvidenceVersion, form: ClaimsForm | None = None
) -> HttpResponse:
    page = ClaimsPage(version, request.user, form, offered=request.GET.getlist("tick"))
    context = {
        "version": version,
        "evidence": version.evidence,
        "page": page,
        "units": page.units(),
        "files": to_view(version.files.all()),
        "anchors": anchors_on(version, request.user),
        "parts": [(name, words) for name, (words, _box) in PARTS.items()],
        "form": form,
    }
    status = 422 if form else 200
    return render(request, "portfolio/evidence_claims.html", context, status=status)
