"""The timeline of a unit, an item and a claim, from the ledger, which can be checked there."""

import pytest

from assessments import actions, timeline
from assessments.models import Comment, Submission
from ledger.models import Entry, Sealed
from portfolio.actions import hide_in_account
from tests.assessments.conftest import count_queries
from tests.factories import make_claims, make_version
from tests.triggers import lifted


def verbs(rows):
    return [each.entry.verb for each in rows]


@pytest.fixture
def sent(unit):
    submission = unit.submitted("P1", "P2")
    unit.judge(submission, P1="Not shown.")
    return actions.return_(submission=submission, feedback="Nearly.", by=unit.cast.assessor)


def test_a_unit_newest_first(unit, sent):
    actions.withdraw(submission=sent, reason="Wrong shop.", by=unit.cast.iqa)
    rows = timeline.of_unit(unit.enrolment, unit.cast.learner)
    assert verbs(rows) == [
        "decision_withdrawn",
        "submission_returned",
        "claim_judged",
        "claim_judged",
        "evidence_submitted",
    ]
    assert dict(rows[0].said)["reason"] == "Wrong shop."
    assert [each.why for each in rows] == ["Wrong shop.", "Nearly.", "", "", ""]
    assert rows[1].facts["frozen_sha256"] == sent.frozen_sha256
    assert rows[1].facts["marked_against_sha256"] == sent.marked_against_sha256


@pytest.mark.parametrize("how", ["undo", "withdraw", "appeal"])
def test_a_decision_that_was_taken_back_says_so(unit, sent, how, signed_in, url_of):
    assert str(timeline.of_unit(unit.enrolment, unit.cast.learner)[0].words) == "Returned"
    if how == "undo":
        actions.undo(submission=sent, by=unit.cast.assessor)
    elif how == "withdraw":
        actions.withdraw(submission=sent, reason="Wrong.", by=unit.cast.iqa)
    else:
        made = actions.appeal(submission=sent, grounds="Why?", by=unit.cast.learner)
        actions.uphold(appeal=made, answer="Right.", by=unit.cast.iqa)
    following = Submission.objects.in_force().get()
    unit.judge(following, by=unit.cast.trainee)
    actions.accept(
        submission=following, feedback="Good.", personal_data="clear", by=unit.cast.trainee
    )
    rows = timeline.of_unit(unit.enrolment, unit.cast.learner)
    said = {each.entry.verb: str(each.words) for each in rows}
    assert said["submission_accepted"] == "Accepted"
    assert said["submission_returned"] == "Returned – taken back since"
    page = signed_in(unit.cast.learner).get(url_of("unit_timeline", pk=unit.enrolment.pk))
    assert "Returned – taken back since" in page.content.decode()


def test_a_sign_off_that_was_taken_back_says_so(unit):
    signed = unit.signed(by=unit.cast.trainee)
    actions.countersign(sign_off=signed, by=unit.cast.assessor)
    actions.withdraw_sign_off(sign_off=signed, reason="Too soon.", by=unit.cast.iqa)
    said = {
        each.entry.verb: each.is_taken_back
        for each in timeline.of_unit(unit.enrolment, unit.cast.learner)
    }
    assert said["unit_signed_off_provisionally"]
    assert said["unit_countersigned"]
    assert not said["submission_accepted"]


def test_what_is_not_sent_is_its_writer_s_alone(unit):
    unit.judge(unit.submitted("P1"))
    shown = {
        part: "claim_judged" in verbs(timeline.of_unit(unit.enrolment, person))
        for part, person in unit.cast.people().items()
    }
    assert {part for part, seen in shown.items() if seen} == {"assessor"}


def test_an_item_has_its_own_and_no_other_s(unit, sent):
    other = unit.submitted("K1")
    mine = timeline.of_item(sent.version.evidence, unit.cast.iqa)
    assert {each.facts["evidence"] for each in mine} == {sent.version.evidence.number}
    assert verbs(timeline.of_item(other.version.evidence, unit.cast.iqa)) == ["evidence_submitted"]


def test_a_claim_has_what_concerns_it(unit, sent):
    p1, p2 = sent.claims().select_related("version__evidence__portfolio")
    actions.appeal(submission=sent, grounds="It is there.", by=unit.cast.learner)
    for claim in (p1, p2):
        rows = timeline.of_claim(claim, unit.cast.iqa)
        assert verbs(rows) == [
            "appeal_made",
            "submission_returned",
            "claim_judged",
            "evidence_submitted",
        ]
        (judged,) = [each for each in rows if each.entry.verb == "claim_judged"]
        assert judged.facts["claim"] == claim.pk


def test_the_chain_holds(unit, sent):
    found = timeline.check(unit.portfolio)
    assert found.holds
    assert found.length == Entry.objects.count()
    assert found.head == Entry.objects.order_by("-sequence").first().hash


def test_words_that_were_changed_are_found(unit, sent):
    with lifted("ledger_sealed"):
        Sealed.objects.filter(name="feedback").update(text="Perfect!")
    assert "feedback was changed" in timeline.check(unit.portfolio).fault


def test_evidence_that_was_changed_is_found(unit, sent):
    changed = {**sent.frozen, "account": "Other words."}
    with lifted("assessments_submission"):
        Submission.objects.filter(pk=sent.pk).update(frozen=changed)
    found = timeline.check(unit.portfolio)
    assert not found.holds
    assert found.altered == (f"{sent.version.evidence.number}, 1",)


# ---- the pages


def pages(url_of, sent):
    return [
        url_of("unit_timeline", pk=sent.enrolment_id),
        url_of("item_timeline", pk=sent.version.evidence_id),
        url_of("claim_timeline", pk=sent.claims().first().pk),
    ]


def test_each_page_has_the_hashes_and_checks_the_chain(unit, signed_in, url_of, sent):
    decided = Entry.objects.get(verb="submission_returned")
    for person in (unit.cast.learner, unit.cast.assessor, unit.cast.iqa):
        browser = signed_in(person)
        for address in pages(url_of, sent):
            page = browser.get(address).content.decode()
            assert decided.hash in page
            assert decided.previous_hash in page
            assert "The record holds" not in page
            assert "The record holds" in browser.get(address, {"check": "1"}).content.decode()


def test_a_broken_chain_is_told(unit, signed_in, url_of, sent):
    with lifted("ledger_sealed"):
        Sealed.objects.filter(name="feedback").update(text="Perfect!")
    page = signed_in(unit.cast.iqa).get(pages(url_of, sent)[0], {"check": "1"}).content.decode()
    assert "The record does not hold" in page


def test_queries_do_not_grow(unit, theirs, url_of, sent):
    address = pages(url_of, sent)[0]
    few = count_queries(theirs, address)
    for _more in range(3):
        unit.accepted("K1")
    assert count_queries(theirs, address) == few


def test_a_colleague_s_draft_stays_theirs_after_another_decided(unit):
    submission = unit.submitted("P1")
    unit.judge(submission, unit.cast.trainee, P1="Not shown.")
    unit.judge(submission)
    actions.accept(
        submission=submission, feedback="Good.", personal_data="clear", by=unit.cast.assessor
    )

    def judges(person):
        rows = timeline.of_unit(unit.enrolment, person)
        return {each.entry.actor for each in rows if each.entry.verb == "claim_judged"}

    assert judges(unit.cast.learner) == {unit.cast.assessor}
    assert judges(unit.cast.trainee) == {unit.cast.assessor, unit.cast.trainee}


def test_words_that_were_hidden_since_are_hidden_here_too(unit):
    draft = make_version(unit.portfolio, account="Mrs Bellamy rang.")
    make_claims(draft, unit.enrolment, "P1")
    (submission,) = actions.submit(version=draft, declared=True, by=unit.cast.learner)
    Comment.objects.create(
        submission=submission,
        text="Which Bellamy?",
        made_by=unit.cast.assessor,
        kind="whole",
        sha256="0" * 64,
    )
    unit.judge(submission)
    actions.accept(
        submission=submission, feedback="Good.", personal_data="clear", by=unit.cast.assessor
    )
    version = submission.version
    hide_in_account(version=version, marks=[{"start": 4, "end": 11}], by=unit.cast.assessor)
    for rows in (
        timeline.of_unit(unit.enrolment, unit.cast.learner),
        timeline.of_item(version.evidence, unit.cast.learner),
        timeline.of_claim(submission.claims().get(), unit.cast.learner),
    ):
        said = dict(next(each.said for each in rows if each.entry.verb == "submission_accepted"))
        assert said["comment 1"].startswith("Which ")
        assert "Bellamy" not in said["comment 1"]
