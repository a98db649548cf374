"""{% likenesses_of version %}: a callout where assessors and quality assurers mark."""

from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portfolio.models import EvidenceVersion, Likeness, TemplateText

register = template.Library()

AT_A_GLANCE = 5
FORM_KINDS = {
    Likeness.Kind.SAME_BYTES: _("A file"),
    Likeness.Kind.PICTURE: _("A picture"),
    Likeness.Kind.TEXT: _("A text"),
}


@register.inclusion_tag("portfolio/_likenesses.html", takes_context=True)
def likenesses_of(context: template.Context, version: EvidenceVersion) -> dict[str, Any]:
    """Nothing at all for anybody else. The page was opened by one who may see the version."""
    request = context["request"]
    seen = Likeness.objects.on(version).open().readable_by(request.user)
    found = list(
        seen.select_related(
            "version__evidence__portfolio__learner", "other_version__evidence__portfolio__learner"
        )[: AT_A_GLANCE + 1]
    )
    rows = [(each, each.other_than(version)) for each in found[:AT_A_GLANCE]]
    return {"request": request, "rows": rows, "more": len(found) > AT_A_GLANCE}


@register.filter
def percent(share: float) -> int:
    """Never rounded up to all of it."""
    return int(share * 100)


@register.filter
def form_kind(form: TemplateText) -> str | Promise:
    """What a shared form is."""
    return FORM_KINDS[Likeness.Kind(form.kind)]
