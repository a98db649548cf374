"""The page of one record, as it stands for whoever opens it."""

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from assessments import permissions
from assessments.forms_records import AnswersForm, WordsForm
from assessments.models import Answer, Record
from assessments.recording import draft_of, hide_words, lacking, was_returned
from assessments.workflow import RecordStatus
from portfolio.declarations import CURRENT_ANSWERS, CURRENT_RECORD, wording
from portfolio.hiding.guards import hidden_words
from portfolio.models import EvidenceVersion
from portfolio.viewing import anchors_on, places_of_claims, to_view

WRITTEN = Record.Kind.WRITTEN


def record_or_404(request: HttpRequest, pk: int) -> Record:
    seen = Record.objects.visible_to(request.user).in_centre(request.centre)
    return get_object_or_404(
        seen.select_related(
            "assessor",
            "evidence__portfolio",
            "enrolment__edition__standard",
            "enrolment__portfolio__learner",
        ),
        pk=pk,
    )


def page_of(
    request: HttpRequest,
    record: Record,
    *,
    answers_form: AnswersForm | None = None,
    words_form: WordsForm | None = None,
    problems: list[str] | None = None,
) -> HttpResponse:
    """With a form that was refused, or the reasons why a button was, it is said with 422."""
    context = _standing(request, record)
    if record.evidence:
        hide_words(record, hidden_words(record.evidence))
    context["words_form"] = words_form or WordsForm()
    context["problems"] = problems or []
    if context["readable"]:
        context |= _written(request, record, answers_form) if record.kind == WRITTEN else {}
        context |= _content(request, record)
    refused = problems or _is_refused(answers_form) or _is_refused(words_form)
    return render(request, "assessments/record.html", context, status=422 if refused else 200)


def _standing(request: HttpRequest, record: Record) -> dict[str, Any]:
    user, status = request.user, record.status
    may_change = permissions.can_change_record(user, record)
    open_unit = record.enrolment.status == "active"
    in_hand = status in (RecordStatus.PLANNED, RecordStatus.MAKING)
    making = status == RecordStatus.MAKING
    is_own = record.enrolment.portfolio.learner_id == user.pk
    to_answer = status == RecordStatus.WITH_LEARNER and permissions.can_confirm_record(user, record)
    return {
        "record": record,
        "enrolment": record.enrolment,
        "is_own": is_own,
        "is_written": record.kind == WRITTEN,
        "readable": permissions.can_read_record(user, record),
        "may_change": may_change and open_unit,
        "may_cancel": in_hand
        and not (record.evidence and record.evidence.first_submitted_at)
        and permissions.can_cancel_record(user, record),
        "sees_expected": permissions.can_see_expected(user, record),
        "lacking": lacking(record) if may_change and (making or record.kind == WRITTEN) else [],
        "to_answer": to_answer and open_unit,
        "may_amend": may_change
        and open_unit
        and status == RecordStatus.CONFIRMED
        and was_returned(record),
        "declaration": wording(CURRENT_ANSWERS if record.kind == WRITTEN else CURRENT_RECORD),
    }


def _written(request: HttpRequest, record: Record, form: AnswersForm | None) -> dict[str, Any]:
    answers = list(record.answers.all())
    return {"answers": answers, "answers_form": form or _answers_form(record, answers)}


def _answers_form(record: Record, answers: list[Answer]) -> AnswersForm:
    return AnswersForm(answers=answers, initial={"revision": record.revision})


def _content(request: HttpRequest, record: Record) -> dict[str, Any]:
    """What is written, while it is not yet evidence with a page of its own."""
    version = draft_of(record)
    if version is None:
        return {}
    return {
        "version": version,
        "files": to_view(version.files.all()),
        "anchors": anchors_on(version, request.user),
        "claims": _claims(request, version),
    }


def _claims(request: HttpRequest, version: EvidenceVersion) -> Any:
    return (
        version.claims.select_related(
            "criterion", "enrolment__edition__standard", "enrolment__portfolio"
        )
        .prefetch_related("judgements__assessor", places_of_claims(request.user))
        .order_by("enrolment__edition__standard__urn", "criterion__order")
    )


def _is_refused(form: Form | None) -> bool:
    return form is not None and bool(form.errors)
