"""Signing in, out and on again, through allauth's pages as we mount them."""

import re
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.models import Membership, Role, User
from tests.factories import PASSWORD, make_centre, make_member, make_user

NEW = "slow-green-tractor-9"


@pytest.fixture(autouse=True)
def _no_counts_left_over() -> None:
    cache.clear()


@pytest.fixture
def someone(db: None) -> User:
    return make_member(make_centre(), Role.ADMIN, "Ada Admin", password=PASSWORD)


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(reverse("account_login"), {"login": email, "password": password}, **extra)


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_every_page_asks_to_sign_in(client: Client, db: None) -> None:
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


def test_signing_in_with_the_address_in_any_case(client: Client, someone: User) -> None:
    answer = sign_in(client, f" {someone.email.upper()} ")
    assert answer.status_code == 302
    assert answer.url == reverse("home")
    assert is_in(client)
    assert User.objects.get(pk=someone.pk).password.startswith("argon2")


def test_the_page_asked_for_comes_after_signing_in(client: Client, someone: User) -> None:
    data = {"login": someone.email, "password": PASSWORD, "next": "/accounts/2fa/"}
    assert client.post(reverse("account_login"), data).url == "/accounts/2fa/"
    client.logout()
    data["next"] = "https://elsewhere.example/"
    assert client.post(reverse("account_login"), data).url == reverse("home")


def test_a_wrong_password_is_422_and_says_so_at_the_top(client: Client, someone: User) -> None:
    answer = sign_in(client, someone.email, "wrong")
    assert answer.status_code == 422
    assert "do not go together" in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()
    unknown = sign_in(client, "nobody@example.org", "wrong")
    assert unknown.status_code == 422
    assert "do not go together" in unknown.content.decode()


def test_six_failures_lock_this_person_out_from_here(
    client: Client, someone: User, settings: Any
) -> None:
    other = make_member(make_centre("Else"), Role.LEARNER, password=PASSWORD)
    spellings = [someone.email, someone.email.upper(), f"{someone.email} "]
    for number in range(settings.AXES_FAILURE_LIMIT - 1):
        assert sign_in(client, spellings[number % 3], "wrong").status_code == 422
    locked = sign_in(client, someone.email, "wrong")
    assert locked.status_code == 429
    assert "Wait 15 minutes" in locked.content.decode()

    assert sign_in(client, someone.email).status_code == 429  # even the right password
    assert not is_in(client)
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert sign_in(elsewhere, someone.email).status_code == 302
    assert sign_in(client, other.email).status_code == 302  # and others from here


def test_a_success_forgives_earlier_failures(client: Client, someone: User) -> None:
    for _ in range(2):
        for _ in range(4):
            sign_in(client, someone.email, "wrong")
        assert sign_in(client, someone.email).status_code == 302
        client.logout()


def test_behind_a_proxy_the_person_is_counted_not_the_proxy(
    client: Client, someone: User, settings: Any
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in(client, someone.email, "wrong", HTTP_X_FORWARDED_FOR="6.6.6.6, 192.0.2.1")
    there = sign_in(client, someone.email, HTTP_X_FORWARDED_FOR="7.7.7.7, 192.0.2.1")
    assert there.status_code == 429  # a made-up first address changes nothing
    here = sign_in(client, someone.email, HTTP_X_FORWARDED_FOR="6.6.6.6, 192.0.2.2")
    assert here.status_code == 302


def test_signing_out_takes_a_post(client: Client, someone: User) -> None:
    client.force_login(someone)
    assert client.get(reverse("account_logout")).status_code == 200
    assert is_in(client)
    client.post(reverse("account_logout"))
    assert not is_in(client)


def test_a_closed_account_is_out_at_once(client: Client, someone: User) -> None:
    client.force_login(someone)
    User.objects.filter(pk=someone.pk).update(is_active=False)
    assert client.get(reverse("home")).url.startswith(reverse("account_login"))
    client = Client()
    answer = sign_in(client, someone.email)
    assert not is_in(client)
    assert answer.url == reverse("account_inactive")
    assert client.get(answer.url).status_code == 200


def test_nobody_signs_up(client: Client, db: None) -> None:
    page = client.get(reverse("account_signup"))
    assert "by invitation" in page.content.decode()
    data = {"email": "me@example.org", "password1": NEW, "password2": NEW}
    client.post(reverse("account_signup"), data)
    assert not User.objects.exists()
    with pytest.raises(NoReverseMatch):
        reverse("account_email")


def test_a_forgotten_password_is_replaced_by_a_link(client: Client, someone: User) -> None:
    answer = client.post(reverse("account_reset_password"), {"email": someone.email})
    assert answer.url == reverse("account_reset_password_done")
    link = re.search(r"https?://\S+/password/reset/key/\S+", mail.outbox[0].body)
    assert link is not None

    form = client.get(link[0], follow=True)
    assert form.status_code == 200
    where = form.redirect_chain[-1][0]
    weak = client.post(where, {"password1": "password", "password2": "password"})
    assert weak.status_code == 422
    client.post(where, {"password1": NEW, "password2": NEW})

    client.logout()
    assert sign_in(client, someone.email, NEW).status_code == 302
    again = Client().get(link[0], follow=True)
    assert "no longer works" in again.content.decode()


def test_an_unknown_address_is_answered_alike(client: Client, someone: User) -> None:
    known = client.post(reverse("account_reset_password"), {"email": someone.email})
    unknown = client.post(reverse("account_reset_password"), {"email": "no@example.org"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert "no account" in mail.outbox[1].body


def test_changing_the_password_asks_for_the_old_one(client: Client, someone: User) -> None:
    client.force_login(someone)
    url = reverse("account_change_password")
    data = {"oldpassword": "wrong", "password1": NEW, "password2": NEW}
    assert client.post(url, data).status_code == 422
    assert client.post(url, {**data, "oldpassword": PASSWORD}).status_code == 302
    assert User.objects.get(pk=someone.pk).check_password(NEW)
    assert is_in(client)


def test_somebody_without_a_password_may_set_one(client: Client, db: None) -> None:
    client.force_login(make_user())
    answer = client.get(reverse("account_change_password"), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("account_set_password")
    assert answer.status_code == 200


def confirm(client: Client) -> None:
    """Give the password once more, as pages that change the account ask."""
    assert client.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302


def code_for(secret: str) -> str:
    return f"{hotp_value(secret, next(yield_hotp_counters_from_time())):06}"


def test_the_second_step_from_switching_on_to_switching_off(client: Client, someone: User) -> None:
    sign_in(client, someone.email)
    confirm(client)
    activate = reverse("mfa_activate_totp")
    page = client.get(activate)
    assert page.status_code == 200
    secret = page.context["form"].secret
    assert client.post(activate, {"code": "000000x"}).status_code == 422
    done = client.post(activate, {"code": code_for(secret)}, follow=True)
    codes = done.context["unused_codes"]
    assert len(codes) == 10
    index = client.get(reverse("mfa_index")).content.decode()
    assert "10 codes are left" in index
    assert client.get(reverse("mfa_generate_recovery_codes")).status_code == 200
    download = client.get(reverse("mfa_download_recovery_codes"))
    assert codes[0] in download.content.decode()

    client.post(reverse("account_logout"))
    assert sign_in(client, someone.email).url == reverse("mfa_authenticate")
    assert not is_in(client)
    step = reverse("mfa_authenticate")
    assert client.get(step).status_code == 200
    assert client.post(step, {"code": "nonsense"}).status_code == 422
    assert client.post(step, {"code": codes[0]}).status_code == 302
    assert is_in(client)

    confirm(client)
    off = reverse("mfa_deactivate_totp")
    assert client.get(off).status_code == 200
    assert client.post(off).status_code == 302
    client.post(reverse("account_logout"))
    assert sign_in(client, someone.email).url == reverse("home")


def test_guessing_codes_is_stopped(client: Client, someone: User) -> None:
    sign_in(client, someone.email)
    confirm(client)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    client.post(reverse("account_logout"))
    sign_in(client, someone.email)
    for _ in range(10):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    answer = client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    assert not is_in(client)
    assert "too often" in answer.content.decode()


def test_changing_the_second_step_later_asks_who_it_is(client: Client, someone: User) -> None:
    client.force_login(someone)  # long ago, as far as allauth knows
    answer = client.get(reverse("mfa_activate_totp"))
    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert client.get(answer.url).status_code == 200
    assert client.post(answer.url, {"password": "wrong"}).status_code == 422
    assert client.post(answer.url, {"password": PASSWORD}).url == reverse("mfa_activate_totp")


def test_home_leads_to_the_only_centre_or_asks(client: Client, someone: User) -> None:
    client.force_login(someone)
    (centre,) = someone.centres()
    assert client.get("/").url == f"/c/{centre.slug}/"

    second = make_centre("Southbank")
    Membership.objects.create(centre=second, user=someone, role=Role.ASSESSOR)
    page = client.get("/").content.decode()
    assert f"/c/{second.slug}/" in page
    assert f"/c/{centre.slug}/" in page

    Membership.objects.filter(user=someone).delete()
    assert "not at any centre" in client.get("/").content.decode()
