"""Two people at the same moment, each holding rows as they were before either acted.

On PostgreSQL each has a thread and a transaction of their own: they meet at a barrier and race.
SQLite lets one writer in at a time, so all that can happen there is one after the other.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from assessments import actions
from assessments.models import SignOff, Submission
from ledger.models import Entry
from ledger.record import faults
from ledger.transitions import TransitionRefused
from portfolio.models import Enrolment, EvidenceVersion
from tests.factories import make_claims

pytestmark = pytest.mark.django_db(transaction=True)


def attempt(act):
    try:
        return act()
    except (TransitionRefused, ValidationError) as refused:
        return refused


def at_once(*acts):
    """What each act returned or raised."""
    if connection.vendor == "sqlite":
        return [attempt(act) for act in acts]
    barrier = threading.Barrier(len(acts))

    def run(act):
        barrier.wait(timeout=30)
        try:
            return attempt(act)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(run, act) for act in acts]]


def stale(row):
    return type(row).objects.get(pk=row.pk)


def outcome_kinds(results):
    return sorted(type(result).__name__ for result in results)


def test_accept_and_return_of_one_submission(unit):
    submission = unit.submitted("P1")
    unit.judge(submission)
    unit.judge(submission, by=unit.cast.trainee, P1="Unclear")
    first, second = stale(submission), stale(submission)
    results = at_once(
        lambda: actions.accept(
            submission=first, feedback="Good.", personal_data="clear", by=unit.cast.assessor
        ),
        lambda: actions.return_(submission=second, feedback="No.", by=unit.cast.trainee),
    )
    assert outcome_kinds(results) == ["Submission", "TransitionRefused"]
    decided = Submission.objects.get()
    refused = next(each for each in results if isinstance(each, TransitionRefused))
    assert decided.decided_by.name in str(refused)
    assert decided.judgements.exclude(decided_at=None).count() == 1
    assert Entry.objects.filter(verb__startswith="submission_").count() == 1
    assert list(faults()) == []


def test_the_assessors_of_two_units_accept_one_item(unit, second_unit):
    """Each must see the other's decision, or the item would stay submitted for ever."""
    version = unit.draft("P1")
    make_claims(version, second_unit, "P1")
    halves = actions.submit(version=version, declared=True, by=unit.cast.learner)
    people = [unit.cast.assessor, unit.cast.other_assessor]
    for half, person in zip(halves, people, strict=True):
        unit.judge(half, by=person)

    def accepting(half, person):
        half = stale(half)
        return lambda: actions.accept(
            submission=half, feedback="Good.", personal_data="clear", by=person
        )

    results = at_once(*map(accepting, halves, people))
    assert outcome_kinds(results) == ["Submission", "Submission"]
    assert EvidenceVersion.objects.get().status == "accepted"
    assert list(faults()) == []


def test_a_late_save_never_changes_a_decided_judgement(unit):
    submission = unit.submitted("P1")
    (judgement,) = unit.judge(submission)
    first, second = stale(submission), stale(submission)

    def save_again():
        return actions.save_judgement(
            claim=judgement.claim,
            submission=first,
            by=unit.cast.assessor,
            outcome="",
            reason="",
            feedback="",
            valid=False,
            authentic=False,
            reliable=False,
            current=False,
            sufficient=False,
        )

    def accept():
        return actions.accept(
            submission=second, feedback="Good.", personal_data="clear", by=unit.cast.assessor
        )

    at_once(save_again, accept)
    judgement.refresh_from_db()
    submission.refresh_from_db()
    accepted = submission.status == "accepted"
    assert (judgement.outcome, judgement.decided_at is not None) == (
        ("met", True) if accepted else ("", False)
    )


def test_two_sign_offs(unit):
    version = unit.accepted().version
    credits = unit.credits(version)

    def signing(person):
        enrolment = stale(unit.enrolment)
        return lambda: actions.sign_off(
            enrolment=enrolment, credits=credits, personal_data_checked=True, by=person
        )

    results = at_once(signing(unit.cast.assessor), signing(unit.cast.trainee))
    assert outcome_kinds(results) == ["SignOff", "TransitionRefused"]
    assert SignOff.objects.count() == 1


def test_a_submission_and_a_sign_off(unit):
    """Whichever is first, no work is left waiting in a closed unit."""
    accepted = unit.accepted().version
    late = unit.draft("P1")
    enrolment, credits = stale(unit.enrolment), unit.credits(accepted)
    at_once(
        lambda: actions.sign_off(
            enrolment=enrolment, credits=credits, personal_data_checked=True, by=unit.cast.assessor
        ),
        lambda: actions.submit(version=late, declared=True, by=unit.cast.learner),
    )
    waiting = Submission.objects.filter(status="waiting").exists()
    assert (Enrolment.objects.get().status == "signed_off") is not waiting
