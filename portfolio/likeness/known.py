"""What many rightly share: the centre's forms and the standard's own words."""

from dataclasses import dataclass

from accounts.models import Centre
from portfolio.likeness.pictures import Look
from portfolio.likeness.words import shingles
from portfolio.models import EvidenceVersion, Likeness, TemplateText
from standards.models import Criterion


@dataclass(frozen=True)
class Known:
    """Left out before anything is compared."""

    shingles: frozenset[int]
    files: frozenset[str]
    looks: tuple[Look, ...]

    def shows(self, look: Look) -> bool:
        return any(look.share(known) > 0 for known in self.looks)


def known_at(centre: Centre, *versions: EvidenceVersion) -> Known:
    """The forms that count at the centre, and the words of the criteria these versions claim."""
    rows = TemplateText.objects.in_centre(centre).counting()
    kinds = Likeness.Kind
    files: set[str] = set()
    values: set[int] = set()
    looks: list[Look] = []
    for kind, sha256, of_one in rows.values_list("kind", "sha256", "values"):
        if sha256:
            files.add(sha256)
        if kind == kinds.TEXT:
            values.update(of_one)
        elif kind == kinds.PICTURE:
            looks += map(Look.from_facts, of_one)
    return Known(frozenset(values) | _of_standards(*versions), frozenset(files), tuple(looks))


def _of_standards(*versions: EvidenceVersion) -> frozenset[int]:
    claimed = Criterion.objects.filter(claims__version__in=versions).values_list("text", flat=True)
    return frozenset().union(*(shingles(text) for text in set(claimed)))
