"""Pictures: that they decode, how large they may be, and the copy that others are shown.

A picture from a phone says where and when it was taken. Others see a copy without that,
turned upright, no longer than EDGE, in a form every browser shows; the owner's bytes stay.
"""

import io
import struct
import zlib
from pathlib import Path

import pillow_heif
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, ImageSequence

from files import kinds
from files.kinds import Kind
from files.refusals import Refused

pillow_heif.register_heif_opener(thumbnails=False)

# Memory while decoding is three or four bytes a pixel. A plain JPEG is decoded at a fraction
# of its size, so that a phone's 200 megapixels pass.
MAX_PIXELS = 64_000_000
MAX_JPEG_PIXELS = 205_000_000
MAX_MOVING_PIXELS = 100_000_000
MAX_FRAMES = 500
EDGE = 4096
QUALITY = 88

FORMATS = {
    kinds.JPEG: ["JPEG", "MPO"],
    kinds.PNG: ["PNG"],
    kinds.GIF: ["GIF"],
    kinds.WEBP: ["WEBP"],
    kinds.HEIF: ["HEIF"],
    kinds.AVIF: ["AVIF"],
}
# What Pillow's readers raise on bytes that were made to hurt them.
UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    RuntimeError,
    OverflowError,
    ZeroDivisionError,
    struct.error,
    zlib.error,
)


def too_many_pixels() -> Refused:
    return Refused(_("This picture has too many pixels. Make it smaller, then add it."))


def shown_copy(path: Path, kind: Kind) -> tuple[bytes, str]:
    """The copy that others see and its media type; refuses what does not decode."""
    Image.MAX_IMAGE_PIXELS = None  # our own limits, checked before a pixel is decoded
    try:
        with Image.open(path, formats=FORMATS[kind]) as image:
            _check_pixels(image)
            if _moves(image):
                return _moving(image)
            return _still(image)
    except Image.DecompressionBombError as error:
        raise too_many_pixels() from error
    except (*UNREADABLE, MemoryError) as error:
        if isinstance(error, Refused):
            raise
        raise Refused(
            _("This picture is damaged and cannot be shown. Take or save it again.")
        ) from error


def _check_pixels(image: Image.Image) -> None:
    # A progressive JPEG is held whole while it is decoded, whatever size is asked for.
    plain_jpeg = image.format in ("JPEG", "MPO") and not image.info.get("progressive")
    limit = MAX_JPEG_PIXELS if plain_jpeg else MAX_PIXELS
    if image.width * image.height > limit:
        raise too_many_pixels()


def _moves(image: Image.Image) -> bool:
    return image.format in ("GIF", "PNG", "WEBP") and getattr(image, "is_animated", False)


def _still(image: Image.Image) -> tuple[bytes, str]:
    image.draft("RGB", (EDGE, EDGE))
    image.thumbnail((EDGE, EDGE))
    upright = ImageOps.exif_transpose(image)
    if upright.has_transparency_data or image.format in ("PNG", "GIF"):
        return _png(upright), "image/png"
    return _jpeg(upright), "image/jpeg"


def _png(image: Image.Image) -> bytes:
    mode = "RGBA" if image.has_transparency_data else "RGB"
    plain = image if image.mode in ("L", "1") else image.convert(mode)
    return _saved(plain, "PNG", profile=_profile(image, plain))


def _jpeg(image: Image.Image) -> bytes:
    plain = image if image.mode == "L" else image.convert("RGB")
    return _saved(plain, "JPEG", profile=_profile(image, plain), quality=QUALITY, exif=b"")


def _profile(image: Image.Image, plain: Image.Image) -> bytes | None:
    """The colour profile, where it still describes these colours."""
    same = image.mode[:3] == plain.mode[:3]
    return image.info.get("icc_profile") if same else None


def _saved(image: Image.Image, form: str, *, profile: bytes | None, **options: object) -> bytes:
    bare = image.copy()
    bare.info = {}
    out = io.BytesIO()
    bare.save(out, form, icc_profile=profile, **options)
    return out.getvalue()


def _moving(image: Image.Image) -> tuple[bytes, str]:
    """An animation stays one, in its own form, frame by frame without what else it carried."""
    frames = getattr(image, "n_frames", 1)
    if frames > MAX_FRAMES or frames * image.width * image.height > MAX_MOVING_PIXELS:
        raise too_many_pixels()
    bare, durations = [], []
    for frame in ImageSequence.Iterator(image):
        copy = frame.convert("RGBA")
        durations.append(frame.info.get("duration", 100))  # known once a frame is decoded
        copy.info = {}
        bare.append(copy)
    out = io.BytesIO()
    loop = image.info.get("loop", 0)
    bare[0].save(
        out, image.format, save_all=True, append_images=bare[1:], duration=durations, loop=loop
    )
    return out.getvalue(), Image.MIME[image.format or "GIF"]
