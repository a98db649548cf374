"""Facts to HTML. The order is that of the forms an external quality assurer knows: index, unit
progress record, evidence matrix, the criteria with their decisions, the evidence, review and
feedback, unit sign-off, and the record that proves them."""

import re
from collections.abc import Collection

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from reports import facts, matrix

# Control characters, and those that turn the reading direction of what follows: they print
# nothing and can make a name read as another.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufffe\uffff]"
)


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
        "language": settings.LANGUAGE_CODE,
    }
    with translation.override(settings.LANGUAGE_CODE):
        html = render_to_string("reports/pdf/portfolio.html", context)
    return UNPRINTABLE.sub("", html)
