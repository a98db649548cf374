"""One unit of the cast's learner, and the short way through its assessment."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from assessments import actions
from assessments.models import Judgement, SignOff, Submission
from portfolio.models import Enrolment, EvidenceVersion
from standards.models import MarkingGuide
from tests.factories import (
    Cast,
    make_claims,
    make_edition,
    make_enrolment,
    make_guide,
    make_portfolio,
    make_version,
)

ALL_FIVE = dict.fromkeys(Judgement.VARCS, True)


@dataclass
class Unit:
    """The learner's unit, with an assessor and a trainee allocated; verbs in one line each."""

    cast: Cast
    enrolment: Enrolment
    guide: MarkingGuide

    @property
    def portfolio(self) -> Any:
        return self.enrolment.portfolio

    def draft(self, *codes: str, enrolment: Enrolment | None = None) -> EvidenceVersion:
        version = make_version(self.portfolio)
        make_claims(version, enrolment or self.enrolment, *codes)
        return version

    def submitted(self, *codes: str) -> Submission:
        return actions.submit(version=self.draft(*codes), declared=True, by=self.cast.learner)[0]

    def judge(
        self, submission: Submission, by: User | None = None, **not_yet: str
    ) -> list[Judgement]:
        """Judge every claim as met, except those named with a reason why not."""
        return [
            actions.save_judgement(
                claim=claim,
                submission=submission,
                by=by or self.cast.assessor,
                outcome="not_yet" if claim.criterion.code in not_yet else "met",
                reason=not_yet.get(claim.criterion.code, ""),
                feedback="",
                **(ALL_FIVE | {"sufficient": claim.criterion.code not in not_yet}),
            )
            for claim in submission.claims().select_related("criterion")
        ]

    def accepted(self, *codes: str, by: User | None = None) -> Submission:
        by = by or self.cast.assessor
        submission = self.submitted(*codes)
        self.judge(submission, by)
        return actions.accept(
            submission=submission, feedback="Good work.", personal_data="clear", by=by
        )

    def credits(self, *versions: EvidenceVersion) -> dict[int, list[int]]:
        return {
            point.pk: [version.pk for version in versions]
            for point in self.guide.marking_points.all()
        }

    def signed(self, by: User | None = None) -> SignOff:
        by = by or self.cast.assessor
        version = self.accepted(by=by).version
        return actions.sign_off(
            enrolment=self.enrolment,
            credits=self.credits(version),
            personal_data_checked=True,
            by=by,
        )


@pytest.fixture
def unit(cast: Cast) -> Unit:
    return make_unit(cast)


def make_unit(cast: Cast) -> Unit:
    edition = make_edition()
    enrolment = make_enrolment(
        make_portfolio(cast.centre, cast.learner), edition, cast.assessor, cast.trainee
    )
    return Unit(cast, enrolment, make_guide(edition))


@pytest.fixture
def second_unit(unit: Unit) -> Enrolment:
    """Another unit of the same learner, with an assessor of its own."""
    return make_enrolment(unit.portfolio, make_edition(), unit.cast.other_assessor)


@pytest.fixture
def url_of(cast: Cast) -> Callable[..., str]:
    def address(name: str, **kwargs: Any) -> str:
        return reverse(f"assessments:{name}", kwargs={"centre": cast.centre.slug, **kwargs})

    return address


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


@pytest.fixture
def theirs(cast: Cast, signed_in: Callable[[User], Client]) -> Client:
    """The assessor's browser."""
    return signed_in(cast.assessor)


def count_queries(client: Client, url: str, data: dict[str, Any] | None = None) -> int:
    """How many statements a page takes; posted where there is data."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(url, data) if data is not None else client.get(url)
    assert answer.status_code in {200, 302}
    return len(queries)
