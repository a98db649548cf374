"""For a minute after sending it, whoever decided can take a decision back."""

import time
from datetime import timedelta

from django.contrib.sessions.backends.base import SessionBase
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Centre, User
from assessments.models import Record, Submission, Withdrawal
from assessments.workflow import RecordStatus
from portfolio.models import EvidenceVersion
from portfolio.workflow import EnrolmentStatus, VersionStatus

UNDO_WITHIN = timedelta(seconds=60)
SENT_AT = "decision_sent_at"


def last_decision(user: User, centre: Centre) -> Submission | None:
    """What this person decided last, while they may still take it back."""
    recent = Submission.objects.in_centre(centre).filter(
        decided_by=user, decided_at__gt=timezone.now() - UNDO_WITHIN
    )
    rows = recent.select_related(
        "version__evidence", "enrolment__edition__standard", "enrolment__portfolio__learner"
    )
    latest = rows.defer("frozen", "marked_against").order_by("-decided_at", "-pk").first()
    return latest if latest and may_be_undone(latest) else None


def remember_sending(session: SessionBase) -> None:
    """So that no page asks the database whether there is something to undo but in the minute
    after a decision."""
    session[SENT_AT] = time.time()


def has_just_sent(session: SessionBase) -> bool:
    return time.time() - session.get(SENT_AT, 0) <= UNDO_WITHIN.total_seconds()


def seconds_left(submission: Submission) -> int:
    if submission.decided_at is None:
        return 0
    left = submission.decided_at + UNDO_WITHIN - timezone.now()
    return max(0, int(left.total_seconds()))


def is_in_time(submission: Submission) -> bool:
    decided = submission.decided_at
    return decided is not None and timezone.now() - decided <= UNDO_WITHIN


def may_be_undone(submission: Submission) -> bool:
    """For the button; the verb itself asks again, each with its own words."""
    return (
        is_in_time(submission)
        and submission.enrolment.status == EnrolmentStatus.ACTIVE
        and submission.is_in_force
        and not (submission.round > 1 and follows_an_undone(submission))
        and not later_versions(submission).exists()
        and not is_made_anew(submission)
    )


def follows_an_undone(submission: Submission) -> bool:
    """One change of mind is a slip of the hand; a second is a decision to be defended."""
    return Withdrawal.objects.filter(
        kind=Withdrawal.Kind.UNDONE,
        submission__version=submission.version_id,
        submission__enrolment=submission.enrolment_id,
        submission__round=submission.round - 1,
    ).exists()


def is_made_anew(submission: Submission) -> bool:
    """An assessor's record is begun anew before its next version is there: written questions get
    theirs only with the answers."""
    record = Record.objects.filter(evidence=submission.version.evidence_id)
    return record.exclude(status=RecordStatus.CONFIRMED).exists()


def later_versions(submission: Submission) -> QuerySet[EvidenceVersion]:
    """What the learner has begun since: the answer has reached her."""
    version = submission.version
    return EvidenceVersion.objects.filter(
        evidence=version.evidence_id, number__gt=version.number
    ).exclude(status=VersionStatus.WITHDRAWN)
