"""The bank of written questions, and choosing from it for one learner."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.forms import refusals_on
from assessments import actions
from assessments.forms_records import BankFilter, ChooseQuestionsForm, QuestionForm
from assessments.models import Question, Record
from assessments.permissions import can_change_record, can_see_questions, can_write_questions
from assessments.views.record_page import record_or_404
from assessments.views.records import to_record
from assessments.workflow import RECORD
from ledger.transitions import TransitionRefused
from standards.models import Edition

A_PAGE = 25

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
def questions(request: HttpRequest) -> HttpResponse:
    """The centre's bank, unit by unit."""
    if not can_see_questions(request.user, request.centre):
        raise PermissionDenied
    form = BankFilter(request.GET, centre=request.centre)
    rows = _narrowed(_in_use(request), form)
    context = {
        "filter": form,
        "unit": form.chosen("unit"),
        "page_obj": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "may_write": can_write_questions(request.user, request.centre),
    }
    return render(request, "assessments/questions.html", context)


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
    }
    form = QuestionForm(_posted(request), edition=found.edition, initial=initial)
    if form.is_valid():
        with refusals_on(form):
            actions.change_question(question=found, by=request.user, **form.wanted())
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


def _narrowed(rows: QuerySet[Question], form: BankFilter) -> QuerySet[Question]:
    if unit := form.chosen("unit"):
        rows = rows.filter(edition=unit)
    if words := form.chosen("q"):
        rows = rows.filter(Q(text__icontains=words) | Q(expected__icontains=words))
    return rows


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
