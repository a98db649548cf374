"""The learner's side of an assessor's record: confirming it, answering it, saying what differs."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import refuse_unless
from assessments.actions.guards import hold, hold_open
from assessments.actions.records import hold_draft_of, note, write
from assessments.actions.stale import refuse_behind
from assessments.actions.submissions import hand_in
from assessments.answers import Passage, account_of, passages
from assessments.models import Answer, Record, Submission
from assessments.permissions import can_confirm_record
from assessments.recording import METHODS
from assessments.telling import of_questioning
from assessments.workflow import RECORD, RecordStatus
from ledger.transitions import TransitionRefused, move
from portfolio.actions.anchors import put_anchors
from portfolio.actions.evidence import description, draft_of_record
from portfolio.anchors.ground import Ground
from portfolio.declarations import CURRENT_ANSWERS, CURRENT_RECORD, wording
from portfolio.hiding.guards import hidden_words, hold_item, without
from portfolio.models import Claim, EvidenceVersion, PersonalData
from portfolio.workflow import ClaimStatus

LONGEST_ANSWER = 5_000
WRITTEN = Record.Kind.WRITTEN


@transaction.atomic
def confirm_record(
    *, record: Record, shared_at: datetime | None, declared: bool, by: User
) -> list[Submission]:
    """The learner says that it is true, and it is handed in. `shared_at` names the record as
    she read it: what was taken back and changed meanwhile is to be read again."""
    refuse_unless(can_confirm_record(by, record))
    if not declared:
        raise ValidationError(_("Tick the box to say that it is true."))
    if record.evidence:
        hold_item(record.evidence)  # before the unit, as handing in and taking back do
    hold_open(record.enrolment)
    version = hold_draft_of(record)
    declared_as = CURRENT_ANSWERS if record.kind == WRITTEN else CURRENT_RECORD
    _move_as_read(record, shared_at, declared_as)
    if record.kind == WRITTEN:
        version = _version_of_answers(record, by)
    if version is None:
        raise TransitionRefused(record.standing())
    verb = "questions_answered" if record.kind == WRITTEN else "record_confirmed"
    write(record, verb, by)
    return hand_in(version, declared_as, by)


@transaction.atomic
def question_record(*, record: Record, words: str, by: User) -> Record:
    """The learner sees it differently; her words go to the assessor, who changes it or explains."""
    refuse_unless(can_confirm_record(by, record))
    words = note(words)
    if not words:
        raise ValidationError(_("Say what is different."))
    move(record, verb="question", table=RECORD, learner_words=words)
    write(record, "record_questioned", by, words=words)
    of_questioning(record)
    return record


@transaction.atomic
def save_answers(
    *, record: Record, answers: Mapping[int, str], by: User, revision: int | None = None
) -> Record:
    """What the learner has written so far, by the ids of the answers. `revision` is the record's
    as the page showed it: what she saved from another page since is not written over."""
    refuse_unless(can_confirm_record(by, record))
    texts = {pk: text.replace("\r\n", "\n").strip() for pk, text in answers.items()}
    if any(len(text) > LONGEST_ANSWER for text in texts.values()):
        raise ValidationError(
            _("Keep each answer to %(longest)d letters.") % {"longest": LONGEST_ANSWER}
        )
    hold(record, RecordStatus.WITH_LEARNER)
    record.refresh_from_db(fields=["revision"])
    asked = list(record.answers.filter(pk__in=texts))
    if changed := [each for each in asked if each.answered != texts[each.pk]]:
        refuse_behind(record, revision)
        for each in changed:
            each.answered = texts[each.pk]
        Answer.objects.bulk_update(changed, ["answered"])
        record.revision += 1
        record.save(update_fields=["revision"])
    return record


def _move_as_read(record: Record, shared_at: datetime | None, declared_as: str) -> None:
    as_read = Record.objects.filter(pk=record.pk, shared_at=shared_at)
    if not as_read.update(shared_at=shared_at):
        raise TransitionRefused(_("This was changed after you opened it. Read it again."))
    move(
        record,
        verb="confirm",
        table=RECORD,
        confirmed_at=timezone.now(),
        declaration_version=declared_as,
        declaration_text=wording(declared_as),
    )


# Written answers become evidence when they are sent -----------------------------------------------


def _version_of_answers(record: Record, by: User) -> EvidenceVersion:
    answers = list(record.answers.prefetch_related("question__criteria"))
    if not all(each.answered for each in answers):
        raise ValidationError(_("Answer every question before you send your answers."))
    # What was hidden in an earlier version does not come back with the answers.
    hidden = hidden_words(record.evidence) if record.evidence else []
    for each in answers:
        each.asked, each.answered = without(each.asked, hidden), without(each.answered, hidden)
    version = _draft_with(record, account_of(answers))
    claims = _claims(version, record)
    _mark_places(version, claims, passages(version, answers), by)
    return version


def _draft_with(record: Record, account: str) -> EvidenceVersion:
    method = METHODS[record.kind]
    title = _("Written questions: %(urn)s") % {"urn": record.enrolment.edition.standard.urn}
    if record.evidence is None:
        portfolio = record.enrolment.portfolio
        version = draft_of_record(portfolio, title, method, account, recorded_by=record.assessor)
        Record.objects.filter(pk=record.pk).update(evidence=version.evidence)
        record.refresh_from_db()
    else:
        versions = EvidenceVersion.objects.filter(evidence=record.evidence)
        version = EvidenceVersion.objects.create(
            evidence=record.evidence,
            number=versions.aggregate(last=Max("number"))["last"] + 1,
            **description(title, method, timezone.localdate(), account),
        )
    version.personal_data = PersonalData.NONE  # the learner declares it with her answers
    version.save(update_fields=["personal_data"])
    return version


def _claims(version: EvidenceVersion, record: Record) -> dict[int, Claim]:
    """Of what the questions were about when they were asked, and no earlier version has met."""
    criteria = {each.pk: each for each in record.criteria.all()}
    met = Claim.objects.filter(version__evidence=version.evidence_id, status=ClaimStatus.MET)
    done = set(met.values_list("criterion", flat=True))
    wanted = [each for pk, each in criteria.items() if pk not in done] or list(criteria.values())
    return {
        each.pk: Claim.objects.create(version=version, enrolment=record.enrolment, criterion=each)
        for each in wanted
    }


def _mark_places(
    version: EvidenceVersion, claims: Mapping[int, Claim], found: Sequence[Passage], by: User
) -> None:
    """Each criterion's claim points at the answers to the questions about it."""
    ground = Ground(version)
    for pk, claim in claims.items():
        about = [each for each in found if pk in each.criteria]
        places = [{**each.plain, "sha256": ground.account_sha256} for each in about if each.plain]
        put_anchors(claim, places, ground, by)
        numbers = ", ".join(str(each.number) for each in about)
        if numbers:
            words = _("Question %(numbers)s") % {"numbers": numbers}
            Claim.objects.filter(pk=claim.pk).update(place=words[:200])
