"""An assessor's record: planned, made, shared, confirmed by the learner, judged as any other."""

import datetime
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from assessments import actions
from assessments.freezing import digest
from assessments.models import Record, Submission
from assessments.permissions import can_decide
from ledger.models import Entry, Sealed
from ledger.record import faults
from ledger.transitions import TransitionRefused
from portfolio import actions as portfolio_actions
from portfolio.declarations import CURRENT_RECORD, wording
from portfolio.models import Claim, Evidence, EvidenceVersion, Method
from portfolio.progress import progress_of
from tests.assessments.conftest import Unit
from tests.assessments.records.conftest import Recording
from tests.factories import make_edition, make_enrolment

IN_SITU = {"location": "The shop's till", "seen_in_situ_on": datetime.date(2026, 10, 2)}
PRIOR = {"learned_on": datetime.date(2025, 3, 1), "currency": "She has done it weekly since."}


def verbs() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("verb", flat=True))


def test_from_the_plan_to_a_submission_in_the_queue(unit: Unit, recording: Recording) -> None:
    record = recording.planned("observation", "P1", "P2")
    assert record.status == "planned"
    assert {each.code for each in record.criteria.all()} == {"P1", "P2"}

    version = actions.begin_record(record=record, by=unit.cast.assessor)
    evidence = version.evidence
    assert (evidence.number, evidence.recorded_by) == (1, unit.cast.assessor)
    assert (version.method, version.is_draft) == ("observation", True)

    recording.save(record)
    portfolio_actions.claim(
        version=version,
        places={unit.enrolment.edition.criteria.get(code="P1").pk: ""},
        by=unit.cast.assessor,
    )
    actions.share_record(record=record, by=unit.cast.assessor)
    (submission,) = recording.confirm(record)

    record.refresh_from_db()
    version.refresh_from_db()
    assert (record.status, version.status) == ("confirmed", "submitted")
    assert version.declaration_text == record.declaration_text == wording(CURRENT_RECORD)
    assert list(Submission.objects.awaiting(unit.cast.trainee)) == [submission]
    assert submission.frozen["record"]["kind"] == "observation"
    assert submission.frozen["record"]["assessor"] == unit.cast.assessor.name
    assert submission.frozen["record"]["confirmed_at"]
    assert submission.frozen_sha256 == digest(submission.frozen)
    assert can_decide(unit.cast.assessor, submission)
    unit.judge(submission)
    actions.accept(
        submission=submission, feedback="Well done.", personal_data="clear", by=unit.cast.assessor
    )
    assert Claim.objects.get().status == "met"
    assert verbs()[:4] == ["record_planned", "record_begun", "record_shared", "record_confirmed"]
    assert list(faults()) == []


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        ("observation", Method.OBSERVATION),
        ("discussion", Method.DISCUSSION),
        ("oral", Method.QUESTIONING),
        ("in_situ", Method.WORK_PRODUCT),
        ("prior_learning", Method.PRIOR_LEARNING),
    ],
)
def test_each_kind_has_its_method(recording: Recording, kind: str, method: str) -> None:
    extra = {"in_situ": IN_SITU, "prior_learning": PRIOR}.get(kind, {})
    (submission,) = recording.confirm(recording.shared(kind, **extra))
    assert submission.version.method == method


@pytest.mark.parametrize(
    ("kind", "changes", "sentence"),
    [
        ("observation", {"account": ""}, "Write what happened"),
        ("observation", {"personal_data": ""}, "recognised"),
        ("observation", {"personal_data": "permission"}, "who agreed"),
        ("in_situ", IN_SITU | {"location": ""}, "where it is kept"),
        ("in_situ", IN_SITU | {"seen_in_situ_on": None}, "where it is kept"),
        ("prior_learning", PRIOR | {"learned_on": None}, "still current"),
        ("prior_learning", PRIOR | {"currency": " "}, "still current"),
    ],
)
def test_what_is_lacking_keeps_it_from_the_learner(
    recording: Recording, kind: str, changes: dict, sentence: str
) -> None:
    record = recording.made(kind, **changes)
    with pytest.raises(ValidationError, match=sentence):
        actions.share_record(record=record, by=recording.by)
    record.refresh_from_db()
    assert (record.status, record.shared_at) == ("making", None)


def test_without_a_claim_it_is_not_shared(recording: Recording) -> None:
    record = recording.begun()
    recording.save(record)
    with pytest.raises(ValidationError, match="at least one criterion"):
        actions.share_record(record=record, by=recording.by)


def test_a_day_to_come_was_not_seen(recording: Recording) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(ValidationError, match="not come yet"):
        recording.made("in_situ", location="Till", seen_in_situ_on=tomorrow)


def test_what_the_learner_reads_stays_as_it_is(recording: Recording) -> None:
    record = recording.shared()
    version = record.evidence.versions.get()
    with pytest.raises(TransitionRefused, match="reading"):
        recording.save(record, account="Something else.")
    with pytest.raises(TransitionRefused, match="reading"):
        portfolio_actions.claim(version=version, places={}, by=recording.by)
    version.refresh_from_db()
    assert version.account == "She rang back within the hour."
    assert version.claims.count() == 1


def test_only_what_she_read_can_be_confirmed(recording: Recording) -> None:
    record = recording.shared()
    as_read = record.shared_at
    actions.take_back_record(record=record, by=recording.by)
    recording.save(record, account="She rang back the next day.")
    actions.share_record(record=record, by=recording.by)
    with pytest.raises(TransitionRefused, match="Read it again"):
        actions.confirm_record(
            record=record, shared_at=as_read, declared=True, by=recording.learner
        )
    assert not Submission.objects.exists()
    recording.confirm(record)
    assert Submission.objects.get().frozen["account"] == "She rang back the next day."


def test_it_is_confirmed_once(recording: Recording) -> None:
    record = recording.shared()
    recording.confirm(record)
    with pytest.raises(TransitionRefused):
        recording.confirm(record)
    assert Submission.objects.count() == 1


def test_without_the_declaration_nothing_is_confirmed(recording: Recording) -> None:
    record = recording.shared()
    with pytest.raises(ValidationError, match="true"):
        actions.confirm_record(
            record=record, shared_at=record.shared_at, declared=False, by=recording.learner
        )
    record.refresh_from_db()
    assert record.status == "with_learner"


def test_she_sees_it_differently_and_it_is_changed(recording: Recording) -> None:
    record = recording.shared()
    actions.question_record(record=record, words="It was two hours.", by=recording.learner)
    assert (record.status, record.learner_words) == ("making", "It was two hours.")
    assert Sealed.objects.get(entry__verb="record_questioned").text == "It was two hours."
    recording.save(record, account="She rang back within two hours.")
    actions.share_record(record=record, by=recording.by)
    (submission,) = recording.confirm(record)
    assert "two hours" in submission.frozen["account"]


def test_seeing_it_differently_takes_words(recording: Recording) -> None:
    with pytest.raises(ValidationError, match="what is different"):
        actions.question_record(record=recording.shared(), words="  ", by=recording.learner)


def test_what_was_returned_is_made_anew_and_confirmed_again(
    unit: Unit, recording: Recording
) -> None:
    record = recording.shared()
    (submission,) = recording.confirm(record)
    with pytest.raises(TransitionRefused, match="after it was returned"):
        actions.amend_record(record=record, by=recording.by)
    unit.judge(submission, P1="Say how she rang.")
    actions.return_(submission=submission, feedback="More, please.", by=unit.cast.assessor)

    actions.amend_record(record=record, by=recording.by)
    recording.save(record, account="She rang back by phone.")
    actions.share_record(record=record, by=recording.by)
    (again,) = recording.confirm(record)
    assert (again.version.number, again.version.evidence) == (2, record.evidence)
    assert again.frozen["account"] == "She rang back by phone."
    with pytest.raises(TransitionRefused, match="submitted before"):
        actions.cancel_record(record=record, by=recording.by)


def test_called_off_its_number_is_not_used_again(unit: Unit, recording: Recording) -> None:
    record = recording.made()
    actions.cancel_record(record=record, by=recording.by)
    assert record.status == "cancelled"
    assert EvidenceVersion.objects.get().status == "withdrawn"
    assert recording.begun().evidence.number == 2
    with pytest.raises(TransitionRefused):
        actions.share_record(record=record, by=recording.by)


def test_a_plan_is_of_the_unit_and_changes_until_it_is_begun(
    unit: Unit, recording: Recording
) -> None:
    other = list(make_edition().criteria.all())
    with pytest.raises(ValidationError, match="this unit"):
        recording.unit and actions.plan_record(
            enrolment=unit.enrolment,
            kind="observation",
            plan=recording.plan(criteria=other),
            by=recording.by,
        )
    record = recording.planned()
    actions.change_record_plan(
        record=record, plan=recording.plan("P2", place="Yard"), by=recording.by
    )
    assert (record.place, [each.code for each in record.criteria.all()]) == ("Yard", ["P2"])
    actions.begin_record(record=record, by=recording.by)
    with pytest.raises(TransitionRefused):
        actions.change_record_plan(record=record, plan=recording.plan("P1"), by=recording.by)


def test_a_record_claims_only_units_that_its_assessor_assesses(
    unit: Unit, recording: Recording
) -> None:
    edition = make_edition()
    make_enrolment(unit.portfolio, edition, unit.cast.other_assessor)
    version = recording.begun().evidence.versions.get()
    with pytest.raises(ValidationError, match="units you are working on"):
        portfolio_actions.claim(
            version=version, places={edition.criteria.first().pk: ""}, by=recording.by
        )


def test_nobody_else_writes_in_it(unit: Unit, recording: Recording) -> None:
    record = recording.made()
    version = record.evidence.versions.get()
    for person in (unit.cast.trainee, unit.cast.learner, unit.cast.iqa, unit.cast.admin):
        with pytest.raises(PermissionDenied):
            actions.share_record(record=record, by=person)
        with pytest.raises(PermissionDenied):
            portfolio_actions.claim(version=version, places={}, by=person)
        with pytest.raises(PermissionDenied):
            portfolio_actions.withdraw_draft(version=version, by=person)
        with pytest.raises(PermissionDenied):
            actions.submit(version=version, declared=True, by=person)
    record.refresh_from_db()
    assert record.status == "making"


STAGES = {
    # learner, 2nd learner, assessor, other assessor, trainee of the unit, iqa, admin
    "making": (False, False, True, False, True, False, False),
    "with_learner": (True, False, True, False, True, False, False),
    "confirmed": (True, False, True, False, True, True, True),
    "cancelled": (False, False, True, False, True, False, False),
}


def at_stage(recording: Recording, stage: str) -> Record:
    record = recording.made()
    if stage == "cancelled":
        actions.cancel_record(record=record, by=recording.by)
    if stage in ("with_learner", "confirmed"):
        actions.share_record(record=record, by=recording.by)
    if stage == "confirmed":
        recording.confirm(record)
    return record


@pytest.mark.parametrize("stage", STAGES)
def test_who_sees_the_evidence_at_each_stage(unit: Unit, recording: Recording, stage: str) -> None:
    record, cast = at_stage(recording, stage), unit.cast
    people = (
        cast.learner,
        cast.second_learner,
        cast.assessor,
        cast.other_assessor,
        cast.trainee,
        cast.iqa,
        cast.admin,
    )
    seen = [Evidence.objects.visible_to(each).filter(record=record).exists() for each in people]
    assert tuple(seen) == STAGES[stage]
    versions = [EvidenceVersion.objects.visible_to(each).exists() for each in people]
    assert tuple(versions) == STAGES[stage]
    claims = [Claim.objects.visible_to(each).exists() for each in people]
    assert tuple(claims) == STAGES[stage]


def test_an_unshared_claim_is_no_progress_yet_for_the_learner(
    unit: Unit, recording: Recording
) -> None:
    record = recording.made()

    def states() -> set[str]:
        (progress,) = progress_of([unit.enrolment], seen_by=unit.cast.learner)
        return {each.state for each in progress.criteria}

    assert states() == {"to_do"}
    actions.share_record(record=record, by=recording.by)
    assert states() == {"to_do", "claimed"}
