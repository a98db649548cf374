"""Holding a draft while it is changed."""

from typing import Any

from django.utils.translation import gettext as _

from ledger.transitions import TransitionRefused
from portfolio.models import EvidenceVersion
from portfolio.models.evidence import WITH_LEARNER
from portfolio.workflow import VersionStatus


def hold_draft(version: EvidenceVersion, **changes: Any) -> None:
    """Make the changes if this is still a draft, and keep it one until the commit."""
    held = EvidenceVersion.objects.filter(pk=version.pk, status=VersionStatus.DRAFT).update(
        status=VersionStatus.DRAFT, **changes
    )
    version.refresh_from_db()
    if not held:
        raise TransitionRefused(version.standing())
    _refuse_while_read(version)


def _refuse_while_read(version: EvidenceVersion) -> None:
    """What the learner is asked to confirm stays as she reads it. Asked after the draft's row is
    held, as sharing holds it too: one of the two comes first."""
    shared = EvidenceVersion.objects.filter(pk=version.pk, evidence__record__status=WITH_LEARNER)
    if version.evidence.recorded_by_id and shared.exists():
        raise TransitionRefused(_("The learner is reading this record. It can't be changed now."))
