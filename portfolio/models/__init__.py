"""A learner's portfolio: units, evidence with its versions, claims and their places."""

from portfolio.models.anchors import (
    Anchor,
    Place,
)
from portfolio.models.evidence import (
    MAX_PLACE,
    Claim,
    Evidence,
    EvidenceFile,
    EvidenceVersion,
    Method,
    PersonalData,
)
from portfolio.models.imported import (
    ImportedDecision,
)
from portfolio.models.interests import (
    Interest,
)
from portfolio.models.learners import (
    Allocation,
    Enrolment,
    LearnerList,
    Portfolio,
    apart_from,
)
from portfolio.models.likeness import (
    Comparison,
    Likeness,
    Sketch,
    SketchValue,
    TemplateText,
)
from portfolio.models.redactions import (
    OriginalOpened,
    Redaction,
)
from portfolio.models.witnesses import (
    ExpertWitness,
    Testimony,
    WitnessInvitation,
)

__all__ = [
    "MAX_PLACE",
    "Allocation",
    "Anchor",
    "Claim",
    "Comparison",
    "Enrolment",
    "Evidence",
    "EvidenceFile",
    "EvidenceVersion",
    "ExpertWitness",
    "ImportedDecision",
    "Interest",
    "LearnerList",
    "Likeness",
    "Method",
    "OriginalOpened",
    "PersonalData",
    "Place",
    "Portfolio",
    "Redaction",
    "Sketch",
    "SketchValue",
    "TemplateText",
    "Testimony",
    "WitnessInvitation",
    "apart_from",
]
