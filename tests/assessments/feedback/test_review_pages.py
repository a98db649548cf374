"""The whole feedback, as the learner will read it, before it goes out; and places without
scripts."""

import re

import pytest

from assessments.actions.comments import add_comment
from assessments.models import Comment, Submission
from portfolio.models import Anchor, Claim
from tests.assessments.feedback.conftest import words
from tests.assessments.feedback.test_ticks import tick


@pytest.fixture
def address(submission, url_of) -> str:
    return url_of("review", pk=submission.pk)


def judged(unit, submission, **not_yet) -> None:
    unit.judge(submission, **not_yet)
    tick(unit, submission, "P1", unit.guide.marking_points.first()) if not not_yet else None
    place = words(submission.version, "did the work")
    add_comment(submission=submission, place=place, text="Say when.", by=unit.cast.assessor)


def sent(verb="accept", **more) -> dict[str, str]:
    given = {"verb": verb, "feedback": "Well done, Amira.", "personal_data": "clear"}
    return given | more


def the_words(page: str) -> list[str]:
    """What is to be read between the tags of one part of a page."""
    return re.sub(r"<[^>]+>", " ", page).split()


def test_posting_keeps_the_feedback_and_shows_it_without_deciding(
    unit, submission, theirs, address
):
    judged(unit, submission)
    answer = theirs.post(address, sent())
    assert answer.status_code == 302
    assert submission.feedback_drafts.get().text == "Well done, Amira."
    page = theirs.get(answer.url).content.decode()
    for expected in (
        "Well done, Amira.",
        "Say when.",
        "Award credit for point 1.",
        "Accept and send",
    ):
        assert expected in page
    submission.refresh_from_db()
    assert submission.status == Submission.Status.WAITING
    assert set(Claim.objects.values_list("status", flat=True)) == {"submitted"}


def test_it_is_what_the_learner_reads_afterwards_word_for_word(
    unit, submission, theirs, address, signed_in, url_of, cast
):
    judged(unit, submission)
    shown = theirs.get(theirs.post(address, sent()).url).content.decode()
    theirs.post(url_of("accept", pk=submission.pk), sent())
    learner = signed_in(cast.learner)
    read = learner.get(f"/c/{cast.centre.slug}/evidence/{submission.version.evidence_id}/")
    before = the_words(shown.split('<div class="review-sheet">')[1].split("<form")[0])
    after = the_words(read.content.decode())
    missing = [word for word in before if word not in after]
    assert missing == []
    decision = lambda page: page.split('<ul class="sent-comments">')[1].split("</ul>")[0]  # noqa: E731
    assert the_words(decision(shown)) == the_words(decision(read.content.decode()))


def test_confirming_decides(unit, submission, theirs, address, url_of):
    judged(unit, submission)
    page = theirs.get(theirs.post(address, sent()).url).content.decode()
    fields = dict(
        re.findall(r'type="hidden" name="(feedback|personal_data|revision)" value="([^"]*)"', page)
    )
    answer = theirs.post(url_of("accept", pk=submission.pk), fields)
    assert answer.status_code == 302
    submission.refresh_from_db()
    assert (submission.status, submission.feedback) == ("accepted", "Well done, Amira.")


def test_what_is_missing_is_said_on_the_marking_page(unit, submission, theirs, address):
    answer = theirs.post(address, sent(feedback="Half of it."))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "P1, P2 are not judged yet." in page
    assert "Half of it." in page
    assert submission.feedback_drafts.get().text == "Half of it."


def test_a_last_look_that_was_opened_by_its_address_offers_nothing_unfinished(
    unit, submission, theirs, address
):
    answer = theirs.get(f"{address}?verb=accept&personal_data=clear")
    assert answer.status_code == 422
    assert "Accept and send" not in answer.content.decode()


def test_returning_shows_what_is_not_met_and_why(unit, submission, theirs, address):
    judged(unit, submission, P1="Not dated.")
    page = theirs.get(theirs.post(address, sent("return")).url).content.decode()
    assert "Not dated." in page
    assert "Returned for" in page
    assert "Return and send" in page


def test_after_somebody_else_decided_the_words_are_kept_to_copy(
    unit, submission, theirs, address, signed_in, url_of
):
    judged(unit, submission)
    unit.judge(submission, by=unit.cast.trainee)
    signed_in(unit.cast.trainee).post(url_of("accept", pk=submission.pk), sent())
    answer = theirs.post(address, sent(feedback="My own words."))
    assert answer.status_code == 409
    assert "My own words." in answer.content.decode()
    assert theirs.get(f"{address}?verb=accept").status_code == 302


def test_an_older_page_shows_both_wordings(unit, submission, theirs, address):
    judged(unit, submission)
    theirs.post(address, sent())
    theirs.post(address, sent(feedback="Newer.", revision="1"))
    answer = theirs.post(address, sent(feedback="Older.", revision="1"))
    assert answer.status_code == 409
    assert "Older." in answer.content.decode()
    assert submission.feedback_drafts.get().text == "Newer."


@pytest.mark.parametrize("given", [{}, {"verb": "burn"}, {"verb": "accept", "personal_data": "x"}])
def test_what_is_no_decision_is_422(submission, theirs, address, given):
    assert theirs.post(address, given).status_code == 422


# Typed, without scripts ---------------------------------------------------------------------


def test_a_comment_is_typed_changed_and_taken_out(unit, submission, theirs, url_of):
    typed = {"in": "account", "words": "the work", "text": "Say when."}
    answer = theirs.post(url_of("add_comment", pk=submission.pk), typed)
    assert answer.url.endswith("#comments")
    made = Comment.objects.get()
    assert made.quote == "the work"
    ids = {"pk": submission.pk, "comment_pk": made.pk}
    theirs.post(url_of("change_comment", **ids), {"text": "On which day?"})
    made.refresh_from_db()
    assert made.text == "On which day?"
    theirs.post(url_of("remove_comment", **ids))
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    "given",
    [
        {"text": "x"},
        {"text": "", "in": "account", "words": "the work"},
        {"text": "x", "in": "account", "words": "not there"},
        {"text": "x", "place": "{"},
        {"text": "x", "place": "[1]"},
        {"text": "x", "place": '{"kind": "moment"}'},
        {"text": "x", "in": "99", "words": "the work"},
    ],
)
def test_a_comment_that_can_t_be_placed_is_422_and_keeps_the_words(
    submission, theirs, url_of, given
):
    address = url_of("add_comment", pk=submission.pk)
    answer = theirs.post(address, given)
    assert answer.status_code == 422
    assert given["text"] in answer.content.decode()
    part = theirs.post(address, given, headers={"X-Signpost-Part": "1"})
    assert part.status_code == 422
    assert part["Content-Type"].startswith("text/plain")
    assert not Comment.objects.exists()


def test_a_place_is_typed_for_a_claim_moved_and_taken_out(unit, submission, hers, theirs, url_of):
    ids = {"pk": submission.pk, "claim_pk": hers.claim_id}
    address = url_of("places", **ids)
    assert "Instead of “the work”" in theirs.get(address).content.decode()
    answer = theirs.post(address, {"in": "account", "words": "I did", "instead": hers.pk})
    assert answer.url.endswith(f"#claim-{hers.claim_id}")
    hers.refresh_from_db()
    moved = hers.replaced_by
    assert (moved.quote, moved.made_by) == ("I did", unit.cast.assessor)
    assert "Take out your own" in theirs.get(address).content.decode()
    theirs.post(url_of("remove_place", anchor_pk=moved.pk, **ids))
    assert Anchor.objects.get() == hers


def test_a_place_that_is_not_there_is_said_and_nothing_is_kept(submission, hers, theirs, url_of):
    address = url_of("places", pk=submission.pk, claim_pk=hers.claim_id)
    for given in ({}, {"in": "account", "words": "nowhere"}, {"words": "I did", "instead": "9999"}):
        assert theirs.post(address, given).status_code == 422
    assert Anchor.objects.count() == 1
