"""What comes next: for one draft, and for a learner who has just signed in."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q

from portfolio.models import EvidenceVersion, Portfolio
from portfolio.workflow import ClaimStatus, VersionStatus

DESCRIBE, CLAIM, SUBMIT = "describe", "claim", "submit"


def next_step(version: EvidenceVersion) -> str:
    """The first of the three steps that the draft has not passed yet."""
    if not (version.account.strip() or len(version.files.all())):
        return DESCRIBE
    return SUBMIT if len(version.claims.all()) else CLAIM


@dataclass(frozen=True)
class Need:
    """One item of evidence that waits for its learner."""

    version: EvidenceVersion
    actions: Sequence[Any]  # assessments' action points, which this room knows only from afar

    @property
    def step(self) -> str:
        return next_step(self.version)

    @property
    def not_yet(self) -> int:
        claims = self.version.claims.all()
        return sum(1 for each in claims if each.status == ClaimStatus.NOT_YET)

    @property
    def due_on(self) -> datetime.date | None:
        return min((each.due_on for each in self.actions if not each.done_at), default=None)


@dataclass(frozen=True)
class Needs:
    returned: list[Need]
    drafts: list[Need]
    agreed: list[Need]  # accepted, with something still to do by a date

    def __len__(self) -> int:
        return len(self.returned) + len(self.drafts) + len(self.agreed)


def needs_of(portfolio: Portfolio) -> Needs:
    """What waits for the learner, the most pressing first of each kind."""
    found = [Need(version, decided_actions(version)) for version in _unfinished(portfolio)]
    returned = [each for each in found if each.version.status == VersionStatus.RETURNED]
    agreed = [each for each in found if each.version.status == VersionStatus.ACCEPTED]
    last = datetime.date.max
    return Needs(
        returned=sorted(returned, key=lambda each: each.due_on or last),
        drafts=[each for each in found if each.version.is_draft],
        agreed=sorted(agreed, key=lambda each: each.due_on or last),
    )


def _unfinished(portfolio: Portfolio) -> list[EvidenceVersion]:
    agreed = Q(
        status=VersionStatus.ACCEPTED,
        submissions__action_points__isnull=False,
        submissions__action_points__done_at=None,
        submissions__withdrawal=None,
    )
    mine = EvidenceVersion.objects.filter(evidence__portfolio=portfolio).current()
    hers = Q(evidence__recorded_by=None)  # an assessor's record is for them to go on with
    unfinished = Q(status__in=[VersionStatus.DRAFT, VersionStatus.RETURNED]) & hers
    waiting = mine.filter(unfinished | agreed)
    return list(
        EvidenceVersion.objects.filter(pk__in=waiting.values("pk"))
        .select_related("evidence")
        .prefetch_related("claims", "files", _answers())
        .order_by("-evidence__number")
    )


def _answers() -> Prefetch:
    """Submissions with what they ask for, less those whose decision was taken back. They are
    assessments' rows, which this room knows only by its own versions' reverse relation."""
    submission = EvidenceVersion._meta.get_field("submissions").related_model
    standing = submission._base_manager.filter(withdrawal=None).defer("frozen", "marked_against")
    return Prefetch("submissions", standing.prefetch_related("action_points").order_by("pk"))


def answers_before(version: EvidenceVersion) -> list[Any]:
    """What was answered to the version before, to have at hand while this one is written."""
    earlier = EvidenceVersion.objects.filter(evidence=version.evidence_id)
    before = earlier.filter(number__lt=version.number).order_by("-number").first()
    if before is None:
        return []
    return list(
        before.submissions.in_force()
        .exclude(decided_at=None)
        .select_related("version", "decided_by", "enrolment__edition__standard")
        .prefetch_related("action_points")
    )


def decided_actions(version: EvidenceVersion) -> list[Any]:
    """The action points of decisions already given, soonest first."""
    points = [
        point
        for submission in version.submissions.all()
        if submission.decided_at
        for point in submission.action_points.all()
    ]
    return sorted(points, key=lambda point: (point.due_on, point.pk))
