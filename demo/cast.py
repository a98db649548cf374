"""Who and what the demo's steps find again, by the names that fixtures/demo/centre.json gives."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from accounts.models import Centre, User
from assessments.models import Submission
from portfolio.anchors import texts
from portfolio.models import Enrolment, EvidenceVersion
from standards.models import Criterion, Edition

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
UNIT = "CFACSB15"

Story = Mapping[str, Any]


def centre_of(story: Story) -> Centre:
    return Centre.objects.get(slug=story["centre"]["slug"])


def person(story: Story, key: str) -> User:
    return User.objects.get(email=story["people"][key]["email"])


def edition() -> Edition:
    return Edition.objects.filter(standard__urn=UNIT).order_by("-approved_on")[0]


def criteria(*codes: str) -> list[Criterion]:
    return list(edition().criteria.filter(code__in=codes))


def enrolment_of(learner: User) -> Enrolment:
    return Enrolment.objects.select_related("portfolio__centre").get(portfolio__learner=learner)


def submission_of(story: Story, learner: str, number: int) -> Submission:
    """As it stands now: the newest round of that item."""
    found = Submission.objects.in_force().filter(
        version__evidence__portfolio__learner=person(story, learner),
        version__evidence__number=number,
    )
    return found.latest("pk")


def passage(version: EvidenceVersion, quote: str) -> dict[str, Any]:
    """Words of the account, as a page would send them."""
    sha256 = texts.sha256_of(texts.account_text(version))
    return {"kind": "passage", "quote": quote, "sha256": sha256, "file": None}
