"""Two tabs at the same moment. On PostgreSQL they really race."""

import time
from contextlib import suppress

import pytest

from assessments import actions as assessing
from assessments.actions import submissions
from files.actions import keep_bytes
from ledger.transitions import TransitionRefused
from portfolio import actions
from portfolio.actions import redactions
from portfolio.actions.likenesses import compare
from portfolio.models import EvidenceFile, EvidenceVersion, Redaction, Sketch
from tests.factories import (
    jpeg,
    make_cast,
    make_claims,
    make_edition,
    make_enrolment,
    make_portfolio,
    make_version,
)
from tests.portfolio.likeness.conftest import prose
from tests.races import at_once, stale

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def draft(cast):
    portfolio = make_portfolio(cast.centre, cast.learner)
    enrolment = make_enrolment(portfolio, make_edition(), cast.assessor)
    version = actions.create_evidence(
        portfolio=portfolio,
        title="At the desk",
        method="account",
        gathered_on=enrolment.started_on,
        account=f"I rang Bell. {prose(7)}",
        uploads=[],
        personal_data="none",
        by=cast.learner,
    )
    make_claims(version, enrolment, "P1")
    return version


def slowly(monkeypatch, module, name, seconds):
    """So that the other is in the middle of it, too."""
    meant = getattr(module, name)

    def late(*given, **named):
        time.sleep(seconds)
        return meant(*given, **named)

    monkeypatch.setattr(module, name, late)


def test_handed_in_while_words_are_hidden_both_hold(cast, draft, monkeypatch):
    slowly(monkeypatch, submissions, "_contents", 0.6)
    slowly(monkeypatch, redactions, "_texts_of", 0.3)
    one, other = stale(draft), stale(draft)
    bell = [{"start": 7, "end": 11}]
    at_once(
        lambda: assessing.submit(version=one, declared=True, by=cast.learner),
        lambda: actions.hide_in_account(version=other, marks=bell, by=cast.learner),
    )
    draft.refresh_from_db()
    assert draft.submitted_at
    assert draft.account.startswith("I rang █████.")


def test_the_same_file_in_two_items_is_not_marked_twice_at_once(cast, draft):
    """Else the second copy would be made of what is nowhere any more, and lost."""
    blob = keep_bytes(chunks=[jpeg()], media_type="image/jpeg")
    other = make_version(draft.evidence.portfolio)
    files = [
        EvidenceFile.objects.create(version=version, blob=blob, name="a.jpg", order=0)
        for version in (draft, other)
    ]
    box = [{"x": 0, "y": 0, "width": 0.5, "height": 0.5}]

    def hide(file):
        with suppress(TransitionRefused):
            actions.hide_in_file(file=file, marks=box, by=cast.learner)

    at_once(*[lambda file=file: hide(stale(file)) for file in files])
    asked = Redaction.objects.get()
    Redaction.objects.update(status="running")
    asked.refresh_from_db()
    copy = keep_bytes(chunks=[jpeg(colour="black")], media_type="image/jpeg")
    redactions.put_in_place(redaction=asked, copy=copy)
    assert {file.blob for file in EvidenceFile.objects.all()} == {copy}


def test_compared_by_two_workers_it_has_one_sketch(cast, draft):
    assessing.submit(version=draft, declared=True, by=cast.learner)
    rows = EvidenceVersion.objects.select_related("evidence__portfolio__centre")
    for _again in range(5):
        at_once(*[lambda: compare(rows.get(pk=draft.pk))] * 3)
        assert Sketch.objects.filter(version=draft).count() == 1
