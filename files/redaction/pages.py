"""A PDF made of pictures of the pages of another, with boxes burnt in."""

import io
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
from PIL import Image

from files.redaction.boxes import Mark, covered

DPI = 170
POINTS = 72  # an inch
LONGEST = 3000  # pixels
MOST_PAGES = 400
QUALITY = 84


class TooManyPages(Exception):
    pass


class NoSuchPage(Exception):
    pass


def hide(
    source: Path, marks: Iterable[Mark], target: Path, progress: Callable[[float], None]
) -> None:
    by_page: defaultdict[int, list[Mark]] = defaultdict(list)
    for mark in marks:
        by_page[int(mark["page"])].append(mark)
    document = pdfium.PdfDocument(source)
    # What was filled into a form, and notes on a page, are seen and so are part of it.
    document.init_forms()
    count = len(document)
    if count > MOST_PAGES:
        raise TooManyPages
    if by_page and max(by_page) > count:
        raise NoSuchPage
    made = pikepdf.new()
    for number in range(1, count + 1):
        page = document[number - 1]
        _add(made, covered(_picture(page), by_page[number]), page.get_size())
        page.close()
        progress(number / count)
    made.save(target, min_version="1.5", object_stream_mode=pikepdf.ObjectStreamMode.generate)


def _picture(page: pdfium.PdfPage) -> Image.Image:
    across, down = page.get_size()
    scale = min(DPI / POINTS, LONGEST / max(across, down))
    return page.render(scale=scale, may_draw_forms=True, rev_byteorder=True).to_pil().convert("RGB")


def _add(made: pikepdf.Pdf, image: Image.Image, size: tuple[float, float]) -> None:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    picture = made.make_stream(
        out.getvalue(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=image.width,
        Height=image.height,
        ColorSpace=pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    across, down = (round(side, 2) for side in size)
    page = made.add_blank_page(page_size=(across, down))
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=picture))
    page.Contents = made.make_stream(f"q {across} 0 0 {down} 0 0 cm /P Do Q".encode())
