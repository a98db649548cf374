"""A picture in the sizes that pages show, with nothing but its pixels."""

import io

from PIL import Image

THUMBNAIL = 480
QUALITY = 82
MEDIA_TYPE = "image/jpeg"


def jpeg(image: Image.Image, *, longest: int | None = None, quality: int = QUALITY) -> bytes:
    """Metadata-free, on white where it was see-through."""
    plain = on_white(image)
    if longest and max(plain.size) > longest:
        plain = plain.copy()
        plain.thumbnail((longest, longest))
    out = io.BytesIO()
    plain.info = {}
    plain.save(out, "JPEG", quality=quality, exif=b"")
    return out.getvalue()


def on_white(image: Image.Image) -> Image.Image:
    if image.mode in ("RGB", "L"):
        return image
    if not image.has_transparency_data:
        return image.convert("RGB")
    white = Image.new("RGB", image.size, "white")
    shape = image.convert("RGBA")
    white.paste(shape, mask=shape.getchannel("A"))
    return white


def thumbnail(image: Image.Image) -> tuple[bytes, tuple[int, int]]:
    small = on_white(image).copy()
    small.thumbnail((THUMBNAIL, THUMBNAIL))
    return jpeg(small, quality=78), small.size
