"""The People pages, and the page where an invited person arrives."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.models import Invitation, Membership, Role, User
from ledger.models import Entry
from tests.factories import PASSWORD, Cast, make_member

GOOD = "slow-green-tractor-9"


@pytest.fixture
def admin(client: Client, cast: Cast) -> Client:
    client.force_login(cast.admin)
    return client


def at(cast: Cast, name: str, pk: int | None = None) -> str:
    kwargs: dict[str, Any] = {"centre": cast.centre.slug}
    return reverse(f"accounts:{name}", kwargs={**kwargs, "pk": pk} if pk else kwargs)


def invited(cast: Cast, email: str = "nia@example.org") -> tuple[Invitation, str]:
    return actions.invite(
        centre=cast.centre, email=email, name="Nia New", role=Role.LEARNER, by=cast.admin
    )


def test_the_list_names_this_centres_people_only(
    admin: Client, cast: Cast, outsiders: Cast
) -> None:
    page = admin.get(at(cast, "people")).content.decode()
    for person in cast.people().values():
        assert person.email in page
    for person in outsiders.people().values():
        assert person.email not in page


def test_roles_elsewhere_are_not_shown(admin: Client, cast: Cast, outsiders: Cast) -> None:
    Membership.objects.create(centre=outsiders.centre, user=cast.learner, role=Role.IQA)
    page = admin.get(at(cast, "person", cast.learner.pk)).content.decode()
    roles = page.split("One more role")[0]
    assert "Internal quality assurer" not in roles


@pytest.mark.parametrize("part", ["learner", "assessor", "trainee", "iqa"])
def test_only_admins_see_people(client: Client, cast: Cast, part: str) -> None:
    client.force_login(cast.people()[part])
    assert client.get(at(cast, "people")).status_code == 403
    assert client.get(at(cast, "invite")).status_code == 403
    assert client.get(at(cast, "person", cast.admin.pk)).status_code == 403
    role = Membership.objects.get(user=cast.learner)
    assert client.post(at(cast, "revoke", role.pk)).status_code in {403, 404}
    assert Membership.objects.filter(pk=role.pk).exists()


def test_another_centres_admin_finds_nothing(client: Client, cast: Cast, outsiders: Cast) -> None:
    client.force_login(outsiders.admin)
    assert client.get(at(cast, "people")).status_code == 404
    # Nor through one's own centre with the other's numbers.
    invitation, _ = invited(cast)
    role = Membership.objects.get(user=cast.learner)
    assert client.get(at(outsiders, "person", cast.learner.pk)).status_code == 404
    assert client.post(at(outsiders, "revoke", role.pk)).status_code == 404
    assert client.post(at(outsiders, "resend", invitation.pk)).status_code == 404
    assert client.post(at(outsiders, "withdraw", invitation.pk)).status_code == 404


def test_a_removed_member_is_out_with_the_next_click(client: Client, cast: Cast) -> None:
    client.force_login(cast.iqa)
    home = reverse("portfolio:enrolments", args=[cast.centre.slug])
    assert client.get(home).status_code == 200
    actions.revoke_role(membership=Membership.objects.get(user=cast.iqa), by=cast.admin)
    assert client.get(home).status_code == 404


def test_finding_people(admin: Client, cast: Cast) -> None:
    make_member(cast.centre, Role.LEARNER, "Ulla Unusual", password=PASSWORD)
    waiting, _ = invited(cast)
    late, _ = invited(cast, "late@example.org")
    Invitation.objects.filter(pk=late.pk).update(expires_at=timezone.now() - timedelta(days=1))

    def found(**query: str) -> set[str]:
        page = admin.get(at(cast, "people"), query)
        return {person.email for person in page.context["page_obj"]}

    assert found(q="unusual") == {User.objects.get(name="Ulla Unusual").email}
    assert found(q="nothing like it") == set()
    assert found(role="iqa") == {cast.iqa.email}
    assert waiting.user.email in found(state="invited")
    assert late.user.email in found(state="expired")
    assert late.user.email not in found(state="invited")
    assert found(state="active", role="learner") == {
        User.objects.get(name="Ulla Unusual").email,
        *(each.email for each in User.objects.joined().filter(memberships__role="learner")),
    }
    assert admin.get(at(cast, "people"), {"page": "x", "role": "nonsense"}).status_code == 200


def test_the_list_takes_as_many_queries_for_many_as_for_few(
    admin: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        make_member(cast.centre, Role.LEARNER, f"Learner {number}")
        if number % 3 == 0:
            invited(cast, f"nia{number}@example.org")
    with django_assert_max_num_queries(8):
        page = admin.get(at(cast, "people"))
    assert len(page.context["page_obj"]) == 50
    with django_assert_max_num_queries(10):
        admin.get(at(cast, "person", cast.learner.pk))


def test_inviting_through_the_page(admin: Client, cast: Cast) -> None:
    data = {"name": "Nia New", "email": "nia@example.org", "role": "assessor"}
    answer = admin.post(at(cast, "invite"), data, follow=True)
    assert "on its way to nia@example.org" in answer.content.decode()
    assert Membership.objects.filter(user__email="nia@example.org", role="assessor").exists()
    assert Entry.objects.filter(stream=f"centre:{cast.centre.pk}", verb="invited").count() == 1

    again = admin.post(at(cast, "invite"), data)
    assert again.status_code == 422
    assert "already has that role" in again.content.decode()


def test_the_page_says_the_same_of_an_address_known_elsewhere(
    admin: Client, cast: Cast, outsiders: Cast
) -> None:
    known = make_member(outsiders.centre, Role.IQA, "Kay Known", password=PASSWORD)
    data = {"name": "K", "email": known.email, "role": "assessor"}
    answer = admin.post(at(cast, "invite"), data, follow=True)
    assert f"on its way to {known.email}" in answer.content.decode()
    assert outsiders.centre.name not in answer.content.decode()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"name": "N", "email": "no address", "role": "learner"},
        {"name": "N", "email": "n@example.org", "role": "owner"},
        {"name": "", "email": "n@example.org", "role": "learner"},
    ],
)
def test_a_wrong_invitation_is_422(admin: Client, cast: Cast, data: dict[str, str]) -> None:
    before = User.objects.count()
    answer = admin.post(at(cast, "invite"), data)
    assert answer.status_code == 422
    assert User.objects.count() == before


def test_adding_and_taking_roles_through_the_page(admin: Client, cast: Cast) -> None:
    person = at(cast, "person", cast.assessor.pk)
    assert admin.post(person, {"role": "iqa"}).status_code == 302
    assert admin.post(person, {"role": "iqa"}).status_code == 422
    assert admin.post(person, {"role": "owner"}).status_code == 422

    role = Membership.objects.get(user=cast.assessor, role="iqa")
    assert admin.get(at(cast, "revoke", role.pk)).status_code == 405
    assert admin.post(at(cast, "revoke", role.pk)).status_code == 302
    assert not Membership.objects.filter(pk=role.pk).exists()


def test_the_own_admin_role_has_no_button_and_refuses(admin: Client, cast: Cast) -> None:
    own = Membership.objects.get(user=cast.admin)
    page = admin.get(at(cast, "person", cast.admin.pk)).content.decode()
    assert at(cast, "revoke", own.pk) not in page
    assert admin.post(at(cast, "revoke", own.pk)).status_code == 403


def test_resending_and_taking_back(admin: Client, cast: Cast) -> None:
    invitation, old = invited(cast)
    person = admin.get(at(cast, "person", invitation.user_id)).content.decode()
    assert at(cast, "resend", invitation.pk) in person
    assert admin.post(at(cast, "resend", invitation.pk)).status_code == 302
    assert not Invitation.objects.open_for(old).exists()
    assert admin.post(at(cast, "withdraw", invitation.pk)).status_code == 302
    assert admin.post(at(cast, "withdraw", invitation.pk)).status_code == 409


# The invited person -----------------------------------------------------------------------


def test_the_link_signs_the_person_in(client: Client, cast: Cast) -> None:
    invitation, token = invited(cast)
    link = reverse("invitation", args=[token])
    page = client.get(link)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert Invitation.objects.get(pk=invitation.pk).accepted_at is None  # looking uses nothing

    answer = client.post(link, {"password": GOOD, "again": GOOD})

    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(invitation.user_id)
    assert client.get("/").url == f"/c/{cast.centre.slug}/"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"password": "", "again": ""}, "Fill this in"),
        ({"password": GOOD, "again": "other"}, "not the same"),
        ({"password": "password", "again": "password"}, "too common"),
        ({"password": "nia@example.org", "again": "nia@example.org"}, "similar"),
    ],
)
def test_a_wrong_password_keeps_the_link(
    client: Client, cast: Cast, data: dict[str, str], said: str
) -> None:
    _, token = invited(cast)
    answer = client.post(reverse("invitation", args=[token]), data)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Invitation.objects.open_for(token).exists()


def test_a_link_that_opens_nothing_says_so(client: Client, cast: Cast) -> None:
    _, token = invited(cast)
    link = reverse("invitation", args=[token])
    client.post(link, {"password": GOOD, "again": GOOD})
    fresh = Client()
    for url in (link, reverse("invitation", args=["made-up"])):
        assert fresh.get(url).status_code == 410
        answer = fresh.post(url, {"password": "x", "again": "x"})
        assert answer.status_code == 410
        assert "no longer works" in answer.content.decode()


def test_the_link_takes_over_from_whoever_was_signed_in(client: Client, cast: Cast) -> None:
    invitation, token = invited(cast)
    client.force_login(cast.admin)
    client.session["secret"] = "of the admin"
    link = reverse("invitation", args=[token])
    assert cast.admin.name in client.get(link).content.decode()
    client.post(link, {"password": GOOD, "again": GOOD})
    assert client.session["_auth_user_id"] == str(invitation.user_id)
