"""Passages in the cells of a spreadsheet: checked in its text, marked in its cells."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from files.models import PreviewPart
from portfolio.actions import set_anchors
from portfolio.anchors.ground import Ground
from portfolio.anchors.typed import place_from
from portfolio.models import Anchor, Claim, EvidenceFile, EvidenceVersion
from portfolio.viewing import Shown, to_view
from tests.factories import Cast
from tests.portfolio.anchors.conftest import Plain, make_blob, make_file

CALLS = [["Day", "Who"], ["1 October", "Hale 🙂"], ["2 October"], [], ["3 October", "Bell & Co"]]
COMPLAINTS = [["Name", "What"], ["Hale", "late\nagain"]]


def add_table(version: EvidenceVersion, *sheets: list[list[str]], name: str) -> EvidenceFile:
    """As files/makers/tables.py makes it."""
    text = "\n\n".join("\n".join("\t".join(row) for row in sheet) for sheet in sheets)
    file = make_file(version, name, "table", parts=(("text", 1, text),))
    for number, rows in enumerate(sheets, 1):
        told = json.dumps({"name": f"Sheet {number}", "rows": rows, "cut": False})
        PreviewPart.objects.create(
            preview=file.blob.preview,
            role="sheet",
            number=number,
            blob=make_blob(told.encode(), "application/json"),
        )
    return file


@pytest.fixture
def table(draft: EvidenceVersion) -> EvidenceFile:
    return add_table(draft, CALLS, COMPLAINTS, name="calls.xlsx")


def mark(cast: Cast, claim: Claim, file: EvidenceFile, quote: str) -> Anchor:
    place = {"kind": "passage", "file": file.pk, "sha256": file.blob.sha256, "quote": quote}
    (anchor,) = set_anchors(claim=claim, anchors=[place], by=cast.learner)
    return anchor


def shown(anchor: Anchor, *, large: bool = False) -> Shown:
    file = to_view(EvidenceFile.objects.filter(pk=anchor.file_id)).get()
    anchors = Anchor.objects.select_related("claim__criterion").filter(pk=anchor.pk)
    return Shown(file, anchors, large=large)


def marked(of: Shown) -> list[str]:
    cells = (cell for sheet in of.sheets for row in sheet.rows for cell in row.cells)
    found = (re.findall(r"<mark[^>]*>(.*?)</mark>", cell, re.DOTALL) for cell in cells)
    return [unescape(words) for each in found for words in each]


@pytest.mark.parametrize(
    ("quote", "cells"),
    [
        ("Hale 🙂", ["Hale 🙂"]),
        ("October Hale", ["October", "Hale"]),
        ("Who 1 October Hale 🙂 2 October 3 October Bell", None),
        ("Bell & Co Name", ["Bell & Co", "Name"]),  # from one sheet into the next
        ("late again", ["late\nagain"]),
    ],
)
def test_what_is_quoted_is_marked_in_its_cells(
    cast: Cast, claim: Claim, table: EvidenceFile, quote: str, cells: list[str] | None
) -> None:
    anchor = mark(cast, claim, table, quote)
    wanted = cells or ["Who", "1 October", "Hale 🙂", "2 October", "3 October", "Bell"]
    of = shown(anchor)
    assert marked(of) == wanted
    html = "".join(cell for sheet in of.sheets for row in sheet.rows for cell in row.cells)
    assert html.count(f'id="mark-{anchor.pk}"') == 1
    assert html.count('data-label="P4"') == 1
    assert of.further == []


def test_each_sheet_and_row_says_where_its_text_stands(
    cast: Cast, claim: Claim, table: EvidenceFile
) -> None:
    anchor = mark(cast, claim, table, "Bell & Co")
    text = Ground(claim.version).text_of(table, None) or ""
    for sheet, rows in zip(shown(anchor).sheets, (CALLS, COMPLAINTS), strict=True):
        assert text[sheet.at :].startswith(rows[0][0])
        assert [text[row.at : row.to] for row in sheet.rows] == ["\t".join(row) for row in rows]
        assert [row.own for row in sheet.rows] == [len(row) for row in rows]


def test_words_that_are_not_in_it_are_refused(
    cast: Cast, claim: Claim, table: EvidenceFile
) -> None:
    with pytest.raises(ValidationError, match="are not in"):
        mark(cast, claim, table, "Hale 2 October")


def test_cells_can_be_typed(draft: EvidenceVersion, table: EvidenceFile) -> None:
    typed = place_from({"in": str(table.pk), "words": "1 October Hale"}, Ground(draft))
    assert typed is not None
    assert (typed["kind"], typed["quote"]) == ("passage", "1 October Hale")


def test_what_stands_in_rows_and_columns_that_are_not_shown(
    cast: Cast, claim: Claim, draft: EvidenceVersion
) -> None:
    rows = [[f"row {number}", "x"] for number in range(1, 151)]
    rows[4] = [f"column {number}" for number in range(1, 61)]
    file = add_table(draft, rows, name="long.xlsx")
    for quote in ("row 149", "column 55"):
        anchor = mark(cast, claim, file, quote)
        assert (marked(shown(anchor)), shown(anchor).further) == ([], [anchor])
        large = shown(anchor, large=True)
        assert (marked(large), large.further) == ([quote], [])
    of = shown(mark(cast, claim, file, "column 40"))
    assert of.sheets[0].rows[4].rest == "\t".join(rows[4][40:])
    assert marked(of) == ["column 40"]


def test_the_page_asks_no_more_for_tables_with_many_places(
    her: Client, cast: Cast, claim: Claim, table: EvidenceFile, url_of: Any, on: Plain
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            answer = her.get(url_of("claims", pk=claim.version.evidence_id))
        assert answer.status_code == 200
        return len(captured)

    mark(cast, claim, table, "Bell")
    few = queries()
    quotes = ["Day", "Who", "1 October", "2 October", "3 October", "Bell", "Name", "What", "late"]
    places = [on(table, "passage", quote=each) for each in quotes]
    set_anchors(claim=claim, anchors=places, by=cast.learner)
    assert queries() == few
