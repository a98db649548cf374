"""The bank of written questions, and choosing from it for one learner."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.forms import refusals_on
from accounts.lists import answer
from assessments import actions, lists_records
from assessments.forms_records import ChooseQuestionsForm, QuestionForm
from assessments.models import Question, Record
from assessments.permissions import can_change_record, can_see_questions, can_write_questions
from assessments.views.loading import words_back
from assessments.views.record_page import record_or_404
from assessments.views.records import to_record
from assessments.workflow import RECORD
from ledger.transitions import TransitionRefused
from standards.models import Edition

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
def questions(request: HttpRequest) -> HttpResponseBase:
    """The centre's bank, unit by unit."""
    if not can_see_questions(request.user, request.centre):
        raise PermissionDenied
    may_write = can_write_questions(request.user, request.centre)
    editions = Edition.objects.in_centre(request.centre).published()
    listing = lists_records.questions(request, _in_use(request), editions, may_write=may_write)
    context = {"unit": listing.chosen("unit"), "may_write": may_write}
    return answer(listing, "assessments/questions.html", context)


@form_page
def question_add(request: HttpRequest, pk: int) -> HttpResponse:
    """`pk` is the edition's."""
    editions = Edition.objects.visible_to(request.user).in_centre(request.centre).published()
    edition = get_object_or_404(editions.select_related("standard"), pk=pk)
    _only_writers(request)
    form = QuestionForm(_posted(request), edition=edition)
    if form.is_valid():
        with refusals_on(form):
            actions.add_question(
                centre=request.centre, edition=edition, by=request.user, **form.wanted()
            )
            messages.success(request, _("The question is in the bank."))
            return _to_bank(request, edition)
    return _form_page(request, form, edition)


@form_page
def question(request: HttpRequest, pk: int) -> HttpResponse:
    found = _question(request, pk)
    _only_writers(request)
    initial = {
        "text": found.text,
        "expected": found.expected,
        "criteria": found.criteria.all(),
        "revision": found.revision,
    }
    form = QuestionForm(_posted(request), edition=found.edition, initial=initial)
    if form.is_valid():
        try:
            return _changed(request, found, form)
        except TransitionRefused as refusal:
            return words_back(request, refusal, form, ["text", "expected"], here=request.path)
    return _form_page(request, form, found.edition, found)


def _changed(request: HttpRequest, found: Question, form: QuestionForm) -> HttpResponse:
    with refusals_on(form):
        revision = form.cleaned_data["revision"]
        actions.change_question(question=found, revision=revision, by=request.user, **form.wanted())
        messages.success(request, _("The question is changed. What was asked before stays."))
        return _to_bank(request, found.edition)
    return _form_page(request, form, found.edition, found)


@require_POST
def question_retire(request: HttpRequest, pk: int) -> HttpResponse:
    found = _question(request, pk)
    actions.retire_question(question=found, by=request.user)
    messages.success(request, _("The question is retired. It is not asked any more."))
    return _to_bank(request, found.edition)


@form_page
def record_questions(request: HttpRequest, pk: int) -> HttpResponse:
    """Which of the unit's questions this learner is asked."""
    found = _to_be_asked(request, pk)
    bank = _in_use(request).filter(edition=found.enrolment.edition_id)
    chosen = found.answers.values_list("question", flat=True)
    form = ChooseQuestionsForm(_posted(request), questions=bank, initial={"questions": chosen})
    if form.is_valid():
        with refusals_on(form):
            picked = list(form.cleaned_data["questions"])
            actions.set_questions(record=found, questions=picked, by=request.user)
            messages.success(request, _("Read them once more, then ask them."))
            return to_record(request, found)
    context = {
        "record": found,
        "enrolment": found.enrolment,
        "form": form,
        "any": bank.exists(),
        "may_write": can_write_questions(request.user, request.centre),
    }
    return render(request, "assessments/record_questions.html", context, status=_status(form))


def _to_be_asked(request: HttpRequest, pk: int) -> Record:
    found = record_or_404(request, pk)
    if not can_change_record(request.user, found):
        raise PermissionDenied
    if found.kind != Record.Kind.WRITTEN or found.status not in RECORD["share"].old:
        raise TransitionRefused(found.standing())
    return found


def _in_use(request: HttpRequest) -> QuerySet[Question]:
    seen = Question.objects.visible_to(request.user).in_centre(request.centre).in_use()
    return (
        seen.select_related("edition__standard")
        .defer("edition__source_text", "edition__metadata")
        .prefetch_related("criteria")
        .order_by("edition__standard__urn", "edition", "pk")
    )


def _question(request: HttpRequest, pk: int) -> Question:
    return get_object_or_404(_in_use(request).select_related("centre"), pk=pk)


def _only_writers(request: HttpRequest) -> None:
    if not can_write_questions(request.user, request.centre):
        raise PermissionDenied


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _status(form: Any) -> int:
    return 422 if form.is_bound else 200


def _form_page(
    request: HttpRequest, form: QuestionForm, edition: Edition, found: Question | None = None
) -> HttpResponse:
    context = {"form": form, "edition": edition, "question": found}
    return render(request, "assessments/question_form.html", context, status=_status(form))


def _to_bank(request: HttpRequest, edition: Edition) -> HttpResponse:
    address = reverse("assessments:questions", kwargs={"centre": request.centre.slug})
    return redirect(f"{address}?unit={edition.pk}")
