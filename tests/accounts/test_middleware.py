"""A centre's pages exist only for its members, from one click to the next."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Role, User
from tests.factories import Cast, make_user


def page_of(cast: Cast) -> str:
    return reverse("portfolio:enrolments", kwargs={"centre": cast.centre.slug})


def test_a_stranger_is_asked_to_sign_in_whether_or_not_the_centre_exists(
    client: Client, cast: Cast
) -> None:
    real = client.get(page_of(cast))
    made_up = client.get("/c/made-up/learners/")
    assert real.url == f"{reverse('account_login')}?next={page_of(cast)}"
    assert made_up.url.startswith(reverse("account_login"))


def test_a_part_of_a_page_is_not_replaced_by_the_sign_in_page(client: Client, cast: Cast) -> None:
    answer = client.get(page_of(cast), headers={"HX-Request": "true"})
    assert answer.status_code == 401


def test_to_others_the_centre_does_not_exist(client: Client, cast: Cast, outsiders: Cast) -> None:
    client.force_login(outsiders.admin)
    assert client.get(page_of(cast)).status_code == 404
    assert client.get("/c/made-up/learners/").status_code == 404


def test_support_staff_are_no_members(client: Client, cast: Cast) -> None:
    staff = make_user("Sid Support")
    User.objects.filter(pk=staff.pk).update(is_staff=True, is_superuser=True)
    client.force_login(staff)
    assert client.get(page_of(cast)).status_code == 404


def test_roles_are_those_of_this_centre(client: Client, cast: Cast, outsiders: Cast) -> None:
    Membership.objects.create(centre=outsiders.centre, user=cast.admin, role=Role.LEARNER)
    client.force_login(cast.admin)
    assert client.get(page_of(cast)).wsgi_request.roles == {Role.ADMIN}
    answer = client.get(page_of(outsiders))
    assert answer.wsgi_request.roles == {Role.LEARNER}
    assert answer.status_code == 403


@pytest.mark.parametrize("change", ["role taken", "account closed"])
def test_access_ends_with_the_next_click(client: Client, cast: Cast, change: str) -> None:
    client.force_login(cast.iqa)
    assert client.get(page_of(cast)).status_code == 200
    if change == "role taken":
        Membership.objects.filter(user=cast.iqa).delete()
        assert client.get(page_of(cast)).status_code == 404
    else:
        User.objects.filter(pk=cast.iqa.pk).update(is_active=False)
        assert client.get(page_of(cast)).url.startswith(reverse("account_login"))


def test_the_views_are_not_given_the_slug_and_the_errors_know_no_centre(
    client: Client, cast: Cast, outsiders: Cast
) -> None:
    client.force_login(outsiders.admin)
    answer = client.get(page_of(cast))
    assert cast.centre.name not in answer.content.decode()


# Support staff ------------------------------------------------------------------------------


def test_support_signs_in_through_our_page(client: Client, db: None) -> None:
    answer = client.get("/support/login/?next=/support/")
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


def test_members_are_no_support(client: Client, cast: Cast) -> None:
    client.force_login(cast.admin)
    assert client.get("/support/", follow=True).status_code in {403, 404}


@pytest.fixture
def support(client: Client, db: None) -> Client:
    staff = User.objects.create_superuser("sid@example.org", "", name="Sid Support")
    client.force_login(staff)
    return client


def test_support_reads_and_decides_nothing(support: Client, cast: Cast, settings: Any) -> None:
    role = Membership.objects.get(user=cast.iqa)
    listed = support.get("/support/accounts/membership/")
    assert cast.iqa.name in listed.content.decode()
    url = f"/support/accounts/membership/{role.pk}/"
    assert support.post(f"{url}change/", {"role": "admin"}).status_code == 403
    assert support.post(f"{url}delete/", {"post": "yes"}).status_code == 403
    assert support.get("/support/accounts/centre/add/").status_code == 403
    assert Membership.objects.filter(pk=role.pk, role=Role.IQA).exists()


def test_support_closes_an_account(support: Client, cast: Cast) -> None:
    url = f"/support/accounts/user/{cast.iqa.pk}/change/"
    assert "token" not in support.get(url).content.decode().replace("csrfmiddlewaretoken", "")
    answer = support.post(url, {"name": cast.iqa.name, "email": cast.iqa.email})
    assert answer.status_code == 302
    assert not User.objects.get(pk=cast.iqa.pk).is_active


def test_support_staff_do_not_take_over_a_superusers_account(client: Client, db: None) -> None:
    above = User.objects.create_superuser("sid@example.org", "", name="Sid Support")
    staff = User.objects.create_user("pat@example.org", None, name="Pat", is_staff=True)
    staff.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    client.force_login(staff)
    url = f"/support/accounts/user/{above.pk}/change/"
    answer = client.post(url, {"name": above.name, "email": staff.email, "is_active": "on"})
    assert answer.status_code == 403
    assert User.objects.get(pk=above.pk).email == "sid@example.org"


@pytest.mark.parametrize(
    "page",
    [
        "accounts/user",
        "accounts/centre",
        "accounts/invitation",
        "portfolio/portfolio",
        "portfolio/enrolment",
        "portfolio/allocation",
    ],
)
def test_supports_pages_come_out(support: Client, cast: Cast, page: str) -> None:
    assert support.get(f"/support/{page}/?q=a").status_code == 200
