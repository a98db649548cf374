"""The golden portfolio's PDF, read back by other programs' eyes."""

import hashlib
import itertools
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from django.conf import settings
from pikepdf import pdfa
from PIL import Image, ImageChops, ImageStat

from reports import matrix
from tests.reports.golden.building import EVIDENCE, HIDDEN
from tests.reports.golden.printing import PROOF, Printed
from tests.reports.golden.words import TITLES
from tests.reports.test_pdf import PARTS, bookmarks, squeezed
from tests.reports.validating import ends_amiss, faults

FORMS = [*PARTS]
FORMS.insert(FORMS.index("Assessment plan"), "Witness status list")

APPROVED = Path(settings.BASE_DIR) / "fixtures" / "golden"


# What is printed ---------------------------------------------------------------------------------


def test_the_forms_come_in_order_and_the_contents_find_them(sample: Printed):
    marks = bookmarks(sample.reader)
    assert [title for title, _page in marks] == ["Amira Khan", *FORMS]
    for title, page in marks[2:]:
        assert f"\n{title}\n" in "\n" + sample.pages[page - 1]
        told = re.search(rf"^{re.escape(title)}[\s.]*?(\d+)$", sample.pages[1], re.MULTILINE)
        assert told, title
        assert int(told[1]) == page


def test_every_page_says_whose_it_is_and_its_own_number(sample: Printed):
    for number, text in enumerate(sample.pages[1:], start=2):
        assert "Amira Khan" in text
        assert re.search(rf"Exported 1 December 2026\s.*\b{number}\b", text), number


def test_the_cover_says_what_it_is_and_how_to_check_it(sample: Printed):
    cover = sample.pages[0]
    for said in (
        *("Northgate College", "C-100", "Amira Khan", "R-1", "CFACSB15", "Signed off"),
        *("27 of 27 criteria met", "ABCDE 23456", "Signed by Northgate College"),
    ):
        assert said in cover, said
    assert squeezed("signpost.example/verify/ABCDE23456") in squeezed(cover)
    assert sample.facts.record.head in squeezed(cover)
    (square,) = [alt for alt in alternatives(sample.path) if "Square to scan" in alt]
    assert "genuine" in square


def test_the_index_gives_each_items_page_and_the_item_is_there(sample: Printed):
    index = sample.part("index", "progress")
    for number, title in enumerate(TITLES[:EVIDENCE], start=1):
        page = sample.page_of[f"evidence-{number}"]
        assert re.search(rf"^{number}\s", index, re.MULTILINE), number
        assert squeezed(title) in squeezed(sample.pages[page - 1]), number
    told = [int(page) for page in re.findall(r"(?:Accepted|Waiting)\s+(\d+)$", index, re.MULTILINE)]
    assert told == [sample.page_of[f"evidence-{number}"] for number in range(1, EVIDENCE + 1)]


def test_each_cell_of_the_matrix_stands_where_the_database_says(sample: Printed):
    """By where the marks' links lie on the paper: below their criterion, beside their item."""
    claims = {
        claim.pk: claim
        for unit in sample.facts.units
        for each in unit.criteria
        for claim in each.claims
    }
    codes = {each.pk: each.code for unit in sample.facts.units for each in unit.criteria}
    seen = {}
    for page in range(sample.page_of["matrix"] - 1, sample.page_of["criteria"] - 1):
        links = list(_links(sample, page))
        columns = [(middle, name) for name, middle, _y in links if name.startswith("criterion-")]
        rows = [(y, name) for name, _x, y in links if name.startswith("evidence-")]
        for name, x, y in links:
            if not name.startswith("claim-"):
                continue
            column = min(columns, key=lambda each: abs(each[0] - x))[1]
            row = min(rows, key=lambda each: abs(each[0] - y))[1]
            where = (int(row.split("-")[1]), codes[int(column.split("-")[2])])
            seen[where] = claims[int(name.split("-")[1])]
    assert set(seen) == set(sample.claims)
    for (number, code), claim in seen.items():
        assert (claim.number, claim.code) == (number, code)
        states = sample.claims[number, code]
        assert claim.state == ("met" if "met" in states else "waiting")
    (sheet,) = matrix.sheets(sample.facts.units[0], sample.facts.evidence)
    assert len(sheet.rows) == EVIDENCE


def _links(sample: Printed, page: int) -> Iterator[tuple[str, float, float]]:
    """Inner links of a page, with the middle of each."""
    for each in sample.reader.pages[page].get("/Annots", []):
        link = each.get_object()
        if "/Dest" in link:
            left, bottom, right, top = (float(value) for value in link["/Rect"])
            yield str(link["/Dest"]), (left + right) / 2, (bottom + top) / 2


def test_every_link_leads_to_the_thing_it_names(sample: Printed):
    names = {name for page in range(len(sample.pages)) for name, _x, _y in _links(sample, page)}
    assert names <= set(sample.page_of)
    for unit in sample.facts.units:
        for criterion in unit.criteria:
            page = sample.page_of[f"criterion-{unit.pk}-{criterion.pk}"]
            assert criterion.code in sample.pages[page - 1]
            for claim in criterion.claims:
                page = sample.page_of[f"claim-{claim.pk}"]
                assert f"Evidence {claim.number}" in sample.pages[page - 1]


SAID = {
    "criteria": [
        *("rang her back within the hour", "desk.jpg", "0:01 to 0:02", "marked by Ben Osei"),
        *("replaced by another place", "report.pdf page 1", "pages 1 to 2", "diary.docx"),
        *(
            "Earns",
            "I had looked at another item.",
            "took this back at once",
            "Looked at once more.",
        ),
        *("Imported, not judged again", "decided 3 March 2026 at Westside Centre by Uma Grant"),
        *("Of another unit.", "not sufficient", "Add the customer's own words."),
    ],
    "evidence": [
        *("Observation record", "Professional discussion record", "Questions and answers, oral"),
        *("Questions and answers, written", "Record of a product seen in situ"),
        *("Recognition of prior learning", "The cabinet in the back office", "1 question"),
        *("She has used it every week since.", "That is how it was.", "This is what happened."),
        *("Expert witness", "Owen Pugh", "saw it on 25 September 2026", "I saw this myself."),
        *("Version 2", "This is my own work.", "talk.wav", "slides.pptx", "letter.eml"),
        *("the copy in which something is hidden", "a Word document", "a PowerPoint presentation"),
        *("From the beginning of notes.txt", "Rang again at ten.", "thank you for ringing back"),
    ],
    "witnesses": [
        *("Owen Pugh", "Shop manager", "Her manager", "25 Sep 2026", "26 Sep 2026"),
        *("Expert witness", "approved by Ed Walsh, 1 Sep 2026", "Twelve years in the trade."),
    ],
    "plans": [
        *("What we do until the next visit.", "Film a talk at the counter.", "P1, K2"),
        *("All of it was reached.", "To be reviewed on 30 October 2026.", "not yet"),
    ],
    "reviews": [
        *("Here I see the list you work from.", "Say what she answered.", "Comment"),
        *("Add what the customer said.", "Words that decisions were judged against"),
        *("What people often get wrong", "Judged against:", "I had looked at another item."),
        *("Appeal about evidence 5, version 1", "Not upheld", "Item 5 says what she answered."),
        *("Her own words were missing.", "Appeal about evidence 18, version 1", "Open"),
    ],
    "sign-offs": [
        *("Marking points:", "Countersignature refused", "K11 was not looked at."),
        *("A further item had come in.", "I looked at all of it and agree.", "Grace Lund"),
        *("I judged all of it against the standard.", "Evidence 1 (version 1)"),
        "A call to a customer who had waited, P1 (the second paragraph)",
        "Amira Khan, with 42 submissions, the last on 29 November 2026",
    ],
    "record": [
        "Ledger stream",
        "Files that are not inside this document",
        "counter.mp4",
        "Entries",
    ],
}


@pytest.mark.parametrize("form", SAID)
def test_the_form_says(form: str, sample: Printed):
    forms = [*SAID, ""]
    until = forms[forms.index(form) + 1]
    last = sample.page_of[until] - 1 if until else len(sample.pages)
    text = squeezed("".join(sample.pages[sample.page_of[form] - 1 : last]))
    missing = [said for said in SAID[form] if squeezed(said) not in text]
    assert missing == []


def test_each_marking_point_names_what_earned_it(sample: Printed):
    text = squeezed(sample.part("sign-offs", "record"))
    (unit,) = sample.facts.units
    for point in unit.sign_offs[-1].guides[0].points:
        assert squeezed(point.wording) in text
        (credit,) = point.credits
        assert squeezed(f"Evidence {credit.number} (version {credit.version})") in text


def test_every_entry_of_the_ledger_and_its_head_is_there(sample: Printed):
    text = squeezed("".join(sample.pages[sample.page_of["record"] - 1 :]))
    record = sample.facts.record
    assert record.head in text
    assert len(record.entries) == record.length > 80
    assert all(entry.hash[:12] in text for entry in record.entries)


def test_what_was_hidden_and_what_is_a_draft_is_nowhere(sample: Printed):
    held = "".join(sample.pages) + json.dumps(_manifest(sample)) + repr(sample.facts)
    held += "".join(alternatives(sample.path))
    for word in (HIDDEN, *HIDDEN.split(), "A draft, hers alone"):
        assert squeezed(word) not in squeezed(held), word
    assert "█" in held
    with pikepdf.open(sample.path) as opened:
        files = {name: opened.attachments[name] for name in opened.attachments}
        descriptions = "".join(each.description for each in files.values())
        assert "Margaret" not in descriptions + "".join(files)


# The files inside --------------------------------------------------------------------------------


def _manifest(sample: Printed) -> dict[str, Any]:
    with pikepdf.open(sample.path) as opened:
        return json.loads(opened.attachments["manifest.json"].get_file().read_bytes())


def test_the_files_inside_are_those_of_the_store_byte_for_byte(sample: Printed):
    with pikepdf.open(sample.path) as opened:
        inside = {
            name: opened.attachments[name].get_file().read_bytes() for name in opened.attachments
        }
    del inside["manifest.json"]
    assert inside == sample.stored
    assert len(inside) > 10
    assert not any(name.endswith(".mp4") for name in inside)
    assert any(name.endswith("dŵr שלום.txt") for name in inside)


def test_each_file_says_what_it_is_to_the_document(sample: Printed):
    with pikepdf.open(sample.path) as opened:
        tree = opened.Root.Names.EmbeddedFiles.Names
        names = [str(name) for name in list(tree)[::2]]
        assert names == sorted(names, key=lambda name: bytes(pikepdf.String(name)))
        assert len({name.casefold() for name in names}) == len(names)
        assert {each.objgen for each in opened.Root.AF} == {
            each.objgen for each in list(tree)[1::2]
        }
        relations = {}
        for specification in opened.Root.AF:
            stream = specification.EF.F
            data = stream.read_bytes()
            assert specification.EF.UF.objgen == stream.objgen
            assert int(stream.Params.Size) == len(data)
            assert re.fullmatch(r"D:\d{14}Z", str(stream.Params.ModDate))
            assert re.fullmatch(r"/[a-z]+/[\w.+-]+", str(stream.Subtype))
            assert hashlib.sha256(data).hexdigest() in str(specification.Desc)
            relations[str(specification.UF)] = str(specification.AFRelationship)
    assert relations.pop("manifest.json") == "/Data"
    assert relations["021-1 desk.jpg"] == "/Supplement"  # the copy in which something is hidden
    assert relations["001-1 desk.jpg"] == "/Source"


def test_the_manifest_names_the_export_and_every_file(sample: Printed):
    told = _manifest(sample)
    assert told["export"]["code"] == PROOF.code
    assert told["export"]["made_at"].startswith("2026-12-01T14:05")
    assert told["ledger"] == {
        "stream": sample.facts.record.stream,
        "head": sample.facts.record.head,
        "length": sample.facts.record.length,
    }
    assert [each["urn"] for each in told["editions"]] == ["CFACSB15"]
    files = told["files"]
    assert len(files) == len(sample.facts.files)
    for each in files:
        assert re.fullmatch(r"[0-9a-f]{64}", each["sha256"])
        if each["inside"]:
            data = sample.stored[each["inside"]["name"]]
            assert each["inside"]["sha256"] == hashlib.sha256(data).hexdigest()
            assert each["inside"]["size"] == len(data)
    (film,) = [each for each in files if each["name"] == "counter.mp4"]
    assert (film["inside"], film["left_out"]) == (None, "film")


# For those who read it otherwise ----------------------------------------------------------------


def walk(path: Path) -> list[tuple[str, str]]:
    """The structure in reading order: each element's kind and its alternative words."""
    found: list[tuple[str, str]] = []

    def into(node: Any) -> None:
        if isinstance(node, pikepdf.Array):
            for each in node:
                into(each)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            found.append((str(node.S), str(node.get("/Alt", ""))))
            if "/K" in node:
                into(node.K)

    with pikepdf.open(path) as opened:
        into(opened.Root.StructTreeRoot.K)
    return found


def alternatives(path: Path) -> list[str]:
    return [alt for kind, alt in walk(path) if kind == "/Figure"]


def test_every_figure_has_words_and_headings_never_skip(sample: Printed):
    elements = walk(sample.path)
    figures = [alt for kind, alt in elements if kind == "/Figure"]
    assert len(figures) > 100
    assert all(figures)
    assert "Evidence 1, A call to a customer who had waited: picture desk.jpg" in figures
    assert any(re.match(r"Evidence 3, for P\d+: counter.mp4, 0:01 to", alt) for alt in figures)
    assert any(re.match("Evidence 1, with a comment: desk.jpg", alt) for alt in figures)
    levels = [int(kind[2]) for kind, _alt in elements if re.fullmatch(r"/H\d", kind)]
    assert levels[0] == 1
    assert [(a, b) for a, b in itertools.pairwise(levels) if b > a + 1] == []


def test_fonts_are_inside_and_their_letters_are_known(sample: Printed):
    fonts = {}
    with pikepdf.open(sample.path) as opened:
        for page in opened.pages:
            for font in page.get("/Resources", {}).get("/Font", {}).values():
                inner = font.get("/DescendantFonts", [font])[0]
                descriptor = inner.FontDescriptor
                embedded = any(f"/FontFile{number}" in descriptor for number in ("", "2", "3"))
                fonts[str(inner.BaseFont)] = (embedded, "/ToUnicode" in font)
    assert any("Atkinson" in name for name in fonts)
    assert set(fonts.values()) == {(True, True)}


def test_it_calls_itself_what_it_is(sample: Printed):
    with pikepdf.open(sample.path) as opened:
        root, told = opened.Root, opened.docinfo
        assert str(root.Lang).lower() == "en-gb"
        assert bool(root.MarkInfo.Marked)
        assert str(root.OutputIntents[0].S) == "/GTS_PDFA1"
        assert root.OutputIntents[0].DestOutputProfile.read_bytes()
        assert "/JavaScript" not in root.get("/Names", {})
        with opened.open_metadata() as meta:
            assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("3", "A")
            assert meta["dc:title"] == str(told["/Title"]) == "Portfolio of Amira Khan"
            assert list(meta["dc:creator"]) == [str(told["/Author"])] == ["Amira Khan"]
            assert meta["pdf:Producer"] == str(told["/Producer"])


# What pikepdf's own check of PDF/A-3b finds, which knows no level A (with its tags) and no
# identifier of PDF/UA, and does not look into patterns and shadings: that of the marks' shapes.
BEYOND_IT = (
    "pdfaid:conformance is 'A', expected 'B'",
    "XMP namespace pdfaExtension=",
    "XMP namespace pdfaSchema=",
    "XMP namespace pdfaProperty=",
    "XMP property pdfuaid:part",
    "XMP property pdfaExtension:schemas",
    "patterns are not supported",
    "shadings are not supported",
)


def test_a_validator_of_pdf_a_and_pdf_ua_finds_nothing(sample: Printed):
    assert faults(sample.path) == []
    assert ends_amiss(sample.path) == []


def test_another_validator_of_pdf_a_finds_nothing(sample: Printed):
    report = pdfa.validate_written(sample.path, "3b")
    found = {f"{each.message}" for each in report.findings}
    assert sorted(each for each in found if not each.startswith(BEYOND_IT)) == []


# What it looks like ------------------------------------------------------------------------------

# Every page of every form is compared; small, so that only the layout is.
LOOKED_AT = (
    *("cover", "contents", "index", "progress", "matrix", "criteria", "evidence", "witnesses"),
    *("plans", "reviews", "sign-offs", "record"),
)
SCALE = 0.35
STRAYS = 6.0  # mean difference of grey, in 255, that fonts' rounding may make in any tile
TILE = 52


@pytest.mark.parametrize("form", LOOKED_AT)
def test_the_pages_look_as_approved(form: str, sample: Printed):
    """To approve new ones: SIGNPOST_RENEW_PAGES=1 pytest tests/reports/golden; then look."""
    seen = looked_at(form, sample)
    if os.environ.get("SIGNPOST_RENEW_PAGES"):
        approve(form, seen)
    wanted = approved(form)
    assert [each.size for each in seen] == [each.size for each in wanted]
    apart = [worst(*pair) for pair in zip(seen, wanted, strict=True)]
    assert {page: far for page, far in enumerate(apart, start=1) if far >= STRAYS} == {}


def looked_at(form: str, sample: Printed) -> list[Image.Image]:
    """From where the form begins to where the next one does."""
    starts = [1, *(sample.page_of[each] for each in LOOKED_AT[1:]), len(sample.pages) + 1]
    place = LOOKED_AT.index(form)
    with pypdfium2.PdfDocument(sample.path) as opened:
        return [
            opened[number - 1].render(scale=SCALE, grayscale=True).to_pil().convert("L")
            for number in range(starts[place], starts[place + 1])
        ]


def approve(form: str, pages: list[Image.Image]) -> None:
    for old in APPROVED.glob(f"{form}-*[0-9].png"):
        old.unlink()
    for number, page in enumerate(pages, start=1):
        page.quantize(16).save(APPROVED / f"{form}-{number:02}.png", optimize=True)


def approved(form: str) -> list[Image.Image]:
    found = []
    for path in sorted(APPROVED.glob(f"{form}-*[0-9].png")):
        with Image.open(path) as opened:
            found.append(opened.convert("L"))
    return found


def worst(seen: Image.Image, wanted: Image.Image) -> float:
    """The mean difference in the tile that differs most."""
    apart = ImageChops.difference(seen, wanted)
    tiles = (
        apart.crop((left, top, min(left + TILE, seen.width), min(top + TILE, seen.height)))
        for left in range(0, seen.width, TILE)
        for top in range(0, seen.height, TILE)
    )
    return max(ImageStat.Stat(tile).mean[0] for tile in tiles)


def test_a_broken_layout_would_be_seen(sample: Printed):
    """The comparison itself can fail: a column moved by some millimetres is enough."""
    wanted = approved("index")[0]
    moved = ImageChops.offset(wanted, 6, 0)
    assert worst(moved, wanted) > STRAYS
