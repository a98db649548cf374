"""Reads the published text of National Occupational Standards into a structure.

Pure Python: no Django, no database. `reader.py` shows the way a text takes:
characters → lines → page furniture → events (headings, labels, text) → one stretch for
each standard → blocks → items, numbers, metadata. Vocabulary is in `headings.py`,
`leadins.py` and `words.py`.
"""

from standards.nos.model import (
    AssessmentCriterion,
    Criterion,
    Metadata,
    NotAStandard,
    ParsedStandard,
    as_json,
)
from standards.nos.reader import read_bytes, read_text

__all__ = [
    "AssessmentCriterion",
    "Criterion",
    "Metadata",
    "NotAStandard",
    "ParsedStandard",
    "as_json",
    "read_bytes",
    "read_text",
]
