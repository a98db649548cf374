"""The centre's bank of written questions, and which of them are put to a learner."""

from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Centre, User
from accounts.permissions import refuse_unless
from assessments.actions.guards import hold, hold_in_use, retire
from assessments.actions.records import write
from assessments.actions.stale import refuse_behind
from assessments.models import Answer, Question, Record
from assessments.permissions import can_change_record, can_write_questions
from assessments.workflow import RECORD
from ledger.record import record as enter
from ledger.transitions import TransitionRefused
from standards.models import Criterion, Edition

LONGEST_QUESTION = 2_000
MOST_QUESTIONS = 20  # in one set


@transaction.atomic
def add_question(
    *,
    centre: Centre,
    edition: Edition,
    text: str,
    expected: str,
    criteria: Collection[Criterion],
    by: User,
) -> Question:
    refuse_unless(can_write_questions(by, centre))
    fields = _checked(edition, text, expected, criteria)
    question = Question.objects.create(centre=centre, edition=edition, made_by=by, **fields)
    question.criteria.set(criteria)
    _enter(question, "question_added", by)
    return question


@transaction.atomic
def change_question(
    *,
    question: Question,
    text: str,
    expected: str,
    criteria: Collection[Criterion],
    by: User,
    revision: int | None = None,
) -> Question:
    """From now on; whoever was asked it already was asked the words of that time. `revision` is
    the question's as the page showed it: a colleague's change since is read first."""
    refuse_unless(can_write_questions(by, question.centre))
    fields = _checked(question.edition, text, expected, criteria)
    hold_in_use(question, _("This question was retired."))
    same = all(getattr(question, name) == words for name, words in fields.items())
    if same and set(question.criteria.all()) == set(criteria):
        return question
    refuse_behind(question, revision)
    for name, words in fields.items():
        setattr(question, name, words)
    question.revision += 1
    question.save()
    question.criteria.set(criteria)
    _enter(question, "question_changed", by)
    return question


@transaction.atomic
def retire_question(*, question: Question, by: User) -> Question:
    """It is not asked any more; where it was asked, it stays."""
    refuse_unless(can_write_questions(by, question.centre))
    retire(question, _("This question was retired already."))
    _enter(question, "question_retired", by)
    return question


@transaction.atomic
def set_questions(*, record: Record, questions: Sequence[Question], by: User) -> Record:
    """Make the set exactly these, before it is asked. What was answered to one before stays."""
    refuse_unless(can_change_record(by, record))
    _check_set(record, questions)
    record.refresh_from_db()
    if record.status not in RECORD["share"].old:
        raise TransitionRefused(record.standing())
    hold(record, record.status)
    before = {each.question_id: each.answered for each in record.answers.all()}
    record.answers.all().delete()
    Answer.objects.bulk_create(
        Answer(
            record=record,
            question=each,
            order=order,
            asked=each.text,
            expected=each.expected,
            answered=before.get(each.pk, ""),
        )
        for order, each in enumerate(questions, 1)
    )
    record.criteria.set({criterion for each in questions for criterion in each.criteria.all()})
    write(record, "questions_chosen", by)
    return record


def _check_set(record: Record, questions: Sequence[Question]) -> None:
    if record.kind != Record.Kind.WRITTEN:
        raise ValidationError(_("Only written questions come from the bank."))
    if not questions or len(questions) > MOST_QUESTIONS:
        raise ValidationError(
            _("Choose at least one question, and at most %(most)d.") % {"most": MOST_QUESTIONS}
        )
    enrolment = record.enrolment
    centre, edition = enrolment.portfolio.centre_id, enrolment.edition_id
    if any(each.centre_id != centre or each.edition_id != edition for each in questions):
        raise ValidationError(_("Choose questions of this unit."))


def _checked(
    edition: Edition, text: str, expected: str, criteria: Collection[Criterion]
) -> dict[str, Any]:
    text, expected = text.strip(), expected.strip()
    if not text or not expected or max(len(text), len(expected)) > LONGEST_QUESTION:
        raise ValidationError(
            _("Write the question and the expected answer, each in at most %(most)d letters.")
            % {"most": LONGEST_QUESTION}
        )
    if not criteria or any(each.edition_id != edition.pk for each in criteria):
        raise ValidationError(_("Choose at least one criterion of this unit."))
    return {"text": text, "expected": expected}


def _enter(question: Question, verb: str, by: User) -> None:
    enter(
        stream=f"centre:{question.centre_id}",
        verb=verb,
        subject=question,
        by=by,
        facts={
            "edition": question.edition_id,
            "criteria": [each.code for each in question.criteria.all()],
        },
        sealed={"text": question.text, "expected": question.expected},
    )
