"""PDF: each page as a picture, its words and where they stand, and the text of all."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from files.makers import scaled
from files.makers.out import JSON, PLAIN, Job, NoPreview, as_json

WIDTH = 1600
TALLEST = 4800
FIRST_PAGES = 1  # shown at once; then as many again each time
MOST_CHARACTERS = 100_000  # of one page
FINE = 1_000_000  # steps across a page when its own units are turned into fractions
HYPHENS = (0x02, 0xFFFE)  # what the library gives for a hyphen at a line's end
PASSWORD = raw.FPDF_ERR_PASSWORD


def make(job: Job) -> None:
    document = _open(job)
    count = len(document)
    _check_count(count, job)
    shown = min(count, job.limits.pages)
    job.facts(pages=count, shown=shown)
    texts, due = [], FIRST_PAGES
    for number in range(1, shown + 1):
        texts.append(_make_page(job, document, number))
        if number >= due:
            due = number * 2
            job.so_far()
        job.progress(number / shown)
    job.part("text", data="\f".join(texts), media_type=PLAIN)


def page(job: Job) -> None:
    """One page as a picture, for print."""
    image = _rendered(_page_of(job), width=job.asked.get("width", WIDTH))
    job.part("page", data=scaled.jpeg(image), media_type=scaled.MEDIA_TYPE)


def crop(job: Job) -> None:
    """A part of a page, given in fractions of it, sharp enough to print."""
    asked = job.asked
    page = _page_of(job)
    width = min(WIDTH / max(asked["width"], 0.05), 4 * WIDTH)
    image = _rendered(page, width=width)
    box = (
        asked["x"] * image.width,
        asked["y"] * image.height,
        (asked["x"] + asked["width"]) * image.width,
        (asked["y"] + asked["height"]) * image.height,
    )
    cut = image.crop(tuple(round(edge) for edge in box))
    job.part("crop", data=scaled.jpeg(cut, longest=WIDTH), media_type=scaled.MEDIA_TYPE)


def _open(job: Job) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(job.source)
    except pdfium.PdfiumError as error:
        locked = getattr(error, "err_code", None) == PASSWORD or "assword" in str(error)
        raise NoPreview("locked" if locked else "damaged") from error


def _check_count(count: int, job: Job) -> None:
    if not count:
        raise NoPreview("damaged")
    if count > job.limits.most_pages:
        raise NoPreview("too_many_pages", pages=count)


def _page_of(job: Job) -> pdfium.PdfPage:
    document = _open(job)
    number = job.asked["page"]
    if not 1 <= number <= min(len(document), job.limits.most_pages):
        raise NoPreview("no_such_page")
    return _get(document, number)


def _get(document: pdfium.PdfDocument, number: int) -> pdfium.PdfPage:
    try:
        return document[number - 1]
    except pdfium.PdfiumError as error:
        raise NoPreview("damaged") from error


def _make_page(job: Job, document: pdfium.PdfDocument, number: int) -> str:
    page = _get(document, number)
    image = _rendered(page, width=WIDTH)
    size = {"width": image.width, "height": image.height}
    data = scaled.jpeg(image)
    job.part("page", number, data=data, media_type=scaled.MEDIA_TYPE, **size)
    words = _words(page)
    told = {"text": words.text, "words": words.boxes}
    job.part("words", number, data=as_json(told), media_type=JSON)
    if number == 1:
        small, (width, height) = scaled.thumbnail(image)
        job.part("thumbnail", data=small, media_type=scaled.MEDIA_TYPE, width=width, height=height)
    page.close()
    return words.text


def _rendered(page: pdfium.PdfPage, *, width: float) -> Any:
    across, down = page.get_size()
    if across <= 0 or down <= 0:
        raise NoPreview("damaged")
    tallest = TALLEST * max(width / WIDTH, 1)
    return page.render(scale=min(width / across, tallest / down), rev_byteorder=True).to_pil()


@dataclass(frozen=True)
class Words:
    text: str
    boxes: list[list[float]]  # [start, end, x, y, width, height], the last four in fractions


def _words(page: pdfium.PdfPage) -> Words:
    textpage = page.get_textpage()
    letters: list[str] = []
    boxes = []
    for word in _runs(textpage, letters):
        box = _box(page, textpage, word.characters)
        if box:
            boxes.append([word.start, word.end, *box])
    textpage.close()
    return Words("".join(letters), boxes)


@dataclass(frozen=True)
class Run:
    """Characters without a space between them: where in the text, and the library's numbers."""

    start: int
    end: int
    characters: list[int]


def _runs(textpage: pdfium.PdfTextPage, letters: list[str]) -> Iterator[Run]:
    """Fills `letters` with the page's text, and gives each word as it ends."""
    run: list[int] = []
    for number in range(min(textpage.count_chars(), MOST_CHARACTERS)):
        letter = _letter(raw.FPDFText_GetUnicode(textpage, number))
        if letter.isspace() and run:
            yield Run(len(letters) - len(run), len(letters), run)
            run = []
        if letter:
            letters.append(letter)
            if not letter.isspace():
                run.append(number)
    if run:
        yield Run(len(letters) - len(run), len(letters), run)


def _letter(code: int) -> str:
    if code in HYPHENS:
        return "-"
    if code < 32 and code not in (9, 10):
        return ""  # a line ends with \r\n; the \n is kept
    return "" if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else chr(code)


def _box(
    page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, characters: list[int]
) -> list[float] | None:
    """Where these characters stand, in fractions of the page as it is shown."""
    edges = [textpage.get_charbox(number) for number in characters]
    left, bottom = min(each[0] for each in edges), min(each[1] for each in edges)
    right, top = max(each[2] for each in edges), max(each[3] for each in edges)
    one, other = _fractions(page, left, bottom), _fractions(page, right, top)
    x, y = min(one[0], other[0]), min(one[1], other[1])
    width, height = abs(one[0] - other[0]), abs(one[1] - other[1])
    if width <= 0 or height <= 0 or not (-0.5 < x < 1.5 and -0.5 < y < 1.5):
        return None
    return [round(value, 5) for value in (x, y, width, height)]


def _fractions(page: pdfium.PdfPage, x: float, y: float) -> tuple[float, float]:
    """A page may be turned and cut; the library knows how."""
    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, FINE, FINE, 0, x, y, across, down)
    return across.value / FINE, down.value / FINE
