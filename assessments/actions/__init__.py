"""What can be done with a submission and a unit's sign-off; the only writers of their rows."""

from assessments.actions.decisions import accept, return_
from assessments.actions.judgements import (
    add_action_point,
    remove_action_point,
    save_feedback,
    save_judgement,
)
from assessments.actions.sign_offs import countersign, refuse_countersignature, sign_off
from assessments.actions.submissions import submit

__all__ = [
    "accept",
    "add_action_point",
    "countersign",
    "refuse_countersignature",
    "remove_action_point",
    "return_",
    "save_feedback",
    "save_judgement",
    "sign_off",
    "submit",
]
