"""Assessors' records on pages that are about something else."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.safestring import SafeString

from accounts.templatetags.signpost import state
from assessments.models import Record
from assessments.permissions import can_see_expected
from assessments.recording import hide_words
from assessments.workflow import RecordStatus
from portfolio.hiding.guards import hidden_words
from portfolio.models import EvidenceVersion

register = template.Library()

LOOKS = {
    RecordStatus.PLANNED: "queued",
    RecordStatus.MAKING: "draft",
    RecordStatus.WITH_LEARNER: "waiting",
    RecordStatus.CONFIRMED: "submitted",
    RecordStatus.CANCELLED: "withdrawn",
}
IN_HAND = (RecordStatus.PLANNED, RecordStatus.MAKING, RecordStatus.WITH_LEARNER)
AT_A_GLANCE = 3


@register.simple_tag
def record_state(record: Record) -> SafeString:
    return state(LOOKS[RecordStatus(record.status)], str(record.get_status_display()))


@register.inclusion_tag("assessments/_record_facts.html", takes_context=True)
def record_facts(context: template.Context, version: EvidenceVersion) -> dict[str, Any]:
    """What a record has beyond its account and files; nothing for what the learner made herself.
    What was hidden in the item is hidden in these words too."""
    request = context["request"]
    if version.evidence.recorded_by_id is None:
        return {"record": None, "request": request}
    found = Record.objects.select_related("assessor", "enrolment__portfolio")
    record = found.get(evidence=version.evidence_id)
    hide_words(record, hidden_words(version.evidence))
    expected = record.kind == Record.Kind.WRITTEN and can_see_expected(request.user, record)
    return {
        "record": record,
        "request": request,
        "answers": list(record.answers.all()) if expected else [],
    }


@register.inclusion_tag("assessments/_your_records.html", takes_context=True)
def your_records(context: template.Context) -> dict[str, Any]:
    """An assessor's, as long as there is something to do with them, the next visit first."""
    request: HttpRequest = context["request"]
    mine = Record.objects.visible_to(request.user).in_centre(request.centre)
    rows = mine.filter(assessor=request.user, status__in=IN_HAND, enrolment__status="active")
    return _glance(request, rows.order_by("planned_for", "pk"))


@register.simple_tag(takes_context=True)
def records_to_read(context: template.Context) -> list[Record]:
    """A learner's: what waits for her answer, and what is planned."""
    request: HttpRequest = context["request"]
    hers = Record.objects.filter(enrolment__portfolio__learner=request.user)
    waiting = (RecordStatus.WITH_LEARNER, RecordStatus.PLANNED)
    rows = hers.in_centre(request.centre).filter(status__in=waiting, enrolment__status="active")
    return _with_units(rows.order_by("-status", "planned_for", "pk"))


@register.filter
def any_wait(records: list[Record]) -> bool:
    """Whether one of them is for the learner to answer."""
    return any(each.status == RecordStatus.WITH_LEARNER for each in records)


def _glance(request: HttpRequest, rows: Any) -> dict[str, Any]:
    records = _with_units(rows[: AT_A_GLANCE + 1])
    return {
        "request": request,
        "records": records[:AT_A_GLANCE],
        "more": len(records) > AT_A_GLANCE,
    }


def _with_units(rows: Any) -> list[Record]:
    related = ("assessor", "evidence", "enrolment__edition__standard")
    found = rows.select_related(*related, "enrolment__portfolio__learner")
    return list(found.defer("enrolment__edition__source_text", "enrolment__edition__metadata"))
