"""The rows behind viewers, in the same few queries however many files there are."""

from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet

from accounts.models import User
from files.models import Preview, PreviewPart
from portfolio.models import Anchor, EvidenceFile, EvidenceVersion


def to_view(files: QuerySet[EvidenceFile]) -> QuerySet[EvidenceFile]:
    parts = PreviewPart.objects.select_related("blob__shown_as").order_by("role", "number")
    return files.select_related("blob__shown_as", "blob__preview").prefetch_related(
        Prefetch("blob__preview__parts", parts)
    )


def anchors_on(version: EvidenceVersion, seen_by: User) -> list[Anchor]:
    """All places marked in a version that this person may see, each with its claim's
    criterion."""
    on = Anchor.objects.filter(claim__version=version).read_by(seen_by)
    return list(on.select_related("claim__criterion"))


def places_of_claims(seen_by: User) -> Prefetch:
    """For claims whose places are listed: whose they are, and the files they are in."""
    return Prefetch("anchors", Anchor.objects.listed().read_by(seen_by))


def preview_of(file: EvidenceFile) -> Preview | None:
    """None where nobody has asked for one yet."""
    return getattr(file.blob, "preview", None)


def captions_among(file: EvidenceFile, files: Iterable[EvidenceFile]) -> list[EvidenceFile]:
    """The captions for a recording: those named like it, or the only ones beside the only one."""
    files = list(files)
    captions = [each for each in files if is_captions(each)]
    named = [each for each in captions if each.name.startswith(f"{_stem(file.name)}.")]
    alone = len(captions) == 1 and sum(_is_recording(each) for each in files) == 1
    return named or (captions if alone else [])


def is_captions(file: EvidenceFile) -> bool:
    return file.name.lower().endswith((".vtt", ".srt"))


def _is_recording(file: EvidenceFile) -> bool:
    return file.blob.kind in ("audio", "video")


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name
