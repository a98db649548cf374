"""What is said on a submission as a whole: before, on other evidence of the unit, and now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Case, F, FilteredRelation, IntegerField, Q, QuerySet, Value, When

from accounts.models import User
from assessments.models import Submission

EARLIER_SHOWN = 5


@dataclass(frozen=True)
class Action:
    pk: int
    text: str
    due_on: date
    by: int
    name: str
    done_at: datetime | None  # the learner says so


@dataclass
class Told:
    """The feedback of one decision, and what the learner was to do next."""

    submission: int
    status: str
    decided_at: datetime | None
    who: str | None
    feedback: str
    evidence: int
    version: int
    same_evidence: bool
    actions: list[Action] = field(default_factory=list)


@dataclass(frozen=True)
class Words:
    """`draft` is this person's own, unfinished; `earlier` is on this evidence first, then newest
    first."""

    earlier: list[Told]
    actions: list[Action]
    draft: str
    revision: int


def words_around(submission: Submission, user: User) -> Words:
    """All of it by one query."""
    found: dict[int, Told] = {}
    draft, revision = "", 0
    for row in _rows(submission, user):
        told = found.setdefault(row["pk"], _told(row, submission))
        if row["action_points__pk"]:
            told.actions.append(_action(row))
        if row["pk"] == submission.pk and row["own__text"] is not None:
            draft, revision = row["own__text"], row["own__revision"]
    this = found.pop(submission.pk)
    return Words(list(found.values()), this.actions, draft, revision)


def _rows(submission: Submission, user: User) -> QuerySet[Submission, dict[str, Any]]:
    nearest = Case(
        When(version__evidence=submission.version.evidence_id, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    told = (
        Submission.objects.in_force()
        .filter(enrolment=submission.enrolment_id, decided_at__isnull=False)
        .exclude(pk=submission.pk)
        .order_by(nearest, "-decided_at", "-pk")
    )
    return (
        Submission.objects.filter(Q(pk=submission.pk) | Q(pk__in=told.values("pk")[:EARLIER_SHOWN]))
        .annotate(
            own=FilteredRelation("feedback_drafts", condition=Q(feedback_drafts__assessor=user)),
            nearest=nearest,
            by=F("decided_by__name"),
        )
        .order_by("nearest", "-decided_at", "-pk", "action_points__due_on", "action_points__pk")
        .values(
            *("pk", "status", "decided_at", "by", "feedback", "own__text", "own__revision"),
            *("version__number", "version__evidence", "version__evidence__number"),
            *("action_points__pk", "action_points__text", "action_points__due_on"),
            *("action_points__created_by", "action_points__created_by__name"),
            "action_points__done_at",
        )
    )


def _told(row: Mapping[str, Any], submission: Submission) -> Told:
    return Told(
        submission=row["pk"],
        status=row["status"],
        decided_at=row["decided_at"],
        who=row["by"],
        feedback=row["feedback"],
        evidence=row["version__evidence__number"],
        version=row["version__number"],
        same_evidence=row["version__evidence"] == submission.version.evidence_id,
    )


def _action(row: Mapping[str, Any]) -> Action:
    return Action(
        pk=row["action_points__pk"],
        text=row["action_points__text"],
        due_on=row["action_points__due_on"],
        by=row["action_points__created_by"],
        name=row["action_points__created_by__name"],
        done_at=row["action_points__done_at"],
    )
