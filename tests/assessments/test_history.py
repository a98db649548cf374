"""The learner's history on a criterion, and what she was told before."""

import pytest
from django.utils import timezone

from assessments import actions
from assessments.desk import claims_on_desk
from assessments.history import Past, histories, with_imports
from assessments.models import Submission
from assessments.told import words_around
from portfolio.actions import new_version
from portfolio.models import ImportedDecision
from tests.assessments.conftest import Unit


def history_of(submission: Submission, code: str = "P1") -> list[Past]:
    claims = list(with_imports(submission.claims()).select_related("criterion"))
    found = histories(submission, claims)
    return next(found[each.criterion_id] for each in claims if each.criterion.code == code)


def states(submission: Submission) -> list[str]:
    return [past.state for past in history_of(submission)]


def test_a_first_claim_has_no_history(unit: Unit):
    assert states(unit.submitted("P1")) == []


def test_what_was_decided_comes_newest_first_with_who_and_why(unit: Unit):
    met = unit.accepted("P1")
    refused = unit.submitted("P1")
    unit.judge(refused, P1="No date on the note")
    actions.return_(submission=refused, feedback="Again.", by=unit.cast.assessor)
    found = history_of(unit.submitted("P1"))
    assert [(each.state, each.submission) for each in found] == [
        ("not_yet", refused.pk),
        ("met", met.pk),
    ]
    assert (found[0].who, found[0].reason) == (unit.cast.assessor.name, "No date on the note")
    assert (found[0].evidence, found[0].version) == (refused.version.evidence.number, 1)
    assert not found[0].same_evidence


def test_what_waits_beside_it_is_named_and_drafts_are_not(unit: Unit):
    here, beside = unit.submitted("P1"), unit.submitted("P1")
    unit.draft("P1")
    (waiting,) = history_of(here)
    assert (waiting.state, waiting.submission) == ("waiting", beside.pk)


def test_another_criterion_and_another_learner_are_no_history(unit: Unit, second_unit):
    unit.accepted("P2")
    draft = unit.draft("P1", enrolment=second_unit)
    actions.submit(version=draft, declared=True, by=unit.cast.learner)
    assert states(unit.submitted("P1")) == []


def test_the_earlier_version_of_the_same_evidence_is_marked(unit: Unit):
    first = unit.submitted("P1")
    unit.judge(first, P1="Unclear")
    actions.return_(submission=first, feedback="Again.", by=unit.cast.assessor)
    version = new_version(evidence=first.version.evidence, by=unit.cast.learner)
    (again,) = actions.submit(version=version, declared=True, by=unit.cast.learner)
    assert [each.same_evidence for each in history_of(again)] == [True]
    (desk,) = claims_on_desk(again, unit.cast.assessor, editable=True)
    assert desk.was_refused_here
    assert desk.counts == [("not_yet", 1)]


def test_what_was_taken_back_stays_in_sight_and_counts_no_more(unit: Unit):
    undone = unit.accepted("P1")
    actions.undo(submission=undone, by=unit.cast.assessor)
    again = Submission.objects.get(version=undone.version, status="waiting")
    (past,) = history_of(again)
    assert (past.state, past.submission, past.counts) == ("met", undone.pk, False)
    assert past.taken_back is not None
    assert past.taken_back.by == unit.cast.assessor.name
    (desk,) = claims_on_desk(again, unit.cast.assessor, editable=True)
    assert desk.counts == []
    # Seen from elsewhere it waits, and what was taken back is not a second claim.
    assert states(unit.submitted("P1")) == ["waiting", "met"]


def test_what_was_decided_elsewhere_is_told_last(unit: Unit):
    unit.accepted("P1")
    criterion = unit.enrolment.edition.criteria.get(code="P1")
    imported = ImportedDecision.objects.create(
        enrolment=unit.enrolment,
        criterion=criterion,
        decided_at_centre="Southbank Training",
        decided_by_name="Ann Bee",
        decided_on=timezone.localdate(),
        seen="The signed record",
        imported_by=unit.cast.assessor,
    )
    submission = unit.submitted("P1")
    assert states(submission) == ["met", "imported"]
    last = history_of(submission)[-1]
    assert (last.who, last.where) == ("Ann Bee", "Southbank Training")
    ImportedDecision.objects.filter(pk=imported.pk).update(
        taken_back_at=timezone.now(), taken_back_by=unit.cast.assessor
    )
    assert states(submission) == ["met"]


def test_history_takes_one_query(unit: Unit, django_assert_num_queries):
    for _ in range(3):
        unit.accepted("P1")
    submission = unit.submitted("P1", "P2")
    claims = list(with_imports(submission.claims()).select_related("criterion"))
    with django_assert_num_queries(1):
        assert len(histories(submission, claims)[claims[0].criterion_id]) == 3


# What was told ------------------------------------------------------------------------------


def returned(unit: Unit, feedback: str, *, action: str = "") -> Submission:
    submission = unit.submitted("P1")
    unit.judge(submission, P1="Unclear")
    if action:
        actions.add_action_point(
            submission=submission, text=action, due_on=timezone.localdate(), by=unit.cast.assessor
        )
    return actions.return_(submission=submission, feedback=feedback, by=unit.cast.assessor)


def test_earlier_feedback_is_of_this_evidence_first(unit: Unit, django_assert_num_queries):
    first = returned(unit, "Show the date.", action="Ask for an e-mail")
    returned(unit, "Something else.")
    version = new_version(evidence=first.version.evidence, by=unit.cast.learner)
    (again,) = actions.submit(version=version, declared=True, by=unit.cast.learner)
    actions.save_feedback(submission=again, text="So far so", by=unit.cast.assessor)
    with django_assert_num_queries(1):
        words = words_around(again, unit.cast.assessor)
    assert [each.feedback for each in words.earlier] == ["Show the date.", "Something else."]
    assert [each.same_evidence for each in words.earlier] == [True, False]
    assert [each.text for each in words.earlier[0].actions] == ["Ask for an e-mail"]
    assert (words.draft, words.actions) == ("So far so", [])
    assert words_around(again, unit.cast.trainee).draft == ""


@pytest.mark.parametrize("how_many", [7])
def test_not_all_that_was_ever_said_is_on_the_desk(unit: Unit, how_many: int):
    for number in range(how_many):
        returned(unit, f"Number {number}")
    words = words_around(unit.submitted("P1"), unit.cast.assessor)
    assert [each.feedback for each in words.earlier] == [f"Number {n}" for n in (6, 5, 4, 3, 2)]


def test_feedback_that_was_taken_back_is_told_no_more(unit: Unit):
    undone = unit.accepted("P1")
    actions.undo(submission=undone, by=unit.cast.assessor)
    assert words_around(unit.submitted("P1"), unit.cast.assessor).earlier == []
