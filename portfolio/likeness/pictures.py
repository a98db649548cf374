"""Pictures by a perceptual hash: what is brighter than its neighbour stays so when a picture is
made smaller, saved again or brightened."""

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps, ImageStat

from files.images import UNREADABLE

SIDE, FINE_SIDE = 8, 16
BITS = SIDE * SIDE
SLICE_BITS = 16
SLICES = BITS // SLICE_BITS
AT_MOST = 8  # bits of the coarse hash that may differ
FINE_AT_MOST = 44  # and of the fine one, which has 256
PLAIN = 6.0  # grey levels: a wall, a blank page


@dataclass(frozen=True)
class Look:
    """How a picture looks, coarsely and finely."""

    coarse: int
    fine: int

    def as_facts(self) -> dict[str, str]:
        return {"coarse": f"{self.coarse:x}", "fine": f"{self.fine:x}"}

    @classmethod
    def from_facts(cls, facts: dict[str, str]) -> "Look":
        return cls(int(facts["coarse"], 16), int(facts["fine"], 16))

    def sketch(self) -> list[int]:
        """Slices of the coarse hash, each with its number; two that differ in little share some."""
        parts = [(self.coarse >> SLICE_BITS * at) & 0xFFFF for at in range(SLICES)]
        return [at << SLICE_BITS | part for at, part in enumerate(parts) if part not in (0, 0xFFFF)]

    def share(self, other: "Look") -> float:
        """1 for the same look; 0 for what is no longer alike."""
        coarse = (self.coarse ^ other.coarse).bit_count()
        fine = (self.fine ^ other.fine).bit_count()
        if coarse > AT_MOST or fine > FINE_AT_MOST:
            return 0.0
        return 1 - fine / (FINE_SIDE * FINE_SIDE)


def look_of(path: Path) -> Look | None:
    """None for what does not decode and for a picture on which there is nothing."""
    try:
        with Image.open(path) as image:
            image.draft("L", (256, 256))
            grey = ImageOps.exif_transpose(image).convert("L")
            if ImageStat.Stat(grey.resize((32, 32))).stddev[0] < PLAIN:
                return None
            return Look(_differences(grey, SIDE), _differences(grey, FINE_SIDE))
    except (*UNREADABLE, Image.DecompressionBombError, MemoryError):
        return None


def _differences(grey: Image.Image, side: int) -> int:
    small = grey.resize((side + 1, side), Image.Resampling.LANCZOS).tobytes()
    bits = 0
    for row in range(side):
        for column in range(side):
            at = row * (side + 1) + column
            bits = bits << 1 | (small[at] > small[at + 1])
    return bits
