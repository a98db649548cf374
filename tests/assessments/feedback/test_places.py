"""An assessor's own places: added, or instead of the learner's, whose own stays."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from assessments import actions
from assessments.actions.places import add_place, move_place, remove_place
from assessments.freezing import digest, digest_of_place
from ledger.models import Entry
from ledger.transitions import TransitionRefused
from portfolio.actions import new_version
from portfolio.models import Anchor
from tests.assessments.feedback.conftest import words


@pytest.fixture
def claim(submission):
    return submission.claims().select_related("criterion").get(criterion__code="P1")


def add(unit, submission, claim, quote="I did", by=None) -> Anchor:
    place = words(submission.version, quote)
    return add_place(submission=submission, claim=claim, place=place, by=by or unit.cast.assessor)


def move(unit, submission, anchor, quote="I did", by=None) -> Anchor:
    place = words(submission.version, quote)
    return move_place(
        submission=submission, anchor=anchor, place=place, by=by or unit.cast.assessor
    )


def accept(unit, submission):
    unit.judge(submission)
    return actions.accept(
        submission=submission, feedback="Good.", personal_data="clear", by=unit.cast.assessor
    )


def test_an_added_place_says_whose_it_is_and_the_learner_s_stays(unit, submission, claim, hers):
    added = add(unit, submission, claim)
    assert added.made_by == unit.cast.assessor
    assert added.is_added
    assert not hers.is_added
    assert {each.pk for each in claim.anchors.all()} == {added.pk, hers.pk}


def test_a_moved_place_replaces_the_learner_s_which_stays_and_says_so(unit, submission, hers):
    moved = move(unit, submission, hers)
    hers.refresh_from_db()
    assert hers.quote == "the work"
    assert hers.replaced_by == moved
    with pytest.raises(ValidationError, match="replaced already"):
        move(unit, submission, hers, "did")


def test_one_s_own_place_moves_again_and_still_stands_for_the_learner_s(unit, submission, hers):
    first = move(unit, submission, hers)
    second = move(unit, submission, first, "did")
    hers.refresh_from_db()
    assert hers.replaced_by == second
    assert not Anchor.objects.filter(pk=first.pk).exists()


def test_taking_one_s_own_back_gives_the_learner_s_its_place_again(unit, submission, hers):
    moved = move(unit, submission, hers)
    remove_place(submission=submission, anchor=moved, by=unit.cast.assessor)
    hers.refresh_from_db()
    assert hers.replaced_by is None


def test_nobody_takes_away_what_another_marked(unit, submission, claim, hers):
    added = add(unit, submission, claim)
    for anchor, person in ((hers, unit.cast.assessor), (added, unit.cast.trainee)):
        with pytest.raises(PermissionDenied):
            remove_place(submission=submission, anchor=anchor, by=person)


def test_who_does_not_assess_marks_nothing(unit, submission, claim, hers):
    for person in (unit.cast.learner, unit.cast.other_assessor, unit.cast.iqa, unit.cast.admin):
        with pytest.raises(PermissionDenied):
            add(unit, submission, claim, by=person)
        with pytest.raises(PermissionDenied):
            move(unit, submission, hers, by=person)


def test_a_claim_of_another_submission_is_none_of_this_one_s(unit, submission):
    other = unit.submitted("K1")
    with pytest.raises(PermissionDenied):
        add(unit, submission, other.claims().get())


def test_the_same_place_is_marked_once(unit, submission, claim):
    with pytest.raises(ValidationError, match="already"):
        add(unit, submission, claim, "the work")


def test_after_the_decision_places_stay(unit, submission, claim, hers):
    added = add(unit, submission, claim)
    accept(unit, submission)
    for attempt in (
        lambda: add(unit, submission, claim, "did"),
        lambda: move(unit, submission, hers, "did"),
        lambda: remove_place(submission=submission, anchor=added, by=unit.cast.assessor),
    ):
        with pytest.raises(TransitionRefused):
            attempt()


def test_what_was_frozen_keeps_the_learner_s_and_the_ledger_names_the_final_ones(
    unit, submission, hers
):
    moved = move(unit, submission, hers)
    accept(unit, submission)
    submission.refresh_from_db()
    (frozen, _other) = submission.frozen["claims"]
    assert [each["quote"] for each in frozen["anchors"]] == ["the work"]
    assert digest(submission.frozen) == submission.frozen_sha256
    told = Entry.objects.get(verb="submission_accepted").facts["judgements"]
    assert told[0]["places"] == [digest_of_place(moved, submission.frozen)]
    assert digest_of_place(moved, {"salt": "another"}) != told[0]["places"][0]


def test_each_step_is_in_the_ledger_without_its_words(unit, submission, claim, hers):
    moved = move(unit, submission, hers)
    remove_place(submission=submission, anchor=moved, by=unit.cast.assessor)
    add(unit, submission, claim)
    entries = Entry.objects.filter(verb__startswith="place_")
    assert [each.verb for each in entries] == ["place_moved", "place_removed", "place_added"]
    assert "I did" not in str([each.facts for each in entries])


def test_the_learner_sees_it_once_decided_with_whose_it_is(unit, submission, hers, signed_in, cast):
    address = f"/c/{cast.centre.slug}/evidence/{submission.version.evidence_id}/"
    read = lambda: signed_in(cast.learner).get(address).content.decode()  # noqa: E731
    move(unit, submission, hers)
    assert "Ben Osei" not in read()
    accept(unit, submission)
    page = read()
    assert "marked by Ben Osei instead of “the work”" in page
    assert "replaced by Ben Osei: “I did”" in page


def test_staff_see_whose_it_is_at_once(unit, submission, hers, signed_in, url_of):
    move(unit, submission, hers)
    page = signed_in(unit.cast.trainee).get(url_of("submission", pk=submission.pk))
    assert "marked by Ben Osei instead of “the work”" in page.content.decode()


def test_a_new_version_goes_on_with_the_final_places(unit, submission, hers):
    move(unit, submission, hers)
    unit.judge(submission, P1="Not dated.")
    actions.return_(submission=submission, feedback="Date it.", by=unit.cast.assessor)
    again = new_version(evidence=submission.version.evidence, by=unit.cast.learner)
    (place,) = Anchor.objects.filter(claim__version=again)
    assert place.quote == "I did"
    assert not place.is_added
