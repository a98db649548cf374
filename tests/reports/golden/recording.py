"""Assessors' records and witnesses' testimonies of the golden portfolio."""

import hashlib
from datetime import UTC, date, datetime

from assessments.models import Record
from portfolio.models import EvidenceVersion, ExpertWitness, Testimony, WitnessInvitation
from tests.reports.builders import Story

HIDDEN = "Margaret Bell"


def make_records(story: Story) -> None:
    (unit,) = story.enrolments
    for number, kind in enumerate(Record.Kind, start=11):
        version = EvidenceVersion.objects.get(
            evidence__portfolio=story.portfolio, evidence__number=number, number=1
        )
        version.evidence.recorded_by = story.cast.assessor
        version.evidence.save(update_fields=["recorded_by"])
        # An item that others made says so from its first day.
        type(version.evidence).objects.filter(pk=version.evidence_id).update(
            first_submitted_at=version.submitted_at
        )
        made = Record.objects.create(
            kind=kind,
            enrolment=unit,
            assessor=story.cast.assessor,
            status="submitted",
            planned_for=datetime(2026, 9, 20, 10, 0, tzinfo=UTC),
            place="The shop on Mill Lane",
            evidence=version.evidence,
            location="The cabinet in the back office" if kind == "in_situ" else "",
            seen_in_situ_on=date(2026, 9, 21) if kind == "in_situ" else None,
            learned_on=date(2024, 5, 2) if kind == "prior_learning" else None,
            currency="She has used it every week since." if kind == "prior_learning" else "",
            confirmed_at=datetime(2026, 9, 22, 16, 30, tzinfo=UTC),
            learner_words="That is how it was.",
            declaration_text="This is what happened.",
        )
        if kind in (Record.Kind.ORAL, Record.Kind.WRITTEN):
            made.answers.create(
                order=1,
                asked="Why ring back?",
                expected="To keep a promise.",
                answered="We said we would.",
            )
    approved = ExpertWitness.objects.create(
        centre=story.cast.centre,
        edition=unit.edition,
        name="Owen Pugh",
        email="Owen22@example.org",
        competence="Twelve years in the trade.",
        approved_by=story.cast.admin,
    )
    day = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
    ExpertWitness.objects.filter(pk=approved.pk).update(approved_at=day)
    for number, expert in ((21, False), (22, True)):
        _testimony(story, number, expert=expert)


def _testimony(story: Story, number: int, *, expert: bool) -> None:
    version = EvidenceVersion.objects.get(
        evidence__portfolio=story.portfolio, evidence__number=number, number=1
    )
    invitation = WitnessInvitation.objects.create(
        enrolment=story.enrolments[0],
        name="Owen Pugh",
        email=f"owen{number}@example.org",
        as_expert=expert,
        invited_by=story.cast.learner,
        token_digest=hashlib.sha256(str(number).encode()).hexdigest(),
        expires_at=datetime(2026, 12, 24, tzinfo=UTC),
    )
    Testimony.objects.create(
        invitation=invitation,
        evidence=version.evidence,
        name="Owen Pugh",
        relationship=f"Her manager; we work beside {HIDDEN}" if not expert else "Her manager",
        job="Shop manager",
        is_expert=expert,
        seen_on=date(2026, 9, 25),
        statement="She rang back.",
        declaration_version="1",
        declaration_text="I saw this myself.",
        confirmed_at=datetime(2026, 9, 26, 9, 15, tzinfo=UTC),
    )
