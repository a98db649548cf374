"""A picture with boxes burnt in."""

import io
from collections.abc import Sequence
from pathlib import Path

import pillow_heif
from PIL import Image, ImageCms, ImageOps, ImageSequence

from files.redaction.boxes import Mark, covered

pillow_heif.register_heif_opener(thumbnails=False)

FORMATS = ["JPEG", "PNG", "GIF", "WEBP", "HEIF", "AVIF"]
MOVING = ["GIF", "PNG", "WEBP"]
LOSSLESS = ["GIF", "PNG"]
QUALITY = 88
MAX_FRAMES = 500
FRAME = 100  # milliseconds


def hide(source: Path, marks: Sequence[Mark]) -> tuple[bytes, str]:
    """The copy and its media type."""
    Image.MAX_IMAGE_PIXELS = None  # the process has its limits, and the file was checked
    with Image.open(source, formats=FORMATS) as image:
        if image.format in MOVING and getattr(image, "is_animated", False):
            return _moving(image, marks)
        return _still(image, marks)


def _still(image: Image.Image, marks: Sequence[Mark]) -> tuple[bytes, str]:
    lossless = image.format in LOSSLESS or image.has_transparency_data
    bare = covered(_plain_colours(ImageOps.exif_transpose(image)), marks)
    out = io.BytesIO()
    if lossless:
        bare.save(out, "PNG", optimize=False)
        return out.getvalue(), "image/png"
    bare.convert("L" if bare.mode == "L" else "RGB").save(out, "JPEG", quality=QUALITY)
    return out.getvalue(), "image/jpeg"


def _plain_colours(image: Image.Image) -> Image.Image:
    """In the colours that every screen takes for granted: a profile can name a camera."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA"):
        return image
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB")) or image
    except (ImageCms.PyCMSError, OSError):
        return image


def _moving(image: Image.Image, marks: Sequence[Mark]) -> tuple[bytes, str]:
    """An animation stays one; the boxes lie on every frame."""
    if getattr(image, "n_frames", 1) > MAX_FRAMES:
        raise ValueError("too many frames")
    frames, times = [], []
    for frame in ImageSequence.Iterator(image):
        frames.append(covered(frame.convert("RGBA"), marks))
        times.append(frame.info.get("duration", FRAME))
    out = io.BytesIO()
    form = str(image.format)
    loop = image.info.get("loop", 0)
    frames[0].save(out, form, save_all=True, append_images=frames[1:], duration=times, loop=loop)
    return out.getvalue(), Image.MIME[form]
