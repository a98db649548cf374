"""HTML to PDF: the only module that knows WeasyPrint.

Nothing is fetched from anywhere: what the page names is either handed out by `Shelf`, from our
own fonts, style sheet, marks and prepared pictures, or it is refused.
"""

import gc
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import ImageFile
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

# WeasyPrint lets the whole process take pictures that broke off; an upload must still refuse
# them, and what is printed was made whole before (reports/pictures.py).
ImageFile.LOAD_TRUNCATED_IMAGES = False

VARIANT = "pdf/a-3a"  # tagged, with every font and the colour profile inside
SCHEME = "signpost:"

OnPage = Callable[[], None]


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


def write(html: str, *, shelf: Shelf, target: Path, on_page: OnPage = lambda: None) -> int:
    """Write the PDF to `target`; how many pages it has."""
    with _quiet_collector(), _counting(on_page):
        try:
            document = HTML(string=html, base_url=SCHEME, url_fetcher=shelf).render(
                pdf_variant=VARIANT
            )
            document.write_pdf(target, pdf_variant=VARIANT)
        except FatalURLFetchingError as error:  # no Exception: it would end the worker
            raise NotMade(str(error)) from error
        return len(document.pages)


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
        gc.unfreeze()
        gc.collect()


class _Pages(logging.Handler):
    def __init__(self, on_page: OnPage) -> None:
        super().__init__()
        self.on_page = on_page

    def emit(self, record: logging.LogRecord) -> None:
        self.on_page()


@contextmanager
def _counting(on_page: OnPage) -> Iterator[None]:
    """WeasyPrint tells of each page it lays out to a logger only."""
    logger = logging.getLogger("weasyprint.progress")
    before, handler = (logger.level, logger.propagate), _Pages(on_page)
    logger.setLevel(logging.INFO)
    logger.propagate = False  # a line a page would fill the worker's log
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before[0])
        logger.propagate = before[1]
