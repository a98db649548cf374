"""Every state a thing can be in, as people see it: word, shape and tone, in this one table.

The shape is a symbol in static/img/marks.svg; no two states that meet on a page share one, so
that nobody has to tell them apart by colour. The tone is one of five sets of colours in tokens.css.
"""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class State(NamedTuple):
    word: Promise
    shape: str
    tone: str


STATES: dict[str, State] = {
    # a criterion, a claim
    "met": State(_("Met"), "met", "good"),
    "not_yet": State(_("Not yet"), "not-yet", "bad"),
    "waiting": State(_("Waiting"), "waiting", "wait"),
    "submitted": State(_("Submitted"), "submitted", "accent"),
    "claimed": State(_("Claimed"), "claimed", "accent"),
    "to_do": State(_("To do"), "to-do", "calm"),
    # met elsewhere, before the learner came; counts as met, and is never judged again
    "imported": State(_("Imported"), "imported", "good"),
    # evidence and submissions
    "draft": State(_("Draft"), "draft", "calm"),
    "returned": State(_("Returned"), "returned", "bad"),
    "accepted": State(_("Accepted"), "accepted", "good"),
    "superseded": State(_("Replaced"), "superseded", "calm"),
    "withdrawn": State(_("Withdrawn"), "withdrawn", "calm"),
    # what was agreed, by a day that has gone by
    "overdue": State(_("Overdue"), "overdue", "bad"),
    "stuck": State(_("Stuck"), "stuck", "bad"),
    # a unit
    "active": State(_("Active"), "active", "accent"),
    "awaiting_countersignature": State(
        _("Waiting for countersignature"), "awaiting-countersignature", "wait"
    ),
    "signed_off": State(_("Signed off"), "signed-off", "good"),
    # work the machine does
    "queued": State(_("Queued"), "queued", "calm"),
    "running": State(_("In progress"), "running", "accent"),
    "done": State(_("Done"), "done", "good"),
    "failed": State(_("Failed"), "failed", "bad"),
    "cancelled": State(_("Cancelled"), "cancelled", "calm"),
    "expired": State(_("Expired"), "expired", "calm"),
    # a standard, a person
    "published": State(_("Published"), "published", "good"),
    "invited": State(_("Invited"), "invited", "wait"),
}
