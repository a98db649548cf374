"""The centre's feedback bank. What was inserted from it is a copy and never changes with it."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Centre, User
from accounts.permissions import refuse_unless
from assessments.actions.judgements import save_feedback, save_judgement
from assessments.models import FeedbackPhrase, Judgement, Submission
from assessments.permissions import can_keep_bank
from assessments.phrases import fill, refuse_unknown, values_for
from ledger.transitions import TransitionRefused
from portfolio.models import Claim

LONGEST_TITLE, LONGEST = 80, 4_000


def add_phrase(*, centre: Centre, title: str, text: str, by: User) -> FeedbackPhrase:
    """A piece of feedback for all assessors of the centre to use."""
    refuse_unless(can_keep_bank(by, centre))
    title, text = _checked(title, text)
    return _save(FeedbackPhrase(centre=centre, title=title, text=text, made_by=by))


@transaction.atomic
def change_phrase(*, phrase: FeedbackPhrase, title: str, text: str, by: User) -> FeedbackPhrase:
    """Other words from now on."""
    refuse_unless(can_keep_bank(by, phrase.centre))
    title, text = _checked(title, text)
    _refuse_retired(phrase)
    phrase.title, phrase.text = title, text
    return _save(phrase)


@transaction.atomic
def retire_phrase(*, phrase: FeedbackPhrase, by: User) -> FeedbackPhrase:
    """Nobody is offered it any more."""
    refuse_unless(can_keep_bank(by, phrase.centre))
    _refuse_retired(phrase)
    phrase.retired_at = timezone.now()
    return _save(phrase)


@transaction.atomic
def insert_phrase(
    *, phrase: FeedbackPhrase, submission: Submission, claim: Claim | None, by: User
) -> None:
    """Copy the words, filled in, to the end of what this assessor wrote to the learner so far:
    on one claim, or on the whole."""
    words = fill(phrase.text, values_for(submission, claim))
    if claim is None:
        draft = submission.feedback_drafts.filter(assessor=by).first()
        text = _joined(draft.text if draft else "", words)
        save_feedback(submission=submission, text=text, by=by)
        return
    own = submission.judgements.filter(claim=claim, assessor=by).first()
    judgement = own or Judgement()
    save_judgement(
        claim=claim,
        submission=submission,
        by=by,
        outcome=judgement.outcome,
        reason=judgement.reason,
        feedback=_joined(judgement.feedback, words),
        **{name: getattr(judgement, name) for name in Judgement.VARCS},
    )


def _joined(before: str, words: str) -> str:
    return f"{before}\n{words}" if before else words


def _refuse_retired(phrase: FeedbackPhrase) -> None:
    """Held until the commit, so that nobody retires it between this look and the change."""
    FeedbackPhrase.objects.filter(pk=phrase.pk).update(retired_at=F("retired_at"))
    phrase.refresh_from_db()
    if phrase.retired_at:
        raise TransitionRefused(_("This phrase was retired. Add a new one."))


def _checked(title: str, text: str) -> tuple[str, str]:
    title, text = " ".join(title.split()), text.strip()
    if not title or len(title) > LONGEST_TITLE:
        raise ValidationError({"title": _("Give it a name, in at most 80 letters.")})
    if not text or len(text) > LONGEST:
        raise ValidationError({"text": _("Write the words, in at most 4,000 letters.")})
    refuse_unknown(text)
    return title, text


def _save(phrase: FeedbackPhrase) -> FeedbackPhrase:
    try:
        with transaction.atomic():
            phrase.save()
    except IntegrityError as error:
        sentence = _("There is a phrase of this name already.")
        raise ValidationError({"title": sentence}) from error
    return phrase
