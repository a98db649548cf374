"""One portfolio with everything in it: CFACSB15, forty pieces of evidence, every kind of place,
record and decision. The same names, words, days and bytes on every run."""

import hashlib
import io
import json
import math
import struct
import wave
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from PIL import Image, ImageDraw

from assessments.models import Comment, Judgement, Plan, PlanAction, PointTick, Withdrawal
from portfolio.models import (
    Anchor,
    Claim,
    EvidenceFile,
    EvidenceVersion,
    ImportedDecision,
    Redaction,
)
from standards.actions import publish_shared, serve_shared
from standards.models import Edition, MarkingGuide
from standards.nos import read_text
from tests.factories import Cast, make_version
from tests.files import samples
from tests.files.previews import makers
from tests.reports.builders import Story, attach, begin, make_blob
from tests.reports.golden.quality import make_appeals, make_beginnings
from tests.reports.golden.recording import HIDDEN, make_records
from tests.reports.golden.words import ACCOUNTS, TITLES
from tests.triggers import lifted

EXPORTED = datetime(2026, 12, 1, 14, 5, tzinfo=UTC)
EVIDENCE = 40


def publish(name: str) -> Any:
    text = (Path(settings.BASE_DIR) / "fixtures" / "texts" / f"{name}.txt").read_text()
    return publish_shared(parsed=read_text(text)[0].as_dict(), source_text=text)


def golden(cast: Cast) -> Story:
    edition = publish("CFACSB15-2021")
    serve_shared(guide=publish("customer-relationships-topic"), editions=[edition])
    return golden_of(cast, edition)


def golden_of(cast: Cast, edition: Edition) -> Story:
    """Where the standard and its guide are published already."""
    story = begin(cast)
    story.enrol(edition)
    _evidence(story)
    _places(story)
    make_records(story)
    _decisions(story)
    _plans(story)
    _imports(story)
    _hide(story)
    _sign_offs(story)
    make_appeals(story)
    make_beginnings(story)
    return story


# Evidence ----------------------------------------------------------------------------------------


def _evidence(story: Story) -> None:
    """Each of the 27 criteria but three is claimed once or twice; the last item only waits."""
    (unit,) = story.enrolments
    codes = [each.code for each in unit.edition.criteria.all()][:24]
    for number in range(EVIDENCE):
        title, account = TITLES[number], ACCOUNTS[number % len(ACCOUNTS)]
        claimed = (
            {codes[number % 24], codes[(number * 5 + 3) % 24]}
            if number % 3
            else {codes[number % 24]}
        )
        submission = story.hand_in(
            unit,
            *sorted(claimed),
            title=title,
            account=account,
            account_html=f"<p>{account}</p>",
            place="" if number % 2 else "the second paragraph",
            gathered_on=date(2026, 9, 8) + timedelta(days=number),
        )
        for name, media_type, data in _files(number):
            attach(submission.version, name, make_blob(data, media_type))
        if number == EVIDENCE - 1:
            continue
        if number in (4, 17):
            story.decide(
                submission, not_yet=[min(claimed)], feedback="Add the customer's own words."
            )
            submission = story.hand_in(unit, min(claimed), version=story.again(submission))
        story.decide(submission, reason=f"Judged on item {number + 1}: seen, and clear.")


def _files(number: int) -> list[tuple[str, str, bytes]]:
    found = {
        0: [
            ("desk.jpg", "image/jpeg", picture(0)),
            ("letter.eml", "message/rfc822", samples.letter()),
        ],
        1: [
            ("report.pdf", "application/pdf", makers.pdf(["Complaint of 3 May", "What came of it"]))
        ],
        2: [("counter.mp4", "video/mp4", makers.film(size=(320, 240), seconds=3))],
        3: [("talk.wav", "audio/wav", sound())],
        5: [("board.png", "image/png", picture(5, "PNG"))],
        6: [
            (
                "slides.pptx",
                samples_type("presentationml.presentation"),
                samples.ooxml("presentationml.presentation"),
            )
        ],
        7: [("diary.docx", samples_type("wordprocessingml.document"), samples.ooxml())],
        9: [("notes.txt", "text/plain", b"Rang at nine.\nRang again at ten.\n" * 40)],
        20: [
            ("desk.jpg", "image/jpeg", picture(20)),
            ("d\u0175r \u05e9\u05dc\u05d5\u05dd.txt", "text/plain", b"D\xc5\xb5r."),
        ],
    }
    if number in found:
        return found[number]
    return [(f"photo-{number + 1}.jpg", "image/jpeg", picture(number))] if number % 4 == 0 else []


def samples_type(kind: str) -> str:
    return f"application/vnd.openxmlformats-officedocument.{kind}"


def picture(number: int, form: str = "JPEG") -> bytes:
    """Bars of the item's own colours, so that no two pictures are alike."""
    made = Image.new("RGB", (480, 320), "white")
    draw = ImageDraw.Draw(made)
    for bar in range(6):
        shade = (40 * bar, (number * 37 + bar * 20) % 256, 200 - 30 * bar)
        draw.rectangle((20 + bar * 75, 300 - 40 * (bar + 1), 80 + bar * 75, 300), fill=shade)
    out = io.BytesIO()
    made.save(out, form)
    return out.getvalue()


def sound() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(2)
        target.setframerate(8000)
        beats = (int(9000 * math.sin(at / 6)) for at in range(8000))
        target.writeframes(b"".join(struct.pack("<h", beat) for beat in beats))
    return out.getvalue()


# Places ------------------------------------------------------------------------------------------


def claim_of(story: Story, number: int) -> Claim:
    found = Claim.objects.filter(
        version__evidence__portfolio=story.portfolio, version__evidence__number=number
    )
    return found.order_by("version__number", "criterion__order")[0]


def file_of(story: Story, number: int, name: str) -> EvidenceFile:
    return EvidenceFile.objects.get(
        version__evidence__portfolio=story.portfolio, version__evidence__number=number, name=name
    )


def _places(story: Story) -> None:
    """One of each kind, and an assessor's beside the learner's."""
    box = {"x": 0.1, "y": 0.3, "width": 0.5, "height": 0.6}
    around = {
        "quote": "rang her back within the hour",
        "prefix": "So I ",
        "suffix": " and told her",
    }
    _place(story, 1, None, kind="passage", start=5, **around)
    _place(story, 1, "desk.jpg", kind="region", page=1, **box)
    _place(story, 2, "report.pdf", kind="passage", page=1, quote="Complaint of 3 May")
    _place(story, 2, "report.pdf", kind="region", page=2, x=0.05, y=0.02, width=0.7, height=0.2)
    _place(story, 2, "report.pdf", kind="pages", page=1, last_page=2)
    _place(story, 3, "counter.mp4", kind="moment", begins=1.0, ends=2.5)
    first = _place(story, 4, "talk.wav", kind="moment", begins=0.2, ends=0.8)
    moved = _place(story, 4, "talk.wav", kind="moment", begins=0.4, ends=0.9)
    Anchor.objects.filter(pk=moved.pk).update(made_by=story.cast.assessor)
    Anchor.objects.filter(pk=first.pk).update(replaced_by=moved)
    _place(story, 8, "diary.docx", kind="whole")


def _place(story: Story, number: int, name: str | None, **fields: Any) -> Anchor:
    file = file_of(story, number, name) if name else None
    return Anchor.objects.create(
        claim=claim_of(story, number),
        file=file,
        sha256=file.blob.sha256 if file else "0" * 64,
        made_by=story.cast.learner,
        **fields,
    )


# Decisions ---------------------------------------------------------------------------------------


def _decisions(story: Story) -> None:
    """Ticks, comments, the words judged against, and decisions that were taken back."""
    (unit,) = story.enrolments
    (guide,) = unit.edition.marking_guides.all()
    against = [
        {
            "title": guide.title,
            "points": [{"number": p.number, "text": p.text} for p in guide.marking_points.all()],
            "misconceptions": list(guide.misconceptions)[:2],
        }
    ]
    with lifted("assessments_pointtick"):
        _ticks(story, guide)
    submission = claim_of(story, 1).version.submissions.get()
    with lifted("assessments_submission"):
        type(submission).objects.filter(pk=submission.pk).update(
            marked_against=against, marked_against_sha256=hashlib.sha256(b"against").hexdigest()
        )
    file = file_of(story, 1, "desk.jpg")
    for text, fields in (
        (
            "Here I see the list you work from.",
            {
                "file": file,
                "kind": "region",
                "page": 1,
                "x": 0.4,
                "y": 0.2,
                "width": 0.5,
                "height": 0.7,
            },
        ),
        ("Say what she answered.", {"kind": "passage", "quote": "told her"}),
    ):
        Comment.objects.create(
            submission=submission,
            text=text,
            made_by=story.cast.assessor,
            sha256=file.blob.sha256,
            **fields,
        )
    for number, kind, reason in (
        (7, "withdrawn", "I had looked at another item."),
        (8, "undone", ""),
    ):
        _take_back(story, number, kind, reason)


def _ticks(story: Story, guide: MarkingGuide) -> None:
    points = list(guide.marking_points.all())[:2]
    early = Judgement.objects.filter(
        claim__version__evidence__portfolio=story.portfolio,
        claim__version__evidence__number__lte=4,
    )
    for judgement in early:
        for point in points:
            PointTick.objects.create(judgement=judgement, marking_point=point, wording=point.text)


def _take_back(story: Story, number: int, kind: str, reason: str) -> None:
    """And decided again in the next round."""
    submission = claim_of(story, number).version.submissions.get()
    Withdrawal.objects.create(
        kind=kind, submission=submission, by=story.cast.assessor, at=story.now(), reason=reason
    )
    again = type(submission).objects.create(
        version=submission.version,
        enrolment=submission.enrolment,
        round=2,
        submitted_at=submission.submitted_at,
        frozen={},
        frozen_sha256=submission.frozen_sha256,
    )
    story.decide(again, reason="Looked at once more.", feedback="It holds.")


def _plans(story: Story) -> None:
    (unit,) = story.enrolments
    at = datetime(2026, 9, 2, 9, 0, tzinfo=UTC)
    for revision, reviewed in ((1, True), (2, False)):
        plan = Plan.objects.create(
            enrolment=unit,
            made_by=story.cast.assessor,
            note="What we do until the next visit.",
            review_on=date(2026, 10, 30),
            revision=revision,
            assessor_agreed_by=story.cast.assessor,
            assessor_agreed_at=at,
            learner_agreed_at=at if reviewed else None,
            reviewed_by=story.cast.assessor if reviewed else None,
            reviewed_at=at + timedelta(days=40) if reviewed else None,
            review="All of it was reached." if reviewed else "",
        )
        Plan.objects.filter(pk=plan.pk).update(made_at=at + timedelta(days=50 * revision - 50))
        action = PlanAction.objects.create(
            plan=plan,
            text="Film a talk at the counter.",
            method="observation",
            due_on=date(2026, 10, 1),
            done_at=at if reviewed else None,
            done_by=story.cast.learner if reviewed else None,
        )
        action.criteria.set(unit.edition.criteria.filter(code__in=["P1", "K2"]))


def _imports(story: Story) -> None:
    (unit,) = story.enrolments
    for code, gone in (("K11", False), ("K12", False), ("K13", False), ("K12", True)):
        row = ImportedDecision(
            enrolment=unit,
            criterion=unit.edition.criteria.get(code=code),
            decided_at_centre="Westside Centre",
            decided_by_name="Uma Grant",
            decided_on=date(2026, 3, 3),
            seen="The signed unit record.",
            imported_by=story.cast.assessor,
        )
        if gone:
            row.taken_back_by, row.taken_back_reason = story.cast.admin, "Of another unit."
            row.taken_back_at = datetime(2026, 9, 5, tzinfo=UTC)
        row.save()
        at = datetime(2026, 9, 3 if not gone else 4, tzinfo=UTC)
        with lifted("portfolio_importeddecision"):
            ImportedDecision.objects.filter(pk=row.pk).update(imported_at=at)


# What was hidden ---------------------------------------------------------------------------------


def _hide(story: Story) -> None:
    """A name in an account, a face in a picture; their traces in what others wrote stay to be
    masked by the export."""
    version = EvidenceVersion.objects.get(evidence__portfolio=story.portfolio, evidence__number=21)
    account = f"Owen saw how I helped {HIDDEN} with her order."
    before = {
        "version": 1,
        "title": version.title,
        "account": account,
        "note": "",
        "files": [],
        "comments": [],
        "places": {},
    }
    masked = account.replace(HIDDEN, "█████")
    EvidenceVersion.objects.filter(pk=version.pk).update(
        account=masked, account_html=f"<p>{masked}</p>"
    )
    start = account.index(HIDDEN)
    Redaction.objects.create(
        evidence=version.evidence,
        version=version,
        status="done",
        marks=[{"start": start, "end": start + len(HIDDEN)}],
        original_text=json.dumps([before]),
        made_by=story.cast.data_lead,
    )
    with lifted("assessments_judgement"):
        told = Judgement.objects.filter(claim__version=version)
        told.update(reason=f"{HIDDEN} was well looked after.")
    file = file_of(story, 21, "desk.jpg")
    copy = make_blob(picture(121))
    Redaction.objects.create(
        evidence=version.evidence,
        version=version,
        file=file,
        status="done",
        marks=[],
        original=file.blob,
        original_name="Margaret at the desk.jpg",
        copy=copy,
        made_by=story.cast.data_lead,
    )
    EvidenceFile.objects.filter(pk=file.pk).update(blob=copy)


def _sign_offs(story: Story) -> None:
    """Refused by the countersigner, then withdrawn, then signed for good."""
    (unit,) = story.enrolments
    other = {"countersigner": story.cast.other_assessor, "countersigned_at": story.now()}
    story.sign_off(unit, status="refused", countersigner_reason="K11 was not looked at.", **other)
    second = story.sign_off(unit)
    Withdrawal.objects.create(
        kind="withdrawn",
        sign_off=second,
        by=story.cast.assessor,
        at=story.now(),
        reason="A further item had come in.",
    )
    story.sign_off(
        unit,
        round=2,
        countersigner_declaration_text="I looked at all of it and agree.",
        **(other | {"countersigned_at": story.now()}),
    )
    _ = make_version(story.portfolio, title="A draft, hers alone")
