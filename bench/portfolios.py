"""Portfolios of a given size to export: rows written directly, as bench/world.py does."""

import hashlib
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from PIL import Image

from accounts.models import Centre, Membership, Role, User
from assessments.models import Judgement, Submission
from bench.world import BATCH, START
from files.actions import keep_bytes
from files.models import Blob
from ledger.record import record
from portfolio.models import (
    Allocation,
    Claim,
    Enrolment,
    Evidence,
    EvidenceFile,
    EvidenceVersion,
    Portfolio,
)
from reports.signing import self_signed
from standards.models import Edition

WORDS = (
    "the customer asked about her order and I looked it up checked the address rang the"
    " warehouse wrote down what was agreed told my supervisor and then sent a letter to confirm"
    " it because our rules say that every change has to be kept in writing for six years"
).split()
CLAIMS_EACH = 3


@dataclass(frozen=True)
class Shape:
    """How large a portfolio is."""

    items: int
    words: int  # of an item's account
    photos: int  # how many of the items have one
    files_mb: int = 0  # original files of one megabyte each, which no page shows


@dataclass(frozen=True)
class People:
    centre: Centre
    admin: User
    assessor: User


def make_people(name: str) -> People:
    centre = Centre.objects.create(name=f"Centre for {name}", slug=f"bench-{name}")
    self_signed.make(centre, years=1)
    return People(centre, _member(centre, Role.ADMIN), _member(centre, Role.ASSESSOR))


def _chance(seed: int) -> random.Random:
    """The same for the same seed; no secret comes from it."""
    return random.Random(seed)  # noqa: S311


def _member(centre: Centre, role: str) -> User:
    user = User.objects.create(email=f"{role}@{centre.slug}.example", name=role.title())
    Membership.objects.create(centre=centre, user=user, role=role)
    return user


def make_portfolio(people: People, edition: Edition, shape: Shape, *, number: int = 1) -> Portfolio:
    """One learner on one unit, everything judged; the same number gives the same words."""
    learner = User.objects.create(
        email=f"learner{number}@{people.centre.slug}.example", name=f"Learner {number:04}"
    )
    Membership.objects.create(centre=people.centre, user=learner, role=Role.LEARNER)
    portfolio = Portfolio.objects.create(
        centre=people.centre, learner=learner, last_number=shape.items, cohort="Autumn 2026"
    )
    enrolment = Enrolment.objects.create(
        portfolio=portfolio, edition=edition, started_on=START.date()
    )
    Allocation.objects.create(enrolment=enrolment, assessor=people.assessor)
    versions = _versions(portfolio, shape, _chance(number))
    _files(versions, shape, number)
    _decisions(versions, enrolment, people.assessor)
    _entries(portfolio, people.assessor, 2 * shape.items)
    return portfolio


def _versions(portfolio: Portfolio, shape: Shape, chance: random.Random) -> list[EvidenceVersion]:
    evidence = Evidence.objects.bulk_create(
        [
            Evidence(portfolio=portfolio, number=n, first_submitted_at=START)
            for n in range(1, shape.items + 1)
        ],
        batch_size=BATCH,
    )
    return EvidenceVersion.objects.bulk_create(
        [_version(each, chance.choices(WORDS, k=shape.words)) for each in evidence],
        batch_size=BATCH,
    )


def _version(evidence: Evidence, words: Sequence[str]) -> EvidenceVersion:
    paragraphs = [" ".join(words[at : at + 120]) + "." for at in range(0, len(words), 120)]
    return EvidenceVersion(
        evidence=evidence,
        status=EvidenceVersion.Status.ACCEPTED,
        title=f"Evidence {evidence.number} from the shop floor",
        method="work_product",
        gathered_on=date(2026, 9, 1),
        account="\n\n".join(paragraphs),
        account_html="".join(f"<p>{each}</p>" for each in paragraphs),
        submitted_at=START + timedelta(hours=evidence.number),
        declaration_text="This is my own work.",
    )


def _files(versions: Sequence[EvidenceVersion], shape: Shape, number: int) -> None:
    files = [
        EvidenceFile(version=version, blob=_photo(number * 1000 + place), name="desk.jpg", order=0)
        for place, version in enumerate(versions[: shape.photos])
    ]
    files += [
        EvidenceFile(
            version=versions[place % len(versions)],
            blob=_megabyte(number * 1000 + place),
            name=f"record {place + 1}.bin",
            order=1 + place,
        )
        for place in range(shape.files_mb)
    ]
    EvidenceFile.objects.bulk_create(files, batch_size=BATCH)


def _photo(seed: int) -> Blob:
    """No two alike, as large as a telephone's, and as quick to make as may be."""
    chance = _chance(seed)
    small = Image.frombytes("RGB", (64, 48), chance.randbytes(64 * 48 * 3))
    out = io.BytesIO()
    small.resize((2400, 1800)).save(out, "JPEG", quality=80)
    return keep_bytes(chunks=[out.getvalue()], media_type="image/jpeg")


def _megabyte(seed: int) -> Blob:
    data = _chance(seed).randbytes(1024 * 1024)
    return keep_bytes(chunks=[data], media_type="application/octet-stream")


def _decisions(versions: Sequence[EvidenceVersion], enrolment: Enrolment, assessor: User) -> None:
    criteria = list(enrolment.edition.criteria.all())
    claims = Claim.objects.bulk_create(
        [
            Claim(
                version=version,
                enrolment=enrolment,
                criterion=criteria[(version.evidence.number * CLAIMS_EACH + n) % len(criteria)],
                place=f"page {n + 1}",
                status=Claim.Status.MET,
            )
            for version in versions
            for n in range(CLAIMS_EACH)
        ],
        batch_size=BATCH,
    )
    submissions = Submission.objects.bulk_create(
        [_submission(version, enrolment, assessor) for version in versions], batch_size=BATCH
    )
    Judgement.objects.bulk_create(
        [
            _judgement(claim, submissions[place // CLAIMS_EACH], assessor)
            for place, claim in enumerate(claims)
        ],
        batch_size=BATCH,
    )


def _submission(version: EvidenceVersion, enrolment: Enrolment, assessor: User) -> Submission:
    return Submission(
        version=version,
        enrolment=enrolment,
        status=Submission.Status.ACCEPTED,
        submitted_at=version.submitted_at,
        frozen={},
        frozen_sha256=hashlib.sha256(f"{version.pk}".encode()).hexdigest(),
        decided_at=version.submitted_at + timedelta(days=1),
        decided_by=assessor,
        feedback="Well told; it is clear what you did yourself and why.",
    )


def _judgement(claim: Claim, submission: Submission, assessor: User) -> Judgement:
    return Judgement(
        submission=submission,
        claim=claim,
        assessor=assessor,
        outcome=Judgement.Outcome.MET,
        reason="The account and what is attached show it, and the dates agree.",
        decided_at=submission.decided_at,
        **dict.fromkeys(Judgement.VARCS, True),
    )


@transaction.atomic
def _entries(portfolio: Portfolio, by: User, many: int) -> None:
    for _ in range(many):
        record(stream=portfolio.stream, verb="judged", subject=portfolio, by=by, facts={})


def change_one(portfolio: Portfolio, *, words: str = "I add what the customer said.") -> None:
    """One item's account reads otherwise, and the ledger has an entry more."""
    number = portfolio.last_number // 2
    version = EvidenceVersion.objects.get(evidence__portfolio=portfolio, evidence__number=number)
    EvidenceVersion.objects.filter(pk=version.pk).update(
        account_html=version.account_html + f"<p>{words}</p>"
    )
    _entries(portfolio, portfolio.learner, 1)
