"""Accepting or returning a submission: the drafts of the one who decides become judgements."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.permissions import refuse_unless
from assessments.actions.guards import hold_open
from assessments.actions.stale import Stale, is_behind
from assessments.freezing import digest, digest_of_place, marked_against
from assessments.models import FeedbackDraft, Judgement, PersonalDataCheck, Submission
from assessments.permissions import can_decide
from assessments.telling import of_decision
from assessments.workflow import SUBMISSION, SubmissionStatus
from ledger.record import record
from ledger.transitions import Transition, TransitionRefused, move
from portfolio.models import Claim, EvidenceVersion
from portfolio.workflow import CLAIM, VERSION, VersionStatus

MET, NOT_YET = Judgement.Outcome.MET, Judgement.Outcome.NOT_YET
CLAIM_VERBS = {MET: "meet", NOT_YET: "not_yet"}


@transaction.atomic
def accept(
    *,
    submission: Submission,
    feedback: str,
    personal_data: str,
    by: User,
    revision: int | None = None,
) -> Submission:
    """Every claim is met, and nobody can be recognised who did not agree to it."""
    return _decide(submission, "accept", feedback, personal_data, by, revision)


@transaction.atomic
def return_(
    *,
    submission: Submission,
    feedback: str,
    by: User,
    personal_data: str = "",
    revision: int | None = None,
) -> Submission:
    """Back to the learner: a claim is not met yet, or somebody has to be hidden in it first.

    What is met stays met.
    """
    return _decide(submission, "return", feedback, personal_data, by, revision)


def _decide(
    submission: Submission,
    verb: str,
    feedback: str,
    personal_data: str,
    by: User,
    revision: int | None,
) -> Submission:
    """`revision` is the feedback draft's that the page showed: an older page sends nothing.

    The same decision sent again by the same person, after a timeout or by a double click, is
    done already: it is not refused, and nothing is written a second time.
    """
    refuse_unless(can_decide(by, submission))
    if personal_data not in ("", *PersonalDataCheck.values):
        raise ValidationError(_("Choose one of the answers."), code="personal-data")
    sent = {"decided_by": by, "feedback": feedback.strip(), "personal_data": personal_data}
    if _is_sent(submission, verb, sent):
        return submission
    now = timezone.now()
    against = marked_against(submission.enrolment)
    hold_open(submission.enrolment)
    # Held before the submission, so that the assessors of two units decide one after the other
    # and the second one sees what the first one did to the version they share.
    _hold(submission.version)
    try:
        move(
            submission,
            verb=verb,
            table=SUBMISSION,
            decided_at=now,
            marked_against=against,
            marked_against_sha256=digest(against),
            **sent,
        )
    except TransitionRefused:
        if _is_sent(submission, verb, sent):
            return submission
        raise
    _settle(submission, verb, by, now, revision)
    return submission


def _is_sent(submission: Submission, verb: str, sent: Mapping[str, object]) -> bool:
    """Whether just this decision stands already."""
    return (
        submission.status == SUBMISSION[verb].new
        and all(getattr(submission, name) == value for name, value in sent.items())
        and submission.is_in_force
    )


def _settle(
    submission: Submission, verb: str, by: User, now: datetime, revision: int | None
) -> None:
    """All that follows from the move, or a refusal that takes the move back too."""
    _refuse_older_page(submission, by, revision)
    judgements = _settle_judgements(submission, by, now)
    _refuse_if_unfinished(submission, verb, judgements)
    _move_claims(submission, judgements)
    _move_version(submission.version, verb)
    FeedbackDraft.objects.filter(submission=submission, assessor=by).delete()
    _record(submission, verb, judgements, by)
    of_decision(submission)


def _refuse_older_page(submission: Submission, by: User, revision: int | None) -> None:
    """The draft goes with the decision, so newer words in it must not go unseen."""
    draft = FeedbackDraft.objects.filter(submission=submission, assessor=by).first()
    if draft and draft.text != submission.feedback and is_behind(draft, revision):
        raise Stale(draft)


def _hold(version: EvidenceVersion) -> None:
    EvidenceVersion.objects.filter(pk=version.pk).update(status=F("status"))


def _settle_judgements(submission: Submission, by: User, now: datetime) -> list[Judgement]:
    """Fix this assessor's drafts, then read what was fixed: no later save can slip between."""
    own = Judgement.objects.filter(submission=submission, assessor=by)
    own.filter(decided_at=None).update(decided_at=now)
    return _with_their_claims(own)


def _with_their_claims(judgements: QuerySet[Judgement]) -> list[Judgement]:
    rows = judgements.select_related("claim__criterion")
    return list(rows.prefetch_related("ticks", "claim__anchors"))


def refuse_decision(
    *, submission: Submission, verb: str, feedback: str, personal_data: str, by: User
) -> list[Judgement]:
    """What this person would send, or ValidationError with all that would be refused; nothing is
    written. The submission in hand is left as it would read."""
    refuse_unless(can_decide(by, submission))
    submission.feedback, submission.personal_data = feedback.strip(), personal_data
    judgements = _with_their_claims(
        Judgement.objects.filter(submission=submission, assessor=by, decided_at=None)
    )
    _refuse_if_unfinished(submission, verb, judgements)
    return judgements


def _refuse_if_unfinished(
    submission: Submission, verb: str, judgements: Sequence[Judgement]
) -> None:
    unjudged = _unjudged(submission, judgements)
    missing = [
        *unjudged,
        *(problem for each in judgements for problem in _unfinished(each)),
        *_against(verb, judgements, submission.personal_data, all_judged=not unjudged),
        *_unchecked(verb, submission.personal_data),
    ]
    if not submission.feedback:
        missing.append(ValidationError(_("Write feedback to the learner."), code="feedback"))
    if missing:
        raise ValidationError(missing)


def _about(claim: Claim, sentence: str) -> ValidationError:
    """A problem whose code says where on the page it is mended."""
    return ValidationError(sentence, code=f"claim-{claim.pk}")


def _unjudged(submission: Submission, judgements: Sequence[Judgement]) -> list[ValidationError]:
    judged = {each.claim_id for each in judgements if each.outcome}
    claims = list(submission.claims().exclude(pk__in=judged).select_related("criterion"))
    if not claims:
        return []
    sentence = ngettext(
        "%(codes)s is not judged yet.", "%(codes)s are not judged yet.", len(claims)
    )
    codes = {"codes": ", ".join(claim.criterion.code for claim in claims)}
    return [_about(claims[0], sentence % codes)]


def _unfinished(judgement: Judgement) -> list[ValidationError]:
    claim = judgement.claim
    code = {"code": claim.criterion.code}
    if judgement.outcome == MET and not judgement.all_five:
        sentence = _(
            "%(code)s can be met only when it is valid, authentic, reliable, current "
            "and sufficient."
        )
        return [_about(claim, sentence % code)]
    if judgement.outcome == NOT_YET and not judgement.reason:
        return [_about(claim, _("Say why %(code)s is not met yet.") % code)]
    return []


def _unchecked(verb: str, personal_data: str) -> list[ValidationError]:
    """The second of the three looks for other people in the evidence."""
    if verb != "accept" or personal_data == PersonalDataCheck.CLEAR:
        return []
    sentence = (
        _("Somebody has to be hidden first: return this, or hide them yourself and look again.")
        if personal_data
        else _("Say whether anybody can be recognised who did not agree to it.")
    )
    return [ValidationError(sentence, code="personal-data")]


def _against(
    verb: str, judgements: Sequence[Judgement], personal_data: str, *, all_judged: bool
) -> list[ValidationError]:
    """Whether the verb fits the judgements, as far as they are made."""
    not_yet = [each.claim for each in judgements if each.outcome == NOT_YET]
    if verb == "accept" and not_yet:
        codes = {"codes": ", ".join(claim.criterion.code for claim in not_yet)}
        sentence = _("Return this to the learner: not yet met is %(codes)s.") % codes
        return [_about(not_yet[0], sentence)]
    if personal_data == PersonalDataCheck.HIDE:
        return []
    if verb == "return" and all_judged and all(each.outcome == MET for each in judgements):
        sentence = _("Every claim is met, so accept this, or judge a claim as not yet met.")
        return [_about(judgements[0].claim, sentence)]
    return []


def _move_claims(submission: Submission, judgements: Sequence[Judgement]) -> None:
    """All of one outcome in one update; a claim that was moved before stops the decision."""
    for outcome, verb in CLAIM_VERBS.items():
        pks = [each.claim_id for each in judgements if each.outcome == outcome]
        _move_all(submission, pks, CLAIM[verb])


def _move_all(submission: Submission, pks: Sequence[int], transition: Transition) -> None:
    claims = Claim.objects.filter(pk__in=pks, status__in=transition.old)
    if claims.update(status=transition.new) != len(pks):
        raise RuntimeError(f"Claims of submission {submission.pk} moved without it.")


def _move_version(version: EvidenceVersion, verb: str) -> None:
    """One unit's return returns the whole item; it is accepted once all of its units accept."""
    if verb == "return":
        move(version, verb="return", table=VERSION)
        return
    version.refresh_from_db()
    others = version.submissions.in_force().exclude(status=SubmissionStatus.ACCEPTED)
    if version.status == VersionStatus.SUBMITTED and not others.exists():
        move(version, verb="accept", table=VERSION)


def _record(submission: Submission, verb: str, judgements: Sequence[Judgement], by: User) -> None:
    version = submission.version
    record(
        stream=submission.enrolment.portfolio.stream,
        verb="submission_accepted" if verb == "accept" else "submission_returned",
        subject=submission,
        by=by,
        facts={
            "evidence": version.evidence.number,
            "version": version.number,
            "enrolment": submission.enrolment_id,
            "frozen_sha256": submission.frozen_sha256,
            "marked_against_sha256": submission.marked_against_sha256,
            "personal_data": submission.personal_data,
            "judgements": [_facts(each, submission) for each in judgements],
            "comments": [
                digest_of_place(each, submission.frozen) for each in submission.comments.sent()
            ],
            "actions_due": [
                due_on.isoformat()
                for due_on in submission.action_points.values_list("due_on", flat=True)
            ],
        },
        sealed=_sealed(submission, judgements),
    )


def _facts(judgement: Judgement, submission: Submission) -> dict[str, object]:
    """With the places that it rests on in the end, the learner's own and the assessor's."""
    places = judgement.claim.anchors.all()
    return {
        "claim": judgement.claim_id,
        "criterion": judgement.claim.criterion.code,
        "outcome": judgement.outcome,
        "varcs": judgement.held,
        "points": [each.marking_point_id for each in judgement.ticks.all()],
        "places": [
            digest_of_place(each, submission.frozen) for each in places if not each.replaced_by_id
        ],
    }


def _sealed(submission: Submission, judgements: Sequence[Judgement]) -> dict[str, str]:
    words = {"feedback": submission.feedback}
    for each in judgements:
        code = each.claim.criterion.code
        words[f"reason_{code}"] = each.reason
        words[f"feedback_{code}"] = each.feedback
    for number, point in enumerate(submission.action_points.all(), 1):
        words[f"action_{number}"] = point.text
    for number, comment in enumerate(submission.comments.sent(), 1):
        words[f"comment_{number}"] = comment.text
    return {name: text for name, text in words.items() if text}
