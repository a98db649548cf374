"""Assessor and learner, or one of them twice, at the same moment: each has a thread of its own on
PostgreSQL; on SQLite one comes after the other."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from assessments import actions
from assessments.actions import phrases
from assessments.models import Answer, Record, Submission
from ledger.models import Entry
from ledger.record import faults
from ledger.transitions import TransitionRefused
from portfolio.models import Evidence, EvidenceVersion
from tests.assessments.records.conftest import MADE, Recording
from tests.races import at_once, stale

pytestmark = pytest.mark.django_db(transaction=True)


def kinds(results: list[Any]) -> list[str]:
    return sorted(type(each).__name__ for each in results)


def as_shared(record: Record, recording: Recording) -> Callable[[], Any]:
    own = stale(record)
    return lambda: actions.confirm_record(
        record=own, shared_at=own.shared_at, declared=True, by=recording.learner
    )


def test_begun_twice_it_has_one_number(recording: Recording):
    record = recording.planned()
    first, second = stale(record), stale(record)
    results = at_once(
        lambda: actions.begin_record(record=first, by=recording.by),
        lambda: actions.begin_record(record=second, by=recording.by),
    )
    assert kinds(results) == ["EvidenceVersion", "TransitionRefused"]
    assert Evidence.objects.count() == 1


def test_confirmed_twice_it_is_handed_in_once(recording: Recording):
    record = recording.shared()
    results = at_once(as_shared(record, recording), as_shared(record, recording))
    assert kinds(results) == ["TransitionRefused", "list"]
    assert Submission.objects.count() == 1
    assert Entry.objects.filter(verb="record_confirmed").count() == 1
    assert list(faults()) == []


def test_answers_sent_twice_are_one_item(recording: Recording):
    record = recording.asked()
    Answer.objects.update(answered="To keep it.")
    results = at_once(as_shared(record, recording), as_shared(record, recording))
    assert kinds(results) == ["TransitionRefused", "list"]
    assert (Evidence.objects.count(), EvidenceVersion.objects.count()) == (1, 1)
    assert list(faults()) == []


def test_confirmed_and_taken_back_one_of_both_holds(recording: Recording):
    record = recording.shared()
    own = stale(record)
    at_once(
        as_shared(record, recording),
        lambda: actions.take_back_record(record=own, by=recording.by),
    )
    record.refresh_from_db()
    handed_in = Submission.objects.exists()
    assert record.status == ("confirmed" if handed_in else "making")
    assert record.evidence.versions.get().status == ("submitted" if handed_in else "draft")
    assert list(faults()) == []


def test_confirmed_and_questioned_one_of_both_holds(recording: Recording):
    record = recording.shared()
    own = stale(record)
    results = at_once(
        as_shared(record, recording),
        lambda: actions.question_record(record=own, words="Not so.", by=recording.learner),
    )
    assert "TransitionRefused" in kinds(results)
    record.refresh_from_db()
    assert Submission.objects.exists() is (record.status == "confirmed")
    assert record.learner_words == ("" if record.status == "confirmed" else "Not so.")


def test_saved_in_two_tabs_one_is_told_and_no_word_is_mixed(recording: Recording):
    record = recording.begun()
    texts = ("From the first tab.", "From the second tab.")
    acts = [
        partial(
            actions.save_record,
            record=stale(record),
            made=replace(MADE, account=text),
            uploads=[],
            by=recording.by,
            revision=0,
        )
        for text in texts
    ]
    results = at_once(*acts)
    assert kinds(results) == ["EvidenceVersion", "TransitionRefused"]
    kept = next(n for n, each in enumerate(results) if isinstance(each, EvidenceVersion))
    assert EvidenceVersion.objects.get().account == texts[kept]
    record.refresh_from_db()
    assert record.revision == 1


def test_saved_while_it_is_shared_what_she_reads_is_whole(recording: Recording):
    record = recording.made()
    first, second = stale(record), stale(record)
    results = at_once(
        lambda: actions.save_record(
            record=first,
            made=replace(MADE, account="Put right."),
            uploads=[],
            by=recording.by,
            revision=first.revision,
        ),
        lambda: actions.share_record(record=second, by=recording.by),
    )
    record.refresh_from_db()
    assert record.status == "with_learner"
    saved = not isinstance(results[0], TransitionRefused)
    assert (EvidenceVersion.objects.get().account == "Put right.") is saved


def test_answers_saved_in_two_tabs_are_one_tab_s(recording: Recording):
    record = recording.asked(recording.question("A?"), recording.question("B?"))
    pks = list(record.answers.values_list("pk", flat=True))
    acts = [
        partial(
            actions.save_answers,
            record=stale(record),
            answers=dict.fromkeys(pks, text),
            by=recording.learner,
            revision=0,
        )
        for text in ("One.", "Two.")
    ]
    results = at_once(*acts)
    assert kinds(results) == ["Record", "TransitionRefused"]
    assert len(set(Answer.objects.values_list("answered", flat=True))) == 1
    record.refresh_from_db()
    assert record.revision == 1


def test_undone_and_asked_anew_one_of_both_holds(recording: Recording):
    record = recording.asked()
    (submission,) = recording.answer(record)
    recording.unit.judge(submission, K1="Say why.")
    actions.return_(submission=submission, feedback="More.", by=recording.by)
    own, sent = stale(record), stale(submission)
    results = at_once(
        lambda: actions.undo(submission=sent, by=recording.by),
        lambda: actions.amend_record(record=own, by=recording.by),
    )
    assert kinds(results).count("TransitionRefused") == 1
    record.refresh_from_db()
    waits = Submission.objects.filter(status="waiting").exists()
    assert waits is (record.status == "confirmed")
    assert list(faults()) == []


def test_a_phrase_changed_by_two_is_one_s(recording: Recording):
    cast = recording.unit.cast
    phrase = phrases.add_phrase(centre=cast.centre, title="Clear", text="Well.", by=cast.assessor)
    acts = [
        partial(
            phrases.change_phrase, phrase=stale(phrase), title="Clear", text=text, by=by, revision=0
        )
        for by, text in ((cast.assessor, "Mine."), (cast.trainee, "Yours."))
    ]
    assert kinds(at_once(*acts)) == ["FeedbackPhrase", "TransitionRefused"]
    assert Entry.objects.filter(verb="phrase_changed").count() == 1
    phrase.refresh_from_db()
    assert phrase.revision == 1
    assert list(faults()) == []
