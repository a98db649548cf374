"""Is it genuine? What a file, or the code on its cover, says about an export."""

from pathlib import Path

from reports.proof.answers import Answer, Outcome
from reports.proof.judging import judge
from reports.proof.reading import Apart
from reports.proof.recorded import Database

__all__ = ["Answer", "Outcome", "check"]


def check(file: Path) -> Answer:
    """What this installation says about a file that anybody may have made."""
    return judge(file, register=Database(), reader=Apart())
