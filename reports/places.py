"""Exact places as the report prints them: in words, with a quote, with a picture."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from portfolio.anchors.texts import AROUND
from portfolio.models import Anchor, Place
from reports import facts


def claim_place(row: Anchor, beside: Sequence[Anchor]) -> facts.Place:
    whose = row.made_by.name if row.by_another else ""  # type: ignore[attr-defined]
    replaced = row.replaced_by_id in {each.pk for each in beside}
    return replace(place_of(row), whose=whose, replaced=replaced)


def place_of(row: Place) -> facts.Place:
    return facts.Place(
        words=row.label,
        file=row.file.name if row.file else "",
        kind=row.kind,
        prefix=_whole_words(row.prefix[::-1])[::-1],
        quote=row.quote,
        suffix=_whole_words(row.suffix),
        cut=_cut(row),
    )


def _whole_words(around: str) -> str:
    """What was cut off at its full length loses the piece of a word at its end."""
    if len(around) < AROUND or " " not in around.strip():
        return around
    return around.rpartition(" ")[0]


def _cut(row: Place) -> facts.Cut | None:
    """The picture that shows the place: a region, or the first frame of a moment in a film."""
    if row.file is None:
        return None
    if row.kind == Anchor.Kind.REGION:
        box = cast(tuple[float, float, float, float], (row.x, row.y, row.width, row.height))
        return facts.Cut(row.sha256, row.page or 1, box, None)
    if row.kind == Anchor.Kind.MOMENT and row.file.blob.kind == "video":
        return facts.Cut(row.sha256, 1, None, row.begins)
    return None
