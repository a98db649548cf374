"""A tab from yesterday must not write over what was saved from another one since."""

from typing import Protocol

from django.utils.translation import gettext as _

from assessments.models import FeedbackDraft, Judgement
from assessments.models.submissions import when
from ledger.transitions import TransitionRefused

Saved = Judgement | FeedbackDraft


class Stale(TransitionRefused):
    """This person's own draft was saved again since the page was made. `saved` is as it stands;
    nothing of it was changed."""

    def __init__(self, saved: Saved) -> None:
        self.saved = saved
        super().__init__(
            _("You saved this again on %(when)s, after this page was opened.")
            % {"when": when(saved.saved_at)}
        )


class Revised(Protocol):
    pk: int
    revision: int


def is_behind(saved: Revised, revision: int | None) -> bool:
    """Whether the page knew an older draft; a caller without a page has nothing to be behind."""
    return revision is not None and saved.pk is not None and revision < saved.revision


def refuse_behind(held: Revised, revision: int | None) -> None:
    """For what several people, or one person in several tabs, may change; the caller holds it."""
    if is_behind(held, revision):
        raise TransitionRefused(_("This was changed after you opened it. Read it again."))
