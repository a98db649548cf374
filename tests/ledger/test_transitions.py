import pytest

from ledger.transitions import Transition, TransitionRefused, move
from portfolio.models import Claim
from tests.factories import make_claims, make_edition, make_enrolment, make_portfolio, make_version

TABLE = {"submit": Transition(("claimed",), "submitted")}


@pytest.fixture
def claim(cast):
    portfolio = make_portfolio(cast.centre, cast.learner)
    enrolment = make_enrolment(portfolio, make_edition())
    return make_claims(make_version(portfolio), enrolment, "P1")[0]


def test_a_move_changes_the_row_and_what_comes_with_it(claim):
    move(claim, verb="submit", table=TABLE, place="page 2")
    assert (claim.status, claim.place) == ("submitted", "page 2")


def test_of_two_stale_rows_the_second_is_refused_and_changes_nothing(claim):
    first, second = Claim.objects.get(pk=claim.pk), Claim.objects.get(pk=claim.pk)
    move(first, verb="submit", table=TABLE, place="first")
    with pytest.raises(TransitionRefused, match="Submitted"):
        move(second, verb="submit", table=TABLE, place="second")
    assert Claim.objects.get(pk=claim.pk).place == "first"
