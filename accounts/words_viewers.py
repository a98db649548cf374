"""What the viewers of evidence say (static/js/viewers)."""

from django.utils.translation import gettext as _


def viewer_words() -> dict[str, str]:
    return {
        "viewerPage": _("Page {number}"),
        "viewerZoom": _("{percent} %"),
        "viewerTurned": _("Turned by {degrees} degrees"),
        "viewerMarked": _("Marked here:"),
        "viewerBox": _("Box that marks a part"),
        "viewerBoxDraw": _("Draw a box around the part you mean."),
        "viewerBoxKeys": _(
            "Arrow keys move the box, with Shift they change its size. Enter takes it, Esc ends."
        ),
        "viewerBoxAt": _(
            "{x} % from the left, {y} % from the top, {width} % wide, {height} % high"
        ),
        "viewerBoxTaken": _("The part is marked."),
        "viewerTime": _("{now} of {all}"),
        "viewerMoment": _("{begins} to {ends}"),
        "viewerFrom": _("from {begins}"),
    }
