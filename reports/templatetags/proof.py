from typing import Any

from django import template

from reports.proof.permissions import can_take_proof

register = template.Library()


@register.inclusion_tag("reports/proof/_take.html", takes_context=True)
def take_proof(context: dict[str, Any]) -> dict[str, Any]:
    """The way to the bundle, for those who may have it."""
    request = context["request"]
    return {"request": request, "may_take": can_take_proof(request.user, request.centre)}
