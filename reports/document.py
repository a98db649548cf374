"""Facts to HTML. The order is that of the forms an external quality assurer knows: index, unit
progress record, evidence matrix, the criteria with their decisions, the evidence, review and
feedback, unit sign-off, and the record that proves them."""

import re
import unicodedata
from collections.abc import Collection

from django.template.loader import render_to_string
from django.utils import translation

from reports import facts, matrix

# Control characters, and those that turn the reading direction of what follows: they print
# nothing and can make a name read as another.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufffe\uffff]"
)

# No font that a server surely has draws these; their names read well and can be heard, too.
PICTOGRAPH = re.compile(
    "([\U0001f000-\U0001faff\u231a\u231b\u23e9-\u23f3\u2705\u270a\u270b\u2728\u274c\u274e"
    "\u2753-\u2755\u2757\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55])"
    "[\u200d\ufe0f\U0001f3fb-\U0001f3ff]*"
)

# A tag, or a run without a place to break a line. Trying every letter of such a run as the line's
# last takes a time that grows with the square of its length: minutes, for what a paste can bring.
TAG_OR_RUN = re.compile(r"<[^>]*>|[^\s<&]{200}")


def _with_places_to_break(found: re.Match[str]) -> str:
    return found[0] if found[0].startswith("<") else f"{found[0]}<wbr>"


ID = re.compile(r'\sid="([^"]+)"')
LINK = re.compile(r'\shref="#([^"]+)"')


def _with_live_links(html: str) -> str:
    """A summary names evidence and criteria that it does not print: there is nowhere to go."""
    here = frozenset(ID.findall(html))
    return LINK.sub(lambda link: link[0] if link[1] in here else "", html)


def _named(found: re.Match[str]) -> str:
    return f"[{unicodedata.name(found[1], 'picture').lower()}]"


def render(
    portfolio: facts.Portfolio,
    *,
    unreadable: Collection[str] = frozenset(),
    lost: Collection[str] = frozenset(),
) -> str:
    """The whole report. `unreadable` pictures and `lost` files (SHA-256) are named as such."""
    context = {
        "portfolio": portfolio,
        "units": [(unit, matrix.sheets(unit, portfolio.evidence)) for unit in portfolio.units],
        "unreadable": unreadable,
        "lost": lost,
        "language": portfolio.options.language,
    }
    with translation.override(portfolio.options.language):
        html = render_to_string("reports/pdf/portfolio.html", context)
    printable = PICTOGRAPH.sub(_named, UNPRINTABLE.sub("", html))
    return _with_live_links(TAG_OR_RUN.sub(_with_places_to_break, printable))
