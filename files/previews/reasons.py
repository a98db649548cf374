"""Why there is no preview, in plain words; a maker only names the reason."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: dict[str, Promise] = {
    "no_kind": _("There is no preview of this kind of file. Download it to open it."),
    "damaged": _("This file is damaged or unusual, so it cannot be shown here. Download it."),
    "damaged_picture": _("This picture is damaged or far too large to show."),
    "damaged_recording": _("This recording is damaged or unusual, so it cannot be played here."),
    "locked": _("This file needs a password, so it cannot be shown here."),
    "no_text": _("There is no text in this file."),
    "too_many_pages": _("This file has %(pages)s pages, too many to show. Download it."),
    "unpacks": _("This file unpacks to far more than it should, so it is not opened here."),
    "too_large": _("This file is too large to show here. Download it."),
    "too_deep": _("This e-mail has too many others inside it to show. Download it."),
    "too_long": _("This recording is longer than %(hours)s hours, too long to show. Download it."),
    "too_slow": _("Showing this file takes far too long, so it is not done. Download it."),
    "too_much_memory": _("Showing this file needs too much memory. Download it to open it."),
    "stopped": _("Preparing this file stopped half-way %(times)s times. Download it to open it."),
    "lost": _("The bytes of this file are missing. Tell whoever runs the server."),
    "no_such_page": _("This file has no such page."),
    "no_film": _("There is no picture at this moment."),
}
NOTES: dict[str, Promise] = {
    "too_long_to_copy": _(
        "This recording is too long to prepare a copy that browsers play. Download it to play it."
    ),
    "no_copy": _(
        "No copy that browsers play could be made of this recording. Download it to play it."
    ),
}


def sentence(why: str, words: dict[str, object] | None = None) -> str:
    return str(REASONS[why]) % (words or {})
