"""How much of the original files goes into one PDF."""

from dataclasses import dataclass
from typing import Self

from django.conf import settings

from reports.models import ExportRules

MEGABYTE = 1024 * 1024


def most_bytes() -> int:
    """Of original files in one PDF, whatever a centre decides: the page that says whether an
    export is genuine takes no larger file than anybody may hand in. The pages have a quarter."""
    return int(settings.MAX_UPLOAD_BYTES) * 3 // 4


@dataclass(frozen=True)
class Limits:
    file_bytes: int
    all_bytes: int  # of one PDF's together

    @classmethod
    def of(cls, rules: ExportRules | None = None) -> Self:
        """A centre's, or the defaults where it has decided nothing."""
        rules, most = rules or ExportRules(), most_bytes()
        return cls(
            min(rules.file_up_to_mb * MEGABYTE, most), min(rules.files_up_to_mb * MEGABYTE, most)
        )
