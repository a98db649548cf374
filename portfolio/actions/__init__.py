"""What can be done with a portfolio; the only writers of its rows."""

from portfolio.actions.enrolments import (
    MAY_BE_ALLOCATED,
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
from portfolio.actions.learners import (
    RowsRefused,
    discard_learner_list,
    keep_learner_list,
    save_learner_list,
)

__all__ = [
    "MAY_BE_ALLOCATED",
    "RowsRefused",
    "allocate",
    "claim",
    "create_evidence",
    "discard_learner_list",
    "edit_evidence",
    "edit_portfolio",
    "end_allocation",
    "enrol",
    "keep_learner_list",
    "new_version",
    "reinstate_enrolment",
    "remove_file",
    "save_learner_list",
    "withdraw_draft",
    "withdraw_enrolment",
]
