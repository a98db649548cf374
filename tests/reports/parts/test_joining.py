"""A document joined from parts is the one that is laid out in one go, but for its foot."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Name

from reports import document, pdf, pictures, shelf
from reports.gather import gather
from reports.parts import splitting
from reports.parts.printing import Printer
from tests.factories import make_edition
from tests.reports.builders import Story
from tests.reports.parts import reading


@dataclass(frozen=True)
class Both:
    whole: Path
    joined: Path


@pytest.fixture(scope="module")
def kept() -> list[Both]:
    return []


@pytest.fixture
def both(kept: list[Both], story: Story, tmp_path: Path, monkeypatch) -> Both:
    """Two units, in as many parts as there can be; made once, since nobody changes them."""
    if not kept:
        monkeypatch.setattr(splitting, "SMALL", 0)
        story.hand_in(story.enrol(make_edition()), "P1", title="Another unit's work")
        told = gather(story.portfolio.pk)
        prepared = list(pictures.prepare(sorted(told.pictures), tmp_path))
        made = Both(tmp_path / "whole.pdf", tmp_path / "joined.pdf")
        pdf.write(document.render(told), shelf=shelf.shelf(prepared), target=made.whole)
        printer = Printer(told, tmp_path)
        printer.write(
            made.joined,
            prepare=lambda _names: prepared,
            on_part=lambda *_: None,
            on_join=lambda *_: None,
        )
        assert printer.printed > 8
        kept.append(made)
    return kept[0]


@pytest.fixture
def opened(both: Both) -> Iterator[tuple[pikepdf.Pdf, pikepdf.Pdf]]:
    with pikepdf.open(both.whole) as whole, pikepdf.open(both.joined) as joined:
        yield whole, joined


def test_every_page_says_the_same(both):
    whole, joined = reading.texts(both.whole), reading.texts(both.joined)
    assert len(whole) == len(joined) > 10
    for number, (one, other) in enumerate(zip(whole, joined, strict=True), start=1):
        foot = Counter([str(number)] if number > 1 else [])
        assert Counter(one.split()) - foot == Counter(other.split())


def test_every_page_but_the_cover_has_its_foot(both):
    pages = reading.raw_texts(both.joined)
    assert "Page 1 of" not in pages[0]
    for number, text in enumerate(pages[1:], start=2):
        assert f"Page {number} of {len(pages)}" in text
        assert "Exported " in text


@pytest.mark.parametrize("seen", [reading.links, reading.outline, reading.tags, reading.levels])
def test_it_is_linked_and_tagged_alike(opened, seen):
    whole, joined = opened
    assert seen(joined) == seen(whole)
    assert seen(joined)


def test_heading_cells_are_found_by_names_that_are_given_once(opened):
    whole, joined = opened
    assert [len(each) for each in reading.headers(joined)] == [
        len(each) for each in reading.headers(whole)
    ]


def test_the_names_of_heading_cells_are_listed_in_order(opened):
    _whole, joined = opened
    flat = list(joined.Root.StructTreeRoot.IDTree.Names)
    names = [bytes(each) for each in flat[::2]]
    assert names == sorted(set(names))
    assert all(bytes(each.ID) == name for name, each in zip(names, flat[1::2], strict=True))
    wanted = {bytes(name) for cell in joined.objects for name in reading.headers_of(cell)}
    assert wanted
    assert wanted <= set(names)


def test_whatever_is_marked_on_a_page_belongs_to_the_document_or_is_said_to_be_decoration(opened):
    _whole, joined = opened
    held = reading.marks_of_elements(joined)
    for number, page in enumerate(joined.pages):
        assert {(number, mark) for mark in reading.marks(page)} == {
            each for each in held if each[0] == number
        }
        assert reading.headers_on(page) == (0 if number == 0 else 2)  # learner, centre


def test_no_link_leads_out_of_the_document(opened):
    _whole, joined = opened
    assert reading.addresses(joined) == []


def test_it_says_what_it_is(opened):
    whole, joined = opened
    for key in ("/Lang", "/MarkInfo", "/ViewerPreferences"):
        assert joined.Root[key] == whole.Root[key]
    (intent,) = joined.Root.OutputIntents
    assert intent.DestOutputProfile.read_bytes() == (
        whole.Root.OutputIntents[0].DestOutputProfile.read_bytes()
    )
    said = joined.open_metadata()
    assert (said["pdfaid:part"], said["pdfaid:conformance"]) == ("3", "A")
    assert said["pdfuaid:part"] == "1"
    assert said["dc:title"] == str(joined.docinfo.Title) == str(whole.docinfo.Title)
    assert said["pdf:Producer"] == str(joined.docinfo.Producer)
    assert said["xmp:CreatorTool"] == str(joined.docinfo.Creator)


def test_every_font_is_inside_and_can_be_read_back(opened):
    _whole, joined = opened
    fonts = reading.fonts(joined)
    assert fonts
    for font in fonts:
        described = font.DescendantFonts[0].FontDescriptor
        assert "/FontFile2" in described or "/FontFile3" in described
        assert font.ToUnicode.read_bytes()
        assert font.BaseFont == described.FontName == font.DescendantFonts[0].BaseFont


def test_subsets_of_a_font_have_names_of_their_own(opened):
    _whole, joined = opened
    files = {
        (str(font.BaseFont), font.DescendantFonts[0].FontDescriptor.FontFile2.read_raw_bytes())
        for font in reading.fonts(joined)
    }
    assert len({name for name, _file in files}) == len(files)


def test_a_picture_is_inside_once(opened):
    _whole, joined = opened
    pictures_ = [
        each.read_raw_bytes()
        for each in joined.objects
        if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == Name.Image
    ]
    assert len(pictures_) == len(set(pictures_)) == 1


def test_a_page_belongs_to_one_document(opened):
    _whole, joined = opened
    numbers = [int(page.obj.StructParents) for page in joined.pages]
    assert len(set(numbers)) == len(numbers)
    assert int(joined.Root.StructTreeRoot.ParentTreeNextKey) > max(numbers)
