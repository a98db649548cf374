"""A piece of a file as a JPEG, for print: a moment of a film, a part of a page, a page.

Made by the same process with the same limits as the previews, from the bytes others may see.
"""

from pathlib import Path
from typing import Any

from files import store
from files.models import Blob
from files.previews import asking, runner, workshop
from files.previews.reasons import sentence
from files.previews.runner import Asked, Killed, NotMade

RECORDING = "media"
PAGED = ("pages", "pictures")


class NotShown(Exception):
    """There is nothing to print, and why, in one plain sentence."""


def frame_at(blob: Blob, seconds: float, *, longest: int = 1280) -> bytes:
    """What is on the screen at this moment of a film."""
    return _made(blob, "frame", makers=(RECORDING,), seconds=seconds, longest=longest)


def crop(blob: Blob, page: int, x: float, y: float, width: float, height: float) -> bytes:
    """A rectangle of a page or a picture, in fractions of it as it is shown."""
    where = {"x": x, "y": y, "width": width, "height": height}
    if not all(0 <= value <= 1 for value in where.values()):
        raise ValueError("A part of a page is given in fractions of it.")
    return _made(blob, "crop", makers=PAGED, page=page, **where)


def page(blob: Blob, number: int = 1, *, width: int = 1600) -> bytes:
    """A whole page or picture."""
    return _made(blob, "page", makers=PAGED, page=number, width=width)


def _made(blob: Blob, verb: str, *, makers: tuple[str, ...], **asked: Any) -> bytes:
    way = asking.way_of(blob)
    if way is None or way.maker not in makers:
        raise NotShown(sentence("no_kind"))
    with workshop.folder() as folder:
        try:
            return _run(blob, way.maker, verb, folder, asked)
        except NotMade as error:
            raise NotShown(sentence(error.why, error.words)) from error
        except Killed as error:
            raise NotShown(sentence("stopped", {"times": 1})) from error
        except FileNotFoundError as error:
            raise NotShown(sentence("lost")) from error


def _run(blob: Blob, maker: str, verb: str, folder: Path, asked: dict[str, Any]) -> bytes:
    with store.local(blob.shown) as source:
        source.stat()
        job = Asked(
            maker=maker,
            verb=verb,
            source=source,
            folder=folder,
            media_type=blob.shown.media_type,
            asked={**asked, "is_copy": blob.shown_as_id is not None},
        )
        files = [line["part"]["file"] for line in runner.told(job) if "part" in line]
    return (folder / Path(files[0]).name).read_bytes()
