"""What the script of the hiding pages says."""

from django.utils.translation import gettext as _


def hiding_words() -> dict[str, str]:
    return {
        "redactBox": _("Box {n}"),
        "redactTime": _("Time {n}"),
        "redactTakeOut": _("Take out: {what}"),
        "redactAdded": _("Added to what will be hidden: {what}"),
        "redactGone": _("{what} is taken out."),
    }
