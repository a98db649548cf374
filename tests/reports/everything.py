"""One of each thing that people add to a unit besides evidence and decisions."""

import hashlib
from datetime import UTC, date, datetime

from assessments.models import Comment, Plan, PlanAction, PointTick, Record, Withdrawal
from portfolio.models import (
    Anchor,
    EvidenceVersion,
    ExpertWitness,
    ImportedDecision,
    Redaction,
    Testimony,
    WitnessInvitation,
)
from tests.factories import jpeg
from tests.reports.builders import Story, attach, make_blob
from tests.triggers import lifted

AT = datetime(2026, 9, 5, 9, 0, tzinfo=UTC)


def add_one_of_each(story: Story, number: int) -> None:
    """Once more for each `number`, which tells them apart."""
    unit = story.enrolments[0]
    seen = story.hand_in(unit, "P1", title=f"Seen {number}")
    _places(story, seen, number)
    story.decide(seen)
    _tick(story, seen.version)
    taken_back = story.hand_in(unit, "P1", title=f"Taken back {number}")
    story.decide(taken_back)
    Withdrawal.objects.create(
        kind="withdrawn", submission=taken_back, by=story.cast.assessor, at=AT, reason="Why."
    )
    _record(story, story.hand_in(unit, "P1", title=f"Recorded {number}").version)
    _testimony(story, story.hand_in(unit, "P1", title=f"Witnessed {number}").version, number)
    _plan(story, number)
    _import(story)


def _places(story: Story, submission: object, number: int) -> None:
    version = submission.version
    picture = make_blob(jpeg((20 + number, 10)))
    file = attach(version, f"place {number}.jpg", picture)
    box = {"kind": "region", "page": 1, "x": 0.1, "y": 0.3, "width": 0.5, "height": 0.6}
    for made_by in (story.cast.learner, story.cast.assessor):
        place = {"file": file, "sha256": file.blob.sha256, "made_by": made_by, **box}
        Anchor.objects.create(claim=version.claims.get(), **place)
    Comment.objects.create(submission=submission, text="Here I see it.", **place)
    Redaction.objects.create(
        evidence=version.evidence,
        version=version,
        file=file,
        status="done",
        marks=[],
        original=make_blob(jpeg((200 + number, 10))),
        original_name="before.jpg",
        copy=picture,
        made_by=story.cast.data_lead,
    )


def _tick(story: Story, version: EvidenceVersion) -> None:
    guide = story.enrolments[0].edition.marking_guides.get()
    point = guide.marking_points.first()
    judgement = version.claims.get().judgements.get()
    with lifted("assessments_pointtick"):
        PointTick.objects.create(judgement=judgement, marking_point=point, wording=point.text)


def _record(story: Story, version: EvidenceVersion) -> None:
    evidence = version.evidence
    type(evidence).objects.filter(pk=evidence.pk).update(
        recorded_by=story.cast.assessor, first_submitted_at=version.submitted_at
    )
    made = Record.objects.create(
        kind="oral",
        enrolment=story.enrolments[0],
        assessor=story.cast.assessor,
        status="submitted",
        place="The shop on Mill Lane",
        evidence=evidence,
        confirmed_at=AT,
        declaration_text="This is what happened.",
    )
    made.answers.create(order=1, asked="Why?", expected="A promise.", answered="We said so.")


def _testimony(story: Story, version: EvidenceVersion, number: int) -> None:
    unit, email = story.enrolments[0], f"owen{number}@example.org"
    approved = ExpertWitness.objects.create(
        centre=story.cast.centre,
        edition=unit.edition,
        name="Owen Pugh",
        email=email,
        competence="Twelve years in the trade.",
        approved_by=story.cast.admin,
    )
    ExpertWitness.objects.filter(pk=approved.pk).update(approved_at=AT)
    invitation = WitnessInvitation.objects.create(
        enrolment=unit,
        name="Owen Pugh",
        email=email,
        as_expert=True,
        invited_by=story.cast.learner,
        token_digest=hashlib.sha256(email.encode()).hexdigest(),
        expires_at=datetime(2026, 12, 24, tzinfo=UTC),
    )
    Testimony.objects.create(
        invitation=invitation,
        evidence=version.evidence,
        name="Owen Pugh",
        relationship="Her manager",
        job="Shop manager",
        is_expert=True,
        seen_on=date(2026, 9, 4),
        statement="She rang back.",
        declaration_version="1",
        declaration_text="I saw this myself.",
        confirmed_at=datetime(2026, 9, 26, tzinfo=UTC),
    )


def _plan(story: Story, number: int) -> None:
    unit, by = story.enrolments[0], story.cast.assessor
    agreed = {"assessor_agreed_by": by, "assessor_agreed_at": AT, "learner_agreed_at": AT}
    plan = Plan.objects.create(
        enrolment=unit,
        made_by=by,
        note="Until the next visit.",
        review_on=date(2026, 10, 30),
        revision=number,
        reviewed_by=by,
        reviewed_at=AT,
        review="Reached.",
        **agreed,
    )
    for _each in range(number):
        action = PlanAction.objects.create(
            plan=plan,
            text="Film a talk.",
            due_on=date(2026, 10, 1),
            done_at=AT,
            done_by=story.cast.learner,
        )
        action.criteria.set(unit.edition.criteria.all())


def _import(story: Story) -> None:
    unit = story.enrolments[0]
    ImportedDecision.objects.create(
        enrolment=unit,
        criterion=unit.edition.criteria.get(code="K1"),
        decided_at_centre="Westside Centre",
        decided_by_name="Uma Grant",
        decided_on=date(2026, 3, 3),
        seen="The signed unit record.",
        imported_by=story.cast.assessor,
        taken_back_by=story.cast.admin,
        taken_back_at=AT,
        taken_back_reason="Of another unit.",
    )
