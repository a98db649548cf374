"""Portfolios to report on: rows made directly, so that a report is tested by itself."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.db import transaction

from assessments.models import (
    ActionPoint,
    Judgement,
    MarkingPointCredit,
    SignOff,
    Submission,
)
from files import store
from files.models import Blob
from ledger.record import record
from portfolio.models import Claim, Enrolment, EvidenceFile, EvidenceVersion, Portfolio
from standards.models import Edition
from tests.factories import (
    Cast,
    jpeg,
    make_claims,
    make_edition,
    make_enrolment,
    make_guide,
    make_portfolio,
    make_version,
)

DAY_ONE = datetime(2026, 9, 7, 9, 30, tzinfo=UTC)


def make_blob(data: bytes, media_type: str = "image/jpeg") -> Blob:
    sha256, size = store.keep([data])
    blob, _ = Blob.objects.get_or_create(
        sha256=sha256, defaults={"size": size, "media_type": media_type}
    )
    return blob


def attach(version: EvidenceVersion, name: str, blob: Blob) -> EvidenceFile:
    return EvidenceFile.objects.create(
        version=version, blob=blob, name=name, order=version.files.count()
    )


@dataclass
class Story:
    """One learner's portfolio on its way; each step is a day later than the one before."""

    cast: Cast
    portfolio: Portfolio
    enrolments: list[Enrolment] = field(default_factory=list)
    day: int = 0

    def now(self) -> datetime:
        self.day += 1
        return DAY_ONE + timedelta(days=self.day)

    def enrol(self, edition: Edition) -> Enrolment:
        enrolment = make_enrolment(self.portfolio, edition, self.cast.assessor)
        self.enrolments.append(enrolment)
        self.note("enrolled", self.cast.admin)
        return enrolment

    def note(self, verb: str, by: object) -> None:
        with transaction.atomic():
            record(stream=self.portfolio.stream, verb=verb, subject=self.portfolio, by=by, facts={})

    def hand_in(
        self, enrolment: Enrolment, *codes: str, version: EvidenceVersion | None = None, **fields
    ) -> Submission:
        place = fields.pop("place", "page 2")
        version = version or make_version(self.portfolio, **fields)
        for claim in make_claims(version, enrolment, *codes):
            Claim.objects.filter(pk=claim.pk).update(status="submitted", place=place)
        return self.submit(version, enrolment)

    def submit(self, version: EvidenceVersion, enrolment: Enrolment) -> Submission:
        at = self.now()
        EvidenceVersion.objects.filter(pk=version.pk).update(
            status="submitted", submitted_at=at, declaration_text="This is my own work."
        )
        version.refresh_from_db()
        self.note("submitted", self.cast.learner)
        digest = hashlib.sha256(str(version.pk).encode()).hexdigest()
        return Submission.objects.create(
            version=version,
            enrolment=enrolment,
            submitted_at=at,
            frozen={},
            frozen_sha256=digest,
        )

    def decide(
        self,
        submission: Submission,
        *,
        not_yet: Sequence[str] = (),
        reason: str = "It shows what the criterion asks.",
        feedback: str = "Well explained.",
    ) -> None:
        at = self.now()
        claims = submission.version.claims.filter(enrolment=submission.enrolment)
        for claim in claims.select_related("criterion"):
            met = claim.criterion.code not in not_yet
            Judgement.objects.create(
                submission=submission,
                claim=claim,
                assessor=self.cast.assessor,
                outcome="met" if met else "not_yet",
                reason=reason,
                feedback=feedback,
                valid=True,
                authentic=True,
                reliable=True,
                current=True,
                sufficient=met,
                decided_at=at,
            )
            Claim.objects.filter(pk=claim.pk).update(status="met" if met else "not_yet")
        status = "returned" if not_yet else "accepted"
        Submission.objects.filter(pk=submission.pk).update(
            status=status, decided_at=at, decided_by=self.cast.assessor, feedback=feedback
        )
        EvidenceVersion.objects.filter(pk=submission.version_id).update(status=status)
        if not_yet:
            ActionPoint.objects.create(
                submission=submission,
                text="Add what the customer said.",
                due_on=date(2026, 12, 1),
                created_by=self.cast.assessor,
            )
        self.note(status, self.cast.assessor)

    def again(self, submission: Submission) -> EvidenceVersion:
        """A new version, with the claims that were not met."""
        old = submission.version
        return EvidenceVersion.objects.create(
            evidence=old.evidence,
            number=old.number + 1,
            title=old.title,
            method=old.method,
            gathered_on=old.gathered_on,
            account=old.account,
            account_html=old.account_html,
        )

    def sign_off(self, enrolment: Enrolment, **fields) -> SignOff:
        sign_off = SignOff.objects.create(
            enrolment=enrolment,
            status=fields.pop("status", "signed_off"),
            assessor=self.cast.assessor,
            signed_at=self.now(),
            declaration_version="1",
            declaration_text="I judged all of it against the standard.",
            **fields,
        )
        versions = list(EvidenceVersion.objects.filter(claims__enrolment=enrolment).distinct())
        for guide in enrolment.edition.marking_guides.all():
            for place, point in enumerate(guide.marking_points.all()):
                MarkingPointCredit.objects.create(
                    sign_off=sign_off,
                    marking_point=point,
                    version=versions[place % len(versions)],
                    wording=point.text,
                )
        Enrolment.objects.filter(pk=enrolment.pk).update(status="signed_off")
        self.note("signed_off", self.cast.assessor)
        return sign_off


def begin(cast: Cast, *, cohort: str = "Autumn 2026") -> Story:
    return Story(cast, make_portfolio(cast.centre, cast.learner, cohort=cohort))


def small(cast: Cast) -> Story:
    """One unit of three criteria, two pieces of evidence, one returned and mended, signed off."""
    story = begin(cast)
    edition = make_edition()
    make_guide(edition)
    unit = story.enrol(edition)
    first = story.hand_in(unit, "P1", "P2", title="A call to a customer")
    attach(first.version, "desk.jpg", make_blob(jpeg((640, 480))))
    attach(first.version, "mail.eml", make_blob(b"From: me", "message/rfc822"))
    story.decide(first, not_yet=["P2"])
    story.decide(story.hand_in(unit, "P2", version=story.again(first)))
    story.decide(story.hand_in(unit, "K1", title="What I know of the law"))
    story.sign_off(unit)
    return story
