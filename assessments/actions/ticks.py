"""Which marking points a claim earns, in the words that they had when they were ticked."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assessments.models import Judgement, PointTick, Submission
from assessments.requirements import marking_points


def ticked_points(judgement: Judgement) -> set[int]:
    """The ids of those ticked so far; none of a draft that is not saved yet."""
    return {each.marking_point_id for each in judgement.ticks.all()} if judgement.pk else set()


def put_ticks(judgement: Judgement, submission: Submission, points: Collection[int]) -> None:
    """Make the ticks of a draft exactly these, within a transaction that holds the submission."""
    standing = {each.marking_point_id: each for each in judgement.ticks.all()}
    if set(points) == set(standing):
        return
    new = set(points) - set(standing)
    serving = {point.pk: point for point in marking_points(submission.enrolment)} if new else {}
    if not new <= set(serving):
        raise ValidationError(_("One of these marking points does not serve this unit."))
    judgement.ticks.exclude(marking_point__in=points).delete()
    PointTick.objects.bulk_create(
        PointTick(judgement=judgement, marking_point_id=pk, wording=serving[pk].text)
        for pk in sorted(new)
    )
