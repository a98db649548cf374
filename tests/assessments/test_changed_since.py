"""What several people, or one in several tabs, may change: nobody writes over what they have not
read, and gets their own words back."""

from typing import Any

import pytest

from assessments import actions
from assessments.actions import phrases
from assessments.models import FeedbackPhrase, Question, Record
from ledger.models import Entry
from ledger.transitions import TransitionRefused
from tests.assessments.records.conftest import MADE, Recording, recording

__all__ = ["recording"]


@pytest.fixture
def phrase(cast) -> FeedbackPhrase:
    return phrases.add_phrase(
        centre=cast.centre, title="Clear", text="Well said, {learner}.", by=cast.assessor
    )


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


# ---- phrases


def change(phrase: FeedbackPhrase, by: Any, text: str, revision: int | None) -> FeedbackPhrase:
    return phrases.change_phrase(phrase=phrase, title="Clear", text=text, by=by, revision=revision)


def test_a_phrase_a_colleague_changed_is_read_first(cast, phrase):
    change(fresh(phrase), cast.trainee, "Said well.", 0)
    with pytest.raises(TransitionRefused, match="changed after you opened"):
        change(fresh(phrase), cast.assessor, "Very clear.", 0)
    assert fresh(phrase).text == "Said well."
    change(fresh(phrase), cast.assessor, "Said well.", 0)  # the same words are no quarrel
    change(fresh(phrase), cast.assessor, "Very clear.", 1)
    assert (fresh(phrase).text, fresh(phrase).revision) == ("Very clear.", 2)


def test_the_page_of_a_phrase_gives_the_words_back(cast, phrase, theirs, url_of):
    address = url_of("phrase", pk=phrase.pk)
    page = theirs.get(address).content.decode()
    assert 'name="revision"' in page
    change(phrase, cast.trainee, "Said well.", None)
    answer = theirs.post(address, {"title": "Clear", "text": "My own words.", "revision": 0})
    assert answer.status_code == 409
    assert "My own words." in answer.content.decode()
    assert fresh(phrase).text == "Said well."
    phrases.retire_phrase(phrase=fresh(phrase), by=cast.trainee)
    answer = theirs.post(address, {"title": "Clear", "text": "My own words.", "revision": 1})
    assert (answer.status_code, "My own words." in answer.content.decode()) == (409, True)


def test_the_bank_is_in_the_centre_s_ledger(cast, phrase):
    change(phrase, cast.trainee, "Said well.", 0)
    phrases.retire_phrase(phrase=phrase, by=cast.admin)
    entries = Entry.objects.filter(stream=f"centre:{cast.centre.pk}").order_by("sequence")
    verbs = [(each.verb, each.actor) for each in entries]
    assert verbs == [
        ("phrase_added", cast.assessor),
        ("phrase_changed", cast.trainee),
        ("phrase_retired", cast.admin),
    ]
    words = [each.sealed.get(name="text").text for each in entries]
    assert words == ["Well said, {learner}.", "Said well.", "Said well."]
    assert not any("said" in str(each.facts).lower() for each in entries)


def test_without_the_ledger_no_phrase_is_changed(cast, phrase, monkeypatch):
    def broken(**_given: Any) -> None:
        raise RuntimeError("the ledger does not answer")

    monkeypatch.setattr(phrases, "record", broken)
    with pytest.raises(RuntimeError):
        change(fresh(phrase), cast.trainee, "Said well.", 0)
    with pytest.raises(RuntimeError):
        phrases.retire_phrase(phrase=fresh(phrase), by=cast.trainee)
    with pytest.raises(RuntimeError):
        phrases.add_phrase(centre=cast.centre, title="New", text="New.", by=cast.trainee)
    assert [each.text for each in FeedbackPhrase.objects.in_use()] == ["Well said, {learner}."]


# ---- questions


def test_a_question_a_colleague_changed_is_read_first(recording: Recording, theirs, url_of):
    question = recording.question()
    criteria = list(question.criteria.all())
    given = {"expected": "Trust.", "criteria": criteria, "by": recording.unit.cast.trainee}
    actions.change_question(question=fresh(question), text="Why?", revision=0, **given)
    with pytest.raises(TransitionRefused, match="changed after you opened"):
        actions.change_question(question=fresh(question), text="How?", revision=0, **given)
    actions.change_question(question=fresh(question), text="Why?", revision=0, **given)
    assert (fresh(question).text, fresh(question).revision) == ("Why?", 1)
    assert Entry.objects.filter(verb="question_changed").count() == 1
    data = {"text": "When?", "expected": "Soon.", "criteria": [criteria[0].pk], "revision": 0}
    answer = theirs.post(url_of("question", pk=question.pk), data)
    assert (answer.status_code, "When?" in answer.content.decode()) == (409, True)
    assert Question.objects.get().text == "Why?"


# ---- the record's form


def test_a_record_saved_in_another_tab_is_read_first(recording: Recording):
    record = recording.begun()
    save = {"record": record, "uploads": [], "by": recording.by}
    actions.save_record(made=MADE, revision=0, **save)
    other = MADE.__class__(**{**vars(MADE), "account": "Other words."})
    with pytest.raises(TransitionRefused, match="changed after you opened"):
        actions.save_record(made=other, revision=0, **save)
    actions.save_record(made=MADE, revision=0, **save)  # the same, after a timeout
    assert fresh(record).evidence.versions.get().account == MADE.account
    actions.save_record(made=other, revision=1, **save)
    assert fresh(record).evidence.versions.get().account == "Other words."


def posted(account: str, revision: int) -> dict[str, Any]:
    return {
        "title": "Call",
        "gathered_on": "2026-10-01",
        "account": account,
        "personal_data": "none",
        "permission_note": "",
        "revision": revision,
    }


def test_the_page_of_a_record_gives_the_words_back(recording: Recording, theirs, url_of):
    record = recording.begun()
    address = url_of("record_make", pk=record.pk)
    assert 'name="revision"' in theirs.get(address).content.decode()
    assert theirs.post(address, posted("First.", 0)).status_code == 302
    answer = theirs.post(address, posted("From the other tab.", 0))
    assert (answer.status_code, "From the other tab." in answer.content.decode()) == (409, True)
    assert fresh(record).evidence.versions.get().account == "First."


def test_a_record_shared_meanwhile_gives_the_words_back(recording: Recording, theirs, url_of):
    record = recording.shared()
    answer = theirs.post(url_of("record_make", pk=record.pk), posted("Too late.", 1))
    assert (answer.status_code, "Too late." in answer.content.decode()) == (409, True)
    recording.confirm(Record.objects.get())
    answer = theirs.post(url_of("record_make", pk=record.pk), posted("Too late.", 1))
    assert (answer.status_code, "Too late." in answer.content.decode()) == (409, True)


# ---- written answers


def test_answers_saved_in_another_tab_are_read_first(recording: Recording, signed_in, url_of):
    record = recording.asked()
    hers, answer = signed_in(recording.learner), record.answers.get()
    address, name = url_of("record_answers", pk=record.pk), f"answer-{answer.pk}"
    assert 'name="revision"' in hers.get(url_of("record", pk=record.pk)).content.decode()
    assert hers.post(address, {name: "One.", "revision": 0}).status_code == 302
    late = hers.post(address, {name: "Two.", "revision": 0})
    assert (late.status_code, "Two." in late.content.decode()) == (409, True)
    assert fresh(answer).answered == "One."
    assert hers.post(address, {name: "One.", "revision": 0}).status_code == 302
    assert hers.post(address, {name: "Two.", "revision": 1}).status_code == 302
    assert fresh(answer).answered == "Two."


def test_answers_kept_but_refused_to_be_sent_can_be_changed_at_once(
    recording: Recording, signed_in, url_of
):
    record = recording.asked()
    hers, answer = signed_in(recording.learner), record.answers.get()
    address, name = url_of("record_answers", pk=record.pk), f"answer-{answer.pk}"
    page = hers.get(url_of("record", pk=record.pk))
    data = {name: "One.", "revision": 0, "send": "now", "shared": record.shared_at.isoformat()}
    page = hers.post(address, data)  # the declaration is not ticked
    assert page.status_code == 422
    assert page.context["answers_form"]["revision"].value() == 1
    assert hers.post(address, {**data, name: "Two.", "revision": 1}).status_code == 422
    assert fresh(answer).answered == "Two."
