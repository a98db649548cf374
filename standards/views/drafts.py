"""From a text to a published standard, by an admin's hand."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.forms import refusals_on
from ledger.transitions import TransitionRefused
from standards import actions, publication
from standards.forms.correction import DraftForm, corrected, criteria_formset
from standards.forms.reading import ReadForm, RevisionForm
from standards.models import Draft, Edition, MarkingGuide
from standards.nos import ParsedStandard
from standards.permissions import can_draft

MORE_ROWS = 5


def draft_add(request: HttpRequest) -> HttpResponse:
    if not can_draft(request.user, request.centre):
        raise PermissionDenied
    form = ReadForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        with refusals_on(form):
            drafts = _read(request, form.cleaned_data)
            return _after_reading(request, drafts)
    status = 422 if form.is_bound else 200
    return render(request, "standards/draft_add.html", {"form": form}, status=status)


def _read(request: HttpRequest, said: dict[str, Any]) -> list[Draft]:
    file = said["file"]
    return actions.read_draft(
        centre=request.centre,
        text=said["text"],
        data=file.read() if file else b"",
        source_name=file.name if file else _("Pasted text"),
        by=request.user,
    )


def _after_reading(request: HttpRequest, drafts: list[Draft]) -> HttpResponse:
    if len(drafts) == 1:
        return redirect("standards:draft", centre=request.centre.slug, pk=drafts[0].pk)
    messages.success(
        request,
        ngettext(
            "%(number)d standard was found. It waits below as a draft.",
            "%(number)d standards were found. They wait below as drafts.",
            len(drafts),
        )
        % {"number": len(drafts)},
    )
    return redirect("standards:list", centre=request.centre.slug)


def _drafts(request: HttpRequest) -> Any:
    return Draft.objects.visible_to(request.user).in_centre(request.centre)


def _open_draft(request: HttpRequest, pk: int) -> Draft:
    """A draft that can still be worked on; one that is done says so instead."""
    drafts = _drafts(request).select_related("centre", "changed_by", "created_by")
    draft = get_object_or_404(drafts, pk=pk)
    if draft.status != Draft.Status.OPEN:
        raise TransitionRefused(draft.standing())
    return draft


def draft(request: HttpRequest, pk: int) -> HttpResponse:
    draft = _open_draft(request, pk)
    data = request.POST if request.method == "POST" else None
    form = DraftForm(data, parsed=draft.parsed, revision=draft.revision)
    rows = criteria_formset(data, parsed=draft.parsed, blank=_blank(request))
    if data is not None and form.is_valid() & rows.is_valid():
        actions.correct(
            draft=draft,
            parsed=corrected(form, rows),
            revision=form.cleaned_data["revision"],
            by=request.user,
        )
        return _after_saving(request, draft)
    return render(
        request,
        "standards/draft_edit.html",
        {"draft": draft, "form": form, "rows": rows, **_state_of(draft)},
        status=422 if form.is_bound else 200,
    )


def _blank(request: HttpRequest) -> int:
    return MORE_ROWS if request.GET.get("more") else 1


def _state_of(draft: Draft) -> dict[str, Any]:
    parsed = ParsedStandard.from_dict(draft.parsed)
    return {
        "parsed": parsed,
        "obstacles": publication.obstacles(parsed, centre=draft.centre),
        "is_edition": publication.has_criteria(parsed),
    }


def _after_saving(request: HttpRequest, draft: Draft) -> HttpResponse:
    here = {"centre": request.centre.slug, "pk": draft.pk}
    if "publish" in request.POST:
        return redirect("standards:draft_publish", **here)
    messages.success(request, _("The draft is saved."))
    response = redirect("standards:draft", **here)
    if "more" in request.POST:
        response["Location"] += "?more=1#new"
    return response


def draft_publish(request: HttpRequest, pk: int) -> HttpResponse:
    draft = _open_draft(request, pk)
    form = RevisionForm(
        request.POST if request.method == "POST" else None, initial={"revision": draft.revision}
    )
    if form.is_valid():
        with refusals_on(form):
            seen = form.cleaned_data["revision"]
            published = actions.publish(draft=draft, by=request.user, revision=seen)
            return _after_publishing(request, published)
        draft.refresh_from_db()
    context = {"draft": draft, "form": form, **_state_of(draft)}
    status = 422 if form.is_bound else 200
    return render(request, "standards/draft_publish.html", context, status=status)


def _after_publishing(request: HttpRequest, published: Edition | MarkingGuide) -> HttpResponse:
    messages.success(request, _("Published. Everyone in your centre can read it now."))
    page = "edition" if isinstance(published, Edition) else "guide"
    return redirect(f"standards:{page}", centre=request.centre.slug, pk=published.pk)


def draft_discard(request: HttpRequest, pk: int) -> HttpResponse:
    draft = _open_draft(request, pk)
    if request.method != "POST":
        return render(request, "standards/draft_discard.html", {"draft": draft})
    actions.discard(draft=draft, by=request.user)
    messages.success(request, _("The draft is discarded."))
    return redirect("standards:list", centre=request.centre.slug)
