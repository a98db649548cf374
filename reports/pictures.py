"""Pictures made small enough for paper, once for each, on disk and not in memory."""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps

from files import store

LONGEST = 1300  # pixels: 190 to the inch across the page
QUALITY = 72
MEDIA_TYPE = "image/jpeg"

# What Pillow raises on damaged bytes, by its documentation and by trying.
DAMAGED = (
    OSError,
    ValueError,
    SyntaxError,
    TypeError,
    IndexError,
    EOFError,
    MemoryError,
    struct.error,
    Image.DecompressionBombError,
)


@dataclass(frozen=True)
class Prepared:
    """A picture ready to print; without a path it could not be read."""

    name: str
    path: Path | None


def prepare(digests: Iterable[str], folder: Path) -> Iterator[Prepared]:
    """Each picture in turn, so that the caller can tell how far it is."""
    for sha256 in digests:
        with store.local_bytes(sha256) as source:
            made = _made_small(source, folder / f"{sha256}.jpg")
        yield Prepared(sha256, made)


def _made_small(source: Path, target: Path) -> Path | None:
    try:
        with Image.open(source) as picture:
            picture.draft("RGB", (LONGEST, LONGEST))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST, LONGEST))
            _on_white(upright).save(target, "JPEG", quality=QUALITY, optimize=True)
    except DAMAGED:
        return None
    return target


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGB", "L"):
        return picture
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    white = Image.new("RGB", picture.size, "white")
    shape = picture.convert("RGBA")
    white.paste(shape, mask=shape.getchannel("A"))
    return white


def lost(digests: Iterable[str]) -> frozenset[str]:
    """Those whose bytes are no longer in the store."""
    return frozenset(sha256 for sha256 in digests if not store.has(sha256))
