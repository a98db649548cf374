"""A tab from yesterday, a double click, a request repeated after a timeout: nothing is decided
twice and nobody's words are lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments import actions
from assessments.models import ActionPoint, FeedbackDraft, Judgement, Submission
from ledger.models import Entry
from ledger.record import faults
from ledger.transitions import TransitionRefused
from tests.assessments.conftest import ALL_FIVE


@pytest.fixture
def submission(unit):
    return unit.submitted("P1")


@pytest.fixture
def save(unit, submission):
    claim = submission.claims().get()

    def saving(reason="", revision=None, outcome="not_yet", **kwargs):
        return actions.save_judgement(
            claim=claim,
            submission=submission,
            by=unit.cast.assessor,
            outcome=outcome,
            reason=reason,
            feedback="",
            revision=revision,
            **ALL_FIVE,
            **kwargs,
        )

    return saving


def test_each_save_counts_on(save):
    assert [save("a").revision, save("b").revision] == [1, 2]


def test_an_older_page_writes_over_nothing(save):
    save("Yesterday.", revision=0)
    save("Today.", revision=1)
    with pytest.raises(actions.Stale) as refused:
        save("From the old tab.", revision=1)
    assert refused.value.saved.reason == "Today."
    assert Judgement.objects.get().reason == "Today."


def test_the_same_words_again_are_no_second_save(save):
    save("Today.", revision=0)
    assert save("Today.", revision=0).revision == 1
    assert Entry.objects.filter(verb="claim_judged").count() == 1


def test_feedback_too(unit, submission):
    def write(text, revision):
        return actions.save_feedback(
            submission=submission, text=text, revision=revision, by=unit.cast.assessor
        )

    write("One.", 0)
    write("Two.", 1)
    with pytest.raises(actions.Stale):
        write("Old.", 1)
    assert write("Two.", 0).revision == 2
    assert FeedbackDraft.objects.get().text == "Two."


def test_an_action_sent_twice_is_one(unit, submission):
    due = timezone.localdate() + timedelta(days=3)
    for _again in range(2):
        actions.add_action_point(
            submission=submission, text="Add the date.", due_on=due, by=unit.cast.assessor
        )
    assert ActionPoint.objects.count() == 1


# ---- decisions


def test_a_decision_from_an_older_page_is_refused_and_newer_words_stay(unit, submission):
    unit.judge(submission)
    actions.save_feedback(submission=submission, text="New words.", by=unit.cast.assessor)
    with pytest.raises(actions.Stale):
        actions.accept(
            submission=submission,
            feedback="Old words.",
            personal_data="clear",
            revision=0,
            by=unit.cast.assessor,
        )
    submission = Submission.objects.get()
    assert submission.status == "waiting"
    assert FeedbackDraft.objects.get().text == "New words."
    assert not Judgement.objects.exclude(decided_at=None).exists()


def decide(unit, submission, verb="accept", feedback="Good.", by=None):
    act = actions.accept if verb == "accept" else actions.return_
    personal_data = "clear" if verb == "accept" else ""
    return act(
        submission=Submission.objects.get(pk=submission.pk),
        feedback=feedback,
        personal_data=personal_data,
        by=by or unit.cast.assessor,
    )


@pytest.mark.parametrize("verb", ["accept", "return"])
def test_the_same_decision_again_is_done_already(unit, submission, verb):
    unit.judge(submission, **({"P1": "Unclear"} if verb == "return" else {}))
    first = decide(unit, submission, verb)
    again = decide(unit, submission, verb)
    assert (again.pk, again.decided_at) == (first.pk, first.decided_at)
    assert Entry.objects.filter(verb__startswith="submission_").count() == 1
    assert list(faults()) == []


def test_other_words_are_another_decision_and_refused(unit, submission):
    unit.judge(submission)
    decide(unit, submission)
    with pytest.raises(TransitionRefused, match="already accepted"):
        decide(unit, submission, feedback="Other words.")


def test_a_colleague_s_same_decision_is_refused(unit, submission):
    unit.judge(submission)
    unit.judge(submission, by=unit.cast.trainee)
    decide(unit, submission)
    with pytest.raises(TransitionRefused, match=unit.cast.assessor.name):
        decide(unit, submission, by=unit.cast.trainee)


def test_the_same_decision_after_undo_is_not_taken_for_done(unit, submission):
    unit.judge(submission)
    actions.undo(submission=decide(unit, submission), by=unit.cast.assessor)
    with pytest.raises(TransitionRefused, match="undid this decision"):
        decide(unit, submission)


# ---- by the pages


def given(reason, revision):
    return {"outcome": "not_yet", "reason": reason, "revision": revision, "valid": "on"}


@pytest.fixture
def judge_url(url_of, submission):
    return url_of("judge", pk=submission.pk, claim_pk=submission.claims().get().pk)


@pytest.mark.parametrize("htmx", [True, False])
def test_the_old_tab_is_told_and_sees_both_wordings(theirs, judge_url, htmx):
    headers = {"HX-Request": "true"} if htmx else {}
    theirs.post(judge_url, given("Yesterday’s.", 0))
    theirs.post(judge_url, given("Today’s.", 1))
    answer = theirs.post(judge_url, given("From the old tab.", 1), headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Today’s." in page
    assert htmx or "From the old tab." in page  # by htmx it still stands in its field


def test_the_page_carries_the_revision_and_each_answer_the_next(theirs, url_of, judge_url, save):
    save("Once.")
    submission = Submission.objects.get()
    page = theirs.get(url_of("submission", pk=submission.pk)).content.decode()
    claim = submission.claims().get()
    assert f'name="revision" value="1" id="claim-{claim.pk}-revision"' in page
    answer = theirs.post(judge_url, given("Twice.", 1), headers={"HX-Request": "true"})
    assert 'name="revision" value="2"' in answer.content.decode()


def test_accept_repeated_after_a_timeout_leads_on_as_the_first_did(
    unit, theirs, url_of, submission
):
    unit.judge(submission)
    words = {"feedback": "Good.\r\nGo on.", "personal_data": "clear"}
    first = theirs.post(url_of("accept", pk=submission.pk), words)
    again = theirs.post(url_of("accept", pk=submission.pk), words)
    assert (first.status_code, again.status_code) == (302, 302)
    assert first["Location"] == again["Location"]
    assert Entry.objects.filter(verb="submission_accepted").count() == 1
