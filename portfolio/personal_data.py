"""Other people in the evidence: whether the learner's answer is settled, and what it is now."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from portfolio.models import Evidence, EvidenceVersion, PersonalData, Redaction

# The assessor's “somebody has to be hidden first”, as the room to the right spells it.
HIDE = "hide"


def unsettled(version: EvidenceVersion) -> str:
    """Why the evidence can't be handed in yet, as a sentence; empty when nothing stands open."""
    if version.evidence.redactions.filter(status__in=Redaction.Status.under_way()).exists():
        return _("Wait a moment: something is just being hidden in this evidence.")
    if not version.personal_data:
        return _("Say whether anybody else can be recognised in it.")
    if version.personal_data == PersonalData.PERMISSION and not version.permission_note.strip():
        return _("Say who agreed to be in it, and how you know.")
    # In a witness's words the learner hides nothing; her assessor does, who reads her answer.
    hers = not version.evidence.by_witness
    if version.personal_data == PersonalData.PRESENT and hers and not is_hidden(version.evidence):
        return _(
            "You said that people in it must be hidden. Hide them first, or change your answer."
        )
    return ""


def is_hidden(evidence: Evidence) -> bool:
    """Whether something was hidden since an assessor last asked for it, if one ever did."""
    done = Redaction.objects.filter(evidence=evidence, status=Redaction.Status.DONE)
    asked = asked_to_hide(evidence).order_by("-submissions__decided_at")
    last = asked.values_list("submissions__decided_at", flat=True).first()
    return done.filter(finished_at__gt=last).exists() if last else done.exists()


def asked_to_hide(evidence: Evidence) -> QuerySet[EvidenceVersion]:
    """The versions in which an assessor found somebody who has to be hidden."""
    return EvidenceVersion.objects.filter(evidence=evidence, submissions__personal_data=HIDE)


def hidden_since(evidence: str, moment: str) -> Exists:
    """Whether something was hidden in the item `evidence` after the time `moment`, both being
    paths on the outer row; for lists that ask it of many rows at once."""
    return Exists(
        Redaction.objects.filter(
            evidence=OuterRef(evidence),
            status=Redaction.Status.DONE,
            finished_at__gt=OuterRef(moment),
        )
    )
