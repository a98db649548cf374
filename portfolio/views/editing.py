from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from files.models import Upload
from files.quota import room_for
from portfolio import actions
from portfolio.forms import METHOD_HELP, EvidenceForm, initial_of
from portfolio.models import Evidence, EvidenceVersion, Portfolio
from portfolio.permissions import can_add_evidence, can_edit_version
from portfolio.steps import answers_before
from portfolio.views.loading import (
    evidence_or_404,
    own_draft,
    own_portfolio,
    version_meant,
)
from portfolio.views.sending import kept_for, own_uploads, received_with
from portfolio.views.suggestions import offered_for, ticks

ASKED = "suggest"  # the button that asks which criteria it might touch

form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
def add(request: HttpRequest) -> HttpResponse:
    portfolio = own_portfolio(request)
    if portfolio is None:
        return redirect("portfolio:home", centre=request.centre.slug)
    if not can_add_evidence(request.user, portfolio):
        raise PermissionDenied
    if request.method != "POST":
        return _form_page(request, _form(request, initial={"gathered_on": timezone.localdate()}))
    form = _form(request, request.POST, request.FILES)
    received = received_with(request, form)
    if ASKED in request.POST:
        return _asked(request, form, received)
    version = form.is_valid() and _try(form, _create, request, portfolio, form, received)
    if not version:
        return _form_page(request, form, received)
    messages.success(request, _("Saved as a draft. Next: claim what it shows."))
    return _to("claims", request, version.evidence, ticked=ticks(request.POST))


@form_page
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    item = evidence_or_404(request, pk)
    if item.recorded_by_id:  # it is written on its own page, by its assessor
        return redirect("assessments:record", centre=request.centre.slug, pk=item.record.pk)
    version = own_draft(request, item, can_edit_version)
    if request.method != "POST":
        return _form_page(request, _form(request, version=version, initial=initial_of(version)))
    form = _form(request, request.POST, request.FILES, version=version)
    received = received_with(request, form)
    if ASKED in request.POST:
        return _asked(request, form, received)
    if not (form.is_valid() and _try(form, _change, request, form, received)):
        return _form_page(request, form, received)
    messages.success(request, _("Your changes are saved."))
    # Where nothing is claimed yet, or a claim lost its place by this change, that comes next.
    settled = version.claims.exists() and not version.claims.exclude(lost_places=[]).exists()
    ticked = ticks(request.POST)
    page = "evidence" if settled and not ticked else "claims"
    return _to(page, request, version.evidence, ticked=ticked)


@require_POST
def new_version(request: HttpRequest, pk: int) -> HttpResponse:
    item = evidence_or_404(request, pk)
    version = actions.new_version(evidence=item, by=request.user)
    if item.by_witness:
        messages.success(request, _("A new version is started. Say again what it shows."))
        return _to("claims", request, item)
    messages.success(
        request,
        _("This is version %(number)d. It starts as a copy: change what was asked for.")
        % {"number": version.number},
    )
    return _to("evidence_edit", request, item)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    item = evidence_or_404(request, pk)
    version = version_meant(request, item)
    actions.withdraw_draft(version=version, by=request.user)
    messages.success(request, _("The draft is withdrawn. Nobody else has seen it."))
    return redirect("portfolio:evidence_list", centre=request.centre.slug)


def _form(request: HttpRequest, *args, **kwargs) -> EvidenceForm:
    room = room_for(request.user, request.centre)
    uploads = own_uploads(request)
    return EvidenceForm(*args, uploads=uploads, centre=request.centre, room=room, **kwargs)


def _try(form: Form, save: Callable[..., Any], *args: Any) -> Any:
    """What `save` gives; nothing, and the reason in the form, when the data changed meanwhile."""
    try:
        return save(*args)
    except ValidationError as error:
        form.add_error(None, error)
        return None


def _create(
    request: HttpRequest, portfolio: Portfolio, form: EvidenceForm, received: list[Upload]
) -> EvidenceVersion:
    return actions.create_evidence(
        portfolio=portfolio,
        **form.description(),
        uploads=[*form.cleaned_data["uploads"], *received],
        by=request.user,
    )


@transaction.atomic
def _change(request: HttpRequest, form: EvidenceForm, received: list[Upload]) -> EvidenceVersion:
    for file in form.cleaned_data["take_out"]:
        actions.remove_file(file=file, by=request.user)
    return actions.edit_evidence(
        version=form.version,
        **form.description(),
        uploads=[*form.cleaned_data["uploads"], *received],
        by=request.user,
    )


def _asked(request: HttpRequest, form: EvidenceForm, received: Sequence[Upload]) -> HttpResponse:
    """Which criteria it might touch, asked without scripts: the form as it is, nothing saved."""
    if {"files", "account"} & form.errors.keys():  # what can't be taken in is said now
        return _form_page(request, form, received)
    form.errors.clear()  # of a form that is not finished yet
    return _form_page(request, form, received, status=200)


def _form_page(
    request: HttpRequest,
    form: EvidenceForm,
    received: Sequence[Upload] = (),
    status: int | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "version": form.version,
        "evidence": form.version.evidence if form.version else None,
        "answers": answers_before(form.version) if form.version else [],
        "kept": kept_for(form, received),
        "methods": [(method.label, help_text) for method, help_text in METHOD_HELP.items()],
    }
    if form.is_bound and (portfolio := own_portfolio(request)):
        context |= offered_for(portfolio, request.POST)
    status = status or (422 if form.is_bound else 200)
    return render(request, "portfolio/evidence_form.html", context, status=status)


def _to(
    page: str, request: HttpRequest, item: Evidence, ticked: Sequence[str] = ()
) -> HttpResponse:
    """`ticked` are criteria to be ticked there already; they are claimed only there."""
    address = reverse(f"portfolio:{page}", kwargs={"centre": request.centre.slug, "pk": item.pk})
    query = QueryDict(mutable=True)
    query.setlist("tick", ticked)
    return redirect(f"{address}?{query.urlencode()}" if ticked else address)
