"""What can be done with a portfolio; the only writers of its rows."""

from portfolio.actions.evidence import (
    claim,
    create_evidence,
    edit_evidence,
    new_version,
    remove_file,
    withdraw_draft,
)

__all__ = [
    "claim",
    "create_evidence",
    "edit_evidence",
    "new_version",
    "remove_file",
    "withdraw_draft",
]
