"""What an assessor had written goes over into the next round as drafts: no word is lost."""

from typing import Any, TypeVar

from django.db import models

from assessments.models import ActionPoint, FeedbackDraft, PointTick, Submission

Row = TypeVar("Row", bound=models.Model)


def carry_drafts(source: Submission, target: Submission) -> None:
    """Copies of everybody's judgements, decided or not, with all that belongs to them."""
    _judgements(source, target)
    _feedback(source, target)
    for point in source.action_points.all():
        ActionPoint.objects.create(
            submission=target,
            text=point.text,
            due_on=point.due_on,
            created_by_id=point.created_by_id,
        )
    for comment in source.comments.all():
        _again(comment, target)


def _judgements(source: Submission, target: Submission) -> None:
    for judgement in source.judgements.prefetch_related("ticks"):
        ticks = list(judgement.ticks.all())
        copy = _again(judgement, target, decided_at=None)
        PointTick.objects.bulk_create(
            PointTick(judgement=copy, marking_point_id=each.marking_point_id, wording=each.wording)
            for each in ticks
        )


def _feedback(source: Submission, target: Submission) -> None:
    for draft in source.feedback_drafts.all():
        _again(draft, target)
    if source.decided_by_id is not None:
        FeedbackDraft.objects.create(
            submission=target, assessor_id=source.decided_by_id, text=source.feedback, revision=1
        )


def _again(row: Row, target: Submission, **changes: Any) -> Row:
    """A copy of the row for the next round, changed where said."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    values |= {"id": None, "submission_id": target.pk, **changes}
    return type(row)._base_manager.create(**values)
