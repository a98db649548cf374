"""A learner on one unit, and the address of any page of her centre."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessments import actions as assessing
from assessments.models import Judgement, Submission
from portfolio.models import Enrolment, Portfolio
from tests.factories import (
    Cast,
    make_claims,
    make_edition,
    make_enrolment,
    make_portfolio,
    make_version,
)


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
def signed_in() -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


@pytest.fixture
def her(cast: Cast, signed_in: Callable[[User], Client]) -> Client:
    """The learner's browser."""
    return signed_in(cast.learner)


@pytest.fixture
def handed_in(cast: Cast, enrolment: Enrolment) -> Callable[..., Submission]:
    """Evidence submitted by the learner, claiming the criteria with these codes."""

    def hand_in(*codes: str, **fields: Any) -> Submission:
        version = make_version(enrolment.portfolio, **fields)
        make_claims(version, enrolment, *codes)
        return assessing.submit(version=version, declared=True, by=cast.learner)[0]

    return hand_in


@pytest.fixture
def judge(cast: Cast) -> Callable[..., None]:
    """Save judgements, by the assessor: met, but not yet for the codes named with a reason."""

    def save(submission: Submission, **not_yet: str) -> None:
        for claim in submission.claims().select_related("criterion"):
            reason = not_yet.get(claim.criterion.code, "")
            assessing.save_judgement(
                claim=claim,
                submission=submission,
                by=cast.assessor,
                outcome="not_yet" if reason else "met",
                reason=reason,
                feedback="",
                **(dict.fromkeys(Judgement.VARCS, True) | {"sufficient": not reason}),
            )

    return save


@pytest.fixture
def sent_back(
    cast: Cast, handed_in: Callable[..., Submission], judge: Callable[..., None]
) -> Submission:
    """P1 met, P2 not yet; returned with feedback and something to do."""
    submission = handed_in("P1", "P2", title="Call with Mr Hale")
    judge(submission, P2="Say what came of it.")
    assessing.add_action_point(
        submission=submission,
        text="Ask him how it went",
        due_on=timezone.localdate() + timedelta(days=7),
        by=cast.assessor,
    )
    assessing.return_(submission=submission, feedback="Nearly there.", by=cast.assessor)
    submission.refresh_from_db()
    return submission
