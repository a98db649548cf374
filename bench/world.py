"""A centre of any size, made in bulk: every learner on one unit, with the same evidence.

Rows are written directly, since two thousand learners' work through the actions would take
an hour; the pages that are measured read them as they read any other.
"""

import hashlib
import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone
from PIL import Image

from accounts.models import Centre, Membership, Role, User
from assessments.models import Judgement, Submission
from files.actions import keep_bytes
from files.models import Blob
from portfolio.models import (
    Allocation,
    Claim,
    Enrolment,
    Evidence,
    EvidenceFile,
    EvidenceVersion,
    Portfolio,
)
from standards.models import Criterion, Edition

EVIDENCE_EACH = 20
CLAIMS_EACH = 3
QUEUE = 50  # how many submissions wait, so that every queue shows a full page
BATCH = 2000
START = datetime(2026, 9, 1, 9, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    centre: Centre
    admin: User
    assessor: User
    learner: User
    enrolment: Enrolment
    waiting: Submission


def make_world(*, learners: int, edition: Edition) -> World:
    """A new centre with that many learners, EVIDENCE_EACH items each, the last ones waiting."""
    centre = Centre.objects.create(name=f"Centre of {learners}", slug=f"bench-{learners}")
    admin = _member(centre, Role.ADMIN, "admin")
    assessor = _member(centre, Role.ASSESSOR, "assessor")
    people = _learners(centre, learners)
    portfolios = Portfolio.objects.bulk_create(
        [Portfolio(centre=centre, learner=p, last_number=EVIDENCE_EACH) for p in people],
        batch_size=BATCH,
    )
    enrolments = Enrolment.objects.bulk_create(
        [Enrolment(portfolio=p, edition=edition, started_on=START.date()) for p in portfolios],
        batch_size=BATCH,
    )
    Allocation.objects.bulk_create(
        [Allocation(enrolment=e, assessor=assessor) for e in enrolments], batch_size=BATCH
    )
    versions = _evidence(portfolios)
    waiting = _claims_and_decisions(versions, enrolments, assessor, edition)
    return World(centre, admin, assessor, people[0], enrolments[0], waiting)


def _member(centre: Centre, role: str, name: str) -> User:
    user = User.objects.create(email=f"{name}@{centre.slug}.example", name=name.title())
    Membership.objects.create(centre=centre, user=user, role=role)
    return user


def _learners(centre: Centre, many: int) -> list[User]:
    people = User.objects.bulk_create(
        [
            User(email=f"learner{n}@{centre.slug}.example", name=f"Learner {n:05}")
            for n in range(many)
        ],
        batch_size=BATCH,
    )
    Membership.objects.bulk_create(
        [Membership(centre=centre, user=p, role=Role.LEARNER) for p in people],
        batch_size=BATCH,
    )
    return people


def _evidence(portfolios: list[Portfolio]) -> list[EvidenceVersion]:
    """Portfolio by portfolio, every item submitted; every file is one shared photo."""
    evidence = Evidence.objects.bulk_create(
        [
            Evidence(portfolio=p, number=n, first_submitted_at=START)
            for p in portfolios
            for n in range(1, EVIDENCE_EACH + 1)
        ],
        batch_size=BATCH,
    )
    account = "I did the work and wrote down what came of it. " * 10
    versions = EvidenceVersion.objects.bulk_create(
        [
            EvidenceVersion(
                evidence=e,
                status=EvidenceVersion.Status.ACCEPTED,
                title=f"Evidence {e.number} from the shop floor",
                method="work_product",
                gathered_on=date(2026, 9, 1),
                account=account,
                account_html=f"<p>{account}</p>",
                submitted_at=START + timedelta(minutes=e.number),
            )
            for e in evidence
        ],
        batch_size=BATCH,
    )
    blob = photo()
    EvidenceFile.objects.bulk_create(
        [EvidenceFile(version=v, blob=blob, name="photo.jpg", order=0) for v in versions],
        batch_size=BATCH,
    )
    return versions


def photo() -> Blob:
    out = io.BytesIO()
    Image.effect_noise((1600, 1200), 60).convert("RGB").save(out, "JPEG", quality=80)
    return keep_bytes(chunks=[out.getvalue()], media_type="image/jpeg")


def _claims_and_decisions(
    versions: list[EvidenceVersion],
    enrolments: list[Enrolment],
    assessor: User,
    edition: Edition,
) -> Submission:
    criteria = list(edition.criteria.all())
    claims = []
    submissions = []
    last = len(versions) - QUEUE
    for place, version in enumerate(versions):
        enrolment = enrolments[place // EVIDENCE_EACH]
        decided = place < last
        claims += _claims(version, enrolment, criteria, decided=decided)
        submissions.append(_submission(version, enrolment, assessor, decided=decided))
    claims = Claim.objects.bulk_create(claims, batch_size=BATCH)
    submissions = Submission.objects.bulk_create(submissions, batch_size=BATCH)
    Judgement.objects.bulk_create(_judgements(claims, submissions, assessor), batch_size=BATCH)
    open_versions = [v.pk for v in versions[last:]]
    EvidenceVersion.objects.filter(pk__in=open_versions).update(
        status=EvidenceVersion.Status.SUBMITTED
    )
    return submissions[-1]


def _claims(
    version: EvidenceVersion, enrolment: Enrolment, criteria: list[Criterion], *, decided: bool
) -> list[Claim]:
    first = version.evidence.number * CLAIMS_EACH
    return [
        Claim(
            version=version,
            enrolment=enrolment,
            criterion=criteria[(first + n) % len(criteria)],
            place="page 1",
            status=Claim.Status.MET if decided else Claim.Status.SUBMITTED,
        )
        for n in range(CLAIMS_EACH)
    ]


def _submission(
    version: EvidenceVersion, enrolment: Enrolment, assessor: User, *, decided: bool
) -> Submission:
    frozen = {"title": version.title, "account": version.account, "files": [], "claims": []}
    return Submission(
        version=version,
        enrolment=enrolment,
        status=Submission.Status.ACCEPTED if decided else Submission.Status.WAITING,
        submitted_at=START + timedelta(minutes=version.pk),
        frozen=frozen,
        frozen_sha256=hashlib.sha256(version.title.encode()).hexdigest(),
        decided_at=timezone.now() if decided else None,
        decided_by=assessor if decided else None,
    )


def _judgements(
    claims: list[Claim], submissions: list[Submission], assessor: User
) -> list[Judgement]:
    five = dict.fromkeys(Judgement.VARCS, True)
    return [
        Judgement(
            submission=submissions[place // CLAIMS_EACH],
            claim=claim,
            assessor=assessor,
            outcome=Judgement.Outcome.MET,
            reason="Clear.",
            decided_at=timezone.now(),
            **five,
        )
        for place, claim in enumerate(claims)
        if claim.status == Claim.Status.MET
    ]
