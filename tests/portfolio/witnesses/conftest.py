"""A witness invited by the learner, and what they might answer."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from portfolio import actions, tasks
from portfolio.models import Enrolment, ExpertWitness, WitnessInvitation
from tests.factories import Cast

ADDRESS = "pat@shop.example"
SAID = {
    "relationship": "I am her supervisor",
    "job": "Shop manager, High Street",
    "seen_on": date(2026, 10, 3),
    "statement": "She rang the customer back the same day and\nput the order right.",
}


def wanted(enrolment: Enrolment, *codes: str, **changes: Any) -> dict[str, Any]:
    """What the learner asks for, by default of Pat and about P1."""
    criteria = list(enrolment.edition.criteria.filter(code__in=codes or ["P1"]))
    return {
        "enrolment": enrolment,
        "name": "Pat Moss",
        "email": ADDRESS,
        "criteria": criteria,
        "message": "The call on Saturday.",
        "as_expert": False,
        "by": enrolment.portfolio.learner,
        **changes,
    }


def answer(invitation: WitnessInvitation, **changes: Any) -> dict[str, Any]:
    return {
        **SAID,
        "token": invitation.token(),
        "criteria": list(invitation.criteria.all()),
        "declared": True,
        "signed_in": None,
        **changes,
    }


@pytest.fixture
def sent(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> Callable[..., Any]:
    """Runs an action, then what follows its commit, with no broker in between."""
    monkeypatch.setattr(tasks.send_witness_invitation, "delay", tasks.send_witness_invitation)

    def run(action: Callable[..., Any], **kwargs: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return action(**kwargs)

    return run


@pytest.fixture
def invitation(enrolment: Enrolment) -> WitnessInvitation:
    return actions.invite_witness(**wanted(enrolment, "P1", "P2"))[0]


@pytest.fixture
def expert(cast: Cast, enrolment: Enrolment) -> ExpertWitness:
    return actions.approve_expert(
        centre=cast.centre,
        name="Pat Moss",
        email=ADDRESS,
        competence="Twenty years in the trade.",
        edition=enrolment.edition,
        by=cast.admin,
    )
