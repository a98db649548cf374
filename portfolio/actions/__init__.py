"""What can be done with a portfolio; the only writers of its rows."""

from portfolio.actions.enrolments import (
    allocate,
    edit_portfolio,
    end_allocation,
    enrol,
    reinstate_enrolment,
    withdraw_enrolment,
)
from portfolio.actions.evidence import (
    claim,
    create_evidence,
    edit_evidence,
    new_version,
    remove_file,
    withdraw_draft,
)

__all__ = [
    "allocate",
    "claim",
    "create_evidence",
    "edit_evidence",
    "edit_portfolio",
    "end_allocation",
    "enrol",
    "new_version",
    "reinstate_enrolment",
    "remove_file",
    "withdraw_draft",
    "withdraw_enrolment",
]
