"""The learner confirms an assessor's record, answers its questions, or sees it differently."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
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
    found = _to_answer(request, pk)
    form = WordsForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            words = form.cleaned_data["words"]
            actions.question_record(record=found, words=words, by=request.user)
            messages.success(request, _("Your assessor has your words and looks at it again."))
            return to_record(request, found)
    return page_of(request, found, words_form=form)


@require_POST
def record_answers(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the answers; with the button that sends them, hand them in."""
    found = _to_answer(request, pk)
    sending = "send" in request.POST
    form = AnswersForm(request.POST, answers=list(found.answers.all()), sending=sending)
    if not form.is_valid():
        return page_of(request, found, answers_form=form)
    with refusals_on(form):
        actions.save_answers(record=found, answers=form.answers(), by=request.user)
        if not sending:
            messages.success(request, _("Your answers are saved. You can go on later."))
            return to_record(request, found)
        _confirm(request, found)
        return _handed_in(request, found)
    return page_of(request, record_or_404(request, pk), answers_form=form)


def _to_answer(request: HttpRequest, pk: int) -> Record:
    found = record_or_404(request, pk)
    if not can_confirm_record(request.user, found):
        raise PermissionDenied
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
