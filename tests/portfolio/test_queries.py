"""Pages ask the database a fixed number of questions, however much there is."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.models import ActionPoint, Submission
from portfolio.models import Enrolment, EvidenceVersion
from tests.factories import (
    Cast,
    make_claims,
    make_edition,
    make_enrolment,
    make_guide,
    make_version,
)

Address = Callable[..., str]
MOST = {"home": 18, "unit": 18, "evidence_list": 12, "evidence": 17, "claims": 16}


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", MOST)
def test_the_count_does_not_grow(
    her: Client,
    cast: Cast,
    url_of: Address,
    enrolment: Enrolment,
    sent_back: Submission,
    name: str,
) -> None:
    make_guide(enrolment.edition)
    draft = make_version(enrolment.portfolio)
    make_claims(draft, enrolment)
    url = {
        "unit": url_of("unit", pk=enrolment.pk) if name == "unit" else "",
        "evidence": url_of("evidence", pk=sent_back.version.evidence_id),
        "claims": url_of("claims", pk=draft.evidence_id),
    }.get(name) or url_of(name)
    few = queries(her, url)
    grow(cast, enrolment, sent_back)
    many = queries(her, url)
    assert many == few
    assert many <= MOST[name]


def grow(cast: Cast, enrolment: Enrolment, sent_back: Submission) -> None:
    portfolio = enrolment.portfolio
    second = make_enrolment(portfolio, make_edition(performance=9), cast.assessor)
    make_guide(enrolment.edition)
    for status in ("draft", "returned", "submitted", "accepted") * 4:
        version = make_version(portfolio, status=status)
        make_claims(version, enrolment)
        make_claims(version, second)
    for number in (7, 8, 9):
        EvidenceVersion.objects.create(
            evidence=sent_back.version.evidence,
            number=number,
            status="withdrawn",
            title="Given up",
            method="account",
            gathered_on="2024-01-01",
        )
    for _ in range(3):
        ActionPoint.objects.create(
            submission=sent_back, text="More", due_on="2999-01-01", created_by=cast.assessor
        )
