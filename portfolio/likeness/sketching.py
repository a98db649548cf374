"""The sketches of a version: made from its sources, kept in rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from portfolio.likeness import words
from portfolio.likeness.known import Known
from portfolio.likeness.sources import Source, digests_of
from portfolio.models import EvidenceVersion, Sketch, SketchValue


@dataclass(frozen=True)
class Sketched:
    """A source as it is compared: without what everybody shares."""

    source: Source
    known: Known

    @cached_property
    def shingles(self) -> frozenset[int]:
        return words.shingles(self.source.text) - self.known.shingles

    @cached_property
    def values(self) -> list[int]:
        """Nothing for what is too short, or a known form, to be compared."""
        look = self.source.look
        if look:
            return [] if self.known.shows(look) else look.sketch()
        return words.sketch(self.shingles) if len(self.shingles) >= words.FEWEST else []

    @property
    def kind(self) -> Sketch.Kind:
        return Sketch.Kind.PICTURE if self.source.look else Sketch.Kind.TEXT


def sketched(sources: Iterable[Source], known: Known) -> list[Sketched]:
    every = [Sketched(source, known) for source in sources]
    return [each for each in every if each.values]


def keep(version: EvidenceVersion, sketches: Iterable[Sketched]) -> None:
    """In place of what was kept for this version before; nothing of words or pictures that were
    hidden while we read them."""
    # Held before the old ones go: of two who compare it at once, one takes the other's away.
    now = digests_of(EvidenceVersion.objects.select_for_update().get(pk=version.pk))
    Sketch.objects.filter(version=version).delete()
    portfolio = version.evidence.portfolio
    for each in sketches:
        if each.source.sha256 not in now:
            continue
        look = each.source.look
        row = Sketch.objects.create(
            centre_id=portfolio.centre_id,
            portfolio=portfolio,
            version=version,
            file=each.source.file,
            kind=each.kind,
            sha256=each.source.sha256,
            many=len(each.values),
            facts=look.as_facts() if look else {"shingles": len(each.shingles)},
        )
        SketchValue.objects.bulk_create(
            SketchValue(sketch=row, centre_id=portfolio.centre_id, value=value)
            for value in each.values
        )
