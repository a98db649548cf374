"""HTML to PDF: the only module that knows WeasyPrint.

Nothing is fetched from anywhere: what the page names is either handed out by `Shelf`, from our
own fonts, style sheet, marks and prepared pictures, or it is refused.
"""

import gc
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pydyf
from PIL import ImageFile
from weasyprint import CSS, HTML, Document, __version__
from weasyprint.pdf import tags
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from reports import tagging

# WeasyPrint lets the whole process take pictures that broke off; an upload must still refuse
# them, and what is printed was made whole before (reports/pictures.py).
ImageFile.LOAD_TRUNCATED_IMAGES = False

# It calls itself by this name for whatever is inside.
tags._build_box_tree = tagging.with_languages(tags._build_box_tree)

VARIANT = "pdf/a-3a"  # tagged, with every font and the colour profile inside
SCHEME = "signpost:"
ELSEWHERE = "signpost-to:"  # how a part writes a link into another
CONTINUES = "/SignpostContinues"  # in a part's outline: belongs under an earlier part's heading
ENGINE = f"WeasyPrint {__version__}, {VARIANT}, {tagging.VERSION}"


class Refused(ValueError):
    """The page asked for something that is not ours to give."""


class Shelf(URLFetcher):
    """Hands out what lies on it, by name, and refuses every other address."""

    def __init__(self, files: Mapping[str, tuple[str, bytes | Path]]) -> None:
        super().__init__(allowed_protocols=())
        self.files = files
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        name = url.removeprefix(SCHEME)
        if not url.startswith(SCHEME) or name not in self.files:
            self.refused.append(url)
            raise Refused(url)
        media_type, content = self.files[name]
        if isinstance(content, Path):
            # By its path, so that WeasyPrint leaves a picture's bytes on disk until it needs them.
            return URLFetcherResponse(
                content.as_uri(), content.open("rb"), {"Content-Type": media_type}
            )
        return URLFetcherResponse(url, content, {"Content-Type": media_type})


class NotMade(Exception):
    """The PDF could not be made."""


def write(html: str, *, shelf: Shelf, target: Path) -> int:
    """Write the PDF to `target`; how many pages it has."""
    with _quiet_collector():
        try:
            document = HTML(string=html, base_url=SCHEME, url_fetcher=shelf).render(
                pdf_variant=VARIANT
            )
            document.write_pdf(
                target,
                pdf_variant=VARIANT,
                finisher=lambda _document, made: tagging.complete(made),
            )
        except FatalURLFetchingError as error:  # no Exception: it would end the worker
            raise NotMade(str(error)) from error
        return len(document.pages)


def write_plainly(html: str, *, shelf: Shelf, target: Path) -> int:
    """As anybody would, in one call: what exports are measured against."""
    document = HTML(string=html, base_url=SCHEME, url_fetcher=shelf).render(pdf_variant=VARIANT)
    document.write_pdf(target, pdf_variant=VARIANT)
    return len(document.pages)


class Press:
    """Prints many parts one after the other: reading the style sheet and its fonts takes longer
    than a page, and is done once."""

    def __init__(self, shelf: Shelf, *, sheet: str) -> None:
        self._fonts = FontConfiguration()
        self._sheet = CSS(
            url=SCHEME + sheet, base_url=SCHEME, url_fetcher=shelf, font_config=self._fonts
        )

    def write(self, html: str, *, shelf: Shelf, target: Path) -> None:
        with _quiet_collector():
            try:
                HTML(string=html, base_url=SCHEME, url_fetcher=shelf).write_pdf(
                    target,
                    stylesheets=[self._sheet],
                    font_config=self._fonts,
                    pdf_variant=VARIANT,
                    finisher=partial(_made_to_be_joined, tag=_tag(html)),
                )
            except FatalURLFetchingError as error:  # no Exception: it would end the worker
                raise NotMade(str(error)) from error


def _tag(html: str) -> str:
    return hashlib.sha256(html.encode()).hexdigest()[:12]


def _made_to_be_joined(document: Document, pdf: pydyf.PDF, *, tag: str) -> None:
    """What would clash with other parts, or leads into them, while it is still plain Python."""
    for each in pdf.objects:
        if isinstance(each, pydyf.Dictionary):
            _name_apart(each, tag)
            _lead_elsewhere(each)
    tagging.complete(pdf)
    _mark_what_continues(document, pdf)


def _name_apart(element: pydyf.Dictionary, tag: str) -> None:
    """A heading cell is known by a name that every document gives anew."""
    if "ID" in element:
        element["ID"] = pydyf.String(f"{tag}-{element['ID'].string}")
    attributes = element.get("A")
    if isinstance(attributes, dict) and "Headers" in attributes:
        attributes["Headers"] = pydyf.Array(
            pydyf.String(f"{tag}-{each.string}") for each in attributes["Headers"]
        )


def _lead_elsewhere(link: pydyf.Dictionary) -> None:
    action = link.get("A")
    if not isinstance(action, dict) or "URI" not in action:
        return
    address = action["URI"].string
    if address.startswith(ELSEWHERE):
        del link["A"]
        link["Dest"] = link["Contents"] = pydyf.String(address.removeprefix(ELSEWHERE))


def _mark_what_continues(document: Document, pdf: pydyf.PDF) -> None:
    """Headings that come before the part's first of the highest level belong to the last one of
    an earlier part."""
    levels = [bookmark[0] for page in document.pages for bookmark in page.bookmarks]
    first = levels.index(1) if 1 in levels else len(levels)
    held = pdf.catalog.get("Outlines")
    entry = tagging.found(pdf, tagging.found(pdf, held)["First"]) if held else None
    for _each in range(levels[:first].count(2)):
        if entry is None:
            return
        entry[CONTINUES.removeprefix("/")] = "true"
        entry = tagging.found(pdf, entry["Next"]) if "Next" in entry else None


@contextmanager
def _quiet_collector() -> Iterator[None]:
    """Laying out makes millions of objects and few cycles: searching for them is a sixth of it."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.collect()  # what was made here only: all else is frozen, and would take longer than it
        gc.unfreeze()
