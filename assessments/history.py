"""What this learner has shown of a criterion in this unit so far, for whoever judges it next."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, FilteredRelation, OuterRef, Q, QuerySet, Subquery

from assessments.models import Submission
from assessments.workflow import SubmissionStatus
from portfolio.models import Claim
from portfolio.workflow import ClaimStatus

Row = Mapping[str, Any]


@dataclass(frozen=True)
class TakenBack:
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Past:
    """One claim on the criterion, made before or beside the one on the desk."""

    state: str
    when: datetime | date
    who: str = ""
    submission: int | None = None
    evidence: int | None = None
    version: int | None = None
    reason: str = ""
    feedback: str = ""
    where: str = ""
    taken_back: TakenBack | None = None
    same_evidence: bool = False

    @property
    def counts(self) -> bool:
        """Whether it still says something about the criterion."""
        return self.taken_back is None


def histories(submission: Submission, claims: Sequence[Claim]) -> defaultdict[int, list[Past]]:
    """By criterion: what waits beside it, what was decided, newest first, what was imported.

    One query; the claims are those of `with_imports`.
    """
    rows = list(_rows(submission, [claim.criterion_id for claim in claims]))
    found: defaultdict[int, list[Past]] = defaultdict(list)
    for row in _waiting(rows, submission):
        found[row["criterion"]].append(_of_waiting(row))
    for row in _judged(rows, submission):
        found[row["criterion"]].append(_of_judgement(row, submission))
    for claim in claims:
        found[claim.criterion_id] += _of_import(claim)
    return found


def with_imports(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Claims that know whether their criterion was met elsewhere, before the learner came."""
    imported = FilteredRelation(
        "criterion__imported",
        condition=Q(
            criterion__imported__enrolment=F("enrolment"),
            criterion__imported__taken_back_at=None,
        ),
    )
    return claims.annotate(
        elsewhere=imported,
        imported_on=F("elsewhere__decided_on"),
        imported_by=F("elsewhere__decided_by_name"),
        imported_from=F("elsewhere__decided_at_centre"),
    )


def _rows(submission: Submission, criteria: Sequence[int]) -> Iterable[Row]:
    """Each claim with each decision on it, also with those that were taken back since; a
    learner's drafts are her own."""
    waits = Submission.objects.filter(
        version=OuterRef("version"),
        enrolment=OuterRef("enrolment"),
        status=SubmissionStatus.WAITING,
    )
    decided = FilteredRelation("judgements", condition=Q(judgements__decided_at__isnull=False))
    return (
        Claim.objects.filter(enrolment=submission.enrolment_id, criterion__in=criteria)
        .exclude(status=ClaimStatus.CLAIMED)
        .annotate(
            decided=decided,
            waits_as=Subquery(waits.values("pk")[:1]),
            waits_since=Subquery(waits.values("submitted_at")[:1]),
        )
        .order_by("-decided__decided_at", "-pk")
        .values(
            *("pk", "criterion", "version", "waits_as", "waits_since"),
            *("version__number", "version__evidence", "version__evidence__number"),
            *("decided__outcome", "decided__decided_at", "decided__assessor__name"),
            *("decided__reason", "decided__feedback", "decided__submission"),
            "decided__submission__withdrawal__by__name",
            "decided__submission__withdrawal__at",
            "decided__submission__withdrawal__reason",
        )
    )


def _judged(rows: Iterable[Row], submission: Submission) -> list[Row]:
    others = (row for row in rows if row["decided__submission"] != submission.pk)
    return [row for row in others if row["decided__decided_at"]]


def _waiting(rows: Iterable[Row], submission: Submission) -> list[Row]:
    """Other evidence that nobody has decided yet; each once, however often it was taken back."""
    waits = {row["pk"]: row for row in rows if row["waits_as"]}
    return [row for row in waits.values() if row["version"] != submission.version_id]


def _of_waiting(row: Row) -> Past:
    return Past(
        state="waiting",
        when=row["waits_since"],
        submission=row["waits_as"],
        evidence=row["version__evidence__number"],
        version=row["version__number"],
    )


def _of_judgement(row: Row, submission: Submission) -> Past:
    return Past(
        state=row["decided__outcome"],
        when=row["decided__decided_at"],
        who=row["decided__assessor__name"],
        submission=row["decided__submission"],
        evidence=row["version__evidence__number"],
        version=row["version__number"],
        reason=row["decided__reason"],
        feedback=row["decided__feedback"],
        taken_back=_taken_back(row),
        same_evidence=row["version__evidence"] == submission.version.evidence_id,
    )


def _taken_back(row: Row) -> TakenBack | None:
    withdrawal = "decided__submission__withdrawal__"
    if row[f"{withdrawal}at"] is None:
        return None
    return TakenBack(
        by=row[f"{withdrawal}by__name"],
        at=row[f"{withdrawal}at"],
        reason=row[f"{withdrawal}reason"],
    )


def _of_import(claim: Claim) -> list[Past]:
    on = getattr(claim, "imported_on", None)
    if on is None:
        return []
    who, where = claim.imported_by, claim.imported_from  # type: ignore[attr-defined]
    return [Past(state="imported", when=on, who=who, where=where)]
