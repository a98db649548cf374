"""Who is told of an assessor's record, and what putting it right takes back."""

import pytest

from accounts.models import Notice
from assessments import actions
from tests.assessments.conftest import Unit
from tests.assessments.records.conftest import Recording


@pytest.fixture(autouse=True)
def _every_notice_leads_somewhere(unit: Unit, signed_in):
    yield
    for each in Notice.objects.filter(taken_back_at=None).select_related("recipient"):
        assert signed_in(each.recipient).get(each.path).status_code == 200, (each.kind, each.path)


def told(kind: str) -> set:
    return {each.recipient for each in Notice.objects.filter(kind=kind, taken_back_at=None)}


def test_a_shared_record_is_told_to_the_learner(unit: Unit, recording: Recording):
    recording.made()
    assert Notice.objects.count() == 0  # a draft is the assessor's own
    recording.shared()
    assert told("record_shared") == {unit.cast.learner}


def test_taken_back_and_shared_again_it_is_told_again(unit: Unit, recording: Recording):
    record = recording.shared()
    actions.take_back_record(record=record, by=unit.cast.assessor)
    assert told("record_shared") == set()
    actions.share_record(record=record, by=unit.cast.assessor)
    assert told("record_shared") == {unit.cast.learner}


def test_a_question_about_it_is_told_to_whoever_made_it(unit: Unit, recording: Recording):
    record = recording.shared()
    actions.question_record(record=record, words="It was Mrs Poe.", by=unit.cast.learner)
    assert told("record_questioned") == {unit.cast.assessor}
    assert not Notice.objects.filter(text__contains="Poe").exists()


def test_confirmed_it_waits_for_the_units_assessors(unit: Unit, recording: Recording):
    recording.confirm(recording.shared())
    assert told("record_confirmed") == {unit.cast.assessor}
    assert told("submitted") == {unit.cast.trainee}


def test_questions_are_told_and_so_are_their_answers(unit: Unit, recording: Recording):
    record = recording.asked()
    assert told("questions_asked") == {unit.cast.learner}
    recording.answer(record)
    assert told("questions_answered") == {unit.cast.assessor}
    assert told("submitted") == {unit.cast.trainee}
