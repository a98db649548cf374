"""Appeals in the golden portfolio, and what its texts say where somebody has looked at them."""

from datetime import UTC, datetime

from assessments.models import Appeal, Submission
from files.models import Preview, PreviewPart
from portfolio.models import EvidenceFile
from tests.reports.builders import Story, make_blob
from tests.reports.golden.recording import HIDDEN

SAID = {
    "notes.txt": "Rang at nine.\nRang again at ten.\n" * 40,
    "diary.docx": "My diary\nMonday. Helped at the desk until noon.\n" * 30,
    "d\u0175r \u05e9\u05dc\u05d5\u05dd.txt": f"D\u0175r i {HIDDEN}.",  # of an item that hides it
    "report.pdf": "Complaint of 3 May\nWhat came of it",
    "letter.eml": "Dear team,\nthank you for ringing back so soon.",
}


def make_appeals(story: Story) -> None:
    """One that was not upheld, one that is open."""
    at = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
    closed = {
        "closed_by": story.cast.other_assessor,
        "closed_at": at.replace(hour=15),
        "answer": "Her own words were missing. The decision stays.",
    }
    for number, status, more in ((5, "rejected", closed), (18, "open", {})):
        submission = Submission.objects.filter(
            version__evidence__portfolio=story.portfolio, version__evidence__number=number
        ).earliest("submitted_at")
        row = Appeal.objects.create(
            enrolment=submission.enrolment,
            submission=submission,
            status=status,
            grounds=f"Item {number} says what she answered.",
            made_by=story.cast.learner,
            **more,
        )
        Appeal.objects.filter(pk=row.pk).update(made_at=at)


def make_beginnings(story: Story) -> None:
    """What the previews would say of these files; other portfolios may have the same bytes."""
    files = EvidenceFile.objects.filter(version__evidence__portfolio=story.portfolio)
    for file in files.filter(name__in=SAID).select_related("blob"):
        preview, _ = Preview.objects.get_or_create(
            blob=file.blob, defaults={"kind": "text", "status": "ready"}
        )
        blob = make_blob(SAID[file.name].encode(), "text/plain")
        PreviewPart.objects.get_or_create(preview=preview, role="text", defaults={"blob": blob})
