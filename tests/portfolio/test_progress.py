"""A criterion's state is the best that any of its claims gives it."""

import pytest

from portfolio.models import Claim, Enrolment, Portfolio
from portfolio.progress import progress_of, state_of
from tests.factories import Cast, make_claims, make_edition, make_enrolment, make_version


@pytest.mark.parametrize(
    ("statuses", "state"),  # the claims' statuses, oldest first
    [
        ([], "to_do"),
        (["claimed"], "claimed"),
        (["not_yet"], "not_yet"),
        (["met", "not_yet"], "met"),
        (["met", "claimed"], "met"),
        (["not_yet", "submitted"], "submitted"),
        (["submitted", "not_yet"], "submitted"),
        (["submitted", "claimed"], "submitted"),
        (["not_yet", "claimed"], "claimed"),
        (["claimed", "not_yet"], "not_yet"),
    ],
)
def test_state(statuses: list[str], state: str) -> None:
    assert state_of([Claim(pk=n, status=each) for n, each in enumerate(statuses)]) == state


def test_a_unit_counts_every_criterion_once(
    cast: Cast, portfolio: Portfolio, enrolment: Enrolment
) -> None:
    for status in ("submitted", "draft"):
        version = make_version(portfolio, status=status)
        make_claims(version, enrolment, "P1", "P2")
    Claim.objects.filter(criterion__code="P1").update(status="met")
    (unit,) = progress_of([enrolment], seen_by=cast.learner)
    assert [(each.criterion.code, each.state) for each in unit.criteria] == [
        ("P1", "met"),
        ("P2", "claimed"),
        ("K1", "to_do"),
    ]
    assert (unit.counts["met"], unit.to_do, unit.is_all_met) == (1, 1, False)
    assert [each.criterion.code for each in unit.in_state("to_do")] == ["K1"]
    assert unit.marks(lambda code: f"#{code}")[0] == ("P1", "met", "#P1")


def test_claims_of_a_withdrawn_draft_do_not_count(
    cast: Cast, portfolio: Portfolio, enrolment: Enrolment
) -> None:
    make_claims(make_version(portfolio, status="withdrawn"), enrolment, "P1")
    (unit,) = progress_of([enrolment], seen_by=cast.learner)
    assert unit.to_do == 3


def test_others_do_not_see_what_is_claimed_in_a_draft(
    cast: Cast, portfolio: Portfolio, enrolment: Enrolment
) -> None:
    make_claims(make_version(portfolio), enrolment, "P1")
    (seen,) = progress_of([enrolment], seen_by=cast.assessor)
    assert seen.to_do == 3


def test_two_units_of_the_same_edition_and_others_are_kept_apart(
    cast: Cast, portfolio: Portfolio, enrolment: Enrolment
) -> None:
    other = make_enrolment(portfolio, make_edition(performance=1, knowledge=0))
    make_claims(make_version(portfolio), other, "P1")
    first, second = progress_of([enrolment, other], seen_by=cast.learner)
    assert first.to_do == 3
    assert [each.state for each in second.criteria] == ["claimed"]
