"""What static/js/anchors says."""

from django.utils.translation import gettext as _


def place_words() -> dict[str, str]:
    return {
        "placeQuote": _("“{words}”"),
        "placeQuoteOnPage": _("page {page}: {words}"),
        "placePart": _("marked part"),
        "placePartOfPage": _("page {page}, marked part"),
        "placeMoment": _("{begins} to {ends}"),
        "placePage": _("page {page}"),
        "placePages": _("pages {first} to {last}"),
        "placeWhole": _("all of it"),
        "placeNamed": _("{name}, {place}"),
        "placeRemove": _("Remove"),
        "placeRemoveNamed": _("Remove from {code}: {place}"),
        "placeMarkingFor": _(
            "Marking for {code}: choose words, mark a part, or mark start and end while it plays."
        ),
        "placeTaken": _("Marked: {place}. Next: choose what it shows, and add it."),
        "placeAdded": _("Added to {code}: {place}"),
        "placeAddedTyped": _("The place is added."),
        "placeKeeping": _("Saving…"),
        "placeKept": _("Saved."),
        "placeNotKept": _("Not saved yet. Keep this page open: we will try again."),
        "placeRefused": _("Not saved: see what is said at the criterion."),
        "placeByKeys": _("Choose words with the keyboard"),
        "placeByKeysHow": _(
            "Arrow keys move by a word or line, Shift and arrow keys choose, Enter goes on, Escape "
            "gives up."
        ),
        "placeNoWords": _("There are no words to choose on this page."),
        "placeBeyond": _("That is beyond what is shown here. Download the file to see it."),
        "placeBack": _("Back to {code}"),
        "placeLeave": _("Leave"),
        "feedbackPlaceAdded": _("The place is marked."),
        "feedbackCommentAdded": _("Your comment is saved. It goes out with your decision."),
        "feedbackCommentGone": _("The comment is taken out."),
        "bankInserted": _("Inserted."),
    }
