"""What assessors' own records have in common: which method each kind is, and what it still
lacks before the learner can be asked to confirm it."""

from collections.abc import Collection, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Record
from portfolio.hiding.guards import without
from portfolio.models import EvidenceVersion, Method
from portfolio.personal_data import unsettled

Kind = Record.Kind

METHODS: Mapping[str, Method] = {
    Kind.OBSERVATION: Method.OBSERVATION,
    Kind.DISCUSSION: Method.DISCUSSION,
    Kind.ORAL: Method.QUESTIONING,
    Kind.WRITTEN: Method.QUESTIONING,
    Kind.IN_SITU: Method.WORK_PRODUCT,
    Kind.PRIOR_LEARNING: Method.PRIOR_LEARNING,
}

KIND_HELP: Mapping[str, Promise] = {
    Kind.OBSERVATION: gettext_lazy("You watch the learner at work and write down what you see."),
    Kind.DISCUSSION: gettext_lazy("A planned talk about the work, recorded or in notes."),
    Kind.ORAL: gettext_lazy("You ask questions and the learner answers, recorded or in notes."),
    Kind.WRITTEN: gettext_lazy("The learner answers questions from your centre's bank on a page."),
    Kind.IN_SITU: gettext_lazy("You look at something that stays at the workplace."),
    Kind.PRIOR_LEARNING: gettext_lazy(
        "Learned or done before, and you checked that it still holds."
    ),
}

ACCOUNT_LABEL: Mapping[str, Promise] = {
    Kind.OBSERVATION: gettext_lazy("What did you see?"),
    Kind.DISCUSSION: gettext_lazy("What did you talk about?"),
    Kind.ORAL: gettext_lazy("What did you ask, and what was the answer?"),
    Kind.IN_SITU: gettext_lazy("What did you look at, and what did it show?"),
    Kind.PRIOR_LEARNING: gettext_lazy("What was learned or done before, and how do you know?"),
}


# What an assessor or the learner wrote in the row itself, beside the evidence.
OWN_WORDS = ("place", "plan_note", "location", "currency", "learner_words")


def hide_words(record: Record, hidden: Collection[str]) -> None:
    """In hand only, to be shown: what was hidden in the item is hidden in these words too."""
    for name in OWN_WORDS:
        setattr(record, name, without(getattr(record, name), hidden))


def draft_of(record: Record) -> EvidenceVersion | None:
    """What is being written, or is with the learner."""
    if record.evidence is None:
        return None
    drafts = record.evidence.versions.filter(status=EvidenceVersion.Status.DRAFT)
    version = drafts.first()
    if version is not None:
        version.evidence = record.evidence
    return version


def was_returned(record: Record) -> bool:
    """Whether what was confirmed came back, so that it can be made anew."""
    if record.evidence is None:
        return False
    newest = EvidenceVersion.objects.filter(evidence=record.evidence).current().first()
    return newest is not None and newest.status == EvidenceVersion.Status.RETURNED


def lacking(record: Record) -> list[str]:
    """Sentences: what has to be there before it can go to the learner."""
    if record.kind == Kind.WRITTEN:
        return [] if record.answers.exists() else [_("Choose at least one question.")]
    version = draft_of(record)
    if version is None:
        return [_("Write the record first.")]
    return [sentence for sentence in (*_of_draft(version), *_of_kind(record)) if sentence]


def _of_draft(version: EvidenceVersion) -> list[str]:
    written = version.account.strip() or version.files.exists()
    return [
        "" if written else _("Write what happened, or add a recording or a photo."),
        "" if version.claims.exists() else _("Claim at least one criterion that it shows."),
        unsettled(version),
    ]


def _of_kind(record: Record) -> list[str]:
    if record.kind == Kind.IN_SITU:
        seen = record.location and record.seen_in_situ_on
        return ["" if seen else _("Say where it is kept, and on what day you saw it there.")]
    if record.kind == Kind.PRIOR_LEARNING:
        checked = record.learned_on and record.currency
        return ["" if checked else _("Say when it was learned, and why it is still current.")]
    return []
