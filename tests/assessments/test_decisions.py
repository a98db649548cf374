import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from assessments import actions
from assessments.actions import judgements
from assessments.models import ActionPoint, FeedbackDraft, Judgement, Submission
from ledger.models import Entry
from ledger.record import faults, first_fault
from ledger.transitions import TransitionRefused
from portfolio.models import EvidenceVersion
from tests.assessments.conftest import ALL_FIVE
from tests.factories import make_claims


def stale(submission):
    return Submission.objects.get(pk=submission.pk)


def status_of(version):
    return EvidenceVersion.objects.get(pk=version.pk).status


def save(submission, by, **fields):
    defaults = {"outcome": "met", "reason": "", "feedback": "", **ALL_FIVE}
    claim = submission.claims().first()
    return actions.save_judgement(claim=claim, submission=submission, by=by, **(defaults | fields))


# Drafts -------------------------------------------------------------------------------------


def test_a_draft_may_be_unfinished_and_is_saved_over(unit):
    submission = unit.submitted("P1")
    first = save(submission, unit.cast.assessor, outcome="", valid=False, reason="Half")
    again = save(submission, unit.cast.assessor, outcome="not_yet", reason="Half done")
    assert first.pk == again.pk
    kept = Judgement.objects.get()
    assert (kept.outcome, kept.reason, kept.decided_at) == ("not_yet", "Half done", None)


def entries():
    return list(Entry.objects.filter(verb="claim_judged").order_by("sequence"))


def test_a_draft_moves_no_claim(unit):
    submission = unit.submitted("P1")
    save(submission, unit.cast.assessor)
    assert submission.claims().get().status == "submitted"


def test_a_judgement_and_each_change_of_mind_are_in_the_ledger(unit):
    submission = unit.submitted("P1")
    save(submission, unit.cast.assessor)
    save(submission, unit.cast.assessor, outcome="not_yet", current=False, reason="Too old")
    save(submission, unit.cast.assessor, outcome="")
    given = [(entry.facts["outcome"], "current" in entry.facts["varcs"]) for entry in entries()]
    assert given == [("met", True), ("not_yet", False), ("", True)]
    assert {entry.actor for entry in entries()} == {unit.cast.assessor}
    assert list(faults()) == []


def test_words_and_what_has_no_outcome_yet_are_not(unit):
    submission = unit.submitted("P1")
    save(submission, unit.cast.assessor, outcome="", valid=False)
    assert entries() == []
    save(submission, unit.cast.assessor, outcome="not_yet", reason="Too")
    save(submission, unit.cast.assessor, outcome="not_yet", reason="Too old", feedback="A date?")
    assert len(entries()) == 1
    assert "Too" not in str(entries()[0].facts)


def test_without_its_entry_no_judgement_is_kept(unit, monkeypatch):
    submission = unit.submitted("P1")

    def broken(**_):
        raise RuntimeError

    monkeypatch.setattr(judgements, "record", broken)
    with pytest.raises(RuntimeError):
        save(submission, unit.cast.assessor)
    assert not Judgement.objects.exists()


def test_two_assessors_draft_side_by_side(unit):
    submission = unit.submitted("P1")
    save(submission, unit.cast.assessor, reason="Mine")
    save(submission, unit.cast.trainee, reason="Also mine")
    assert set(Judgement.objects.values_list("reason", flat=True)) == {"Mine", "Also mine"}


def test_a_claim_of_another_submission_is_refused(unit):
    submission, other = unit.submitted("P1"), unit.submitted("P1")
    with pytest.raises(PermissionDenied):
        actions.save_judgement(
            claim=other.claims().get(),
            submission=submission,
            by=unit.cast.assessor,
            outcome="met",
            reason="",
            feedback="",
            **ALL_FIVE,
        )


@pytest.mark.parametrize(
    "fields", [{"outcome": "perhaps"}, {"reason": "x" * 10_001}, {"feedback": "x" * 10_001}]
)
def test_a_draft_of_the_wrong_shape_is_refused(unit, fields):
    submission = unit.submitted("P1")
    with pytest.raises(ValidationError):
        save(submission, unit.cast.assessor, **fields)
    assert not Judgement.objects.exists()


@pytest.mark.parametrize("part", ["learner", "other_assessor", "iqa", "admin"])
def test_only_those_allocated_judge(unit, part):
    submission, person = unit.submitted("P1"), unit.cast.people()[part]
    with pytest.raises(PermissionDenied):
        save(submission, person)
    for verb in (actions.accept, actions.return_):
        with pytest.raises(PermissionDenied):
            verb(submission=submission, feedback="x", personal_data="clear", by=person)
    with pytest.raises(PermissionDenied):
        actions.save_feedback(submission=submission, text="x", by=person)
    with pytest.raises(PermissionDenied):
        actions.add_action_point(
            submission=submission, text="x", due_on=timezone.localdate(), by=person
        )
    assert not Judgement.objects.exists()
    assert not ActionPoint.objects.exists()


# Action points ------------------------------------------------------------------------------


def test_an_action_has_a_text_and_a_date_to_come(unit):
    submission, today = unit.submitted("P1"), timezone.localdate()
    point = actions.add_action_point(
        submission=submission, text=" Add a photo ", due_on=today, by=unit.cast.assessor
    )
    assert (point.text, point.due_on) == ("Add a photo", today)
    yesterday = today - datetime.timedelta(days=1)
    for text, due_on in [("Add a photo", yesterday), (" ", today), ("x" * 501, today)]:
        with pytest.raises(ValidationError):
            actions.add_action_point(
                submission=submission, text=text, due_on=due_on, by=unit.cast.assessor
            )
    assert ActionPoint.objects.count() == 1


def test_only_its_writer_takes_an_action_back_and_only_before_the_decision(unit):
    submission = unit.submitted("P1")
    first, second = (
        actions.add_action_point(
            submission=submission, text=text, due_on=timezone.localdate(), by=unit.cast.assessor
        )
        for text in ("One", "Two")
    )
    with pytest.raises(PermissionDenied):
        actions.remove_action_point(action_point=first, by=unit.cast.trainee)
    actions.remove_action_point(action_point=first, by=unit.cast.assessor)
    unit.judge(submission, P1="Too short")
    actions.return_(submission=submission, feedback="Go on.", by=unit.cast.assessor)
    with pytest.raises(TransitionRefused, match="Ben Osei"):
        actions.remove_action_point(action_point=second, by=unit.cast.assessor)
    assert list(ActionPoint.objects.values_list("text", flat=True)) == ["Two"]


# Deciding -----------------------------------------------------------------------------------


def test_accepting_meets_every_claim(unit):
    submission = unit.accepted("P1", "K1")
    submission = stale(submission)
    assert (submission.status, submission.decided_by) == ("accepted", unit.cast.assessor)
    assert submission.feedback == "Good work."
    assert set(submission.claims().values_list("status", flat=True)) == {"met"}
    assert status_of(submission.version) == "accepted"
    decided = set(submission.judgements.values_list("decided_at", flat=True))
    assert decided == {submission.decided_at}


def test_returning_keeps_what_is_met(unit):
    submission = unit.submitted("P1", "P2")
    unit.judge(submission, P2="No date")
    actions.return_(submission=submission, feedback="Nearly.", by=unit.cast.assessor)
    states = dict(submission.claims().values_list("criterion__code", "status"))
    assert states == {"P1": "met", "P2": "not_yet"}
    assert status_of(submission.version) == "returned"


def test_a_decision_is_one_entry_with_outcomes_and_sealed_words(unit):
    submission = unit.submitted("P1", "P2")
    unit.judge(submission, P2="No date on it")
    actions.add_action_point(
        submission=submission,
        text="Date it",
        due_on=datetime.date(2999, 1, 1),
        by=unit.cast.assessor,
    )
    actions.return_(submission=submission, feedback="Nearly there.", by=unit.cast.assessor)
    entry = Entry.objects.get(verb="submission_returned")
    assert [(j["criterion"], j["outcome"], len(j["varcs"])) for j in entry.facts["judgements"]] == [
        ("P1", "met", 5),
        ("P2", "not_yet", 4),
    ]
    assert entry.facts["frozen_sha256"] == submission.frozen_sha256
    assert entry.facts["actions_due"] == ["2999-01-01"]
    assert dict(entry.sealed.values_list("name", "text")) == {
        "feedback": "Nearly there.",
        "reason_P2": "No date on it",
        "action_1": "Date it",
    }
    assert "No date" not in str(entry.facts)
    assert first_fault(entry.stream) is None


def undecided(submission):
    submission = stale(submission)
    return (
        submission.status == "waiting"
        and submission.decided_by is None
        and submission.feedback == ""
        and not Judgement.objects.exclude(decided_at=None).exists()
        and set(submission.claims().values_list("status", flat=True)) == {"submitted"}
        and not Entry.objects.filter(verb__startswith="submission_").exists()
    )


@pytest.mark.parametrize("verb", [actions.accept, actions.return_])
def test_every_claim_is_judged_first(unit, verb):
    submission = unit.submitted("P1", "P2")
    save(submission, unit.cast.assessor)
    with pytest.raises(ValidationError) as refused:
        verb(submission=submission, feedback="x", personal_data="clear", by=unit.cast.assessor)
    assert refused.value.messages == ["P2 is not judged yet."]
    assert undecided(submission)


def test_another_assessor_s_drafts_do_not_count(unit):
    submission = unit.submitted("P1")
    unit.judge(submission, by=unit.cast.trainee)
    with pytest.raises(ValidationError, match="P1 is not judged yet"):
        actions.accept(
            submission=submission, feedback="x", personal_data="clear", by=unit.cast.assessor
        )
    assert undecided(submission)


@pytest.mark.parametrize("lacking", Judgement.VARCS)
def test_met_needs_all_five(unit, lacking):
    submission = unit.submitted("P1")
    save(submission, unit.cast.assessor, **{lacking: False})
    with pytest.raises(ValidationError, match="only when it is valid, authentic"):
        actions.accept(
            submission=submission, feedback="x", personal_data="clear", by=unit.cast.assessor
        )
    assert undecided(submission)


def test_not_yet_needs_a_reason(unit):
    submission = unit.submitted("P1")
    save(submission, unit.cast.assessor, outcome="not_yet", reason=" ")
    with pytest.raises(ValidationError, match="Say why P1"):
        actions.return_(submission=submission, feedback="x", by=unit.cast.assessor)
    assert undecided(submission)


def test_accept_needs_every_claim_met(unit):
    submission = unit.submitted("P1", "P2")
    unit.judge(submission, P2="Unclear")
    with pytest.raises(ValidationError, match="not yet met is P2"):
        actions.accept(
            submission=submission, feedback="x", personal_data="clear", by=unit.cast.assessor
        )
    assert undecided(submission)


def test_return_needs_something_not_met(unit):
    submission = unit.submitted("P1")
    unit.judge(submission)
    with pytest.raises(ValidationError, match="so accept this"):
        actions.return_(submission=submission, feedback="x", by=unit.cast.assessor)
    assert undecided(submission)


def test_every_decision_has_feedback(unit):
    submission = unit.submitted("P1")
    unit.judge(submission)
    with pytest.raises(ValidationError, match="Write feedback"):
        actions.accept(
            submission=submission, feedback="  ", personal_data="clear", by=unit.cast.assessor
        )
    assert undecided(submission)


def test_all_that_is_missing_is_said_at_once(unit):
    submission = unit.submitted("P1", "P2", "K1")
    claims = {claim.criterion.code: claim for claim in submission.claims()}
    for code, outcome in [("P1", "met"), ("P2", "not_yet")]:
        actions.save_judgement(
            claim=claims[code],
            submission=submission,
            by=unit.cast.assessor,
            outcome=outcome,
            reason="",
            feedback="",
            **dict.fromkeys(Judgement.VARCS, False),
        )
    with pytest.raises(ValidationError) as refused:
        actions.accept(
            submission=submission, feedback="", personal_data="clear", by=unit.cast.assessor
        )
    assert len(refused.value.messages) == 5


@pytest.mark.parametrize("status", ["signed_off", "awaiting_countersignature", "withdrawn"])
def test_nothing_is_judged_in_a_closed_unit(unit, status):
    submission = unit.submitted("P1")
    unit.judge(submission)
    type(unit.enrolment).objects.update(status=status)
    submission = stale(submission)
    with pytest.raises(TransitionRefused, match="This unit is now"):
        actions.accept(
            submission=submission, feedback="x", personal_data="clear", by=unit.cast.assessor
        )
    with pytest.raises(TransitionRefused, match="This unit is now"):
        save(submission, unit.cast.assessor, reason="later")
    assert undecided(submission)


# An item handed in for two units ------------------------------------------------------------


@pytest.fixture
def shared(unit, second_unit):
    """One version, claimed in two units: two submissions, two assessors."""
    version = unit.draft("P1")
    make_claims(version, second_unit, "P1")
    first, second = actions.submit(version=version, declared=True, by=unit.cast.learner)
    return (first, unit.cast.assessor), (second, unit.cast.other_assessor)


def decide(unit, half, verb):
    submission, by = half
    if verb == "accept":
        unit.judge(submission, by)
        actions.accept(submission=submission, feedback="Good.", personal_data="clear", by=by)
    else:
        unit.judge(submission, by, P1="Unclear")
        actions.return_(submission=submission, feedback="Once more.", by=by)


@pytest.mark.parametrize(
    ("first", "second", "between", "after"),
    [
        ("accept", "accept", "submitted", "accepted"),
        ("accept", "return", "submitted", "returned"),
        ("return", "accept", "returned", "returned"),
        ("return", "return", "returned", "returned"),
    ],
)
def test_a_version_of_two_units_follows_both_decisions(unit, shared, first, second, between, after):
    version = shared[0][0].version
    decide(unit, shared[0], first)
    assert status_of(version) == between
    decide(unit, shared[1], second)
    assert status_of(version) == after


def test_each_half_moves_only_its_own_claims(unit, shared):
    decide(unit, shared[0], "accept")
    assert shared[0][0].claims().get().status == "met"
    assert shared[1][0].claims().get().status == "submitted"


# Two at once --------------------------------------------------------------------------------


@pytest.mark.parametrize("second_verb", [actions.accept, actions.return_])
def test_of_two_decisions_one_wins_and_the_other_is_told(unit, second_verb):
    submission = unit.submitted("P1")
    other = stale(submission)
    unit.judge(submission)
    unit.judge(submission, by=unit.cast.trainee, P1="My words")
    actions.save_feedback(submission=submission, text="My feedback", by=unit.cast.trainee)
    actions.accept(
        submission=submission, feedback="Good.", personal_data="clear", by=unit.cast.assessor
    )
    with pytest.raises(TransitionRefused, match=r"Ben Osei already accepted this on \d+ \w+ \d+"):
        second_verb(
            submission=other, feedback="Not good.", personal_data="clear", by=unit.cast.trainee
        )
    submission = stale(submission)
    assert (submission.decided_by, submission.feedback) == (unit.cast.assessor, "Good.")
    kept = Judgement.objects.get(assessor=unit.cast.trainee)
    assert (kept.reason, kept.decided_at) == ("My words", None)
    assert FeedbackDraft.objects.get().text == "My feedback"
    assert Entry.objects.filter(verb__startswith="submission_").count() == 1


def test_saving_after_the_decision_is_refused_and_keeps_what_was_saved(unit):
    submission = unit.submitted("P1")
    other = stale(submission)
    unit.judge(submission)
    unit.judge(submission, by=unit.cast.trainee, P1="My words")
    actions.accept(
        submission=submission, feedback="Good.", personal_data="clear", by=unit.cast.assessor
    )
    for who in (unit.cast.trainee, unit.cast.assessor):
        with pytest.raises(TransitionRefused, match="Ben Osei already accepted"):
            save(other, who, reason="Too late")
    with pytest.raises(TransitionRefused):
        actions.save_feedback(submission=other, text="Too late", by=unit.cast.trainee)
    assert Judgement.objects.get(assessor=unit.cast.trainee).reason == "My words"


def test_the_decider_s_feedback_draft_is_gone_with_the_decision(unit):
    submission = unit.submitted("P1")
    unit.judge(submission)
    actions.save_feedback(submission=submission, text="Good", by=unit.cast.assessor)
    actions.accept(
        submission=submission, feedback="Good", personal_data="clear", by=unit.cast.assessor
    )
    assert not FeedbackDraft.objects.exists()


# The database itself ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE assessments_judgement SET outcome = 'not_yet'",
        "UPDATE assessments_judgement SET decided_at = NULL",
        "DELETE FROM assessments_judgement",
        "UPDATE assessments_submission SET feedback = 'other'",
        "UPDATE assessments_submission SET status = 'waiting', decided_at = NULL",
        "UPDATE assessments_submission SET frozen_sha256 = 'other'",
        "DELETE FROM assessments_submission",
    ],
)
def test_sql_does_not_change_what_was_decided(unit, sql):
    unit.accepted("P1")
    with (
        pytest.raises(IntegrityError, match="never changed or deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
