"""Reads a stranger's PDF in a process of its own, with limits: as previews do (ADR 0011)."""

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from files.makers.limits import Limits
from files.previews.runner import Asked, Killed, NotMade, told
from reports.proof.answers import CutShort

LIMITS = Limits(memory_mb=1024, file_mb=1, cpu_seconds=20, seconds=40)


class Apart:
    """The reader that everybody uses but the tests of thousands of files."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.limits = limits

    def marks(self, place: Path) -> dict[str, set[str]]:
        """What was found before a limit was met counts."""
        found: dict[str, set[str]] = {"code": set(), "certificate": set()}
        try:
            for facts in self._ask(place, "marks"):
                for kind, mark in facts.items():
                    found[kind].add(mark)
        except (NotMade, Killed):
            if not any(found.values()):
                raise CutShort from None
        return found

    def signature(self, place: Path, *, moment: datetime) -> dict[str, Any] | None:
        with suppress(NotMade, Killed):
            for facts in self._ask(place, "signature", moment=moment.isoformat()):
                return facts
        return None

    def _ask(self, place: Path, verb: str, **asked: str) -> Iterator[dict[str, Any]]:
        with tempfile.TemporaryDirectory(prefix="signpost-check-") as folder:
            job = Asked(
                maker="signed",
                verb=verb,
                source=place,
                folder=Path(folder),
                media_type="application/pdf",
                asked=asked,
                bound=self.limits,
            )
            for line in told(job):
                if "facts" in line:
                    yield line["facts"]
