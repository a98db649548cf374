"""How large a file is, as people write it."""

import re

from django import template
from django.template.defaultfilters import filesizeformat

register = template.Library()

# Its one digit after the point, where that says nothing; in whichever way a language marks it.
NOTHING_MORE = re.compile(r"[.,]0(?=\D*$)")


@register.filter
def plain_size(size: int) -> str:
    """ "512 MB" and "1.5 MB": what Django says, without the ".0" of whole ones."""
    return NOTHING_MORE.sub("", filesizeformat(size))
