"""Hiding people and words: choosing where, marking, looking at what will be hidden, waiting."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ledger.models import Entry
from portfolio import actions
from portfolio.account import render as render_account
from portfolio.forms_redaction import HideForm, HideInAccountForm, HideInFileForm
from portfolio.hiding.elsewhere import Elsewhere
from portfolio.hiding.kinds import ONLY_WORDS, way_of
from portfolio.hiding.marks import Mark
from portfolio.hiding.preview import boxes_by_page, masked_text, passages
from portfolio.hiding.words import text_in
from portfolio.models import EvidenceFile, EvidenceVersion, Redaction
from portfolio.permissions import can_hide
from portfolio.viewing import Shown, to_view
from portfolio.views.loading import evidence_or_404

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
def choose(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The account and every file, each with the way to hide something in it."""
    version = _version_or_404(request, pk, number)
    context = _about(version) | {
        "files": [(file, way_of(file.blob)) for file in to_view(version.files.all())],
        "redactions": _of_item(version),
    }
    return render(request, "portfolio/redact_choose.html", context)


@form_page
def hide_account(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    version = _version_or_404(request, pk, number)
    form = HideInAccountForm(_sent(request), version=version)
    if not _is_to_check(request, form):
        return _account_page(request, version, form)
    try:
        marks = form.checked_marks()
        if request.POST.get("step") == "hide":
            return _to(request, _hide_in_account(request, version, marks))
    except ValidationError as error:
        form.add_error(None, error)
        return _account_page(request, version, form)
    spans = [(mark["start"], mark["end"]) for mark in marks]
    context = _about(version) | {
        "form": form,
        "found": passages(version.account, spans),
        "after_html": render_account(masked_text(version.account, spans)),
        **_afterwards(version),
    }
    return render(request, "portfolio/redact_check.html", context)


@form_page
def hide_file(request: HttpRequest, pk: int) -> HttpResponse:
    file = _file_or_404(request, pk)
    form = HideInFileForm(_sent(request), file=file)
    if not _is_to_check(request, form):
        return _file_page(request, file, form)
    try:
        marks = form.checked_marks()
        if request.POST.get("step") == "hide":
            return _to(request, _hide_in_file(request, file, form, marks))
    except ValidationError as error:
        form.add_error(None, error)
        return _file_page(request, file, form)
    context = _about(file.version) | {"file": file, "form": form, **_afterwards(file.version)}
    context["elsewhere"] = Elsewhere(file.version.evidence, file.blob, request.user)
    return render(request, "portfolio/redact_check.html", context | _preview(file, form, marks))


@require_GET
def redaction(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, and what was hidden."""
    found = _redaction_or_404(request, pk)
    context = _about(found.version) | {
        "redaction": found,
        "may_hide": can_hide(request.user, found.version),
        "lost": _lost(found),
        "older_reports": _reports_before(found.version, found.finished_at),
    }
    if found.original and found.copy:
        evidence = found.version.evidence
        context["elsewhere"] = Elsewhere(evidence, found.original, request.user, found.copy)
    page = "portfolio/_redaction.html" if request.htmx else "portfolio/redaction.html"
    return render(request, page, context)


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    found = _redaction_or_404(request, pk)
    actions.retry_redaction(redaction=found, by=request.user)
    return _to(request, found)


def _version_or_404(request: HttpRequest, pk: int, number: int) -> EvidenceVersion:
    item = evidence_or_404(request, pk)
    seen = EvidenceVersion.objects.of(item, request.user)
    return _allowed(request, get_object_or_404(seen, number=number))


def _file_or_404(request: HttpRequest, pk: int) -> EvidenceFile:
    seen = EvidenceFile.objects.visible_to(request.user).in_centre(request.centre)
    rows = to_view(seen).select_related("version__evidence__portfolio__learner")
    found = get_object_or_404(rows, pk=pk)
    _allowed(request, found.version)
    return found


def _redaction_or_404(request: HttpRequest, pk: int) -> Redaction:
    seen = Redaction.objects.visible_to(request.user).in_centre(request.centre)
    versions = EvidenceVersion.objects.visible_to(request.user)
    rows = seen.filter(version__in=versions).select_related(
        "version__evidence__portfolio__learner",
        "evidence__portfolio",
        "original",
        "copy",
        "made_by",
        "file",
    )
    return get_object_or_404(rows, pk=pk)


def _allowed(request: HttpRequest, version: EvidenceVersion) -> EvidenceVersion:
    if not can_hide(request.user, version):
        raise PermissionDenied
    return version


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _is_to_check(request: HttpRequest, form: HideForm) -> bool:
    """Something was sent that is whole, and its sender does not want to go on marking."""
    return request.method == "POST" and form.is_valid() and request.POST.get("step") != "change"


def _hide_in_account(request: HttpRequest, version: EvidenceVersion, marks: list[Mark]):
    made = actions.hide_in_account(version=version, marks=marks, by=request.user)
    messages.success(request, _("The words are hidden now, here and in every version."))
    return made


def _hide_in_file(
    request: HttpRequest, file: EvidenceFile, form: HideInFileForm, marks: list[Mark]
) -> Redaction:
    name = form.cleaned_data["name"]
    return actions.hide_in_file(
        file=file, marks=marks, name=name if name != file.name else "", by=request.user
    )


def _to(request: HttpRequest, made: Redaction) -> HttpResponse:
    return redirect("portfolio:redaction", centre=request.centre.slug, pk=made.pk)


def _about(version: EvidenceVersion) -> dict[str, Any]:
    return {"version": version, "evidence": version.evidence}


def _of_item(version: EvidenceVersion) -> QuerySet[Redaction]:
    return Redaction.objects.filter(evidence=version.evidence_id).select_related(
        "made_by", "original", "file"
    )


def _account_page(request: HttpRequest, version: EvidenceVersion, form: HideForm) -> HttpResponse:
    context = _about(version) | {"form": form}
    return render(request, "portfolio/redact_words.html", context, status=_status(form))


def _file_page(request: HttpRequest, file: EvidenceFile, form: HideInFileForm) -> HttpResponse:
    context = _about(file.version) | {
        "file": file,
        "form": form,
        "way": way_of(file.blob),
        "only_words": file.blob.media_type in ONLY_WORDS,
        "among": file.version.files.all(),
    }
    return render(request, "portfolio/redact_file.html", context, status=_status(form))


def _status(form: HideForm) -> int:
    return 422 if form.is_bound and form.errors else 200


def _preview(file: EvidenceFile, form: HideInFileForm, marks: list[Mark]) -> dict[str, Any]:
    """What will be hidden, as the page shows it."""
    if form.names and "begins" in form.names:
        return {"ranges": marks}
    if form.names:
        return {"pages": boxes_by_page(marks), "shown": Shown(file, (), ())}
    text = text_in(file.blob)
    spans = [(mark["start"], mark["end"]) for mark in marks]
    return {"found": passages(text, spans), "after": masked_text(text, spans)}


def _afterwards(version: EvidenceVersion) -> dict[str, Any]:
    """What the copy can't reach, said before it is made."""
    return {
        "other_files": version.files.all(),
        "older_reports": _reports_before(version, None),
    }


def _reports_before(version: EvidenceVersion, moment: Any) -> int:
    """PDFs of the portfolio that are handed out until this is hidden; or, after that `moment`,
    were. What they show was read when they were begun. A data lead's own shows it anyway."""
    made = version.evidence.portfolio.reports
    if moment:
        return made.outdated().filter(started_at__lt=moment).count()
    return sum(not each.shows_hidden for each in made.given_out())


def _lost(found: Redaction) -> list[str]:
    """The criteria whose places did not hold any more, as the ledger has them."""
    told = Entry.objects.filter(stream=found.evidence.portfolio.stream, verb="redacted")
    entry = told.filter(subject=f"{found._meta.label_lower}:{found.pk}").first()
    return entry.facts.get("places_lost", []) if entry else []
