"""Both sides of a likeness as one person may see them."""

from dataclasses import dataclass

from accounts.models import User
from portfolio.likeness.pairs import Stretch, marked, only_shared, shared_words, sides
from portfolio.likeness.sources import text_at
from portfolio.models import EvidenceFile, EvidenceVersion, Likeness

LONGEST = 700  # letters of what is not shared; the middle of more is left out
KEPT = 250


@dataclass(frozen=True)
class ShownSide:
    """`may_open`: whether this person may read all of the item, or just what is shared."""

    number: int
    version: EvidenceVersion
    file: EvidenceFile | None
    may_open: bool
    stretches: list[Stretch]

    @property
    def has_picture(self) -> bool:
        return self.file is not None and self.file.blob.kind in ("image", "video")


def both_sides(likeness: Likeness, user: User) -> list[ShownSide]:
    pair = sides(likeness)
    versions = [version.pk for version, _file in pair]
    seen = EvidenceVersion.objects.visible_to(user).filter(pk__in=versions)
    open_to = set(seen.values_list("pk", flat=True))
    is_text = likeness.kind == Likeness.Kind.TEXT
    shared = shared_words(likeness) if is_text else frozenset()
    return [
        ShownSide(
            number,
            version,
            file,
            version.pk in open_to,
            _stretches(version, file, shared, whole=version.pk in open_to) if is_text else [],
        )
        for number, (version, file) in enumerate(pair, start=1)
    ]


def _stretches(
    version: EvidenceVersion, file: EvidenceFile | None, shared: frozenset[int], *, whole: bool
) -> list[Stretch]:
    text = text_at(version, file)
    return (
        [_shortened(each) for each in marked(text, shared)] if whole else only_shared(text, shared)
    )


def _shortened(stretch: Stretch) -> Stretch:
    text = stretch.text
    if stretch.shared or len(text) <= LONGEST:
        return stretch
    return Stretch(f"{text[:KEPT]} […] {text[-KEPT:]}", False)
