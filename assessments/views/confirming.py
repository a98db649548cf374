"""The learner confirms an assessor's record, answers its questions, or sees it differently."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.forms import refusals_on
from assessments import actions
from assessments.forms_records import AnswersForm, WordsForm
from assessments.models import Record
from assessments.permissions import can_confirm_record
from assessments.views.record_page import page_of, record_or_404
from assessments.views.records import to_record
from assessments.workflow import RecordStatus
from ledger.transitions import TransitionRefused


@require_POST
def record_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    found = _to_answer(request, pk)
    try:
        _confirm(request, found)
    except ValidationError as error:
        return page_of(request, record_or_404(request, pk), problems=error.messages)
    return _handed_in(request, found)


@require_POST
def record_question(request: HttpRequest, pk: int) -> HttpResponse:
    form = WordsForm(request.POST)
    try:
        return _question(request, _to_answer(request, pk), form)
    except TransitionRefused as refusal:
        return _too_late(request, pk, refusal, [("", form["words"].value() or "")])


@require_POST
def record_answers(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the answers; with the button that sends them, hand them in."""
    answers = list(_hers(request, pk).answers.all())
    form = AnswersForm(request.POST, answers=answers, sending="send" in request.POST)
    try:
        return _answer(request, _to_answer(request, pk), form, sending="send" in request.POST)
    except TransitionRefused as refusal:
        return _too_late(request, pk, refusal, _answers_sent(request, form))


def _question(request: HttpRequest, found: Record, form: WordsForm) -> HttpResponse:
    if form.is_valid():
        with refusals_on(form):
            words = form.cleaned_data["words"]
            actions.question_record(record=found, words=words, by=request.user)
            messages.success(request, _("Your assessor has your words and looks at it again."))
            return to_record(request, found)
    return page_of(request, found, words_form=form)


def _answer(
    request: HttpRequest, found: Record, form: AnswersForm, *, sending: bool
) -> HttpResponse:
    if any(name not in form.fields for name in _names(request)):
        raise TransitionRefused(_("The questions were changed after you opened this page."))
    if not form.is_valid():
        return page_of(request, found, answers_form=form)
    with refusals_on(form):
        revision = form.cleaned_data["revision"]
        answers = form.answers()
        actions.save_answers(record=found, answers=answers, revision=revision, by=request.user)
        form.saved_as(found.revision)
        if not sending:
            messages.success(request, _("Your answers are saved. You can go on later."))
            return to_record(request, found)
        _confirm(request, found)
        return _handed_in(request, found)
    return page_of(request, record_or_404(request, found.pk), answers_form=form)


def _too_late(
    request: HttpRequest, pk: int, refusal: TransitionRefused, words: list[tuple[str, str]]
) -> HttpResponse:
    """With what she wrote, to copy: the assessor has taken it back meanwhile, or changed it."""
    here = reverse("assessments:record", kwargs={"centre": request.centre.slug, "pk": pk})
    kept = [(label or _("Your words"), text) for label, text in words if text.strip()]
    context = {"refusal": str(refusal), "words": kept, "here": here}
    return render(request, "assessments/too_late.html", context, status=409)


def _names(request: HttpRequest) -> list[str]:
    return [name for name in request.POST if name.startswith("answer-")]


def _answers_sent(request: HttpRequest, form: AnswersForm) -> list[tuple[str, str]]:
    """Also those to questions that are not asked any more."""
    labels = {name: str(field.label) for name, field in form.fields.items()}
    return [(labels.get(name, ""), request.POST[name]) for name in _names(request)]


def _hers(request: HttpRequest, pk: int) -> Record:
    found = record_or_404(request, pk)
    if not can_confirm_record(request.user, found):
        raise PermissionDenied
    return found


def _to_answer(request: HttpRequest, pk: int) -> Record:
    found = _hers(request, pk)
    if found.status != RecordStatus.WITH_LEARNER:
        raise TransitionRefused(found.standing())
    return found


@transaction.atomic
def _confirm(request: HttpRequest, found: Record) -> None:
    actions.confirm_record(
        record=found,
        shared_at=_moment(request.POST.get("shared", "")),
        declared="declared" in request.POST,
        by=request.user,
    )


def _moment(text: str):
    """When it was shared, as the page that she read says it; nothing if that is no moment."""
    try:
        return parse_datetime(text)
    except ValueError:
        return None


def _handed_in(request: HttpRequest, found: Record) -> HttpResponse:
    messages.success(request, _("Thank you. Your assessor has it now."))
    return redirect("portfolio:evidence", centre=request.centre.slug, pk=found.evidence_id)
