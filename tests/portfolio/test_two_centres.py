"""One person with different roles at two centres: neither role reaches into the other centre."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Role
from portfolio.models import Allocation, Enrolment, Evidence, Portfolio
from tests.factories import Cast, make_edition, make_enrolment, make_portfolio, make_version


@pytest.mark.parametrize("role_elsewhere", [Role.ADMIN, Role.IQA, Role.ASSESSOR, Role.LEARNER])
def test_a_role_elsewhere_opens_nothing_here(
    client: Client, cast: Cast, outsiders: Cast, role_elsewhere: str
) -> None:
    person = cast.second_learner
    Membership.objects.create(centre=outsiders.centre, user=person, role=role_elsewhere)
    unit = make_enrolment(make_portfolio(cast.centre, cast.learner), make_edition(), cast.assessor)
    # As a wrong import might leave it: allocated here without being an assessor here.
    Allocation.objects.create(enrolment=unit, assessor=person)
    assert not Enrolment.objects.visible_to(person).exists()
    assert not Portfolio.objects.visible_to(person).exists()
    client.force_login(person)
    for centre in (cast.centre, outsiders.centre):
        page = reverse("portfolio:unit", kwargs={"centre": centre.slug, "pk": unit.pk})
        assert client.get(page).status_code == 404


def test_a_row_of_one_centre_is_not_reached_through_the_other(
    client: Client, cast: Cast, outsiders: Cast
) -> None:
    Membership.objects.create(centre=outsiders.centre, user=cast.admin, role=Role.ADMIN)
    unit = make_enrolment(make_portfolio(cast.centre, cast.learner), make_edition())
    client.force_login(cast.admin)
    for centre, status in ((cast.centre, 200), (outsiders.centre, 404)):
        page = reverse("portfolio:unit", kwargs={"centre": centre.slug, "pk": unit.pk})
        assert client.get(page).status_code == status


def test_an_admin_of_one_centre_sees_no_draft_and_an_assessor_whose_time_ended_sees_nothing(
    cast: Cast,
) -> None:
    portfolio = make_portfolio(cast.centre, cast.learner)
    unit = make_enrolment(portfolio, make_edition(), cast.assessor)
    make_version(portfolio)
    assert Portfolio.objects.visible_to(cast.assessor).exists()
    assert not Evidence.objects.visible_to(cast.admin).exists()
    unit.allocations.update(ended_at=portfolio.created_at)
    assert not Portfolio.objects.visible_to(cast.assessor).exists()
