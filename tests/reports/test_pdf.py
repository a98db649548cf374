"""The PDF itself: read back, page by page, by other programs' eyes."""

import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import ImageFile
from pypdf import PdfReader

from files import store
from ledger.models import Stream
from portfolio.models import EvidenceVersion
from reports import document, facts, pdf, pictures, shelf
from reports.gather import gather
from tests.factories import jpeg, make_edition, make_guide
from tests.reports.builders import Story, attach, begin, make_blob

PARTS = [
    "Contents",
    "Evidence index",
    "Unit progress record",
    "Evidence matrix",
    "Criteria, claims and decisions",
    "Evidence",
    "Assessment plan",
    "Review and feedback",
    "Unit sign-off",
    "The record",
]
Printer = Callable[[Story], Path]


@dataclass(frozen=True)
class Printed:
    """A PDF and the facts that it was made from."""

    path: Path
    facts: facts.Portfolio

    @cached_property
    def pages(self) -> list[str]:
        return pages_of(self.path)


@pytest.fixture(scope="module")
def kept() -> list[Printed]:
    return []


@pytest.fixture
def sample(kept: list[Printed], story: Story, printed: Printer) -> Printed:
    """The small story, printed once for all tests that only look at it."""
    if not kept:
        told = gather(story.portfolio.pk)
        kept.append(Printed(printed(story), told))
    return kept[0]


@pytest.fixture
def printed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Printer:
    """Prints a story; whatever WeasyPrint warns of is our mistake."""

    def print_it(story: Story) -> Path:
        told = gather(story.portfolio.pk)
        prepared = list(pictures.prepare(sorted(told.pictures), tmp_path))
        html = document.render(
            told,
            unreadable={each.name for each in prepared if each.path is None},
            lost=pictures.lost(told.kept),
        )
        ours, target = shelf.shelf(prepared), tmp_path / "portfolio.pdf"
        pdf.write(html, shelf=ours, target=target)
        assert ours.refused == []
        assert [each.getMessage() for each in caplog.records if each.name == "weasyprint"] == []
        return target

    return print_it


def pages_of(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as opened:
        return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in opened]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def bookmarks(reader: PdfReader) -> list[tuple[str, int]]:
    """Those of the first level, each with its page."""
    return [
        (entry.title, reader.get_destination_page_number(entry) + 1)
        for entry in reader.outline
        if not isinstance(entry, list)
    ]


def test_the_parts_come_in_the_order_of_the_forms_and_the_contents_find_them(sample):
    pages, reader = sample.pages, PdfReader(sample.path)
    marks = bookmarks(reader)
    assert [title for title, _page in marks] == ["Amira Khan", *PARTS]
    contents = pages[1]
    for title, page in marks[2:]:
        assert f"\n{title}\n" in "\n" + pages[page - 1]
        told = re.search(rf"^{re.escape(title)}[\s.]*?(\d+)$", contents, re.MULTILINE)
        assert int(told[1]) == page


def test_links_lead_to_the_page_they_name(sample):
    reader = PdfReader(sample.path)
    destinations = reader.named_destinations
    page_of = {
        name: reader.get_destination_page_number(each) + 1 for name, each in destinations.items()
    }
    names = {
        str(link.get_object()["/Dest"])
        for page in reader.pages
        for link in page.get("/Annots", [])
        if "/Dest" in link.get_object()
    }
    assert names >= {"index", "record", "evidence-1", "evidence-2"}
    assert names <= set(page_of)
    pages = sample.pages
    assert "A call to a customer" in pages[page_of["evidence-1"] - 1]
    told = re.findall(r"(?:Accepted|Returned)\s+(\d+)$", pages[2], re.MULTILINE)
    assert [int(page) for page in told] == [page_of["evidence-1"], page_of["evidence-2"]]


def test_it_is_tagged_titled_in_a_language_and_carries_its_fonts(sample):
    with pikepdf.open(sample.path) as opened:
        root = opened.Root
        assert str(root.Lang) == "en-gb"
        assert bool(root.MarkInfo.Marked)
        assert root.StructTreeRoot.K
        assert str(opened.docinfo["/Title"]) == "Portfolio of Amira Khan"
        assert str(root.OutputIntents[0].S) == "/GTS_PDFA1"
        assert "/JavaScript" not in root.get("/Names", {})
        fonts = {}
        for page in opened.pages:
            for font in page.get("/Resources", {}).get("/Font", {}).values():
                inner = font.get("/DescendantFonts", [font])[0]
                descriptor = inner.FontDescriptor
                fonts[str(inner.BaseFont)] = "/FontFile2" in descriptor or (
                    "/FontFile3" in descriptor
                )
    assert any("Atkinson" in name for name in fonts)
    assert all(fonts.values())


def test_every_page_says_whose_it_is_and_which(sample):
    for number, text in enumerate(sample.pages[1:], start=2):
        assert "Amira Khan" in text
        assert "Northgate College" in text
        assert re.search(rf"^Exported [^\n]*\s{number}$", text, re.MULTILINE)


def test_the_ledgers_head_is_on_the_cover_and_in_the_record(sample):
    head = sample.facts.record.head
    pages = [squeezed(page) for page in sample.pages]
    assert head in pages[0]
    assert head in pages[-1]
    assert "Signedoff" in pages[-1]


def test_decisions_feedback_actions_and_signatures_are_printed(sample):
    text = " ".join(" ".join(sample.pages).split())
    for said in (
        "It shows what the criterion asks.",
        "Well explained.",
        "not sufficient",
        "Add what the customer said.",
        "I judged all of it against the standard.",
        "Award credit for point 2.",
        "This is my own work.",
        "mail.eml",
    ):
        assert said in text, said
    (digest,) = (each.sha256 for each in sample.facts.evidence[0].versions[1].files[1:])
    assert digest in squeezed(text)


def pictures_in(path: Path) -> list[tuple[int, int]]:
    reader = PdfReader(path)
    found = {}
    for page in reader.pages:
        for each in page.get("/Resources", {}).get("/XObject", {}).values():
            inner = each.get_object()
            if inner["/Subtype"] == "/Image":
                found[each.idnum] = (inner["/Width"], inner["/Height"])
    return sorted(found.values())


def test_pictures_are_there_made_small_and_each_once(printed, story):
    version = EvidenceVersion.objects.get(evidence__number=2)
    big = make_blob(jpeg((4000, 3000), "olive"))
    attach(version, "big.jpg", big)
    attach(version, "the-same.jpg", big)
    path = printed(story)
    assert pictures_in(path) == [(640, 480), (1300, 975)]
    assert path.stat().st_size < 400_000


def test_a_matrix_of_forty_stays_on_its_page(printed, cast):
    story = begin(cast)
    unit = story.enrol(make_edition(performance=20, knowledge=20))
    story.hand_in(unit, "P1", "K20", title="One that spans it")
    path = printed(story)
    with pypdfium2.PdfDocument(path) as opened:
        page = next(
            page
            for page in opened
            if "Evidence matrix" in page.get_textpage().get_text_bounded()
            and page.get_width() > page.get_height()
        )
        text = page.get_textpage()
        for code in ("P1", "P20", "K20"):
            index = text.search(code).get_next()[0]
            left, _bottom, right, _top = text.get_charbox(index)
            assert 0 < left < right < page.get_width() - 20


HOSTILE = (
    "</p></td><script>x</script><style>*{display:none}</style><img src='http://127.0.0.1:9/a.png'>"
    "<base href='file:///etc/'> & {{ 7 }} {% now 'Y' %} \u202egnp.exe \x00\x07"
)
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 3
SCRIPTS = "Dŵr ŷd ac ŵy 🎉👩🏽‍🔧✅ yes · مقابلة مع الزبون · שיחה עם לקוח"


@pytest.fixture
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("the report asked the network for something")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.usefixtures("_no_network")
def test_hostile_words_stay_words(printed, cast):
    story = begin(cast)
    edition = make_edition(urn=HOSTILE.replace("\x00", "")[:40])
    make_guide(edition)
    unit = story.enrol(edition)
    for said in (HOSTILE.replace("\x00", ""), LONG, SCRIPTS):
        account = f'<h1 id="record">{said}</h1><p style="position:fixed">{said}</p><iframe src=x>'
        submission = story.hand_in(
            unit, "P1", title=said[:200], account=said, account_html=account, place=said[:200]
        )
        attach(submission.version, said[:100], make_blob(said.encode(), "text/plain"))
        story.decide(submission, reason=said * 3, feedback=said)
    path = printed(story)
    text = "".join(pages_of(path))
    assert "<script>x</script>" in text
    assert "{{ 7 }}" in text
    assert "\u202e" not in text
    assert squeezed(LONG) in squeezed(text)
    assert "Dŵr ŷd ac ŵy" in text
    assert "[partypopper]" in squeezed(text)
    assert [title for title, _page in bookmarks(PdfReader(path))][1:] == PARTS
    _nothing_runs_off_the_page(path)


def _nothing_runs_off_the_page(path: Path) -> None:
    with pypdfium2.PdfDocument(path) as opened:
        for page in opened:
            text = page.get_textpage()
            for index in range(text.count_chars()):
                left, _bottom, right, _top = text.get_charbox(index)
                assert right <= page.get_width(), text.get_text_bounded()
                assert left >= 0


def test_a_picture_that_is_damaged_or_lost_leaves_a_plain_note(printed, story):
    version = EvidenceVersion.objects.get(evidence__number=2)
    attach(version, "broken.jpg", make_blob(b"\xff\xd8\xff and no more"))
    gone = make_blob(jpeg(colour="red"))
    attach(version, "gone.jpg", gone)
    store.place_of(gone.sha256).unlink()
    path = printed(story)
    text = " ".join(" ".join(pages_of(path)).split())
    assert "This picture cannot be read." in text
    assert "This picture is missing from the store." in text
    assert "missing from the store" in text
    assert pictures_in(path) == [(640, 480)]


def test_an_empty_portfolio_says_so_in_each_part(printed, cast):
    text = " ".join(" ".join(pages_of(printed(begin(cast)))).split())
    assert "No evidence has been submitted yet." in text
    assert "The learner is not enrolled on a unit yet." in text
    assert "Nothing has been submitted for review yet." in text


def test_a_broken_ledger_is_shouted_on_the_cover_and_in_the_record(printed, story):
    Stream.objects.filter(name=story.portfolio.stream).update(head="f" * 64)
    pages = pages_of(printed(story))
    assert "does not hold" in pages[0]
    assert "The ledger does not hold." in pages[-1]
    assert "all of them hold" not in pages[-1]


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/x.png",
        "https://example.org/x.css",
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "data:image/png;base64,iVBORw0KGgo=",
        "signpost:picture/" + "0" * 64,
        "signpost:../config/settings.py",
    ],
)
def test_nothing_is_fetched_but_what_lies_on_the_shelf(address):
    ours = shelf.shelf([])
    with pytest.raises(pdf.Refused):
        ours.fetch(address)
    assert ours.refused == [address]


def test_many_units_fit_on_the_cover_and_follow_their_heading(printed, cast):
    story = begin(cast)
    for _ in range(12):
        story.enrol(make_edition(performance=14, knowledge=13))
    path = printed(story)
    pages = pages_of(path)
    assert "All 12 units are in the unit progress record." in pages[0]
    starts = dict(bookmarks(PdfReader(path)))
    assert story.enrolments[0].edition.standard.urn in pages[starts[PARTS[4]] - 1]
    with pypdfium2.PdfDocument(path) as opened:
        text = opened[0].get_textpage()
        height = lambda words: text.get_charbox(text.search(words).get_next()[0])  # noqa: E731
        assert height("All 12 units")[1] > height("Ledger head")[3]


def test_making_pdfs_does_not_soften_what_uploads_must_be():
    """WeasyPrint, once imported, would let every picture that broke off through."""
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False
