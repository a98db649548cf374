"""What static/js/marking says."""

from django.utils.translation import gettext as _


def marking_words() -> dict[str, str]:
    return {
        "markCutOff": _(
            "Not saved: no connection. Your words are kept in this browser, and sent as soon as it "
            "is back."
        ),
        "markKept": _("What you wrote on {when} did not reach us:"),
        "markPutBack": _("Put it back"),
        "markThrowAway": _("Throw it away"),
        "markFirst": _("This is the first claim."),
        "markLast": _("This is the last one."),
        "markFive": _("{code}: all five are ticked"),
        "markNotTicked": _("{label}: not ticked"),
        "markOpened": _("{what}: open"),
        "markClosed": _("{what}: closed"),
        "markPlace": _("{code}: {place}"),
        "markNoPlace": _("{code} names no exact place."),
        "markKeysOn": _("The keys work."),
        "markKeysOff": _("The keys are off."),
    }
