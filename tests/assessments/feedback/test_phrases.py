"""The feedback bank: words to use again, copied when they are inserted."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from assessments import actions
from assessments.actions.phrases import (
    add_phrase,
    change_phrase,
    insert_phrase,
    retire_phrase,
)
from assessments.models import FeedbackPhrase
from assessments.phrases import fill, values_for
from ledger.transitions import TransitionRefused
from tests.assessments.conftest import ALL_FIVE

WORDS = "{learner}, for {code} ({criterion}) I looked at {place} in “{evidence}”."


def add(unit, title="Where I looked", text=WORDS, by=None) -> FeedbackPhrase:
    return add_phrase(centre=unit.cast.centre, title=title, text=text, by=by or unit.cast.assessor)


@pytest.fixture
def phrase(unit):
    return add(unit)


@pytest.fixture
def claim(submission):
    return submission.claims().select_related("criterion").get(criterion__code="P1")


def inserted(unit, submission, phrase, claim=None):
    insert_phrase(phrase=phrase, submission=submission, claim=claim, by=unit.cast.assessor)


def test_placeholders_give_way_to_what_they_stand_for(submission, claim):
    assert fill(WORDS, values_for(submission, claim)) == (
        "Amira, for P1 (do what P1 asks) I looked at “the work” in “1. Evidence 1”."
    )


def test_a_placeholder_without_a_value_stays_to_be_seen(submission):
    assert fill("{learner}: {code}", values_for(submission)) == "Amira: {code}"


def test_what_a_learner_is_called_is_never_read_as_a_placeholder():
    assert fill("{learner}", {"learner": "{code}", "code": "P1"}) == "{code}"


def test_inserting_copies_the_words_into_the_claim_s_feedback(unit, submission, phrase, claim):
    inserted(unit, submission, phrase, claim)
    judgement = submission.judgements.get()
    assert judgement.feedback.startswith("Amira, for P1")
    assert judgement.outcome == ""


def test_inserting_keeps_all_that_was_judged_and_written(unit, submission, phrase, claim):
    actions.save_judgement(
        claim=claim,
        submission=submission,
        by=unit.cast.assessor,
        outcome="not_yet",
        reason="Not dated.",
        feedback="Nearly.",
        points=[unit.guide.marking_points.first().pk],
        **ALL_FIVE,
    )
    inserted(unit, submission, phrase, claim)
    judgement = submission.judgements.get()
    assert (judgement.outcome, judgement.reason) == ("not_yet", "Not dated.")
    assert judgement.all_five
    assert judgement.ticks.count() == 1
    assert judgement.feedback.splitlines()[0] == "Nearly."


def test_inserting_into_the_whole_adds_to_the_draft(unit, submission):
    short = add(unit, "Thanks", "Thank you, {learner}.")
    inserted(unit, submission, short)
    inserted(unit, submission, short)
    assert submission.feedback_drafts.get().text == "Thank you, Amira.\nThank you, Amira."


def test_the_bank_s_later_words_change_no_decision(unit, submission, phrase, claim):
    unit.judge(submission)
    inserted(unit, submission, phrase, claim)
    actions.accept(
        submission=submission, feedback="Good.", personal_data="clear", by=unit.cast.assessor
    )
    before = submission.judgements.get(claim=claim).feedback
    change_phrase(phrase=phrase, title="Other", text="Quite other words.", by=unit.cast.assessor)
    retire_phrase(phrase=phrase, by=unit.cast.assessor)
    assert submission.judgements.get(claim=claim).feedback == before


def test_nothing_is_inserted_after_the_decision(unit, submission, phrase, claim):
    unit.judge(submission)
    actions.accept(
        submission=submission, feedback="Good.", personal_data="clear", by=unit.cast.assessor
    )
    with pytest.raises(TransitionRefused):
        inserted(unit, submission, phrase, claim)


@pytest.mark.parametrize(
    ("title", "text", "about"),
    [
        ("", "x", "title"),
        ("x" * 81, "x", "title"),
        ("x", " ", "text"),
        ("x", "x" * 4001, "text"),
        ("x", "Dear {name}", "text"),
    ],
)
def test_what_is_no_phrase_is_refused_where_it_is_wrong(unit, title, text, about):
    with pytest.raises(ValidationError) as refusal:
        add(unit, title, text)
    assert list(refusal.value.error_dict) == [about]


def test_two_phrases_in_use_never_have_one_name(unit, phrase):
    with pytest.raises(ValidationError, match="of this name already"):
        add(unit)
    other = add(unit, "Another")
    with pytest.raises(ValidationError, match="of this name already"):
        change_phrase(phrase=other, title=phrase.title, text="x", by=unit.cast.assessor)
    retire_phrase(phrase=phrase, by=unit.cast.assessor)
    assert add(unit).pk != phrase.pk


def test_a_retired_phrase_stays_retired(unit, phrase):
    retire_phrase(phrase=phrase, by=unit.cast.assessor)
    stale = FeedbackPhrase.objects.get(pk=phrase.pk)
    stale.retired_at = None  # as a page that was opened before has it
    for verb, given in ((retire_phrase, {}), (change_phrase, {"title": "x", "text": "x"})):
        with pytest.raises(TransitionRefused):
            verb(phrase=stale, by=unit.cast.assessor, **given)


def test_only_assessors_and_admins_keep_the_bank(unit, phrase, outsiders):
    for person in (unit.cast.learner, unit.cast.iqa, unit.cast.data_lead, outsiders.assessor):
        for attempt in (
            lambda who: add(unit, "Mine", "x", by=who),
            lambda who: change_phrase(phrase=phrase, title="x", text="x", by=who),
            lambda who: retire_phrase(phrase=phrase, by=who),
        ):
            with pytest.raises(PermissionDenied):
                attempt(person)


# Pages ------------------------------------------------------------------------------------------


def test_the_bank_lists_what_is_in_use_and_apart_what_is_retired(unit, phrase, theirs, url_of):
    retire_phrase(phrase=add(unit, "Old words"), by=unit.cast.admin)
    page = theirs.get(url_of("bank"))
    assert [each.title for each in page.context["page_obj"]] == ["Where I looked"]
    page = theirs.get(url_of("bank"), {"retired": "1"})
    assert [each.title for each in page.context["page_obj"]] == ["Old words"]
    assert "Retire<" not in page.content.decode()


def test_a_phrase_is_added_and_changed_on_its_page(unit, theirs, url_of):
    theirs.post(url_of("phrase_add"), {"title": "Dates", "text": "Add a date."})
    made = FeedbackPhrase.objects.get()
    assert (made.title, made.made_by, made.centre) == (
        "Dates",
        unit.cast.assessor,
        unit.cast.centre,
    )
    theirs.post(url_of("phrase", pk=made.pk), {"title": "Dates", "text": "Add the date."})
    made.refresh_from_db()
    assert made.text == "Add the date."


def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(unit, phrase, theirs, url_of):
    given = {"title": phrase.title, "text": "My own words."}
    answer = theirs.post(url_of("phrase_add"), given)
    assert answer.status_code == 422
    assert "There is a phrase of this name already." in answer.content.decode()
    assert "My own words." in answer.content.decode()


def test_another_centre_s_phrase_is_nowhere(outsiders, theirs, url_of):
    strange = add_phrase(centre=outsiders.centre, title="x", text="x", by=outsiders.assessor)
    assert theirs.get(url_of("phrase", pk=strange.pk)).status_code == 404


def test_inserting_without_javascript(unit, submission, phrase, claim, theirs, url_of):
    page = theirs.get(url_of("submission", pk=submission.pk)).content.decode()
    assert phrase.title in page
    address = url_of("insert", pk=submission.pk)
    answer = theirs.post(address, {"phrase": phrase.pk, "into": claim.pk})
    assert answer.url.endswith(f"#claim-{claim.pk}")
    assert submission.judgements.get().feedback.startswith("Amira")
    answer = theirs.post(address, {"phrase": phrase.pk, "into": ""})
    assert answer.url.endswith("#decision")
    assert submission.feedback_drafts.get().text.startswith("Amira")


def test_inserting_nothing_or_what_is_retired_is_refused(unit, submission, phrase, theirs, url_of):
    retire_phrase(phrase=phrase, by=unit.cast.assessor)
    for given in ({}, {"phrase": phrase.pk}, {"phrase": "x", "into": "9999"}):
        assert theirs.post(url_of("insert", pk=submission.pk), given).status_code == 422
    assert not submission.feedback_drafts.exists()
