"""An assessor's own places of a claim: one more, or another instead of the learner's.

The learner's own place is never changed or taken away: where the assessor means another, hers
stays and points to it.
"""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import refuse_unless
from assessments.actions.guards import hold_waiting
from assessments.freezing import digest_of_place
from assessments.models import Submission
from assessments.permissions import can_judge
from ledger.record import record
from portfolio.anchors.ground import Ground, check
from portfolio.anchors.selectors import MOST_ANCHORS, Place, read
from portfolio.models import Anchor, Claim


@transaction.atomic
def add_place(
    *, submission: Submission, claim: Claim, place: Mapping[str, Any], by: User
) -> Anchor:
    """Where the assessor sees the criterion met, too."""
    _hold(submission, claim, by)
    anchor = _put(submission, claim, place, by)
    _record(submission, claim, "place_added", anchor, by)
    return anchor


@transaction.atomic
def move_place(
    *, submission: Submission, anchor: Anchor, place: Mapping[str, Any], by: User
) -> Anchor:
    """Where the assessor sees it instead. One's own place moves; another's stays, replaced."""
    claim = anchor.claim
    _hold(submission, claim, by)
    anchor.refresh_from_db()
    if anchor.replaced_by_id:
        raise ValidationError(_("This place was replaced already. Move the one that replaced it."))
    moved = _put(submission, claim, place, by)
    if _is_own(anchor, submission, by):
        Anchor.objects.filter(replaced_by=anchor).update(replaced_by=moved)
        anchor.delete()
    else:
        Anchor.objects.filter(pk=anchor.pk).update(replaced_by=moved)
    _record(submission, claim, "place_moved", moved, by)
    return moved


@transaction.atomic
def remove_place(*, submission: Submission, anchor: Anchor, by: User) -> None:
    """Take back one's own place; what it replaced counts again."""
    _hold(submission, anchor.claim, by)
    if not _is_own(anchor, submission, by):
        raise PermissionDenied
    _record(submission, anchor.claim, "place_removed", anchor, by)
    anchor.delete()


def _hold(submission: Submission, claim: Claim, by: User) -> None:
    refuse_unless(can_judge(by, submission))
    refuse_unless(submission.claims().filter(pk=claim.pk).exists())
    hold_waiting(submission)


def _is_own(anchor: Anchor, submission: Submission, by: User) -> bool:
    """Made by this assessor while judging; not what was handed in with the evidence."""
    return anchor.made_by_id == by.pk and anchor.is_added


def _put(submission: Submission, claim: Claim, plain: Mapping[str, Any], by: User) -> Anchor:
    place = check(read(plain), Ground(submission.version))
    standing = list(claim.anchors.all())
    if len(standing) >= MOST_ANCHORS:
        raise ValidationError(
            _("Mark at most %(most)d places for one criterion.") % {"most": MOST_ANCHORS}
        )
    if any(Place(**each.plain).row == place.row for each in standing):
        raise ValidationError(_("This place is marked for this criterion already."))
    return Anchor.objects.create(claim=claim, made_by=by, **place.row)


def _record(submission: Submission, claim: Claim, verb: str, anchor: Anchor, by: User) -> None:
    version = submission.version
    record(
        stream=submission.enrolment.portfolio.stream,
        verb=verb,
        subject=anchor,
        by=by,
        facts={
            "evidence": version.evidence.number,
            "version": version.number,
            "enrolment": submission.enrolment_id,
            "claim": claim.pk,
            "criterion": claim.criterion.code,
            "place": digest_of_place(anchor, submission.frozen),
        },
    )
