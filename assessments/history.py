"""What this learner has shown of a criterion in this unit so far, for whoever judges it next."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, IntegerField, OuterRef, QuerySet, Subquery, Value, When

from assessments.models import Judgement, Submission, Withdrawal
from assessments.workflow import SubmissionStatus
from portfolio.models import Claim, Enrolment, EvidenceVersion, ImportedDecision
from portfolio.workflow import ClaimStatus

LONG_TEXTS = ("account", "account_html", "declaration_text")
EARLIER_SHOWN = 5


@dataclass(frozen=True)
class Past:
    """One claim on the criterion, made before or beside the one on the desk."""

    state: str
    when: datetime | date
    who: str = ""
    submission: int | None = None
    version: EvidenceVersion | None = None
    reason: str = ""
    feedback: str = ""
    where: str = ""
    taken_back: Withdrawal | None = None
    same_evidence: bool = False

    @property
    def counts(self) -> bool:
        """Whether it still says something about the criterion."""
        return self.taken_back is None


def histories(submission: Submission, claims: Sequence[Claim]) -> defaultdict[int, list[Past]]:
    """By criterion: what was decided, newest first, what waits beside it, what was imported."""
    criteria = [claim.criterion_id for claim in claims]
    found: defaultdict[int, list[Past]] = defaultdict(list)
    for waiting in _waiting(submission, criteria):
        found[waiting.criterion_id].append(_of_waiting(waiting))
    for judgement in _judged(submission, criteria):
        found[judgement.claim.criterion_id].append(_of_judgement(judgement, submission))
    for imported in _imported(submission.enrolment, criteria):
        found[imported.criterion_id].append(_of_import(imported))
    return found


def _judged(submission: Submission, criteria: Sequence[int]) -> QuerySet[Judgement]:
    """Also what was taken back since: it stays in sight."""
    return (
        Judgement.objects.filter(
            claim__enrolment=submission.enrolment_id, claim__criterion__in=criteria
        )
        .exclude(decided_at=None)
        .exclude(submission=submission)
        .select_related("assessor", "submission__withdrawal__by", "claim__version__evidence")
        .defer(
            "submission__frozen",
            "submission__marked_against",
            *(f"claim__version__{name}" for name in LONG_TEXTS),
        )
        .order_by("-decided_at", "-pk")
    )


def _waiting(submission: Submission, criteria: Sequence[int]) -> QuerySet[Claim]:
    """Claims in other evidence that nobody has decided yet; drafts are the learner's alone."""
    waits = Submission.objects.filter(
        version=OuterRef("version"),
        enrolment=OuterRef("enrolment"),
        status=SubmissionStatus.WAITING,
    )
    return (
        Claim.objects.filter(
            enrolment=submission.enrolment_id,
            criterion__in=criteria,
            status=ClaimStatus.SUBMITTED,
        )
        .exclude(version=submission.version_id)
        .annotate(
            waits_as=Subquery(waits.values("pk")[:1]),
            waits_since=Subquery(waits.values("submitted_at")[:1]),
        )
        .exclude(waits_as=None)
        .select_related("version__evidence")
        .defer(*(f"version__{name}" for name in LONG_TEXTS))
        .order_by("waits_since", "pk")
    )


def _imported(enrolment: Enrolment, criteria: Sequence[int]) -> QuerySet[ImportedDecision]:
    return enrolment.imported.in_force().filter(criterion__in=criteria)


def _of_waiting(claim: Claim) -> Past:
    return Past(
        state="waiting",
        when=claim.waits_since,  # type: ignore[attr-defined]
        submission=claim.waits_as,  # type: ignore[attr-defined]
        version=claim.version,
    )


def _of_judgement(judgement: Judgement, submission: Submission) -> Past:
    version = judgement.claim.version
    return Past(
        state=judgement.outcome,
        when=judgement.decided_at or judgement.saved_at,
        who=judgement.assessor.name,
        submission=judgement.submission_id,
        version=version,
        reason=judgement.reason,
        feedback=judgement.feedback,
        taken_back=getattr(judgement.submission, "withdrawal", None),
        same_evidence=version.evidence_id == submission.version.evidence_id,
    )


def _of_import(imported: ImportedDecision) -> Past:
    return Past(
        state="imported",
        when=imported.decided_on,
        who=imported.decided_by_name,
        where=imported.decided_at_centre,
    )


def earlier_feedback(submission: Submission) -> list[Submission]:
    """What the learner was told before in this unit: on this evidence first, then newest first."""
    nearest = Case(
        When(version__evidence=submission.version.evidence_id, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    told = (
        Submission.objects.in_force()
        .filter(enrolment=submission.enrolment_id)
        .exclude(decided_at=None)
        .exclude(pk=submission.pk)
    )
    return list(
        told.select_related("version__evidence", "decided_by")
        .defer("frozen", "marked_against", *(f"version__{name}" for name in LONG_TEXTS))
        .prefetch_related("action_points")
        .order_by(nearest, "-decided_at", "-pk")[:EARLIER_SHOWN]
    )
