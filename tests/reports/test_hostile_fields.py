"""Markup in every field that somebody writes: printed as it stands, and nothing else."""

import hashlib
import io
import re
from datetime import UTC, date, datetime

import pikepdf
import pytest
from pypdf import PdfReader

from assessments.models import (
    Appeal,
    Judgement,
    Plan,
    PlanAction,
    PointTick,
    Record,
    Submission,
    Withdrawal,
)
from files import store
from portfolio.models import EvidenceVersion, ImportedDecision, Testimony, WitnessInvitation
from reports import actions, document, making
from reports.gather import gather
from tests.reports.builders import Story, attach, make_blob
from tests.reports.test_pdf import squeezed
from tests.triggers import lifted

AT = datetime(2026, 9, 22, 16, 30, tzinfo=UTC)
DAY = date(2026, 9, 21)


class Sown:
    """Markup with a number of its own for every field that it is put into."""

    def __init__(self) -> None:
        self.many = 0

    def __call__(self) -> str:
        self.many += 1
        return f"</p></td><script>x{self.many:02}x</script>&\"'"


@pytest.fixture
def sown() -> Sown:
    return Sown()


@pytest.fixture
def full(story: Story, sown: Sown) -> Story:
    (unit,) = story.enrolments
    version = EvidenceVersion.objects.get(evidence__number=2)
    attach(version, f"{sown().replace('/', '-')}.txt", make_blob(b"Some words.", "text/plain"))
    _plan(story, sown)
    _record(story, version, sown)
    _testimony(story, sown)
    _import(story, sown)
    _points(story, sown)
    submission = Submission.objects.filter(version=version).get()
    Withdrawal.objects.create(
        kind="withdrawn", submission=submission, by=story.cast.assessor, at=AT, reason=sown()
    )
    Appeal.objects.create(
        enrolment=unit,
        submission=submission,
        status="rejected",
        grounds=sown(),
        answer=sown(),
        made_by=story.cast.learner,
        closed_by=story.cast.other_assessor,
        closed_at=AT,
    )
    return story


def _plan(story: Story, sown: Sown) -> None:
    plan = Plan.objects.create(
        enrolment=story.enrolments[0],
        made_by=story.cast.assessor,
        note=sown(),
        review_on=DAY,
        revision=1,
        reviewed_by=story.cast.assessor,
        reviewed_at=AT,
        review=sown(),
    )
    PlanAction.objects.create(plan=plan, text=sown(), due_on=DAY)


def _record(story: Story, version: EvidenceVersion, sown: Sown) -> None:
    Record.objects.create(
        kind="in_situ",
        enrolment=story.enrolments[0],
        assessor=story.cast.assessor,
        status="submitted",
        place=sown(),
        evidence=version.evidence,
        location=sown(),
        seen_in_situ_on=DAY,
        currency=sown(),
        confirmed_at=AT,
        learner_words=sown(),
        declaration_text=sown(),
    )
    type(version.evidence).objects.filter(pk=version.evidence_id).update(
        recorded_by=story.cast.assessor, first_submitted_at=version.submitted_at
    )


def _testimony(story: Story, sown: Sown) -> None:
    invitation = WitnessInvitation.objects.create(
        enrolment=story.enrolments[0],
        name="Owen Pugh",
        email="owen@example.org",
        invited_by=story.cast.learner,
        token_digest=hashlib.sha256(b"1").hexdigest(),
        expires_at=AT,
    )
    Testimony.objects.create(
        invitation=invitation,
        evidence=EvidenceVersion.objects.filter(evidence__number=1)[0].evidence,
        name=sown(),
        relationship=sown(),
        job=sown(),
        seen_on=DAY,
        statement="I was there.",
        declaration_version="1",
        declaration_text=sown(),
        confirmed_at=AT,
    )


def _import(story: Story, sown: Sown) -> None:
    ImportedDecision.objects.create(
        enrolment=story.enrolments[0],
        criterion=story.enrolments[0].edition.criteria.get(code="P1"),
        decided_at_centre=sown(),
        decided_by_name=sown(),
        decided_on=DAY,
        seen=sown(),
        imported_by=story.cast.assessor,
        taken_back_by=story.cast.admin,
        taken_back_at=AT,
        taken_back_reason=sown(),
    )


def _points(story: Story, sown: Sown) -> None:
    """The words that earned it, the words that were signed, and the words judged against."""
    point = story.enrolments[0].edition.marking_guides.get().marking_points.all()[0]
    with lifted("assessments_pointtick"):
        PointTick.objects.create(
            judgement=Judgement.objects.filter(claim__status="met")[0],
            marking_point=point,
            wording=sown(),
        )
    with lifted("assessments_markingpointcredit"):
        point.credits.update(wording=sown())
    against = [
        {
            "title": sown(),
            "points": [{"number": 1, "text": sown()}],
            "misconceptions": [sown()],
        }
    ]
    with lifted("assessments_submission"):
        Submission.objects.filter(version__evidence__number=1).update(
            marked_against=against, marked_against_sha256="a" * 64
        )


def test_every_field_is_printed_and_none_is_markup(full: Story, sown: Sown):
    html = document.render(gather(full.portfolio.pk))
    assert "<script" not in html
    printed = set(re.findall(r"x(\d\d)x", html))
    assert printed == {f"{number:02}" for number in range(1, sown.many + 1)}


def test_it_goes_through_embedding_and_signing_to_its_end(full: Story, sown: Sown):
    """With the file of that name inside."""
    report = actions.request_report(portfolio=full.portfolio, by=full.cast.admin)
    making.make(report.pk)
    report.refresh_from_db()
    assert (report.status, report.error) == ("done", "")
    data = store.place_of(report.blob.sha256).read_bytes()
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    said = set(re.findall(r"x(\d\d)x", squeezed(text)))
    assert len(said) > sown.many - 3  # but for those that a page's end divides
    with pikepdf.open(io.BytesIO(data)) as opened:
        names = list(opened.attachments)
        assert "manifest.json" in names
        assert any("script" in name and not set(name) & set('<>"/') for name in names)
        assert "/JavaScript" not in opened.Root.get("/Names", {})
