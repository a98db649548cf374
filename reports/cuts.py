"""What a claim's place looks like, cut out of its file: part of a page, or a film's frame."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from files.models import Blob
from files.previews import extracts
from reports.facts import Cut
from reports.pictures import Prepared


def prepare(cuts: Iterable[Cut], folder: Path) -> Iterator[Prepared]:
    """Each cut in turn; one that cannot be made has no path, and the page says so."""
    wanted = list(cuts)
    blobs = Blob.objects.in_bulk({cut.sha256 for cut in wanted}, field_name="sha256")
    for cut in wanted:
        yield Prepared(cut.name, _made(cut, blobs.get(cut.sha256), folder / f"{cut.name}.jpg"))


def _made(cut: Cut, blob: Blob | None, target: Path) -> Path | None:
    if blob is None:
        return None
    try:
        target.write_bytes(_taken_out(cut, blob))
    except extracts.NotShown:
        return None
    return target


def _taken_out(cut: Cut, blob: Blob) -> bytes:
    if cut.box is None:
        return extracts.frame_at(blob, cut.at or 0)
    return extracts.crop(blob, cut.page, *cut.box)
