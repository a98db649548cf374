"""Who else of the centre has the same or nearly the same, told from few rows."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count

from portfolio.likeness.known import Known
from portfolio.likeness.pictures import Look
from portfolio.likeness.sketching import Sketched
from portfolio.likeness.sources import text_at
from portfolio.likeness.words import overlap, shingles
from portfolio.models import (
    EvidenceFile,
    EvidenceVersion,
    Likeness,
    Portfolio,
    Sketch,
    SketchValue,
)

Kind = Likeness.Kind
# Texts are read to be sure, so only those that share most are; pictures are told from their row.
SHARED_VALUES = {Sketch.Kind.TEXT: 2, Sketch.Kind.PICTURE: 1}
CANDIDATES = {Sketch.Kind.TEXT: 20, Sketch.Kind.PICTURE: 300}
# What half the centre has is a form; nobody looks through hundreds of pairs to see that.
FLAGS_EACH = 10


@dataclass(frozen=True)
class Found:
    """One side of this version that is like one side of another's."""

    kind: Likeness.Kind
    file: EvidenceFile | None
    other_version: EvidenceVersion
    other_file: EvidenceFile | None
    share: float

    @property
    def rank(self) -> tuple[float, int]:
        return self.share, self.other_version.number


def find(version: EvidenceVersion, sketches: Sequence[Sketched], known: Known) -> list[Found]:
    """At most one for each part of the version and each item of somebody else; the likest."""
    portfolio = version.evidence.portfolio
    same = list(_same_bytes(version, known))
    settled = {(each.file, each.other_version.evidence_id) for each in same}
    alike = [
        found
        for each in sketches
        for found in _alike(each, portfolio)
        if (found.file, found.other_version.evidence_id) not in settled
    ]
    return _best([*same, *alike])


def _best(every: Iterable[Found]) -> list[Found]:
    best: dict[int | None, dict[int, Found]] = defaultdict(dict)
    for found in sorted(every, key=lambda each: each.rank):
        best[found.file.pk if found.file else None][found.other_version.evidence_id] = found
    likest = (sorted(each.values(), key=lambda each: each.rank) for each in best.values())
    return [found for each in likest for found in each[-FLAGS_EACH:]]


def _same_bytes(version: EvidenceVersion, known: Known) -> Iterator[Found]:
    portfolio = version.evidence.portfolio
    mine = {file.blob_id: file for file in version.files.exclude(blob__sha256__in=known.files)}
    theirs = (
        EvidenceFile.objects.filter(
            version__evidence__portfolio__centre=portfolio.centre_id,
            version__submitted_at__isnull=False,
        )
        .exclude(version__evidence__portfolio=portfolio)
        .select_related("version")
        .order_by("-pk")
    )
    for blob_id, file_of_mine in mine.items():
        for file in theirs.filter(blob=blob_id)[: 2 * FLAGS_EACH]:  # some are versions of one item
            yield Found(Kind.SAME_BYTES, file_of_mine, file.version, file, 1.0)


def _alike(mine: Sketched, portfolio: Portfolio) -> Iterator[Found]:
    for sketch in candidates(mine, portfolio):
        share = _share(mine, sketch)
        if share:
            kind = Kind.PICTURE if mine.source.look else Kind.TEXT
            yield Found(kind, mine.source.file, sketch.version, sketch.file, share)


def candidates(mine: Sketched, portfolio: Portfolio) -> list[Sketch]:
    """Those of others at the centre that share most values, from one look into the index."""
    counted = (
        SketchValue.objects.filter(
            centre=portfolio.centre_id, value__in=mine.values, sketch__kind=mine.kind
        )
        .exclude(sketch__portfolio=portfolio)
        .values("sketch")
        .annotate(many=Count("sketch"))
        .filter(many__gte=SHARED_VALUES[mine.kind])
        .order_by("-many", "-sketch")
    )
    wanted = [row["sketch"] for row in counted[: CANDIDATES[mine.kind]]]
    found = Sketch.objects.filter(pk__in=wanted)
    return [each for each in found.select_related("version", "file__blob") if _stands(each)]


def _stands(sketch: Sketch) -> bool:
    """Whether the file is still the one it was made of, and not a redacted copy."""
    return sketch.file is None or sketch.file.blob.sha256 == sketch.sha256


def _share(mine: Sketched, sketch: Sketch) -> float:
    """By what really stands there; 0 where that is too little to raise a flag."""
    if mine.source.look:
        return mine.source.look.share(Look.from_facts(sketch.facts))
    theirs = shingles(text_at(sketch.version, sketch.file)) - mine.known.shingles
    found = overlap(mine.shingles, theirs)
    return found.share if found.is_alike else 0.0
