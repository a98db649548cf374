"""{% viewer file %} and {% account_viewer version %}: evidence seen without downloading it."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from files.models import PreviewPart
from portfolio.anchors.labels import clock
from portfolio.models import Anchor, EvidenceFile, EvidenceVersion
from portfolio.viewing import Shown, ShownAccount

register = template.Library()


@register.inclusion_tag("portfolio/viewers/viewer.html", takes_context=True)
def viewer(
    context: template.Context,
    file: EvidenceFile,
    *,
    anchors: Iterable[Anchor] = (),
    among: Iterable[EvidenceFile] = (),
    marking: bool = False,
    large: bool = False,
) -> dict[str, Any]:
    """`anchors` may be those of the whole version; `among` are the files to look for captions.

    `marking` offers the tools that mark a part or a moment. Load the rows with
    `portfolio.viewing.to_view`.
    """
    return {
        "request": context["request"],
        "shown": Shown(file, anchors, among, large=large),
        "file": file,
        "marking": marking,
    }


@register.inclusion_tag("portfolio/viewers/account.html")
def account_viewer(
    version: EvidenceVersion, *, anchors: Iterable[Anchor] = ()
) -> dict[str, ShownAccount]:
    return {"shown": ShownAccount(version, anchors)}


@register.simple_tag(takes_context=True)
def source_of(context: template.Context, shown: Shown) -> str:
    """What a picture or player shows: the copy that was made, or the file where none was needed."""
    part = shown.playable or shown.part(PreviewPart.Role.PICTURE)
    centre = context["request"].centre.slug
    if part is None:
        return reverse("portfolio:file", args=[centre, shown.file.pk]) + "?preview=1"
    return reverse("portfolio:preview_part", args=[centre, shown.file.pk, part.role, part.number])


@register.simple_tag
def tool_icon(name: str) -> SafeString:
    """A picture on a viewer's button; the button's name says what it does."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("img/viewer.svg"),
        name,
    )


register.filter("clock", clock)


@register.filter
def point(value: float | None) -> str:
    """A number for a script or an address, never with a decimal comma."""
    return f"{value or 0:.3f}".rstrip("0").rstrip(".")
