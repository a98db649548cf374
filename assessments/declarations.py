"""What an assessor and a countersigner declare when they sign, word for word.

A wording that has been declared must never change: a new text gets a new version, and the
version's name and text are kept with every sign-off.
"""

from collections.abc import Mapping

ASSESSOR: Mapping[str, str] = {
    "2026-1": (
        "I have judged the evidence in this unit myself, against every criterion of the "
        "standard.\n"
        "I am satisfied that the evidence is valid, authentic, reliable, current and sufficient, "
        "and that each marking point is earned by the evidence I have named for it.\n"
        "This is not my own work or the work of a relative, and I have no personal interest in "
        "the result."
    ),
    # Criteria may be imported since, and a personal interest may be declared and avoided no more.
    "2026-2": (
        "I have judged the evidence in this unit myself, against every criterion of the "
        "standard that was not imported as decided elsewhere.\n"
        "I am satisfied that the evidence is valid, authentic, reliable, current and sufficient, "
        "and that each marking point is earned by what I have named for it.\n"
        "This is not my own work or the work of a relative, and I have declared any personal "
        "interest in the result."
    ),
}
COUNTERSIGNER: Mapping[str, str] = {
    "2026-1": (
        "I hold the assessing qualification. I have looked at the evidence and at the "
        "judgements that my colleague made, and I agree with them.\n"
        "I am not the learner or a relative, and I have no personal interest in the result."
    ),
    "2026-2": (
        "I hold the assessing qualification. I have looked at the evidence and at the "
        "judgements that my colleague made, and I agree with them.\n"
        "I am not the learner or a relative, and I have declared any personal interest in the "
        "result."
    ),
}
CURRENT_ASSESSOR = "2026-2"
CURRENT_COUNTERSIGNER = "2026-2"


def assessor_wording(version: str) -> str:
    return ASSESSOR[version]


def countersigner_wording(version: str) -> str:
    return COUNTERSIGNER[version]
