"""A small centre made by hand, so that every figure can be counted on one's fingers."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from assessments import actions
from assessments.models import Submission
from tests.assessments.conftest import Unit
from tests.factories import make_enrolment, make_member, make_portfolio
from tests.triggers import lifted


def moved(submission: Submission, *, handed_in: float, decided: float | None = None) -> None:
    """To so many days ago; past the trigger that keeps decisions as they are."""
    now = timezone.now()
    changed: dict[str, Any] = {"submitted_at": now - timedelta(days=handed_in)}
    if decided is not None:
        changed["decided_at"] = now - timedelta(days=decided)
    with lifted("assessments_submission"):
        Submission.objects.filter(pk=submission.pk).update(**changed)


@dataclass
class Small:
    """Three learners: Amira waits, Lena is stuck, Omar has met everything."""

    unit: Unit
    lena: Unit
    omar: Unit

    @property
    def cast(self) -> Any:
        return self.unit.cast


def learner_on(unit: Unit, name: str, *, cohort: str, assessor: User, days: int) -> Unit:
    person = make_member(unit.cast.centre, "learner", name)
    enrolment = make_enrolment(
        make_portfolio(unit.cast.centre, person, cohort=cohort),
        unit.enrolment.edition,
        assessor,
        started_on=timezone.localdate() - timedelta(days=days),
    )
    return Unit(replace(unit.cast, learner=person), enrolment, unit.guide)


@pytest.fixture
def small(unit: Unit) -> Small:
    cast = unit.cast
    unit.portfolio.cohort = "Autumn"
    unit.portfolio.save()
    unit.enrolment.allocations.filter(assessor=cast.trainee).delete()
    moved(unit.accepted("P1"), handed_in=12, decided=10)
    moved(unit.submitted("P2"), handed_in=5)
    lena = learner_on(unit, "Lena Frost", cohort="Autumn", assessor=cast.assessor, days=90)
    sent_back = lena.submitted("P1")
    lena.judge(sent_back, P1="Unclear")
    actions.return_(submission=sent_back, feedback="Say when.", by=cast.assessor)
    moved(sent_back, handed_in=50, decided=44)
    omar = learner_on(unit, "Omar Dean", cohort="Spring", assessor=cast.other_assessor, days=90)
    moved(omar.accepted(by=cast.other_assessor), handed_in=41, decided=40)
    return Small(unit, lena, omar)
