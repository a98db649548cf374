"""Twenty people judge and decide the same fifty claims at the same moment: each claim is decided
once, nobody's words are lost, and the ledger holds.

The order in which each person goes is drawn from a seed that a failure names. On PostgreSQL they
really meet; SQLite lets one writer in at a time, so there they go one after the other, each
holding rows as they were before anybody acted.
"""

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.models import Role, User
from assessments import actions
from assessments.models import Appeal, FeedbackDraft, Judgement, Submission, Withdrawal
from ledger.models import Entry
from ledger.record import faults
from portfolio.actions import new_version
from portfolio.models import Allocation, Claim, EvidenceVersion
from tests.assessments.conftest import ALL_FIVE, Unit
from tests.factories import (
    make_cast,
    make_claims,
    make_edition,
    make_enrolment,
    make_guide,
    make_member,
    make_portfolio,
    make_version,
)
from tests.races import at_once, attempt, stale

pytestmark = pytest.mark.django_db(transaction=True)

SEEDS = (4, 2026)
WORKERS, ITEMS, CLAIMS_EACH = 20, 10, 5


@pytest.fixture
def many():
    """Ten items with five claims each, handed in; twenty assessors of the unit."""
    cast = make_cast()
    edition = make_edition(performance=CLAIMS_EACH, knowledge=0)
    enrolment = make_enrolment(make_portfolio(cast.centre, cast.learner), edition)
    unit = Unit(cast, enrolment, make_guide(edition))
    people = [make_member(cast.centre, Role.ASSESSOR, f"Person {n:02}") for n in range(WORKERS)]
    Allocation.objects.bulk_create(
        Allocation(enrolment=enrolment, assessor=person) for person in people
    )
    submissions = []
    for _item in range(ITEMS):
        version = make_version(enrolment.portfolio)
        make_claims(version, enrolment)
        submissions += actions.submit(version=version, declared=True, by=cast.learner)
    return unit, people, submissions


def all_at_once(works):
    """Each in a thread and on a connection of its own; what each returned."""
    if connection.vendor == "sqlite":
        return [work() for work in works]
    barrier = threading.Barrier(len(works))

    def run(work):
        barrier.wait(timeout=60)
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [each.result() for each in [pool.submit(run, work) for work in works]]


def worker(person, submissions, seed):
    """Judges and decides every item, in an order and with outcomes of this person's own."""
    chance = random.Random(f"{seed} {person.name}")
    order = [stale(each) for each in submissions]
    chance.shuffle(order)

    def judge(submission, claim):
        met = chance.random() < 0.7
        actions.save_judgement(
            claim=claim,
            submission=submission,
            by=person,
            outcome="met" if met else "not_yet",
            reason=f"{person.name} on {claim.criterion.code}",
            feedback="",
            **ALL_FIVE,
        )
        return met

    def decide(submission):
        claims = list(submission.claims().select_related("criterion"))
        chance.shuffle(claims)
        met = [judge(submission, claim) for claim in claims]
        words = f"{person.name} decided"
        if all(met):
            return actions.accept(
                submission=submission, feedback=words, personal_data="clear", by=person
            )
        return actions.return_(submission=submission, feedback=words, by=person)

    def work():
        me = User.objects.get(pk=person.pk)
        assert me == person
        return Counter(type(attempt(lambda each=each: decide(each))).__name__ for each in order)

    return work


@pytest.mark.parametrize("seed", SEEDS)
def test_twenty_people_and_fifty_claims(many, seed):
    _unit, people, submissions = many
    results = all_at_once([worker(person, submissions, seed) for person in people])
    told = f"seed {seed}"
    assert sum(each["Submission"] for each in results) == ITEMS, told
    assert sum(each["TransitionRefused"] for each in results) == ITEMS * (WORKERS - 1), told

    decided = list(Submission.objects.all())
    assert {each.status for each in decided} <= {"accepted", "returned"}, told
    once = Judgement.objects.exclude(decided_at=None)
    assert once.count() == once.values("claim").distinct().count() == ITEMS * CLAIMS_EACH, told
    for each in decided:
        theirs = each.judgements.exclude(decided_at=None)
        assert set(theirs.values_list("assessor", flat=True)) == {each.decided_by_id}, told
        outcomes = dict(theirs.values_list("claim", "outcome"))
        assert dict(each.claims().values_list("pk", "status")) == outcomes, told
        assert each.version.status == each.status, told

    # Whoever was not first still has every word they had written.
    for draft in Judgement.objects.select_related("assessor", "claim__criterion"):
        assert draft.reason == f"{draft.assessor.name} on {draft.claim.criterion.code}", told

    entries = Entry.objects.filter(verb__in=["submission_accepted", "submission_returned"])
    assert entries.count() == ITEMS, told
    assert sum(len(each.facts["judgements"]) for each in entries) == ITEMS * CLAIMS_EACH, told
    assert list(faults()) == [], told


def test_one_person_in_twenty_tabs(many):
    """The same decision sent twenty times over is one decision and twenty successes."""
    unit, (person, *_others), (submission, *_rest) = many
    unit.judge(submission, by=person)

    def send():
        return attempt(
            lambda: actions.accept(
                submission=stale(submission), feedback="Good.", personal_data="clear", by=person
            )
        )

    results = all_at_once([send] * WORKERS)
    assert {type(each).__name__ for each in results} == {"Submission"}
    assert Entry.objects.filter(verb="submission_accepted").count() == 1
    assert list(faults()) == []


def test_twenty_tabs_save_what_they_know_of(many):
    """Of all that save over the same draft exactly one is not behind, and its words stay."""
    _unit, (person, *_others), (submission, *_rest) = many
    claim = submission.claims().first()

    def saving(number):
        return lambda: attempt(
            lambda: actions.save_judgement(
                claim=claim,
                submission=stale(submission),
                by=person,
                outcome="met",
                reason=f"Tab {number}",
                feedback="",
                revision=0,
                **ALL_FIVE,
            )
        )

    results = all_at_once([saving(number) for number in range(WORKERS)])
    kinds = Counter(type(each).__name__ for each in results)
    assert kinds == {"Judgement": 1, "Stale": WORKERS - 1}
    (saved,) = [each for each in results if isinstance(each, Judgement)]
    assert Judgement.objects.get().reason == saved.reason


def test_undo_against_the_learner_s_next_version(many):
    """Whichever is first, the other is told; never do both stand."""
    unit, (person, *_others), (submission, *_rest) = many
    unit.judge(submission, by=person, P1="No.")
    sent = actions.return_(submission=submission, feedback="No.", by=person)
    evidence = sent.version.evidence
    results = at_once(
        lambda: actions.undo(submission=stale(sent), by=person),
        lambda: new_version(evidence=stale(evidence), by=unit.cast.learner),
    )
    kinds = sorted(type(each).__name__ for each in results)
    assert kinds in (["Submission", "TransitionRefused"], ["EvidenceVersion", "TransitionRefused"])
    drafts = EvidenceVersion.objects.filter(evidence=evidence, status="draft").exists()
    assert drafts is not Withdrawal.objects.exists()
    assert list(faults()) == []


def test_undo_withdrawal_and_appeal_at_once(many):
    unit, (person, *_others), (submission, *_rest) = many
    unit.judge(submission, by=person, P1="No.")
    sent = actions.return_(submission=submission, feedback="No.", by=person)
    results = at_once(
        lambda: actions.undo(submission=stale(sent), by=person),
        lambda: actions.withdraw(submission=stale(sent), reason="Wrong.", by=unit.cast.iqa),
        lambda: actions.appeal(submission=stale(sent), grounds="Why?", by=unit.cast.learner),
    )
    kinds = Counter(type(each).__name__ for each in results)
    assert kinds["TransitionRefused"] == 2
    assert Withdrawal.objects.count() + Appeal.objects.count() == 1
    rounds = Submission.objects.filter(version=sent.version)
    assert rounds.in_force().count() == 1
    assert list(faults()) == []


def test_two_answer_one_appeal(many):
    unit, (person, other, *_others), (submission, *_rest) = many
    unit.judge(submission, by=person, P1="No.")
    sent = actions.return_(submission=submission, feedback="No.", by=person)
    made = actions.appeal(submission=sent, grounds="Why?", by=unit.cast.learner)
    results = at_once(
        lambda: actions.uphold(appeal=stale(made), answer="Yes.", by=unit.cast.iqa),
        lambda: actions.reject(appeal=stale(made), answer="No.", by=other),
    )
    assert sorted(type(each).__name__ for each in results) == ["Appeal", "TransitionRefused"]
    made.refresh_from_db()
    assert Withdrawal.objects.exists() is (made.status == "upheld")
    waiting = Claim.objects.filter(version=sent.version, status="submitted").exists()
    assert waiting is (made.status == "upheld")
    assert FeedbackDraft.objects.count() == 0
    assert list(faults()) == []
