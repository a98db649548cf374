"""How a standard's own words are shown: partial dates, section headings, anchors."""

import re
from datetime import date

from django import template
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext, gettext_lazy

from standards.models import Edition

register = template.Library()

SECTIONS = {
    "overview": gettext_lazy("Overview"),
    "scope_range": gettext_lazy("Scope/range"),
    "scope_performance": gettext_lazy("Scope/range relating to performance criteria"),
    "scope_knowledge": gettext_lazy("Scope/range relating to knowledge and understanding"),
    "values": gettext_lazy("Values"),
    "behaviours": gettext_lazy("Behaviours"),
    "skills": gettext_lazy("Skills"),
    "glossary": gettext_lazy("Glossary"),
    "links_to_other_nos": gettext_lazy("Links to other standards"),
    "external_links": gettext_lazy("External links"),
    "evidence_requirements": gettext_lazy("Evidence requirements"),
    "additional_information": gettext_lazy("Additional information"),
}
FORMS = {1: "Y", 2: "F Y", 3: "j F Y"}


@register.filter
def partial_date(value: str) -> str:
    """2013, 2013-01 or 2013-01-05, as far as it is known."""
    try:
        parts = [int(part) for part in value.split("-")]
        return format_date(date(*[*parts, 1, 1][:3]), FORMS[len(parts)])
    except (ValueError, KeyError):
        return value


@register.filter
def section_heading(key: str) -> str:
    known = SECTIONS.get(key)
    return str(known) if known else key.replace("_", " ").capitalize()


@register.simple_tag
def edition_name(edition: Edition) -> str:
    """What tells one edition of a standard from another."""
    approved = (
        gettext("Approved %s") % partial_date(edition.approved_on)
        if edition.approved_on
        else gettext("Approval date not printed")
    )
    if not edition.version:
        return approved
    return gettext("%(approved)s, version %(version)s") % {
        "approved": approved,
        "version": edition.version,
    }


@register.filter
def anchor(code: str) -> str:
    """A code as the id of its place on the page."""
    return re.sub(r"\s+", "-", code)


@register.filter
def paragraphs(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n\s*\n|\n", text) if part.strip()]


@register.filter
def missing_name(key: str) -> str:
    return {"urn": gettext("URN"), "title": gettext("title")}.get(key, key)
