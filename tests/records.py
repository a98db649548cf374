"""An assessor's records at every stage, and a question of the bank."""

from typing import Any

from django.utils import timezone

from assessments import actions
from assessments.models import Record
from portfolio.models import Enrolment
from tests.factories import Cast, make_claims


def make_records(cast: Cast, enrolment: Enrolment) -> dict[str, int]:
    """Their ids, by the name of the stage."""
    question = actions.add_question(
        centre=cast.centre,
        edition=enrolment.edition,
        text="Why ring back?",
        expected="To keep the promise.",
        criteria=list(enrolment.edition.criteria.filter(code="K1")),
        by=cast.assessor,
    )
    asked = planned(cast, enrolment, "written")
    actions.set_questions(record=asked, questions=[question], by=cast.assessor)
    actions.share_record(record=asked, by=cast.assessor)
    shared = made(cast, enrolment)
    actions.share_record(record=shared, by=cast.assessor)
    return {
        "question": question.pk,
        "planned_record": planned(cast, enrolment).pk,
        "record": made(cast, enrolment).pk,
        "shared_record": shared.pk,
        "written_record": planned(cast, enrolment, "written").pk,
        "asked_record": asked.pk,
    }


def planned(cast: Cast, enrolment: Enrolment, kind: str = "observation") -> Record:
    criteria = list(enrolment.edition.criteria.filter(code="P1"))
    plan = actions.Plan(timezone.now(), "The shop", "A call.", criteria)
    return actions.plan_record(enrolment=enrolment, kind=kind, plan=plan, by=cast.assessor)


def made(cast: Cast, enrolment: Enrolment, **changes: Any) -> Record:
    """Written and claimed, so that it can be shared."""
    record = planned(cast, enrolment)
    actions.begin_record(record=record, by=cast.assessor)
    fields = {
        "title": "Call with a customer",
        "gathered_on": timezone.localdate(),
        "account": "She rang back within the hour.",
        "personal_data": "none",
        "permission_note": "",
    } | changes
    version = actions.save_record(
        record=record, made=actions.Made(**fields), uploads=[], by=cast.assessor
    )
    make_claims(version, enrolment, "P1")
    return record
