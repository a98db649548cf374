"""Centres of 200, 2,000 and 20,000 learners, as real ones grow: by taking on assessors, not by
giving each assessor more learners. Everybody assesses LEARNERS_EACH learners and has a queue of
fifty, whatever the size; one assessor has the matrix of 50 learners on 10 units.

Rows are written in bulk, table by table, and only as many at once as fit into memory easily.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.models import Centre, Membership, Role, User
from assessments.models import Judgement, Submission
from bench.world import BATCH, CLAIMS_EACH
from portfolio.models import (
    Allocation,
    Claim,
    Enrolment,
    Evidence,
    EvidenceVersion,
    Portfolio,
)
from standards.models import Criterion, Edition, Standard

LEARNERS_EACH = 40
EVIDENCE_EACH = 6
UNITS = 10
IN_MATRIX = 50
COHORTS = 10
AT_ONCE = 1000  # learners
A_YEAR = 364
SOME_ARE_RETURNED = 7  # one in so many


@dataclass(frozen=True)
class Whole:
    centre: Centre
    learners: int
    admin: User
    assessor: User  # of LEARNERS_EACH learners
    matrix_assessor: User  # of IN_MATRIX learners on UNITS units
    waiting: Submission


def make_editions(many: int = UNITS) -> list[Edition]:
    """Units of 27 criteria, as CFACSB15 has."""
    found = []
    for number in range(many):
        standard = Standard.objects.create(urn=f"BENCH{number:02}")
        edition = Edition.objects.create(
            standard=standard,
            title="Build and maintain effective customer relations",
            version="1",
            approved_on=date(2021, 2, 22),
        )
        Criterion.objects.bulk_create(
            Criterion(
                edition=edition,
                kind=Criterion.Kind.PERFORMANCE if n < 14 else Criterion.Kind.KNOWLEDGE,
                code=f"P{n + 1}" if n < 14 else f"K{n - 13}",
                text="Do what this criterion of the unit asks of you.",
                order=n,
            )
            for n in range(27)
        )
        Edition.objects.filter(pk=edition.pk).update(published_at=timezone.now())
        found.append(edition)
    return found


def make_whole(*, learners: int, editions: list[Edition]) -> Whole:
    slug = f"whole-{learners}"
    centre = Centre.objects.create(name=f"Centre of {learners}", slug=slug)
    admin, matrix_assessor = _people(centre, Role.ADMIN, 1) + _people(centre, Role.ASSESSOR, 1)
    assessors = _people(centre, Role.ASSESSOR, max(1, learners // LEARNERS_EACH), "Assessor")
    criteria = {edition.pk: list(edition.criteria.all()) for edition in editions}
    for first in range(0, learners, AT_ONCE):
        many = min(AT_ONCE, learners - first)
        taken = [
            (assessors[(first + n) // LEARNERS_EACH], [editions[n % UNITS]]) for n in range(many)
        ]
        _learners(centre, taken, criteria, first=first)
    _learners(centre, [(matrix_assessor, editions)] * IN_MATRIX, criteria, first=learners)
    queue = Submission.objects.in_centre(centre).awaiting(assessors[0])
    return Whole(centre, learners, admin, assessors[0], matrix_assessor, queue.latest("pk"))


def _people(centre: Centre, role: str, many: int, name: str = "") -> list[User]:
    name = name or f"The {role}"
    people = User.objects.bulk_create(
        [
            User(email=f"{name}{n}@{centre.slug}.example".replace(" ", ""), name=f"{name} {n:05}")
            for n in range(many)
        ],
        batch_size=BATCH,
    )
    Membership.objects.bulk_create(
        [Membership(centre=centre, user=each, role=role) for each in people], batch_size=BATCH
    )
    return people


def _learners(
    centre: Centre,
    taken: list[tuple[User, list[Edition]]],
    criteria: dict[int, list[Criterion]],
    *,
    first: int,
) -> None:
    """One learner for each of `taken`, with the evidence of each of their units."""
    people = _people(centre, Role.LEARNER, len(taken), f"Learner {first:05}")
    portfolios = Portfolio.objects.bulk_create(
        [
            Portfolio(centre=centre, learner=each, cohort=f"Cohort {n % COHORTS}", last_number=99)
            for n, each in enumerate(people)
        ]
    )
    began = timezone.localdate() - timedelta(days=A_YEAR)
    enrolments = Enrolment.objects.bulk_create(
        [
            Enrolment(portfolio=portfolio, edition=edition, started_on=began)
            for portfolio, (_who, editions) in zip(portfolios, taken, strict=True)
            for edition in editions
        ]
    )
    who = [assessor for assessor, editions in taken for _edition in editions]
    Allocation.objects.bulk_create(
        [Allocation(enrolment=e, assessor=a) for e, a in zip(enrolments, who, strict=True)]
    )
    each = EVIDENCE_EACH if len(taken[0][1]) == 1 else 2
    for start in range(0, len(enrolments), AT_ONCE):
        some = slice(start, start + AT_ONCE)
        _evidence(enrolments[some], who[some], criteria, each=each)


@dataclass(frozen=True)
class _Piece:
    enrolment: Enrolment
    assessor: User
    number: int
    waits: bool
    returned: bool
    decided_at: datetime

    @property
    def submitted_at(self) -> datetime:
        days = timedelta(days=1 + self.number % 14)
        return timezone.now() - days if self.waits else self.decided_at - days


def _pieces(enrolments: list[Enrolment], who: list[User], each: int) -> Iterator[_Piece]:
    """The last of each learner waits, of every fourth the last two: fifty for forty learners."""
    now = timezone.now()
    for place, (enrolment, assessor) in enumerate(zip(enrolments, who, strict=True)):
        waiting = 2 if place % 4 == 0 else 1
        for n in range(each):
            count = place * each + n
            yield _Piece(
                enrolment,
                assessor,
                1 + n + each * (enrolment.edition_id % UNITS),
                waits=n >= each - waiting and each == EVIDENCE_EACH,
                returned=count % SOME_ARE_RETURNED == 0,
                decided_at=now - timedelta(days=count % A_YEAR, minutes=count % 600),
            )


def _evidence(
    enrolments: list[Enrolment],
    who: list[User],
    criteria: dict[int, list[Criterion]],
    *,
    each: int,
) -> None:
    pieces = list(_pieces(enrolments, who, each))
    evidence = Evidence.objects.bulk_create(
        [
            Evidence(
                portfolio_id=p.enrolment.portfolio_id,
                number=p.number,
                first_submitted_at=p.submitted_at,
            )
            for p in pieces
        ],
        batch_size=BATCH,
    )
    versions = EvidenceVersion.objects.bulk_create(
        [_version(p, e) for p, e in zip(pieces, evidence, strict=True)], batch_size=BATCH
    )
    pairs = list(zip(pieces, versions, strict=True))
    submissions = Submission.objects.bulk_create(
        [_submission(p, v) for p, v in pairs], batch_size=BATCH
    )
    claims = Claim.objects.bulk_create(
        [claim for p, v in pairs for claim in _claims(p, v, criteria[p.enrolment.edition_id])],
        batch_size=BATCH,
    )
    Judgement.objects.bulk_create(
        [
            _judgement(pieces[place // CLAIMS_EACH], submissions[place // CLAIMS_EACH], claim)
            for place, claim in enumerate(claims)
            if not pieces[place // CLAIMS_EACH].waits
        ],
        batch_size=BATCH,
    )


def _version(piece: _Piece, evidence: Evidence) -> EvidenceVersion:
    account = "I did the work and wrote down what came of it. " * 6
    status = "submitted" if piece.waits else "returned" if piece.returned else "accepted"
    return EvidenceVersion(
        evidence=evidence,
        status=status,
        title=f"Evidence {piece.number} from the shop floor",
        method="work_product",
        gathered_on=date(2026, 9, 1),
        account=account,
        account_html=f"<p>{account}</p>",
        submitted_at=piece.submitted_at,
        personal_data="none",
    )


def _submission(piece: _Piece, version: EvidenceVersion) -> Submission:
    decided = {} if piece.waits else {"decided_at": piece.decided_at, "decided_by": piece.assessor}
    done = Submission.Status.RETURNED if piece.returned else Submission.Status.ACCEPTED
    return Submission(
        version=version,
        enrolment=piece.enrolment,
        status=Submission.Status.WAITING if piece.waits else done,
        submitted_at=piece.submitted_at,
        frozen={"title": version.title, "account": "", "files": [], "claims": []},
        frozen_sha256=hashlib.sha256(version.title.encode()).hexdigest(),
        **decided,
    )


def _claims(piece: _Piece, version: EvidenceVersion, criteria: list[Criterion]) -> list[Claim]:
    status = "submitted" if piece.waits else "not_yet" if piece.returned else "met"
    first = piece.number * CLAIMS_EACH
    return [
        Claim(
            version=version,
            enrolment=piece.enrolment,
            criterion=criteria[(first + n) % len(criteria)],
            place="page 1",
            status=status,
        )
        for n in range(CLAIMS_EACH)
    ]


def _judgement(piece: _Piece, submission: Submission, claim: Claim) -> Judgement:
    outcome = Judgement.Outcome.NOT_YET if piece.returned else Judgement.Outcome.MET
    return Judgement(
        submission=submission,
        claim=claim,
        assessor=piece.assessor,
        outcome=outcome,
        reason="Clear.",
        decided_at=piece.decided_at,
        **dict.fromkeys(Judgement.VARCS, not piece.returned),
    )
