"""What can be said about a file or a code, and no more than that."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    LATEST = "latest", _("Genuine, and the latest")
    NEWER = "newer", _("Genuine, but a newer export exists")
    WITHDRAWN = "withdrawn", _("Genuine, but since withdrawn")
    ALTERED = "altered", _("Altered after signing")
    NOT_OURS = "not_ours", _("Not one of our exports")
    # Something is wrong on our side, or the file could not be read to its end.
    UNSURE = "unsure", _("We cannot vouch for this file")


GENUINE = frozenset({Outcome.LATEST, Outcome.NEWER, Outcome.WITHDRAWN})


@dataclass(frozen=True)
class Answer:
    """Beside the outcome only what whoever holds the genuine file reads in it anyway."""

    outcome: Outcome
    made_at: datetime | None = None
    pages: int | None = None
    withdrawn_at: datetime | None = None
    centre: str = ""
    is_signed: bool = False
    is_read: bool = True  # false: a limit was met, or its reader was killed, before the end

    @property
    def is_genuine(self) -> bool:
        return self.outcome in GENUINE


@dataclass(frozen=True)
class Export:
    """What a ledger says about one export that was made."""

    code: str
    sha256: str
    certificate: str  # SHA-256; "" = not signed
    made_at: datetime
    pages: int
    withdrawn_at: datetime | None
    has_newer: bool
    centre: str = ""  # as the file names it; older entries do not

    @property
    def outcome(self) -> Outcome:
        if self.withdrawn_at:
            return Outcome.WITHDRAWN
        return Outcome.NEWER if self.has_newer else Outcome.LATEST


class RecordBroken(Exception):
    """The ledger that should vouch for an export does not hold itself."""


class CutShort(Exception):
    """A file could not be read to its end, and nothing was found in it before."""


class Register(Protocol):
    """Where exports are looked up: the database, or a bundle that was taken from it."""

    def export_of(self, sha256: str) -> Export | None:
        """The export with exactly these bytes; RecordBroken where its ledger does not hold."""

    def knows(self, *, codes: Collection[str], certificates: Collection[str]) -> bool:
        """Whether any of these is one of ours."""


class Reader(Protocol):
    """Reads a stranger's file: `reports.proof.reading` in a process of its own."""

    def marks(self, place: Path) -> dict[str, set[str]]:
        """The `code` and `certificate` marks in it; may raise CutShort."""

    def signature(self, place: Path, *, moment: datetime) -> dict[str, Any] | None:
        """See `files.makers.signed`; None where it could not be read."""
