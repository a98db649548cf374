"""What a learner declares when she submits, and a witness when they confirm, word for word.

A wording that has been declared must never change: a new text gets a new version, and the
version's name and text are kept with every submission.
"""

from collections.abc import Mapping

WORDINGS: Mapping[str, str] = {
    "2026-1": (
        "This is my own work. It shows what I did myself, and it is true.\n"
        "Where I used words, pictures or ideas from somebody else, I have said whose they are.\n"
        "Where I used an AI tool (such as a chatbot or a writing helper), I have said which one "
        "and what I used it for. I checked what it gave me, and it does not stand in for what "
        "I know and can do.\n"
        "I have left out or hidden names and details that could identify customers, patients "
        "or other people who have not agreed to be shown."
    ),
    "2026-handed-on-1": (
        "A witness wrote this. I hand it in as it is, and what it says of my work is true.\n"
        "I did not write it for them, and I have not asked them to say anything that they did "
        "not see."
    ),
    "2026-record-1": (
        "I have read this record. It says truly what I did and said.\n"
        "What is shown or recorded in it is my own work."
    ),
    "2026-answers-1": (
        "These answers are my own.\n"
        "Where I used somebody else's words, or an AI tool, I have said so in the answer.\n"
        "I have left out names and details of customers and other people."
    ),
    "2026-witness-1": (
        "I saw this myself, and what I have written is true.\n"
        "These are my own words. Nobody told me what to write.\n"
        "I have left out names and details of customers, patients or other people.\n"
        "I understand that I say what I saw, and that an assessor decides. The centre may get in "
        "touch with me to check that this came from me."
    ),
}
CURRENT = "2026-1"
CURRENT_HANDED_ON = "2026-handed-on-1"
CURRENT_RECORD = "2026-record-1"
CURRENT_ANSWERS = "2026-answers-1"
CURRENT_WITNESS = "2026-witness-1"


def current(*, by_witness: bool) -> str:
    """The version a learner declares now: of her own work, or of a testimony she hands in."""
    return CURRENT_HANDED_ON if by_witness else CURRENT


def wording(version: str) -> str:
    """The text that the version stands for."""
    return WORDINGS[version]
