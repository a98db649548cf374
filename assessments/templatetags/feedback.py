"""What assessors say beside their judgements, for the marking page."""

from collections.abc import Iterable

from django import template

from assessments.desk import ClaimOnDesk, GuideOnDesk
from assessments.models import Submission
from assessments.phrases import values_for
from portfolio.models import Claim
from standards.models import MarkingPoint

register = template.Library()


@register.simple_tag
def ticks(each: ClaimOnDesk, guides: Iterable[GuideOnDesk]) -> list[tuple[MarkingPoint, bool]]:
    """Every point that serves the unit, and whether this claim earns it as it was saved, or as
    it was sent where the form came back."""
    ticked = _ticked(each)
    return [(point, point.pk in ticked) for guide in guides for point in guide.points]


def _ticked(each: ClaimOnDesk) -> set[int]:
    if each.form and each.form.is_bound:
        sent = each.form["points"].value() or []
        return {int(value) for value in sent if str(value).isdecimal()}
    return each.ticked


@register.filter
def values_of(submission: Submission, claim: Claim | None) -> dict[str, str]:
    """What the bank's placeholders stand for."""
    return values_for(submission, claim)
