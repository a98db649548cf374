"""Who may do what, as a truth table: every verb, every part, both centres."""

import pytest

from accounts.models import Membership, Role
from portfolio import permissions
from tests.factories import Cast, make_edition, make_enrolment, make_portfolio, make_version

PARTS = (
    "learner",
    "second_learner",
    "assessor",
    "other_assessor",
    "trainee",
    "iqa",
    "admin",
)
VERBS = {
    "can_add_evidence": lambda version: version.evidence.portfolio,
    "can_edit_version": lambda version: version,
    "can_claim": lambda version: version,
    "can_withdraw_draft": lambda version: version,
    "can_make_new_version": lambda version: version.evidence,
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("part", PARTS)
def test_only_the_learner_herself_may(cast: Cast, outsiders: Cast, verb: str, part: str) -> None:
    thing = VERBS[verb](make_version(make_portfolio(cast.centre, cast.learner)))
    may = getattr(permissions, verb)
    assert may(getattr(cast, part), thing) is (part == "learner")
    assert may(getattr(outsiders, part), thing) is False


@pytest.mark.parametrize("verb", VERBS)
def test_a_learner_who_left_or_was_stopped_may_not(cast: Cast, verb: str) -> None:
    thing = VERBS[verb](make_version(make_portfolio(cast.centre, cast.learner)))
    cast.learner.is_active = False
    assert getattr(permissions, verb)(cast.learner, thing) is False
    cast.learner.is_active = True
    Membership.objects.filter(user=cast.learner).delete()
    del cast.learner.__dict__["roles_by_centre"]
    assert getattr(permissions, verb)(cast.learner, thing) is False


def test_an_admin_picks_assessors_but_not_their_own(cast: Cast, outsiders: Cast) -> None:
    Membership.objects.create(centre=cast.centre, user=cast.admin, role=Role.LEARNER)
    edition = make_edition()
    others = make_enrolment(make_portfolio(cast.centre, cast.learner), edition, cast.assessor)
    own = make_enrolment(make_portfolio(cast.centre, cast.admin), edition, cast.assessor)
    for unit, allowed in ((others, True), (own, False)):
        assert permissions.can_allocate(cast.admin, unit) is allowed
        assert permissions.can_end_allocation(cast.admin, unit.allocations.get()) is allowed
    assert permissions.can_allocate(outsiders.admin, others) is False
