from typing import Any

import pytest

from assessments import actions
from assessments.models import Submission
from portfolio.actions import set_anchors
from portfolio.anchors.ground import Ground
from portfolio.models import Anchor, EvidenceVersion
from tests.assessments.conftest import Unit


def words(version: EvidenceVersion, quote: str) -> dict[str, Any]:
    """A passage of the account, as the page sends it."""
    sha256 = Ground(version).account_sha256
    return {"kind": "passage", "file": None, "sha256": sha256, "quote": quote}


@pytest.fixture
def submission(unit: Unit) -> Submission:
    """With one place, which the learner marked: “the work”."""
    version = unit.draft("P1", "P2")
    claim = version.claims.get(criterion__code="P1")
    set_anchors(claim=claim, anchors=[words(version, "the work")], by=unit.cast.learner)
    return actions.submit(version=version, declared=True, by=unit.cast.learner)[0]


@pytest.fixture
def hers(submission: Submission) -> Anchor:
    """The learner's own place."""
    return Anchor.objects.get(claim__version=submission.version)
