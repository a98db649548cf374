"""The sentences that static/js says, so that they pass through gettext like all others."""

from django.utils.translation import gettext as _

from accounts.words_hiding import hiding_words
from accounts.words_marking import marking_words
from accounts.words_places import place_words
from accounts.words_sending import sending_words
from accounts.words_viewers import viewer_words


def script_words() -> dict[str, str]:
    return {
        "yes": _("Yes, go on"),
        "no": _("No, go back"),
        "busy": _("Working on it…"),
        "connection": _("That did not reach the server. Check your connection and try again."),
        "trouble": _("That did not work. Load the page again, then try once more."),
        "signedOut": _("You are signed out. Load the page again to sign in."),
        "drop": _("or drop them here"),
        "choose": _("Choose files"),
        "camera": _("Take a photo"),
        "sending": _("Sending {name}"),
        "percent": _("{percent} % sent"),
        "checking": _("Checking the file"),
        "isIn": _("Added"),
        "added": _("{name} is added."),
        "gone": _("{name} is taken out."),
        "stopped": _("{name} was not sent."),
        "refused": _("{name}: {reason}"),
        "tooLarge": _("This file is too large."),
        "uploadTrouble": _("This file could not be sent. Try again."),
        "cancel": _("Stop"),
        "remove": _("Remove"),
        "again": _("Try again"),
        "nameFile": _("{action}: {name}"),
        "wait": _("Your files are still being sent. We will go on when they are in."),
        "list": _("List"),
        "numbered": _("Numbered list"),
        "bold": _("Bold"),
        "tools": _("Formatting"),
        "kB": _("{size} KB"),
        "MB": _("{size} MB"),
        **viewer_words(),
        **hiding_words(),
        **sending_words(),
        **place_words(),
        **marking_words(),
    }
