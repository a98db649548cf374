"""The assessor's five judgements of one claim, as a learner reads them."""

from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

register = template.Library()

# By the judgement's own field: what is said where it holds, and where it does not.
SENTENCES: dict[str, tuple[Promise, Promise]] = {
    "valid": (
        _("It shows what the criterion asks for"),
        _("It does not show what the criterion asks for"),
    ),
    "authentic": (_("It is clear whose work it is"), _("It is not clear whose work it is")),
    "reliable": (_("It can be relied on"), _("It can't be relied on yet")),
    "current": (_("It is recent enough"), _("It is not recent enough")),
    "sufficient": (_("There is enough of it"), _("There is not enough of it yet")),
}


@register.filter
def in_plain_words(judgement: Any) -> list[tuple[bool, Promise]]:
    """Each of the five: whether it holds, and the sentence that says so."""
    return [
        (holds, says[0] if holds else says[1])
        for name, says in SENTENCES.items()
        for holds in [bool(getattr(judgement, name))]
    ]
