"""What can be done with a portfolio; the only writers of its rows."""

from portfolio.actions.anchors import forget_lost_places, recheck_places, set_anchors
from portfolio.actions.claims import Seen, claim
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
    create_evidence,
    edit_evidence,
    new_version,
    remove_file,
    withdraw_draft,
)
from portfolio.actions.experts import approve_expert, end_expert_approval
from portfolio.actions.imports import import_decisions, take_back_import
from portfolio.actions.interests import declare_interest, end_interest
from portfolio.actions.learners import (
    RowsRefused,
    discard_learner_list,
    keep_learner_list,
    save_learner_list,
)
from portfolio.actions.personal_data import answer_personal_data
from portfolio.actions.redactions import (
    hide_in_account,
    hide_in_file,
    open_original,
    retry_redaction,
)
from portfolio.actions.witnesses import (
    give_testimony,
    invitation_of,
    invite_witness,
    resend_witness_invitation,
    withdraw_witness_invitation,
)

__all__ = [
    "MAY_BE_ALLOCATED",
    "RowsRefused",
    "Seen",
    "allocate",
    "answer_personal_data",
    "approve_expert",
    "claim",
    "create_evidence",
    "declare_interest",
    "discard_learner_list",
    "edit_evidence",
    "edit_portfolio",
    "end_allocation",
    "end_expert_approval",
    "end_interest",
    "enrol",
    "forget_lost_places",
    "give_testimony",
    "hide_in_account",
    "hide_in_file",
    "import_decisions",
    "invitation_of",
    "invite_witness",
    "keep_learner_list",
    "new_version",
    "open_original",
    "recheck_places",
    "reinstate_enrolment",
    "remove_file",
    "resend_witness_invitation",
    "retry_redaction",
    "save_learner_list",
    "set_anchors",
    "take_back_import",
    "withdraw_draft",
    "withdraw_enrolment",
    "withdraw_witness_invitation",
]
