"""Written questions: a bank with expected answers, asked, answered by the learner, judged."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from accounts.models import User
from assessments import actions
from assessments.models import Answer, Question, Record, Submission
from assessments.undoing import may_be_undone
from ledger.models import Entry
from ledger.record import faults
from ledger.transitions import TransitionRefused
from portfolio.declarations import CURRENT_ANSWERS
from portfolio.models import Anchor, Claim, Evidence
from tests.assessments.conftest import Unit
from tests.assessments.records.conftest import Recording
from tests.factories import make_edition, make_enrolment, make_member, make_portfolio

EXPECTED = "To keep the promise."
Url = Callable[..., str]


@pytest.fixture
def hers(unit: Unit, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(unit.cast.learner)


def page(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_answers_become_evidence_with_each_answer_marked(unit: Unit, recording: Recording) -> None:
    why = recording.question("Why ring back?", "K1")
    how = recording.question("How do you *open* a call?\n1. First", "P1", "K1")
    record = recording.asked(why, how)
    assert not Evidence.objects.exists()
    texts = ["To keep my word.", "1. Say who I am.\n2. Ask **how** they are."]
    answers = dict(zip([each.pk for each in record.answers.all()], texts, strict=True))
    actions.save_answers(record=record, answers=answers, by=unit.cast.learner)
    (submission,) = recording.confirm(record)

    version = submission.version
    assert (version.method, version.evidence.recorded_by) == ("questioning", unit.cast.assessor)
    assert version.declaration_version == CURRENT_ANSWERS
    assert "How do you *open* a call? 1. First" in re.sub(r"<[^>]+>", "", version.account_html)
    claims = {each.criterion.code: each for each in version.claims.all()}
    assert set(claims) == {"K1", "P1"}
    assert claims["K1"].place == "Question 1, 2"
    quotes = [each.quote for each in claims["K1"].anchors.all()]
    assert quotes[0] == "To keep my word."
    assert quotes[1].startswith("Say who I am.")
    assert quotes[1].endswith("they are.")
    assert claims["P1"].anchors.count() == 1
    assert list(Submission.objects.awaiting(unit.cast.assessor)) == [submission]
    assert submission.frozen["record"]["answers"][0]["expected"] == EXPECTED
    assert Entry.objects.filter(verb="questions_answered").exists()
    assert list(faults()) == []


def test_the_same_short_answer_twice_is_marked_twice(recording: Recording) -> None:
    record = recording.asked(recording.question("A?"), recording.question("Is it so: Yes?"))
    recording.answer(record, "Yes")
    starts = [each.start for each in Anchor.objects.order_by("start")]
    assert len(set(starts)) == 2


def test_the_bank_changes_and_what_was_asked_stays(recording: Recording) -> None:
    question = recording.question()
    record = recording.asked(question)
    actions.change_question(
        question=question,
        text="Why ring?",
        expected="Something else.",
        criteria=list(question.criteria.all()),
        by=recording.by,
    )
    actions.retire_question(question=question, by=recording.by)
    answer = Answer.objects.get()
    assert (answer.asked, answer.expected) == ("Why ring back?", EXPECTED)
    (submission,) = recording.answer(record)
    assert "Why ring back?" in submission.version.account
    with pytest.raises(TransitionRefused):
        actions.retire_question(question=question, by=recording.by)


def test_every_question_has_to_be_answered(recording: Recording) -> None:
    record = recording.asked(recording.question("A?"), recording.question("B?"))
    first = record.answers.all()[0]
    actions.save_answers(record=record, answers={first.pk: "Yes."}, by=recording.learner)
    with pytest.raises(ValidationError, match="every question"):
        recording.confirm(record)
    record.refresh_from_db()
    assert record.status == "with_learner"
    assert not Evidence.objects.exists()


def test_a_returned_answer_is_given_anew_and_claims_what_was_not_met(
    unit: Unit, recording: Recording
) -> None:
    record = recording.asked(recording.question("A?", "K1"), recording.question("B?", "P1"))
    (submission,) = recording.answer(record)
    unit.judge(submission, K1="Say why.")
    actions.return_(submission=submission, feedback="More.", by=unit.cast.assessor)
    actions.amend_record(record=record, by=recording.by)
    actions.share_record(record=record, by=recording.by)
    (again,) = recording.answer(record, "Because she waits.")
    assert again.version.number == 2
    assert [each.criterion.code for each in again.version.claims.all()] == ["K1"]


def returned_answer(unit: Unit, recording: Recording) -> tuple[Record, Submission]:
    record = recording.asked(recording.question("A?", "K1"))
    (submission,) = recording.answer(record)
    unit.judge(submission, K1="Say why.")
    actions.return_(submission=submission, feedback="More.", by=recording.by)
    return record, submission


def test_answers_asked_for_anew_are_not_undone_as_well(unit: Unit, recording: Recording) -> None:
    """Or the first answers would wait for a decision beside those that she is asked for."""
    record, submission = returned_answer(unit, recording)
    assert may_be_undone(submission)
    actions.amend_record(record=record, by=recording.by)
    submission = Submission.objects.get(pk=submission.pk)
    assert not may_be_undone(submission)
    with pytest.raises(TransitionRefused, match="made anew"):
        actions.undo(submission=submission, by=recording.by)
    actions.share_record(record=record, by=recording.by)
    with pytest.raises(TransitionRefused, match="made anew"):
        actions.undo(submission=submission, by=recording.by)
    (again,) = recording.answer(record, "Because she waits.")
    waiting = Submission.objects.filter(status="waiting")
    assert list(waiting) == [again]


def test_answers_whose_return_was_undone_are_not_asked_for_anew(
    unit: Unit, recording: Recording
) -> None:
    record, submission = returned_answer(unit, recording)
    actions.undo(submission=submission, by=recording.by)
    with pytest.raises(TransitionRefused, match="after it was returned"):
        actions.amend_record(record=record, by=recording.by)


def test_a_set_is_of_the_units_own_questions(unit: Unit, recording: Recording) -> None:
    record = recording.planned("written")
    edition = make_edition()
    other = actions.add_question(
        centre=unit.cast.centre,
        edition=edition,
        text="?",
        expected="!",
        criteria=list(edition.criteria.all()),
        by=recording.by,
    )
    for questions in ([], [other], [recording.question()] * 21):
        with pytest.raises(ValidationError):
            actions.set_questions(record=record, questions=questions, by=recording.by)
    with pytest.raises(ValidationError, match="Choose at least one question"):
        actions.share_record(record=record, by=recording.by)


def test_what_was_asked_is_not_exchanged_while_she_answers(recording: Recording) -> None:
    record = recording.asked()
    with pytest.raises(TransitionRefused):
        actions.set_questions(record=record, questions=[recording.question("B?")], by=recording.by)


@pytest.mark.parametrize(
    ("text", "expected", "codes"),
    [("", "x", ["K1"]), ("x", " ", ["K1"]), ("x", "x", []), ("x" * 2001, "x", ["K1"])],
)
def test_a_question_needs_words_an_answer_and_a_criterion(
    unit: Unit, recording: Recording, text: str, expected: str, codes: list[str]
) -> None:
    edition = unit.enrolment.edition
    with pytest.raises(ValidationError):
        actions.add_question(
            centre=unit.cast.centre,
            edition=edition,
            text=text,
            expected=expected,
            criteria=list(edition.criteria.filter(code__in=codes)),
            by=recording.by,
        )
    assert not Question.objects.exists()


def test_only_the_learner_answers(unit: Unit, recording: Recording) -> None:
    record = recording.asked()
    for person in (unit.cast.assessor, unit.cast.trainee, unit.cast.admin):
        with pytest.raises(PermissionDenied):
            actions.save_answers(record=record, answers={}, by=person)


def test_expected_answers_are_for_staff(
    unit: Unit, recording: Recording, hers: Client, theirs: Client, url_of: Url
) -> None:
    record = recording.asked()
    address = url_of("record", pk=record.pk)
    assert EXPECTED not in page(hers.get(address))
    assert EXPECTED in page(theirs.get(address))
    (submission,) = recording.answer(record, "I do not know.")
    assert EXPECTED in page(theirs.get(url_of("submission", pk=submission.pk)))
    evidence = f"/c/{unit.cast.centre.slug}/evidence/{submission.version.evidence_id}/"
    for client, seen in ((hers, False), (theirs, True)):
        answer = client.get(evidence)
        assert answer.status_code == 200
        assert (EXPECTED in page(answer)) is seen
    assert EXPECTED not in page(hers.get(address))


def test_an_assessor_does_not_see_the_answers_of_a_unit_they_learn(
    unit: Unit, recording: Recording
) -> None:
    question = recording.question()
    colleague = unit.cast.other_assessor
    assert list(Question.objects.visible_to(colleague)) == [question]
    make_member_too = make_portfolio(unit.cast.centre, colleague)
    make_enrolment(make_member_too, unit.enrolment.edition)
    assert not Question.objects.visible_to(colleague).exists()
    stranger = make_member(unit.cast.centre, "learner")
    assert not Question.objects.visible_to(stranger).exists()


def test_who_asks_aloud_has_the_units_questions_at_hand(
    unit: Unit, recording: Recording, theirs: Client, url_of: Url
) -> None:
    recording.question("Why ring back?")
    retired = recording.question("Who pays?")
    actions.retire_question(question=retired, by=recording.by)
    for kind, is_there in (("oral", True), ("discussion", False)):
        html = page(theirs.get(url_of("record_make", pk=recording.begun(kind).pk)))
        assert ("Why ring back?" in html) is is_there
        assert (EXPECTED in html) is is_there
        assert "Who pays?" not in html


def test_asking_and_answering_by_pages(
    unit: Unit, recording: Recording, hers: Client, theirs: Client, url_of: Url
) -> None:
    edition = unit.enrolment.edition
    k1 = edition.criteria.get(code="K1")
    wanted = {"text": "Why ring back?", "expected": EXPECTED, "criteria": k1.pk}
    assert theirs.post(url_of("question_add", pk=edition.pk), {}).status_code == 422
    answer = theirs.post(url_of("question_add", pk=edition.pk), wanted)
    assert "Why ring back?" in page(theirs.get(answer.url))
    question = Question.objects.get()
    answer = theirs.post(url_of("question", pk=question.pk), wanted | {"text": "Why call?"})
    assert "Why call?" in page(theirs.get(answer.url))

    answer = theirs.post(url_of("record_new", pk=unit.enrolment.pk), {"kind": "written"})
    record = Record.objects.get()
    assert answer.url == url_of("record_questions", pk=record.pk)
    assert theirs.post(answer.url, {}).status_code == 422
    theirs.post(answer.url, {"questions": question.pk})
    theirs.post(url_of("record_share", pk=record.pk))

    shown = hers.get(url_of("record", pk=record.pk))
    assert "Why call?" in page(shown)
    shared = re.search(r'name="shared" value="([^"]+)"', shown.content.decode())
    assert shared
    field = f"answer-{record.answers.get().pk}"
    answers = url_of("record_answers", pk=record.pk)
    assert hers.post(answers, {field: "Because."}).status_code == 302
    assert "Because." in page(hers.get(url_of("record", pk=record.pk)))
    send = {field: "Because she waits.", "send": "now", "shared": shared[1]}
    refused = hers.post(answers, send)
    assert (refused.status_code, "Because she waits." in page(refused)) == (422, True)
    assert hers.post(answers, send | {"declared": "on"}).status_code == 302
    assert "Because she waits." in Submission.objects.get().frozen["account"]
    assert Claim.objects.get().status == "submitted"

    assert theirs.post(url_of("question_retire", pk=question.pk)).status_code == 302
    assert "Why call?" not in page(theirs.get(url_of("questions")))


def test_the_bank_is_narrowed(recording: Recording, theirs: Client, url_of: Url) -> None:
    edition = recording.question("Why ring back?").edition
    for number in range(25):
        recording.question(f"What is {number}?")
    assert "Why ring back?" in page(theirs.get(url_of("questions"), {"q": "ring"}))
    assert "What is 3?" not in page(theirs.get(url_of("questions"), {"q": "ring"}))
    assert "Why ring" in page(theirs.get(url_of("questions"), {"unit": edition.pk}))
    assert theirs.get(url_of("questions"), {"unit": "9" * 30}).status_code == 200
    assert theirs.get(url_of("questions"), {"page": 2}).status_code == 200


def test_answers_that_come_too_late_are_given_back_to_copy(
    recording: Recording, hers: Client, url_of: Url
) -> None:
    record = recording.asked()
    answers = url_of("record_answers", pk=record.pk)
    field = f"answer-{record.answers.get().pk}"
    actions.take_back_record(record=record, by=recording.by)
    late = hers.post(answers, {field: "Because she waits."})
    assert (late.status_code, "Because she waits." in page(late)) == (409, True)
    other = recording.question("Why so soon?")
    actions.set_questions(record=record, questions=[other], by=recording.by)
    actions.share_record(record=record, by=recording.by)
    late = hers.post(answers, {field: "Because she waits."})
    assert (late.status_code, "Because she waits." in page(late)) == (409, True)
    assert record.answers.get().answered == ""


def test_what_differs_is_given_back_where_it_comes_too_late(
    recording: Recording, hers: Client, url_of: Url
) -> None:
    record = recording.shared()
    actions.take_back_record(record=record, by=recording.by)
    late = hers.post(url_of("record_question", pk=record.pk), {"words": "It was on Monday."})
    assert (late.status_code, "It was on Monday." in page(late)) == (409, True)
