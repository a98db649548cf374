"""Words on an exact place: a draft of one's own, which the learner reads with the decision."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from assessments import actions
from assessments.actions.comments import MOST, add_comment, change_comment, remove_comment
from assessments.models import Comment
from ledger.models import Entry
from ledger.transitions import TransitionRefused
from portfolio.actions import hide_in_account
from portfolio.models import EvidenceVersion
from tests.assessments.feedback.conftest import words


def comment(unit, submission, quote="did the work", text="Say when.", by=None) -> Comment:
    place = words(submission.version, quote)
    return add_comment(submission=submission, place=place, text=text, by=by or unit.cast.assessor)


def accept(unit, submission, by=None):
    by = by or unit.cast.assessor
    unit.judge(submission, by)
    return actions.accept(submission=submission, feedback="Good.", personal_data="clear", by=by)


def test_a_comment_stands_on_a_place_that_is_in_the_evidence(unit, submission):
    made = comment(unit, submission)
    assert (made.kind, made.quote, made.start) == ("passage", "did the work", 2)
    with pytest.raises(ValidationError, match="are not in"):
        comment(unit, submission, quote="something else")


@pytest.mark.parametrize("text", ["", "   ", "x" * 4001])
def test_a_comment_says_something_and_no_novel(unit, submission, text):
    with pytest.raises(ValidationError, match="Write your comment"):
        comment(unit, submission, text=text)


def test_there_are_only_so_many(unit, submission):
    made = comment(unit, submission)
    Comment.objects.bulk_create(
        Comment(submission=submission, text="x", made_by=made.made_by, kind="whole")
        for _ in range(MOST - 1)
    )
    with pytest.raises(ValidationError, match="at most 100"):
        comment(unit, submission)


def test_only_who_wrote_it_changes_it_or_takes_it_out(unit, submission):
    made = comment(unit, submission)
    for verb in (change_comment, remove_comment):
        given = {"text": "Mine now."} if verb is change_comment else {}
        for person in (unit.cast.trainee, unit.cast.learner, unit.cast.iqa):
            with pytest.raises(PermissionDenied):
                verb(comment=made, by=person, **given)
    change_comment(comment=made, text="On which day?", by=unit.cast.assessor)
    made.refresh_from_db()
    assert made.text == "On which day?"
    remove_comment(comment=made, by=unit.cast.assessor)
    assert not Comment.objects.exists()


def test_nothing_is_said_or_unsaid_after_the_decision(unit, submission):
    made = comment(unit, submission)
    accept(unit, submission)
    made.submission.refresh_from_db()
    attempts = (
        lambda: comment(unit, submission),
        lambda: change_comment(comment=made, text="x", by=unit.cast.assessor),
        lambda: remove_comment(comment=made, by=unit.cast.assessor),
    )
    for attempt in attempts:
        with pytest.raises(TransitionRefused):
            attempt()


def test_the_decision_s_entry_seals_what_was_sent_and_not_a_colleague_s(unit, submission):
    comment(unit, submission)
    comment(unit, submission, text="A colleague's draft.", by=unit.cast.trainee)
    accept(unit, submission)
    entry = Entry.objects.get(verb="submission_accepted")
    assert len(entry.facts["comments"]) == 1
    sealed = dict(entry.sealed.values_list("name", "text"))
    assert sealed["comment_1"] == "Say when."
    assert "comment_2" not in sealed
    assert "did the work" not in str(entry.facts)


# Who reads it ---------------------------------------------------------------------------------


@pytest.fixture
def hers_to_read(unit, submission, signed_in, cast):
    """What the learner's page says."""
    version = submission.version
    address = f"/c/{cast.centre.slug}/evidence/{version.evidence_id}/"

    def read() -> str:
        return signed_in(cast.learner).get(address).content.decode()

    return read


def test_the_learner_reads_it_once_it_is_decided_with_a_link_to_the_place(
    unit, submission, hers_to_read
):
    comment(unit, submission)
    comment(unit, submission, text="A colleague's draft.", by=unit.cast.trainee)
    assert "Say when." not in hers_to_read()
    accept(unit, submission)
    page = hers_to_read()
    assert "Say when." in page
    assert "did the work" in page
    assert "&quot;kind&quot;:&quot;passage&quot;" in page
    assert "A colleague&#x27;s draft." not in page


def test_each_assessor_sees_their_own_and_others_what_was_sent(unit, submission, signed_in, url_of):
    comment(unit, submission)
    page = url_of("submission", pk=submission.pk)
    read = lambda person: signed_in(person).get(page).content.decode()  # noqa: E731
    assert "Say when." in read(unit.cast.assessor)
    assert "Say when." not in read(unit.cast.trainee)
    assert "Say when." not in read(unit.cast.iqa)
    accept(unit, submission)
    assert "Say when." in read(unit.cast.iqa)


# What is hidden later -------------------------------------------------------------------------


def hide(version: EvidenceVersion, quote: str, by) -> None:
    start = version.account.index(quote)
    marks = [{"start": start, "end": start + len(quote)}]
    hide_in_account(version=version, marks=marks, by=by)


def test_a_place_that_quotes_what_was_hidden_quotes_nothing_any_more(unit, submission):
    made = comment(unit, submission, text="Take the work out.")
    accept(unit, submission)
    hide(submission.version, "the work", unit.cast.learner)
    made.refresh_from_db()
    assert (made.kind, made.quote, made.prefix, made.suffix) == ("whole", "", "", "")
    assert "the work" not in made.text
    assert made.text.startswith("Take ")


def test_around_a_place_nothing_hidden_stands_either(unit, submission):
    made = comment(unit, submission, quote="I did")
    assert "the work" in made.suffix
    hide(submission.version, "the work", unit.cast.learner)
    made.refresh_from_db()
    assert "the work" not in made.quote + made.prefix + made.suffix


def test_a_place_elsewhere_stays(unit, submission):
    made = comment(unit, submission, quote="I did")
    hide(submission.version, "work", unit.cast.assessor)
    made.refresh_from_db()
    assert made.quote in ("I did", "")
    assert "work" not in made.suffix
