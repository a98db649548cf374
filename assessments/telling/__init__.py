"""Who is told what of each verb of this room; the actions call these in their transactions."""

from assessments.telling.appeals import of_appeal, of_appeal_answer, of_giving_up_appeal
from assessments.telling.decisions import (
    of_countersigning,
    of_decision,
    of_refusing_countersignature,
    of_signing_off,
    of_submitting,
    of_undoing,
    of_withdrawing,
    of_withdrawing_sign_off,
)
from assessments.telling.plans import of_agreeing, of_plan, of_what_is_overdue
from assessments.telling.records import of_questioning, of_sharing, of_taking_back_record

__all__ = [
    "of_agreeing",
    "of_appeal",
    "of_appeal_answer",
    "of_countersigning",
    "of_decision",
    "of_giving_up_appeal",
    "of_plan",
    "of_questioning",
    "of_refusing_countersignature",
    "of_sharing",
    "of_signing_off",
    "of_submitting",
    "of_taking_back_record",
    "of_undoing",
    "of_what_is_overdue",
    "of_withdrawing",
    "of_withdrawing_sign_off",
]
