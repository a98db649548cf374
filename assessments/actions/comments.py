"""What assessors say of exact places: drafts, each one's own, that go out with the decision."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import refuse_unless
from assessments.actions.guards import hold_waiting
from assessments.models import Comment, Submission
from assessments.permissions import can_judge
from portfolio.anchors.ground import Ground, check
from portfolio.anchors.selectors import read

LONGEST = 4_000
MOST = 100  # of one assessor on one submission


@transaction.atomic
def add_comment(
    *, submission: Submission, place: Mapping[str, Any], text: str, by: User
) -> Comment:
    """Say something about an exact place; it is checked to be in the evidence."""
    refuse_unless(can_judge(by, submission))
    text = _checked(text)
    hold_waiting(submission)
    if submission.comments.filter(made_by=by).count() >= MOST:
        raise ValidationError(_("Make at most %(most)d comments.") % {"most": MOST})
    found = check(read(place), Ground(submission.version))
    return Comment.objects.create(submission=submission, text=text, made_by=by, **found.row)


@transaction.atomic
def change_comment(*, comment: Comment, text: str, by: User) -> Comment:
    """Other words on the same place, while nothing is decided."""
    _refuse_unless_own(comment, by)
    text = _checked(text)
    hold_waiting(comment.submission)
    comment.text = text
    comment.save(update_fields=["text"])
    return comment


@transaction.atomic
def remove_comment(*, comment: Comment, by: User) -> None:
    """Take back one's own comment while nothing is decided."""
    _refuse_unless_own(comment, by)
    hold_waiting(comment.submission)
    comment.delete()


def _refuse_unless_own(comment: Comment, by: User) -> None:
    refuse_unless(can_judge(by, comment.submission))
    if comment.made_by_id != by.pk:
        raise PermissionDenied


def _checked(text: str) -> str:
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise ValidationError(_("Write your comment, in at most 4,000 letters."))
    return text
