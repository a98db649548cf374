"""Black boxes on a picture, given in fractions of it."""

import math
from collections.abc import Iterable, Mapping

from PIL import Image, ImageDraw

Mark = Mapping[str, float]
BLACK = {"L": 0, "LA": (0, 255), "RGB": (0, 0, 0), "RGBA": (0, 0, 0, 255)}


def covered(image: Image.Image, marks: Iterable[Mark]) -> Image.Image:
    """A new picture with nothing but the pixels, those under the marks black."""
    plain = (
        image if image.mode in BLACK else image.convert("RGBA" if _see_through(image) else "RGB")
    )
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    brush = ImageDraw.Draw(bare)
    for mark in marks:
        brush.rectangle(_pixels(mark, bare.width, bare.height), fill=BLACK[bare.mode])
    return bare


def _see_through(image: Image.Image) -> bool:
    return image.has_transparency_data


def _pixels(mark: Mark, width: int, height: int) -> tuple[int, int, int, int]:
    """Every pixel that the mark touches; the last ones are part of it."""
    left, top = math.floor(mark["x"] * width), math.floor(mark["y"] * height)
    right = math.ceil((mark["x"] + mark["width"]) * width) - 1
    bottom = math.ceil((mark["y"] + mark["height"]) * height) - 1
    return left, top, max(left, min(right, width - 1)), max(top, min(bottom, height - 1))
