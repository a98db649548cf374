"""What can be done with a submission and a unit's sign-off; the only writers of their rows."""

from assessments.actions.appeals import appeal, appeal_unit, give_up, reject, uphold
from assessments.actions.confirming import confirm_record, question_record, save_answers
from assessments.actions.decisions import accept, return_
from assessments.actions.judgements import (
    add_action_point,
    remove_action_point,
    save_feedback,
    save_judgement,
)
from assessments.actions.plans import (
    Planned,
    agree_plan,
    change_plan,
    make_plan,
    mark_action_point,
    mark_plan_action,
    review_plan,
)
from assessments.actions.questions import (
    add_question,
    change_question,
    retire_question,
    set_questions,
)
from assessments.actions.records import (
    Made,
    Plan,
    amend_record,
    begin_record,
    cancel_record,
    change_record_plan,
    plan_record,
    save_record,
    share_record,
    take_back_record,
)
from assessments.actions.rules import add_method_rules, remove_method_rules, save_unit_rules
from assessments.actions.sign_offs import countersign, refuse_countersignature, sign_off
from assessments.actions.stale import Stale
from assessments.actions.submissions import submit
from assessments.actions.withdrawals import undo, withdraw, withdraw_sign_off

__all__ = [
    "Made",
    "Plan",
    "Planned",
    "Stale",
    "accept",
    "add_action_point",
    "add_method_rules",
    "add_question",
    "agree_plan",
    "amend_record",
    "appeal",
    "appeal_unit",
    "begin_record",
    "cancel_record",
    "change_plan",
    "change_question",
    "change_record_plan",
    "confirm_record",
    "countersign",
    "give_up",
    "make_plan",
    "mark_action_point",
    "mark_plan_action",
    "plan_record",
    "question_record",
    "refuse_countersignature",
    "reject",
    "remove_action_point",
    "remove_method_rules",
    "retire_question",
    "return_",
    "review_plan",
    "save_answers",
    "save_feedback",
    "save_judgement",
    "save_record",
    "save_unit_rules",
    "set_questions",
    "share_record",
    "sign_off",
    "submit",
    "take_back_record",
    "undo",
    "uphold",
    "withdraw",
    "withdraw_sign_off",
]
