"""The centre's feedback bank. What was inserted from it is a copy and never changes with it."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Centre, User
from accounts.permissions import refuse_unless
from assessments.actions.guards import hold_in_use, retire
from assessments.actions.judgements import save_feedback, save_judgement
from assessments.actions.stale import refuse_behind
from assessments.models import FeedbackPhrase, Judgement, Submission
from assessments.permissions import can_keep_bank
from assessments.phrases import fill, refuse_unknown, values_for
from ledger.record import record
from portfolio.models import Claim

LONGEST_TITLE, LONGEST = 80, 4_000


@transaction.atomic
def add_phrase(*, centre: Centre, title: str, text: str, by: User) -> FeedbackPhrase:
    """A piece of feedback for all assessors of the centre to use."""
    refuse_unless(can_keep_bank(by, centre))
    title, text = _checked(title, text)
    phrase = _save(FeedbackPhrase(centre=centre, title=title, text=text, made_by=by))
    _record(phrase, "phrase_added", by)
    return phrase


@transaction.atomic
def change_phrase(
    *, phrase: FeedbackPhrase, title: str, text: str, by: User, revision: int | None = None
) -> FeedbackPhrase:
    """Other words from now on. `revision` is the phrase's as the page showed it: a colleague's
    change since is read first."""
    refuse_unless(can_keep_bank(by, phrase.centre))
    title, text = _checked(title, text)
    hold_in_use(phrase, _("This phrase was retired. Add a new one."))
    if (phrase.title, phrase.text) == (title, text):
        return phrase
    refuse_behind(phrase, revision)
    phrase.title, phrase.text = title, text
    phrase.revision += 1
    _record(_save(phrase), "phrase_changed", by)
    return phrase


@transaction.atomic
def retire_phrase(*, phrase: FeedbackPhrase, by: User) -> FeedbackPhrase:
    """Nobody is offered it any more."""
    refuse_unless(can_keep_bank(by, phrase.centre))
    retire(phrase, _("This phrase was retired already."))
    _record(phrase, "phrase_retired", by)
    return phrase


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


def _record(phrase: FeedbackPhrase, verb: str, by: User) -> None:
    """With the centre's other settings; the words are sealed, for a name may stand in them."""
    record(
        stream=f"centre:{phrase.centre_id}",
        verb=verb,
        subject=phrase,
        by=by,
        facts={"phrase": phrase.pk, "revision": phrase.revision},
        sealed={"title": phrase.title, "text": phrase.text},
    )
