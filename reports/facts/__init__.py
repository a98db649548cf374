"""What a portfolio's report says, as plain data: no model, no query, nothing lazy.

`reports.gather` fills it, `reports.document` prints it.
"""

from reports.facts.decisions import (
    Action,
    Appeal,
    Claim,
    GuideThen,
    Imported,
    Judgement,
    Review,
    TakenBack,
    Wording,
)
from reports.facts.evidence import (
    AssessorRecord,
    Attachment,
    Evidence,
    File,
    Given,
    Testimony,
    Version,
)
from reports.facts.places import Comment, Cut, Place
from reports.facts.portfolio import (
    NOT_IN_A_SUMMARY,
    PARTS,
    WHOLE,
    Declared,
    Entry,
    Portfolio,
    Proof,
    Record,
)
from reports.facts.units import Credit, Criterion, Guide, Plan, PlanAction, Point, SignOff, Unit

__all__ = [
    "NOT_IN_A_SUMMARY",
    "PARTS",
    "WHOLE",
    "Action",
    "Appeal",
    "AssessorRecord",
    "Attachment",
    "Claim",
    "Comment",
    "Credit",
    "Criterion",
    "Cut",
    "Declared",
    "Entry",
    "Evidence",
    "File",
    "Given",
    "Guide",
    "GuideThen",
    "Imported",
    "Judgement",
    "Place",
    "Plan",
    "PlanAction",
    "Point",
    "Portfolio",
    "Proof",
    "Record",
    "Review",
    "SignOff",
    "TakenBack",
    "Testimony",
    "Unit",
    "Version",
    "Wording",
]
