"""What a learner captures on a phone, with a signal or without, and sends once there is one."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from files.models import Upload
from portfolio import actions
from portfolio.forms_capture import CaptureForm
from portfolio.models import Enrolment, EvidenceVersion, Portfolio
from portfolio.permissions import can_add_evidence
from portfolio.views.loading import own_portfolio


@require_GET
def capture(request: HttpRequest) -> HttpResponse:
    portfolio = own_portfolio(request)
    if portfolio is None:
        return redirect("portfolio:home", centre=request.centre.slug)
    return render(request, "portfolio/capture.html", {"units": _units(portfolio)})


@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    own_portfolio(request)
    return render(request, "portfolio/outbox.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def captures(request: HttpRequest) -> HttpResponse:
    """What a device must know to capture without a signal, and where it sends captures to."""
    portfolio = own_portfolio(request)
    return _take(request, portfolio) if request.method == "POST" else _facts(request, portfolio)


def _facts(request: HttpRequest, portfolio: Portfolio | None) -> JsonResponse:
    """The token is this session's own: with it nothing can be sent under another account.

    How much room is left is not among them: it would be old by the time of the capture. A file
    that does not fit stays in the outbox, with the reason."""
    return JsonResponse(
        {
            "user": request.user.pk,
            "token": get_token(request),
            "centre": request.centre.name,
            "transfers": reverse("files:transfers", kwargs={"centre": request.centre.slug}),
            "largest": settings.MAX_UPLOAD_BYTES,
            "units": [
                {"id": unit.pk, "name": f"{unit.edition.standard.urn} {unit.edition.title}"}
                for unit in _units(portfolio)
            ],
        }
    )


def _take(request: HttpRequest, portfolio: Portfolio | None) -> JsonResponse:
    """New evidence, as a draft. Sent twice, it is made once: the second time it is only named."""
    if portfolio is None:
        return _refusal(_("You are not on a unit yet. Tell your centre."))
    if not can_add_evidence(request.user, portfolio):
        raise PermissionDenied
    form = CaptureForm(request.POST, uploads=_own_uploads(request), units=_units(portfolio))
    if known := _known(portfolio, form):
        return _answer(request, known, status=200)
    if not form.is_valid():
        return _refusal(_first_error(form))
    if form.cleaned_data["user"] != request.user.pk:
        raise PermissionDenied
    try:
        version = actions.create_evidence(portfolio=portfolio, **form.evidence(), by=request.user)
    except ValidationError as error:
        return _refusal(" ".join(error.messages))
    return _answer(request, version, status=201)


def _known(portfolio: Portfolio, form: CaptureForm) -> EvidenceVersion | None:
    """What it became before. Its uploads are used up by now, so the form would refuse them."""
    if form.identity is None:
        return None
    versions = EvidenceVersion.objects.filter(evidence__portfolio=portfolio)
    mine = versions.filter(evidence__capture_id=form.identity).select_related("evidence")
    return mine.order_by("number").last()


def _answer(request: HttpRequest, version: EvidenceVersion, *, status: int) -> JsonResponse:
    item = version.evidence
    address = {"centre": request.centre.slug, "pk": item.pk}
    return JsonResponse(
        {
            "number": item.number,
            "title": version.title,
            "url": reverse("portfolio:evidence", kwargs=address),
        },
        status=status,
    )


def _refusal(sentence: str) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=422)


def _first_error(form: CaptureForm) -> str:
    field, [sentence, *_more] = next(iter(form.errors.items()))
    label = form.fields[field].label if field in form.fields else None
    return f"{label}: {sentence}" if label else sentence


def _own_uploads(request: HttpRequest) -> Any:
    return Upload.objects.visible_to(request.user).in_centre(request.centre)


def _units(portfolio: Portfolio | None) -> Any:
    units = Enrolment.objects.active().filter(portfolio=portfolio)
    return units.select_related("edition__standard").order_by("edition__standard__urn")
