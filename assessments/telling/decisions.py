"""Work handed in, decisions on it, sign-offs, and what becomes of them.

A decision can be undone for a minute: its notice waits a little longer than that, so that what
was undone in the last second was never told.
"""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Role, User
from accounts.notices import named, take_back
from assessments.models import Record, SignOff, Submission
from assessments.permissions import can_countersign
from assessments.telling.saying import (
    Told,
    assessors,
    item_words,
    learner,
    page,
    send,
    unit_words,
)
from assessments.undoing import UNDO_WITHIN
from assessments.workflow import SubmissionStatus
from portfolio.models import Enrolment
from portfolio.workflow import EnrolmentStatus

AFTER_UNDO = int(UNDO_WITHIN.total_seconds()) + 5


def of_submitting(submissions: Sequence[Submission], by: User) -> None:
    """The unit's assessors; whoever recorded it themselves hears that it was confirmed."""
    for each in submissions:
        told = (
            item_words(each, _("%(learner)s: evidence %(number)s for %(urn)s waits for you.")),
            page(each.enrolment, "assessments:submission", each.pk),
        )
        recorder = each.version.evidence.recorded_by_id
        for somebody in assessors(each.enrolment, by):
            kind = _kind_for_recorder(each) if somebody.pk == recorder else "submitted"
            send([somebody], each.enrolment, kind, named(each), told)


def _kind_for_recorder(submission: Submission) -> str:
    written = submission.version.evidence.record.kind == Record.Kind.WRITTEN
    return "questions_answered" if written else "record_confirmed"


def of_decision(submission: Submission) -> None:
    text = (
        _("Evidence %(number)s was accepted for %(urn)s.")
        if submission.status == SubmissionStatus.ACCEPTED
        else _("Evidence %(number)s came back to you for %(urn)s. See why, and what to do next.")
    )
    told = item_words(submission, text), _decision_page(submission)
    send(
        [learner(submission.enrolment)],
        submission.enrolment,
        "decided",
        named(submission),
        told,
        after=AFTER_UNDO,
    )


def of_undoing(submission: Submission) -> None:
    take_back("decided", named(submission))


def of_withdrawing(submission: Submission, following: Submission, by: User) -> None:
    """The learner, whoever decided, and those who have to look at it again. What was told of the
    decision, or was to be in a moment, is no longer so."""
    enrolment = submission.enrolment
    take_back("decided", named(submission))
    text = _("The decision on evidence %(number)s for %(urn)s was taken back. See why.")
    told = item_words(submission, text), _decision_page(submission)
    if submission.withdrawal.appeal_id is None:  # else the answer to her appeal says it
        send([learner(enrolment)], enrolment, "withdrawn", named(submission), told)
    told = told[0], page(enrolment, "assessments:submission", submission.pk)
    _tell_decider(submission.decided_by, enrolment, named(submission), told, by)
    if enrolment.status == EnrolmentStatus.ACTIVE:  # else nobody can look at it yet
        of_submitting([following], by)


def of_withdrawing_sign_off(sign_off: SignOff, by: User) -> None:
    enrolment = sign_off.enrolment
    for kind in ("to_countersign", "signed_off"):
        take_back(kind, named(sign_off))
    text = _("The sign-off of %(urn)s was taken back. See why.")
    told = unit_words(enrolment, text), page(enrolment, "assessments:sign_off_detail", sign_off.pk)
    send([learner(enrolment)], enrolment, "withdrawn", named(sign_off), told)
    for signed in {sign_off.assessor, sign_off.countersigner} - {None}:
        _tell_decider(signed, enrolment, named(sign_off), told, by)


def of_signing_off(sign_off: SignOff) -> None:
    """The learner; where the signer is a trainee, first those who may countersign."""
    if sign_off.is_complete:
        _tell_signed_off(sign_off)
        return
    enrolment = sign_off.enrolment
    text = _("%(learner)s: the sign-off of %(urn)s waits for a countersignature.")
    told = unit_words(enrolment, text), page(enrolment, "assessments:sign_off_detail", sign_off.pk)
    send(_countersigners(sign_off), enrolment, "to_countersign", named(sign_off), told)


def of_countersigning(sign_off: SignOff) -> None:
    text = _("%(learner)s: your sign-off of %(urn)s was countersigned.")
    _tell_signer(sign_off, "countersigned", text)
    _tell_signed_off(sign_off)


def of_refusing_countersignature(sign_off: SignOff) -> None:
    text = _("%(learner)s: your sign-off of %(urn)s was not countersigned. See why.")
    _tell_signer(sign_off, "countersignature_refused", text)


def _tell_signer(sign_off: SignOff, kind: str, text: str) -> None:
    """Whose signature waited, that it waits for nobody any more."""
    enrolment = sign_off.enrolment
    take_back("to_countersign", named(sign_off))
    told = unit_words(enrolment, text), page(enrolment, "assessments:sign_off_detail", sign_off.pk)
    send([sign_off.assessor], enrolment, kind, named(sign_off), told)


def _tell_signed_off(sign_off: SignOff) -> None:
    enrolment = sign_off.enrolment
    told = unit_words(enrolment, _("%(urn)s was signed off.")), _unit_page(enrolment)
    send([learner(enrolment)], enrolment, "signed_off", named(sign_off), told)


def _tell_decider(
    decider: User | None, enrolment: Enrolment, about: str, told: Told, by: User
) -> None:
    """Also where the unit is somebody else's by now, who then only read that it happened."""
    if not decider or decider == by:
        return
    text, path = told
    if not Enrolment.objects.visible_to(decider).filter(pk=enrolment.pk).exists():
        path = reverse("notices:list", kwargs={"centre": enrolment.portfolio.centre.slug})
    send([decider], enrolment, "decision_withdrawn", about, (text, path))


def _countersigners(sign_off: SignOff) -> list[User]:
    """The unit's own qualified assessors; where it has none, the centre's."""
    enrolment = sign_off.enrolment
    at_centre = {"memberships__centre": enrolment.portfolio.centre_id, "is_active": True}
    qualified = User.objects.filter(memberships__role=Role.ASSESSOR, **at_centre)
    able = [each for each in qualified if can_countersign(each, sign_off)]
    near = set(assessors(enrolment, sign_off.assessor))
    return [each for each in able if each in near] or able


def _unit_page(enrolment: Enrolment) -> str:
    return page(enrolment, "portfolio:unit", enrolment.pk)


def _decision_page(submission: Submission) -> str:
    return page(submission.enrolment, "assessments:decision", submission.pk)
