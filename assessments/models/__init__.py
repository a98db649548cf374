"""What was submitted, judged, recorded and planned, and how units were signed off."""

from assessments.models.bank import FeedbackPhrase
from assessments.models.plans import Plan, PlanAction
from assessments.models.records import Answer, Question, Record
from assessments.models.rules import MethodRule, UnitRules
from assessments.models.sign_offs import MarkingPointCredit, SignOff
from assessments.models.submissions import (
    ActionPoint,
    Comment,
    FeedbackDraft,
    Judgement,
    PersonalDataCheck,
    PointTick,
    Submission,
)
from assessments.models.withdrawals import Appeal, Withdrawal

__all__ = [
    "ActionPoint",
    "Answer",
    "Appeal",
    "Comment",
    "FeedbackDraft",
    "FeedbackPhrase",
    "Judgement",
    "MarkingPointCredit",
    "MethodRule",
    "PersonalDataCheck",
    "Plan",
    "PlanAction",
    "PointTick",
    "Question",
    "Record",
    "SignOff",
    "Submission",
    "UnitRules",
    "Withdrawal",
]
