"""Pictures: a copy with nothing but its pixels, turned upright, and a thumbnail."""

import io
from pathlib import Path

from PIL import Image

from files import images, kinds
from files.kinds import Kind
from files.makers import scaled
from files.makers.out import Job, NoPreview
from files.refusals import Refused

WIDTH = 1600


def make(job: Job) -> None:
    """`asked["is_copy"]`: the source is what others are shown already; it is not copied again."""
    if job.asked.get("is_copy"):
        data, media_type = job.source.read_bytes(), job.media_type
        part = {"is_source": True}
    else:
        data, media_type = _copy(job.source, job.media_type)
        part = {}
    with _opened(data) as image:
        size = {"width": image.width, "height": image.height}
        job.facts(**size, moves=getattr(image, "n_frames", 1) > 1)
        job.part("picture", data=b"" if part else data, media_type=media_type, **size, **part)
        image.draft("RGB", (2 * scaled.THUMBNAIL, 2 * scaled.THUMBNAIL))
        small, (width, height) = scaled.thumbnail(image)
    job.part("thumbnail", data=small, media_type=scaled.MEDIA_TYPE, width=width, height=height)


def crop(job: Job) -> None:
    """A part of the picture as it is shown, given in fractions of it."""
    asked = job.asked
    with _shown(job) as image:
        box = (
            asked["x"] * image.width,
            asked["y"] * image.height,
            (asked["x"] + asked["width"]) * image.width,
            (asked["y"] + asked["height"]) * image.height,
        )
        left, top, right, bottom = (round(edge) for edge in box)
        cut = image.crop((left, top, max(right, left + 1), max(bottom, top + 1)))
        data = scaled.jpeg(cut, longest=WIDTH)
    job.part("crop", data=data, media_type=scaled.MEDIA_TYPE)


def page(job: Job) -> None:
    with _shown(job) as image:
        data = scaled.jpeg(image, longest=job.asked.get("width", WIDTH))
    job.part("page", data=data, media_type=scaled.MEDIA_TYPE)


def _shown(job: Job) -> Image.Image:
    if job.asked.get("is_copy"):
        return _opened(job.source.read_bytes())
    return _opened(_copy(job.source, job.media_type)[0])


def _opened(data: bytes) -> Image.Image:
    """Of bytes that we wrote ourselves: upright, and smaller than our own limits."""
    Image.MAX_IMAGE_PIXELS = None
    return Image.open(io.BytesIO(data))


def _copy(source: Path, media_type: str) -> tuple[bytes, str]:
    try:
        return images.shown_copy(source, kind_of(media_type))
    except Refused as error:
        raise NoPreview("damaged_picture") from error


def kind_of(media_type: str) -> Kind:
    for kind in kinds.PICTURES:
        if media_type in kind.types.values():
            return kind
    raise NoPreview("damaged_picture")
