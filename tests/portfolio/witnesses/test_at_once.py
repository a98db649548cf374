"""Two people, or two tabs, at the same moment. On PostgreSQL they really race."""

import pytest

from ledger.models import Entry
from ledger.record import faults
from ledger.transitions import TransitionRefused
from portfolio import actions
from portfolio.models import Enrolment, Evidence, Testimony, WitnessInvitation
from tests.factories import Cast, make_cast, make_edition, make_enrolment, make_portfolio
from tests.portfolio.witnesses.conftest import answer, wanted
from tests.races import at_once, stale

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def enrolment(cast: Cast) -> Enrolment:
    portfolio = make_portfolio(cast.centre, cast.learner)
    return make_enrolment(portfolio, make_edition(), cast.assessor)


@pytest.fixture
def invitation(enrolment: Enrolment) -> WitnessInvitation:
    return actions.invite_witness(**wanted(enrolment, "P1", "P2"))[0]


def test_a_link_pressed_in_two_places_gives_one_testimony(invitation: WitnessInvitation) -> None:
    one, two = answer(invitation), answer(invitation, statement="Another.")
    results = at_once(lambda: actions.give_testimony(**one), lambda: actions.give_testimony(**two))
    assert sum(isinstance(each, TransitionRefused) for each in results) == 1
    assert Testimony.objects.count() == Evidence.objects.count() == 1
    assert Entry.objects.filter(verb="testimony_given").count() == 1
    assert not list(faults())


def test_withdrawn_while_it_is_confirmed_one_of_both_holds(
    cast: Cast, invitation: WitnessInvitation
) -> None:
    before = stale(invitation)
    sent = answer(invitation)
    results = at_once(
        lambda: actions.give_testimony(**sent),
        lambda: actions.withdraw_witness_invitation(invitation=before, by=cast.learner),
    )
    assert sum(isinstance(each, TransitionRefused) for each in results) == 1
    invitation.refresh_from_db()
    assert bool(invitation.used_at) != bool(invitation.withdrawn_at)
    assert Testimony.objects.exists() is bool(invitation.used_at)


def test_nobody_becomes_witness_and_assessor_in_one_moment(
    cast: Cast, enrolment: Enrolment
) -> None:
    email = cast.other_assessor.email
    results = at_once(
        lambda: actions.invite_witness(**wanted(enrolment, email=email)),
        lambda: actions.allocate(
            enrolment=stale(enrolment), assessor=cast.other_assessor, by=cast.admin
        ),
    )
    assert sum(isinstance(each, Exception) for each in results) == 1
    allocated = enrolment.allocations.filter(assessor=cast.other_assessor).exists()
    assert allocated is not WitnessInvitation.objects.exists()


def test_asked_in_two_tabs_once(enrolment: Enrolment) -> None:
    results = at_once(*[lambda: actions.invite_witness(**wanted(enrolment))] * 2)
    assert sum(isinstance(each, Exception) for each in results) == 1
    assert WitnessInvitation.objects.count() == 1
