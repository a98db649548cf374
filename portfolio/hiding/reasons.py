"""Why a copy could not be made, in plain words; a maker only names the reason."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: dict[str, Promise] = {
    "damaged": _("This file is damaged or unusual, so nothing could be hidden in it."),
    "damaged_recording": _("This recording is damaged or unusual, so nothing could be hidden."),
    "locked": _("This file needs a password. Save it without one and add it again."),
    "too_many_pages": _("This file has more than %(pages)s pages. Add only those that you need."),
    "no_such_page": _("One of the boxes is on a page that is not there."),
    "too_long": _("This recording is longer than %(hours)s hours. Cut it, then add it again."),
    "too_slow": _("This took far too long, so it was stopped. Add a shorter file."),
    "too_much_memory": _("This needs more memory than the server has. Add a smaller file."),
    "too_large": _("The copy would be too large. Add a shorter file."),
    "stopped": _("This stopped half-way several times. Try again; if it fails, tell your centre."),
    "lost": _("The bytes of this file are missing. Tell your centre's admin."),
    "gone": _("The file was taken out of the evidence meanwhile, so nothing was hidden."),
    "text_changed": _("The words of this file could not be read again. Mark them anew."),
}


def sentence(why: str, words: dict[str, object] | None = None) -> str:
    return str(REASONS.get(why, REASONS["damaged"])) % (words or {})
