"""What a learner declares when she submits, word for word.

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
}
CURRENT = "2026-1"


def wording(version: str) -> str:
    """The text that the version stands for."""
    return WORDINGS[version]
