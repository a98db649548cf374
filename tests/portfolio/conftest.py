"""A learner on one unit, and the address of any page of her centre."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from portfolio.models import Enrolment, Portfolio
from tests.factories import Cast, make_edition, make_enrolment, make_portfolio


@pytest.fixture
def portfolio(cast: Cast) -> Portfolio:
    return make_portfolio(cast.centre, cast.learner)


@pytest.fixture
def enrolment(cast: Cast, portfolio: Portfolio) -> Enrolment:
    return make_enrolment(portfolio, make_edition(), cast.assessor)


@pytest.fixture
def url_of(cast: Cast) -> Callable[..., str]:
    def address(name: str, **kwargs: Any) -> str:
        return reverse(f"portfolio:{name}", kwargs={"centre": cast.centre.slug, **kwargs})

    return address


@pytest.fixture
def signed_in(settings: Any) -> Callable[[User], Client]:
    settings.AXES_ENABLED = False

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


@pytest.fixture
def her(cast: Cast, signed_in: Callable[[User], Client]) -> Client:
    """The learner's browser."""
    return signed_in(cast.learner)
