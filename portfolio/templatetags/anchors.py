"""{% anchor_links claim %}: the exact places of a claim, as links that go there."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portfolio.models import Anchor, Claim, Place

register = template.Library()


@register.inclusion_tag("portfolio/_anchors.html", takes_context=True)
def anchor_links(context: template.Context, claim: Claim, elsewhere: str = "") -> dict[str, Any]:
    """Load the claims with `portfolio.viewing.places_of_claims`. `elsewhere` is the address of the
    page that shows the evidence, where this one does not."""
    return {
        "request": context["request"],
        "claim": claim,
        "places": listed(claim),
        "elsewhere": elsewhere,
    }


class Listed(NamedTuple):
    """A place in a list: whose it is where not the learner's, and what stands for what."""

    anchor: Anchor
    whose: str
    replaces: Anchor | None
    replaced_by: Anchor | None


@register.filter
def listed(claim: Claim) -> list[Listed]:
    """A claim's places as they were loaded; one that was replaced by a place that is not among
    them counts as it stands."""
    anchors = list(claim.anchors.all())
    known = {each.pk: each for each in anchors}
    replaced = {each.replaced_by_id: each for each in anchors if each.replaced_by_id in known}
    return [
        Listed(
            each,
            each.made_by.name if _is_anothers(each, claim) else "",
            replaced.get(each.pk),
            known.get(each.replaced_by_id),
        )
        for each in anchors
    ]


def _is_anothers(anchor: Anchor, claim: Claim) -> bool:
    """Asked of the database only where the page did not ask for all places at once."""
    known: bool | None = getattr(anchor, "by_another", None)
    return anchor.made_by_id != claim.enrolment.portfolio.learner_id if known is None else known


@register.simple_tag(takes_context=True)
def anchor_link(context: template.Context, anchor: Anchor, elsewhere: str = "") -> SafeString:
    return _link(context, anchor, anchor.named_label, "anchor-link", elsewhere)


@register.simple_tag(takes_context=True)
def code_link(context: template.Context, claim: Claim) -> SafeString:
    """The criterion's code, which leads to the first place where it is shown."""
    code = claim.criterion.code
    first = next((each.anchor for each in listed(claim) if not each.replaced_by), None)
    if first is None:
        return format_html('<span class="code">{}</span>', code)
    return _link(context, first, code, "code")


@register.simple_tag(takes_context=True)
def place_link(context: template.Context, plain: Mapping[str, Any], pk: int | None) -> str:
    """Where a place can be seen without scripts: on this page, or by the browser's own player."""
    if plain["kind"] == "moment":
        centre = context["request"].centre.slug
        file = reverse("portfolio:file", args=[centre, plain["file"]])
        return f"{file}?preview=1#t={_number(plain['begins'])},{_number(plain['ends'])}"
    if plain["file"] is None:
        return f"#mark-{pk}" if pk and plain["kind"] == "passage" else "#account-viewer"
    if plain["page"] or plain["kind"] == "region":
        return f"#file-{plain['file']}-page-{plain['page'] or 1}"
    return f"#mark-{pk}" if pk and plain["kind"] == "passage" else f"#file-{plain['file']}"


@register.filter
def as_json(plain: Mapping[str, Any]) -> str:
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


@register.simple_tag(takes_context=True)
def place_of(context: template.Context, place: Place, elsewhere: str = "") -> SafeString:
    """A link to a place that is no claim's, such as a comment's. Load it with its file."""
    address = elsewhere or place_link(context, place.plain, None)
    return format_html(
        '<a class="anchor-link" href="{}" data-anchor="{}">{}</a>',
        address,
        as_json(place.plain),
        place.named_label,
    )


def _link(
    context: template.Context, anchor: Anchor, words: str, css: str, elsewhere: str = ""
) -> SafeString:
    plain = {**anchor.plain, "id": anchor.pk}
    here = place_link(context, plain, anchor.pk)
    address = f"{elsewhere}#mark-{anchor.pk}" if elsewhere else here
    return format_html(
        '<a class="{}" href="{}" data-anchor="{}">{}</a>', css, address, as_json(plain), words
    )


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")
