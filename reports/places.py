"""Files, and exact places in them as the report prints them: in words, with a quote, with a
picture."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from portfolio.anchors.texts import AROUND
from portfolio.models import Anchor, EvidenceFile, Place
from reports import facts
from reports.hidden import Hidden


def places_of(rows: Sequence[Anchor], evidence: int, hidden: Hidden) -> tuple[facts.Place, ...]:
    """Of one claim."""
    return tuple(_claim_place(row, rows, evidence, hidden) for row in rows)


def _claim_place(
    row: Anchor, beside: Sequence[Anchor], evidence: int, hidden: Hidden
) -> facts.Place:
    whose = row.made_by.name if row.by_another else ""  # type: ignore[attr-defined]
    replaced = row.replaced_by_id in {each.pk for each in beside}
    return replace(place_of(row, evidence, hidden), whose=whose, replaced=replaced)


def place_of(row: Place, evidence: int, hidden: Hidden) -> facts.Place:
    """Nothing of what it shows, while something is being hidden in its file."""
    if row.file is None:
        return _place(row)
    if hidden.is_pending(evidence, row.file):
        bare = replace(_place(row), cut=None, quote="", prefix="", suffix="")
        return replace(bare, words="" if row.quote else bare.words)
    found = replace(_place(row), file=hidden.name(evidence, row.file))
    if found.cut:
        sha256 = hidden.blob(evidence, row.file).sha256
        found = replace(found, cut=replace(found.cut, sha256=sha256))
    return found


def _place(row: Place) -> facts.Place:
    return facts.Place(
        words=row.label,
        file=row.file.name if row.file else "",
        kind=row.kind,
        prefix=_whole_words(row.prefix[::-1])[::-1],
        quote=row.quote,
        suffix=_whole_words(row.suffix),
        cut=_cut(row),
        page=row.page if row.kind == Anchor.Kind.PASSAGE else None,
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


def file_of(row: EvidenceFile, evidence: int, printed: set[str], hidden: Hidden) -> facts.File:
    blob = hidden.blob(evidence, row)
    given = blob if hidden.shown else blob.shown
    pending = hidden.is_pending(evidence, row)
    picture = given.shown.sha256 if given.shown.kind == "image" and not pending else ""
    return facts.File(
        name=hidden.name(evidence, row),
        media_type=blob.media_type,
        size=blob.size,
        sha256=blob.sha256,
        picture=picture,
        shown_before=picture in printed,
        given=facts.Given(given.sha256, given.size, given.media_type),
        left_out="hiding" if pending else "",
        is_copy=hidden.is_copy(evidence, row),
    )
