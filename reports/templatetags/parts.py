"""Where the parts of a report end, each of which is laid out and kept by itself.

An end must not move because something else changed, so it hangs on a number that stays, and on
what stands before it only as far as that is large.
"""

from collections.abc import Sequence

from django import template
from django.utils.safestring import SafeString, mark_safe

from reports import facts
from reports.parts.splitting import CUT

register = template.Library()

ITEMS = 10  # pieces of evidence in a part, unless one is long
CRITERIA = 30
A_KIND = 10  # criteria of one kind that are worth pages of their own
LONG_ACCOUNT = 4_000  # characters: more than a page
MANY_CLAIMS = 10

AGAIN = {
    "": '</section>{}<section class="part">',
    "matrix-part": '</section>{}<section class="part matrix-part">',
    "unit": '</section></section>{}<section class="part"><section class="unit">',
    "entries": '</div></section>{}<section class="part"><div class="entries">',
}


@register.simple_tag
def cut() -> SafeString:
    """Between two sections of the document."""
    return mark_safe(CUT)  # noqa: S308 - our own


@register.simple_tag
def next_part(inside: str = "") -> SafeString:
    """Inside a section, which goes on in the next part, on a new page."""
    return mark_safe(AGAIN[inside].format(CUT))  # noqa: S308 - our own


@register.filter
def ends_part_after(unit: facts.Unit, number: int) -> bool:
    """Whether a part of the unit's criteria ends with this one, counted from 1."""
    before, after = unit.criteria[:number], unit.criteria[number:]
    last, kind = before[-1], after[0].kind
    if number % CRITERIA == 0 or len(last.claims) >= MANY_CLAIMS:
        return True
    return kind != last.kind and min(_many(before, last.kind), _many(after, kind)) >= A_KIND


def _many(criteria: Sequence[facts.Criterion], kind: str) -> int:
    return sum(each.kind == kind for each in criteria)


@register.filter
def ends_part(item: facts.Evidence, number: int) -> bool:
    return number % ITEMS == 0 or _length(item) >= LONG_ACCOUNT


def _length(item: facts.Evidence) -> int:
    return sum(len(version.account) + 1500 * len(version.pictures) for version in item.versions)
