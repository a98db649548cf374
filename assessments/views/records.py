"""An assessor's own records: the list of a unit, planning one, writing it, sharing it."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.forms import refusals_on
from accounts.lists import answer
from assessments import actions, lists_records, permissions
from assessments.forms_records import PlanForm, RecordForm, initial_of_plan, initial_of_record
from assessments.models import Question, Record
from assessments.recording import KIND_HELP, draft_of, hide_words
from assessments.views.loading import enrolment_or_404, words_back
from assessments.views.record_page import page_of, record_or_404
from assessments.workflow import RecordStatus
from files.models import Upload
from files.quota import room_for
from ledger.transitions import TransitionRefused
from portfolio.hiding.guards import hidden_in
from portfolio.models import Enrolment
from portfolio.views.sending import kept_for, own_uploads, received_with

WRITTEN_IN_IT = ("title", "account", "location", "currency", "permission_note")

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
def records(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Of one unit, the newest first."""
    enrolment = enrolment_or_404(request, pk)
    found = Record.objects.filter(enrolment=enrolment)
    rows = found.select_related("assessor", "evidence").prefetch_related("criteria")
    hidden = hidden_in(enrolment.portfolio)
    listing = lists_records.records(request, rows, hidden)
    if not listing.is_file:
        for each in listing.page_obj:
            hide_words(each, hidden.get(each.evidence.number, ()) if each.evidence else ())
    context = {**_about(request, enrolment), "may_add": _may_add(request, enrolment)}
    return answer(listing, "assessments/records.html", context)


@form_page
def record_new(request: HttpRequest, pk: int) -> HttpResponse:
    """First which kind, then its plan; it can be begun at once."""
    enrolment = enrolment_or_404(request, pk)
    if not permissions.can_record(request.user, enrolment):
        raise PermissionDenied
    if enrolment.status != Enrolment.Status.ACTIVE:
        raise TransitionRefused(enrolment.standing())
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    if kind not in Record.Kind.values:
        return _kinds(request, enrolment)
    now = timezone.localtime()
    form = PlanForm(
        request.POST if request.method == "POST" else None,
        enrolment=enrolment,
        kind=kind,
        initial={"planned_for": now.replace(second=0, microsecond=0)},
    )
    if form.is_valid():
        with refusals_on(form):
            return _planned(request, enrolment, kind, form)
    return _plan_page(request, enrolment, kind, form)


@require_GET
def record(request: HttpRequest, pk: int) -> HttpResponse:
    return page_of(request, record_or_404(request, pk))


@form_page
def record_plan(request: HttpRequest, pk: int) -> HttpResponse:
    found = _mine(request, pk, RecordStatus.PLANNED)
    form = PlanForm(
        request.POST if request.method == "POST" else None,
        enrolment=found.enrolment,
        kind=found.kind,
        initial=initial_of_plan(found),
    )
    if form.is_valid():
        with refusals_on(form):
            actions.change_record_plan(record=found, plan=_kept(found, form), by=request.user)
            messages.success(request, _("The plan is changed."))
            return to_record(request, found)
    return _plan_page(request, found.enrolment, found.kind, form, found)


@require_POST
def record_begin(request: HttpRequest, pk: int) -> HttpResponse:
    found = record_or_404(request, pk)
    return _try(request, found, lambda: _begin(request, found))


def _to_make(request: HttpRequest, pk: int) -> HttpResponse:
    found = _mine(request, pk, RecordStatus.MAKING)
    version = draft_of(found)
    if version is None:
        return to_record(request, found)
    initial = initial_of_record(found, version)
    return _make_page(request, found, _form(request, found, initial=initial))


@form_page
def record_make(request: HttpRequest, pk: int) -> HttpResponse:
    """Write it: account, photos, film. Saved as often as one likes; nobody else is told."""
    if request.method != "POST":
        return _to_make(request, pk)
    found = record_or_404(request, pk)
    form = _form(request, found, request.POST, request.FILES)
    try:
        return _made(request, _mine(request, pk, RecordStatus.MAKING), form)
    except TransitionRefused as refusal:
        here = reverse("assessments:record", args=[request.centre.slug, pk])
        return words_back(request, refusal, form, WRITTEN_IN_IT, here=here)


def _made(request: HttpRequest, found: Record, form: RecordForm) -> HttpResponse:
    received = received_with(request, form)
    if form.is_valid():
        with refusals_on(form):
            _save(request, found, form, received)
            return _after_saving(request, found)
    return _make_page(request, found, form, received)


@require_POST
def record_share(request: HttpRequest, pk: int) -> HttpResponse:
    found = record_or_404(request, pk)
    return _try(request, found, lambda: _share(request, found))


@require_POST
def record_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    found = record_or_404(request, pk)
    actions.take_back_record(record=found, by=request.user)
    messages.success(request, _("It is yours again. The learner can't read it until you share it."))
    return to_record(request, found)


@require_POST
def record_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found = record_or_404(request, pk)
    actions.cancel_record(record=found, by=request.user)
    messages.success(request, _("The record is called off."))
    return redirect("assessments:records", centre=request.centre.slug, pk=found.enrolment_id)


@require_POST
def record_amend(request: HttpRequest, pk: int) -> HttpResponse:
    found = record_or_404(request, pk)
    actions.amend_record(record=found, by=request.user)
    messages.success(request, _("A new version is begun. The learner confirms it again."))
    return to_record(request, found)


def to_record(request: HttpRequest, found: Record) -> HttpResponse:
    return redirect("assessments:record", centre=request.centre.slug, pk=found.pk)


def _mine(request: HttpRequest, pk: int, status: str) -> Record:
    """To be changed: by whoever may, while it stands so."""
    found = record_or_404(request, pk)
    if not permissions.can_change_record(request.user, found):
        raise PermissionDenied
    if found.status != status:
        raise TransitionRefused(found.standing())
    return found


def _try(request: HttpRequest, found: Record, do: Callable[[], HttpResponse]) -> HttpResponse:
    """What it leads to; or the page with the reasons why not."""
    try:
        return do()
    except ValidationError as error:
        return page_of(request, record_or_404(request, found.pk), problems=error.messages)


def _planned(request: HttpRequest, enrolment: Enrolment, kind: str, form: PlanForm) -> HttpResponse:
    plan = form.plan()
    found = actions.plan_record(enrolment=enrolment, kind=kind, plan=plan, by=request.user)
    if kind == Record.Kind.WRITTEN:
        return redirect("assessments:record_questions", centre=request.centre.slug, pk=found.pk)
    if "begin" in request.POST:
        return _begin(request, found)
    messages.success(request, _("The plan is saved. The learner can see it."))
    return to_record(request, found)


def _begin(request: HttpRequest, found: Record) -> HttpResponse:
    actions.begin_record(record=found, by=request.user)
    return redirect("assessments:record_make", centre=request.centre.slug, pk=found.pk)


def _kept(found: Record, form: PlanForm) -> actions.Plan:
    """Of written questions only the note is in the form."""
    plan = form.plan()
    if found.kind != Record.Kind.WRITTEN:
        return plan
    return actions.Plan(None, "", plan.plan_note, list(found.criteria.all()))


def _share(request: HttpRequest, found: Record) -> HttpResponse:
    actions.share_record(record=found, by=request.user)
    learner = found.enrolment.portfolio.learner.name
    messages.success(request, _("%(learner)s can read it now.") % {"learner": learner})
    return to_record(request, found)


def _save(request: HttpRequest, found: Record, form: RecordForm, received: list[Upload]) -> None:
    actions.save_record(
        record=found,
        made=form.made(),
        uploads=[*form.cleaned_data["uploads"], *received],
        take_out=form.cleaned_data["take_out"],
        revision=form.cleaned_data["revision"],
        by=request.user,
    )


def _after_saving(request: HttpRequest, found: Record) -> HttpResponse:
    """What it shows comes next, with the planned criteria ticked, until something is claimed."""
    messages.success(request, _("The record is saved. Only you and its other assessors see it."))
    version = draft_of(found)
    if version is None or version.claims.exists():
        return to_record(request, found)
    page = redirect("portfolio:claims", centre=request.centre.slug, pk=version.evidence_id)
    ticked = "&".join(f"tick={each.pk}" for each in found.criteria.all())
    page["Location"] += f"?{ticked}" if ticked else ""
    return page


def _form(request: HttpRequest, found: Record, *args: Any, **kwargs: Any) -> RecordForm:
    return RecordForm(
        *args,
        record=found,
        version=draft_of(found),
        uploads=own_uploads(request),
        centre=request.centre,
        room=room_for(request.user, request.centre),
        **kwargs,
    )


def _make_page(
    request: HttpRequest, found: Record, form: RecordForm, received: Sequence[Upload] = ()
) -> HttpResponse:
    context = {
        **_about(request, found.enrolment),
        "record": found,
        "form": form,
        "to_ask": _to_ask(request, found),
        "kept": kept_for(form, received),
    }
    status = 422 if form.is_bound else 200
    return render(request, "assessments/record_make.html", context, status=status)


def _to_ask(request: HttpRequest, found: Record) -> list[Question]:
    """Of the bank, beside what is written about questions that were asked aloud."""
    if found.kind != Record.Kind.ORAL:
        return []
    bank = Question.objects.visible_to(request.user).in_centre(request.centre).in_use()
    of_unit = bank.filter(edition=found.enrolment.edition_id)
    return list(of_unit.prefetch_related("criteria").order_by("pk"))


def _kinds(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    kinds = [(kind, Record.Kind(kind).label, words) for kind, words in KIND_HELP.items()]
    context = {**_about(request, enrolment), "kinds": kinds}
    status = 422 if request.method == "POST" else 200
    return render(request, "assessments/record_kinds.html", context, status=status)


def _plan_page(
    request: HttpRequest,
    enrolment: Enrolment,
    kind: str,
    form: PlanForm,
    found: Record | None = None,
) -> HttpResponse:
    context = {
        **_about(request, enrolment),
        "form": form,
        "kind": kind,
        "kind_word": Record.Kind(kind).label,
        "kind_help": KIND_HELP[kind],
        "is_written": kind == Record.Kind.WRITTEN,
        "record": found,
    }
    status = 422 if form.is_bound else 200
    return render(request, "assessments/record_plan.html", context, status=status)


def _about(request: HttpRequest, enrolment: Enrolment) -> dict[str, Any]:
    is_own = enrolment.portfolio.learner_id == request.user.pk
    return {"enrolment": enrolment, "is_own": is_own}


def _may_add(request: HttpRequest, enrolment: Enrolment) -> bool:
    active = enrolment.status == Enrolment.Status.ACTIVE
    return active and permissions.can_record(request.user, enrolment)
