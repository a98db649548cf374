"""Two tabs at the same moment. On PostgreSQL they really race."""

import time

import pytest

from assessments import actions as assessing
from assessments.actions import submissions
from portfolio import actions
from portfolio.actions import redactions
from portfolio.actions.likenesses import compare
from portfolio.models import EvidenceVersion, Sketch
from tests.factories import make_cast, make_claims, make_edition, make_enrolment, make_portfolio
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


def test_compared_by_two_workers_it_has_one_sketch(cast, draft):
    assessing.submit(version=draft, declared=True, by=cast.learner)
    rows = EvidenceVersion.objects.select_related("evidence__portfolio__centre")
    for _again in range(5):
        at_once(*[lambda: compare(rows.get(pk=draft.pk))] * 3)
        assert Sketch.objects.filter(version=draft).count() == 1
