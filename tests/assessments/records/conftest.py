"""The unit of the assessor's records, and the short way through one."""

import datetime
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from assessments import actions
from assessments.models import Question, Record, Submission
from portfolio.models import EvidenceVersion
from tests.assessments.conftest import Unit
from tests.factories import make_claims

MADE = actions.Made(
    title="Call with a customer",
    gathered_on=datetime.date(2026, 10, 1),
    account="She rang back within the hour.",
    personal_data="none",
    permission_note="",
)


@dataclass
class Recording:
    """Verbs in one line each."""

    unit: Unit

    @property
    def by(self) -> User:
        return self.unit.cast.assessor

    @property
    def learner(self) -> User:
        return self.unit.cast.learner

    def plan(self, *codes: str, **changes: Any) -> actions.Plan:
        criteria = list(self.unit.enrolment.edition.criteria.filter(code__in=codes))
        plan = actions.Plan(timezone.now(), "The shop", "A call.", criteria)
        return replace(plan, **changes)

    def planned(self, kind: str = "observation", *codes: str) -> Record:
        plan = self.plan(*(codes or ["P1"]))
        return actions.plan_record(enrolment=self.unit.enrolment, kind=kind, plan=plan, by=self.by)

    def begun(self, kind: str = "observation") -> Record:
        record = self.planned(kind)
        actions.begin_record(record=record, by=self.by)
        return record

    def save(self, record: Record, **changes: Any) -> EvidenceVersion:
        made = replace(MADE, **changes)
        return actions.save_record(record=record, made=made, uploads=[], by=self.by)

    def made(self, kind: str = "observation", *codes: str, **changes: Any) -> Record:
        """Written and claimed, so that it can be shared."""
        record = self.begun(kind)
        version = self.save(record, **changes)
        make_claims(version, self.unit.enrolment, *(codes or ["P1"]))
        return record

    def shared(self, kind: str = "observation", **changes: Any) -> Record:
        return actions.share_record(record=self.made(kind, **changes), by=self.by)

    def confirm(self, record: Record) -> list[Submission]:
        return actions.confirm_record(
            record=record, shared_at=record.shared_at, declared=True, by=self.learner
        )

    def question(self, text: str = "Why ring back?", *codes: str) -> Question:
        edition = self.unit.enrolment.edition
        return actions.add_question(
            centre=self.unit.cast.centre,
            edition=edition,
            text=text,
            expected="To keep the promise.",
            criteria=list(edition.criteria.filter(code__in=codes or ["K1"])),
            by=self.by,
        )

    def asked(self, *questions: Question) -> Record:
        record = self.planned("written")
        questions = questions or (self.question(),)
        actions.set_questions(record=record, questions=questions, by=self.by)
        return actions.share_record(record=record, by=self.by)

    def answer(self, record: Record, text: str = "To keep what was promised.") -> list[Submission]:
        answers = {each.pk: text for each in record.answers.all()}
        actions.save_answers(record=record, answers=answers, by=self.learner)
        return self.confirm(record)


@pytest.fixture
def recording(unit: Unit) -> Recording:
    return Recording(unit)
