"""Holding a draft while it is changed."""

from typing import Any

from ledger.transitions import TransitionRefused
from portfolio.models import EvidenceVersion
from portfolio.workflow import VersionStatus


def hold_draft(version: EvidenceVersion, **changes: Any) -> None:
    """Make the changes if this is still a draft, and keep it one until the commit."""
    held = EvidenceVersion.objects.filter(pk=version.pk, status=VersionStatus.DRAFT).update(
        status=VersionStatus.DRAFT, **changes
    )
    version.refresh_from_db()
    if not held:
        raise TransitionRefused(version.standing())
