"""Assessors' own records: planned, made, shared with the learner; called off or made anew."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import refuse_unless
from assessments.actions.guards import hold, hold_open
from assessments.actions.stale import refuse_behind
from assessments.models import Record
from assessments.permissions import can_cancel_record, can_change_record, can_record
from assessments.recording import METHODS, draft_of, lacking, was_returned
from assessments.telling import of_sharing, of_taking_back_record
from assessments.workflow import RECORD, RecordStatus
from files.models import Upload
from ledger.record import record as enter
from ledger.transitions import TransitionRefused, move
from portfolio.actions import edit_evidence, new_version, remove_file
from portfolio.actions.evidence import begin_record as begin_evidence
from portfolio.hiding.guards import hold_item
from portfolio.models import Enrolment, EvidenceFile, EvidenceVersion
from portfolio.workflow import VERSION
from standards.models import Criterion

LONGEST_NOTE = 5_000
LONGEST_LINE = 200  # a place


@dataclass(frozen=True)
class Plan:
    """When and where, and which criteria it is hoped to show."""

    planned_for: datetime.datetime | None
    place: str
    plan_note: str
    criteria: Collection[Criterion]


@dataclass(frozen=True)
class Made:
    """What an assessor writes; the method follows from the kind of record."""

    title: str
    gathered_on: datetime.date
    account: str
    personal_data: str
    permission_note: str
    location: str = ""
    seen_in_situ_on: datetime.date | None = None
    learned_on: datetime.date | None = None
    currency: str = ""


@transaction.atomic
def plan_record(*, enrolment: Enrolment, kind: str, plan: Plan, by: User) -> Record:
    """What is going to be looked at or asked, for the learner to see beforehand."""
    refuse_unless(can_record(by, enrolment))
    if kind not in Record.Kind.values:
        raise ValidationError(_("Choose what kind of record it is."))
    fields = _plan_fields(enrolment, plan)
    hold_open(enrolment)
    record = Record.objects.create(enrolment=enrolment, kind=kind, assessor=by, **fields)
    record.criteria.set(plan.criteria)
    write(record, "record_planned", by, place=record.place, plan=record.plan_note)
    return record


@transaction.atomic
def change_record_plan(*, record: Record, plan: Plan, by: User) -> Record:
    """Until it is begun."""
    refuse_unless(can_change_record(by, record))
    fields = _plan_fields(record.enrolment, plan)
    hold(record, RecordStatus.PLANNED)
    Record.objects.filter(pk=record.pk).update(**fields)
    record.criteria.set(plan.criteria)
    record.refresh_from_db()
    write(record, "record_plan_changed", by, place=record.place, plan=record.plan_note)
    return record


@transaction.atomic
def begin_record(*, record: Record, by: User) -> EvidenceVersion:
    """Give it its number in the portfolio; it is the assessor's draft."""
    refuse_unless(can_change_record(by, record))
    if record.kind == Record.Kind.WRITTEN:
        raise ValidationError(_("Ask the questions: the learner writes the answers."))
    hold_open(record.enrolment)
    move(record, verb="begin", table=RECORD)
    version = begin_evidence(
        enrolment=record.enrolment,
        title=_title(record),
        method=METHODS[record.kind],
        account="",
        by=by,
    )
    Record.objects.filter(pk=record.pk).update(evidence=version.evidence)
    record.refresh_from_db()
    write(record, "record_begun", by)
    return version


@transaction.atomic
def save_record(
    *,
    record: Record,
    made: Made,
    uploads: Sequence[Upload],
    by: User,
    take_out: Collection[EvidenceFile] = (),
    revision: int | None = None,
) -> EvidenceVersion:
    """What the assessor has written so far; nobody else is told. `revision` is the record's as
    the page showed it: what was saved from another page since is not written over."""
    refuse_unless(can_change_record(by, record))
    _check_days(made)
    if record.evidence:
        hold_item(record.evidence)  # as handing in does: the item, then its draft, then the record
    version = hold_draft_of(record)
    if version is None:
        raise TransitionRefused(record.standing())
    record.refresh_from_db(fields=["revision"])
    if not (uploads or take_out) and _is_saved(made, record, version):
        return version
    refuse_behind(record, revision)
    for file in take_out:
        remove_file(file=file, by=by)
    edit_evidence(
        version=version,
        title=made.title,
        method=METHODS[record.kind],
        gathered_on=made.gathered_on,
        account=made.account,
        uploads=uploads,
        personal_data=made.personal_data,
        permission_note=made.permission_note,
        by=by,
    )
    hold(record, RecordStatus.MAKING)
    Record.objects.filter(pk=record.pk).update(
        revision=F("revision") + 1,
        location=line(made.location),
        seen_in_situ_on=made.seen_in_situ_on,
        learned_on=made.learned_on,
        currency=note(made.currency),
    )
    record.refresh_from_db()
    return version


@transaction.atomic
def share_record(*, record: Record, by: User) -> Record:
    """To the learner, who confirms it; of written questions, who answers them."""
    refuse_unless(can_change_record(by, record))
    hold_open(record.enrolment)
    hold_draft_of(record)
    move(record, verb="share", table=RECORD, shared_at=timezone.now(), learner_words="")
    if missing := lacking(record):
        raise ValidationError(missing)
    write(record, "record_shared", by)
    of_sharing(record)
    return record


@transaction.atomic
def take_back_record(*, record: Record, by: User) -> Record:
    """To put something right before the learner has answered."""
    refuse_unless(can_change_record(by, record))
    move(record, verb="take_back", table=RECORD)
    write(record, "record_taken_back", by)
    of_taking_back_record(record)
    return record


@transaction.atomic
def cancel_record(*, record: Record, by: User) -> Record:
    """Call it off. What was written is kept, out of the way; its number is not used again."""
    refuse_unless(can_cancel_record(by, record))
    if record.evidence and record.evidence.first_submitted_at:
        raise TransitionRefused(_("It was submitted before, so it can't be called off."))
    version = hold_draft_of(record)
    move(record, verb="cancel", table=RECORD)
    if version is not None:
        move(version, verb="withdraw", table=VERSION)
    write(record, "record_cancelled", by)
    return record


@transaction.atomic
def amend_record(*, record: Record, by: User) -> Record:
    """After its evidence was returned: make it anew, for the learner to confirm again."""
    refuse_unless(can_change_record(by, record))
    hold_open(record.enrolment)
    if record.evidence is None or not was_returned(record):
        raise TransitionRefused(_("This can be made anew only after it was returned."))
    move(record, verb="amend", table=RECORD, confirmed_at=None, shared_at=None)
    if record.kind != Record.Kind.WRITTEN:
        new_version(evidence=record.evidence, by=by)
    write(record, "record_amended", by)
    return record


def hold_draft_of(record: Record) -> EvidenceVersion | None:
    """Hold the draft before the record, as every change of the draft does: one comes first."""
    version = draft_of(record)
    if version is not None:
        EvidenceVersion.objects.filter(pk=version.pk).update(status=F("status"))
    return version


def write(record: Record, verb: str, by: User, **sealed: str) -> None:
    """Into the portfolio's ledger."""
    enter(
        stream=record.enrolment.portfolio.stream,
        verb=verb,
        subject=record,
        by=by,
        facts={
            "record": record.pk,
            "kind": record.kind,
            "enrolment": record.enrolment_id,
            "evidence": record.evidence.number if record.evidence else None,
            "criteria": [each.code for each in record.criteria.all()],
            "planned_for": record.planned_for.isoformat() if record.planned_for else None,
        },
        sealed={name: text for name, text in sealed.items() if text},
    )


def line(text: str) -> str:
    text = " ".join(text.split())
    if len(text) > LONGEST_LINE:
        raise ValidationError(_("Say where in at most %(n)d letters.") % {"n": LONGEST_LINE})
    return text


def note(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if len(text) > LONGEST_NOTE:
        raise ValidationError(_("Keep this to %(n)d letters.") % {"n": LONGEST_NOTE})
    return text


def _plan_fields(enrolment: Enrolment, plan: Plan) -> dict[str, Any]:
    if any(each.edition_id != enrolment.edition_id for each in plan.criteria):
        raise ValidationError(_("Choose criteria of this unit."))
    return {
        "planned_for": plan.planned_for,
        "place": line(plan.place),
        "plan_note": note(plan.plan_note),
    }


def _title(record: Record) -> str:
    """To begin with; whoever makes the record can change it."""
    words = [str(record.get_kind_display()), record.place]
    words.append(formats.date_format(timezone.localdate(), "j F Y"))
    return ", ".join(word for word in words if word)[:200]


def _is_saved(made: Made, record: Record, version: EvidenceVersion) -> bool:
    """The same words sent again after a timeout, but for what is tidied on the way."""
    rows = dict.fromkeys(("title", "gathered_on", "account", "personal_data"), version)
    rows["permission_note"] = version

    def plain(value: object) -> str:
        return " ".join(str(value or "").split())

    return all(
        plain(value) == plain(getattr(rows.get(name, record), name))
        for name, value in vars(made).items()
    )


def _check_days(made: Made) -> None:
    today = timezone.localdate()
    if any(day and day > today for day in (made.seen_in_situ_on, made.learned_on)):
        raise ValidationError(_("This day has not come yet."))
