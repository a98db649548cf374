"""The learner's answer on other people in her evidence: the first of three looks."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import refuse_unless
from ledger.transitions import TransitionRefused
from portfolio.models import EvidenceVersion, PersonalData
from portfolio.permissions import can_answer_on_people
from portfolio.workflow import VersionStatus

MAX_NOTE = 2000


@transaction.atomic
def answer_personal_data(
    *, version: EvidenceVersion, personal_data: str, permission_note: str, by: User
) -> EvidenceVersion:
    """Answer, or change the answer, while it is a draft; a witness's statement too has one."""
    refuse_unless(can_answer_on_people(by, version))
    answer = answer_on_people(personal_data, permission_note)
    held = EvidenceVersion.objects.filter(pk=version.pk, status=VersionStatus.DRAFT).update(
        **answer
    )
    version.refresh_from_db()
    if not held:
        raise TransitionRefused(version.standing())
    return version


def answer_on_people(personal_data: str, permission_note: str) -> dict[str, Any]:
    """The fields of a version; a draft may leave the question open."""
    if personal_data not in ("", *PersonalData.values):
        raise ValidationError(_("Choose one of the answers."))
    note = permission_note.strip()
    if len(note) > MAX_NOTE:
        raise ValidationError(
            _("Say who agreed in at most %(longest)d letters.") % {"longest": MAX_NOTE}
        )
    return {"personal_data": personal_data, "permission_note": note}
