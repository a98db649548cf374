"""How much of the original files goes into one PDF."""

from dataclasses import dataclass
from typing import Self

from reports.models import ExportRules

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    file_bytes: int
    all_bytes: int  # of one PDF's together

    @classmethod
    def of(cls, rules: ExportRules | None = None) -> Self:
        """A centre's, or the defaults where it has decided nothing."""
        rules = rules or ExportRules()
        return cls(rules.file_up_to_mb * MEGABYTE, rules.files_up_to_mb * MEGABYTE)
