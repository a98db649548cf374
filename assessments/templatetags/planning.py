"""What of plans and rules stands on pages that are about something else."""

from typing import Any

from django import template
from django.template import Context

from assessments.permissions import can_plan
from assessments.planning import (
    overdue_for_assessor,
    overdue_of,
    points_of,
    to_agree,
)
from assessments.unit_rules import unmet_rules
from portfolio.models import Enrolment, Portfolio

register = template.Library()

AT_A_GLANCE = 5


@register.inclusion_tag("assessments/_plan_on_unit.html", takes_context=True)
def plan_on_unit(context: Context, enrolment: Enrolment) -> dict[str, Any]:
    """The running plan, what decisions asked for, and which rules are unmet yet."""
    request = context["request"]
    plans = list(enrolment.plans.prefetch_related("actions"))
    is_active = enrolment.status == Enrolment.Status.ACTIVE
    return {
        "request": request,
        "enrolment": enrolment,
        "is_own": enrolment.portfolio.learner_id == request.user.pk,
        "plan": next((each for each in plans if not each.reviewed_at), None),
        "plans": plans,
        "points": points_of(enrolment) if is_active else [],
        "needed": unmet_rules([enrolment])[enrolment.pk] if is_active else [],
        "may_plan": is_active and can_plan(request.user, enrolment),
    }


@register.inclusion_tag("assessments/_plans_on_home.html", takes_context=True)
def plans_on_home(context: Context, portfolio: Portfolio) -> dict[str, Any]:
    """Plans that wait for the learner's agreement, and what is overdue of them."""
    return {
        "request": context["request"],
        "to_agree": to_agree(portfolio),
        "overdue": overdue_of(portfolio),
        "is_own": True,
    }


@register.inclusion_tag("assessments/_overdue.html", takes_context=True)
def overdue_for_me(context: Context) -> dict[str, Any]:
    """What is overdue in the units that this assessor has."""
    request = context["request"]
    found = overdue_for_assessor(request.user, request.centre)
    return {
        "request": request,
        "overdue": found[:AT_A_GLANCE],
        "more": len(found) - AT_A_GLANCE,
        "is_own": False,
    }


@register.filter
def may_mark(action: Any, markable: set[int]) -> bool:
    return action.pk in markable
