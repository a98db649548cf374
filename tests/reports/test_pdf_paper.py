"""On US Letter: every page is of that paper, nothing is cut, and nothing is missing."""

import html
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace

import pypdfium2
import pytest

from reports import document, making
from reports.gather import gather
from reports.options import Options, Paper
from tests.factories import make_edition
from tests.reports.builders import Story
from tests.reports.test_pdf import Printed, squeezed

NOBODY_WAITS = SimpleNamespace(tell=lambda *_, **_more: None)
UPRIGHT, ACROSS = (612, 792), (792, 612)
MARGIN = 25  # points: what printers leave white, with something to spare
COVER = 1  # page


class Sheets(Printed):
    @cached_property
    def sizes(self) -> list[tuple[int, int]]:
        with pypdfium2.PdfDocument(self.path) as opened:
            return [(round(page.get_width()), round(page.get_height())) for page in opened]


@pytest.fixture(scope="module")
def kept() -> list[Sheets]:
    return []


@pytest.fixture
def sample(kept: list[Sheets], story: Story, tmp_path: Path) -> Sheets:
    """In parts, as every export is; with a matrix as wide as one can be."""
    if not kept:
        wide = story.enrol(make_edition(performance=20, knowledge=20))
        story.hand_in(wide, "P1", "K20", title="One that spans the matrix")
        told = gather(story.portfolio.pk, options=Options(paper=Paper.LETTER))
        kept.append(Sheets(making.print_out(told, tmp_path, NOBODY_WAITS, hands=2).path, told))
    return kept[0]


def test_every_page_is_of_the_paper_and_only_the_matrix_lies_across(sample: Sheets):
    assert set(sample.sizes) == {UPRIGHT, ACROSS}
    across = [text for text, size in zip(sample.pages, sample.sizes, strict=True) if size == ACROSS]
    assert len(across) == 2
    assert all("State of each criterion" in text for text in across)


def test_no_letter_stands_outside_the_margins(sample: Sheets):
    with pypdfium2.PdfDocument(sample.path) as opened:
        for number, page in enumerate(opened, start=1):
            width, height = page.get_size()
            for left, bottom, right, top in _letters(page):
                assert MARGIN < left <= right < width - MARGIN, number
                assert MARGIN < bottom <= top < height - MARGIN, number


def _letters(page: pypdfium2.PdfPage) -> Iterator[tuple[float, float, float, float]]:
    text = page.get_textpage()
    for index in range(text.count_chars()):
        if not text.get_text_range(index, 1).isspace():
            yield text.get_charbox(index)


def test_every_word_of_the_document_is_printed(sample: Sheets):
    told = document.render(sample.facts)
    body = re.sub(r"<[^>]+>", " ", told[told.index("<body>") :])
    text = squeezed("".join(sample.pages))
    missing = {word for word in html.unescape(body).split() if word not in text}
    assert missing == set()


def test_the_foot_is_on_every_page_and_the_covers_own_on_the_cover(sample: Sheets):
    assert "Ledger head after" in sample.pages[0]
    many = len(sample.pages)
    for number, text in enumerate(sample.pages[COVER:], start=COVER + 1):
        assert f"Page {number} of {many}" in text
