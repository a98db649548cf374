"""What stands beside decisions on the assessor's pages."""

from typing import Any

from django import template
from django.template import Context

from assessments import undoing
from assessments.models import SignOff, Submission
from assessments.permissions import can_view_marking, can_withdraw, can_withdraw_sign_off
from assessments.retention import Keeping, keeping_of
from portfolio.models import Interest, Portfolio
from portfolio.permissions import can_see_interests

register = template.Library()


@register.simple_tag(takes_context=True)
def last_decision(context: Context) -> dict[str, Any] | None:
    """What this person sent within the last minute, and how long they can take it back."""
    request = context["request"]
    if not undoing.has_just_sent(request.session):
        return None
    found = undoing.last_decision(request.user, request.centre)
    if found is None:
        return None
    return {"submission": found, "seconds": undoing.seconds_left(found)}


@register.simple_tag(takes_context=True)
def declared_ties(context: Context) -> list[Interest]:
    """The running ties to this learner that the person may know of: an assessor's own."""
    user = context["request"].user
    enrolment = context.get("enrolment") or context["submission"].enrolment
    if not can_see_interests(user, enrolment.portfolio):
        return []
    ties = Interest.objects.visible_to(user).running().filter(portfolio=enrolment.portfolio_id)
    return list(ties.select_related("person"))


@register.simple_tag
def keeping(portfolio: Portfolio) -> Keeping:
    """Until when its records are kept, or what stops that clock."""
    return keeping_of(portfolio)


@register.simple_tag
def last_round(submission: Submission) -> Submission:
    """The round in which the same work stands now."""
    rounds = Submission.objects.filter(version=submission.version_id, round__gt=submission.round)
    later = rounds.filter(enrolment=submission.enrolment_id).only("pk").order_by("-round").first()
    return later or submission


@register.simple_tag(takes_context=True)
def may_view_marking(context: Context, submission: Submission) -> bool:
    return can_view_marking(context["request"].user, submission)


@register.simple_tag(takes_context=True)
def may_withdraw(context: Context, submission: Submission) -> bool:
    user = context["request"].user
    decided = submission.decided_at and submission.is_in_force
    return bool(decided) and can_withdraw(user, submission)


@register.simple_tag(takes_context=True)
def may_withdraw_sign_off(context: Context, sign_off: SignOff) -> bool:
    standing = sign_off.status != SignOff.Status.REFUSED and sign_off.is_in_force
    return standing and can_withdraw_sign_off(context["request"].user, sign_off)
