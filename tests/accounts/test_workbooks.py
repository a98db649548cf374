"""A workbook is written while its rows are read, and is what one written whole would be."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
from openpyxl import Workbook, load_workbook

from accounts.lists import Column, at, workbooks
from accounts.lists.files import as_xlsx
from accounts.lists.workbooks import workbook

TEXTS = [
    "Amira",
    " blanks at both ends  ",
    "two\nlines\tand more",
    '<b>&amp; "quoted"</b> ]]>',
    "Ŵyn 🎉 漢字",
    "",
]
RUN = ["=1+1", "+44 20", " -x", "@SUM(A1)", "\n=HYPERLINK()", "＝1"]


def written(rows: list[list[Any]], head: list[str] | None = None, name: str = "progress") -> bytes:
    head = head or [f"C{number}" for number in range(len(rows[0]))]
    return b"".join(workbook(name, head, iter(rows)))


def opened(data: bytes) -> Workbook:
    return load_workbook(io.BytesIO(data))


MOMENT = datetime.fromisoformat("2026-11-22T13:05:59")


def test_numbers_days_moments_and_texts_come_back_as_they_were():
    row = [3, -2.5, 0, date(2026, 11, 22), MOMENT, None, True, *TEXTS]
    (found,) = opened(written([row])).active.iter_rows(min_row=2)
    expected = [each if each != "" else None for each in row]
    expected[3] = MOMENT.replace(hour=0, minute=0, second=0)  # openpyxl knows no days
    assert [cell.value for cell in found] == expected
    assert found[3].number_format == "yyyy-mm-dd"
    assert found[4].number_format == "yyyy-mm-dd h:mm:ss"
    assert [cell.is_date for cell in found[:5]] == [False, False, False, True, True]


@pytest.mark.parametrize("text", RUN)
def test_what_begins_like_a_formula_is_text_and_stays_so(text: str):
    cell = opened(written([[text, "Ann"]])).active["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_what_no_cell_can_hold_as_a_number_is_text():
    row = [float("inf"), float("nan"), date(1066, 10, 14)]
    (found,) = opened(written([row])).active.iter_rows(min_row=2, values_only=True)
    assert found == ("inf", "nan", "1066-10-14")


def test_the_first_row_is_bold_and_stays_in_view():
    head = ["Name", "A column with a long name", "x" * 60]
    sheet = opened(written([["a", "b", "c"]], head)).active
    assert sheet.title == "progress"
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[1]] == head
    assert all(cell.font.b for cell in sheet[1])
    assert not any(cell.font.b for cell in sheet[2])
    assert [sheet.column_dimensions[each].width for each in "ABC"] == [14, 28, 40]


def test_many_columns_have_their_letters():
    row = list(range(60))
    sheet = opened(written([row, row])).active
    assert [cell.value for cell in sheet[3]] == row
    assert sheet["BH2"].value == 59


def test_without_rows_it_is_the_columns_names():
    book = opened(b"".join(workbook("people", ["Name"], iter(()))))
    assert list(book.active.iter_rows(values_only=True)) == [("Name",)]
    assert book.sheetnames == ["people"]


@pytest.mark.parametrize(("limit", "value"), [("LONGEST_SHEET", 3), ("LARGEST_SHEET", 150)])
def test_what_one_sheet_cannot_hold_goes_on_in_the_next(monkeypatch, limit: str, value: int):
    monkeypatch.setattr(workbooks, limit, value)
    name = "a name of more than thirty-one letters"
    book = opened(written([[f"Learner {n}"] for n in range(5)], ["Name"], name))
    assert book.sheetnames == [name[:31], f"{name[:29]} 2", f"{name[:29]} 3"]
    held = [[row[0] for row in sheet.iter_rows(values_only=True)] for sheet in book]
    assert held == [
        ["Name", "Learner 0", "Learner 1"],
        ["Name", "Learner 2", "Learner 3"],
        ["Name", "Learner 4"],
    ]


def test_every_part_is_said_to_be_there_and_is():
    packed = zipfile.ZipFile(io.BytesIO(written([[text] for text in TEXTS])))
    assert packed.testzip() is None
    parts = {name: ElementTree.fromstring(packed.read(name)) for name in packed.namelist()}
    told = {
        each.get("PartName", "").removeprefix("/")
        for each in parts["[Content_Types].xml"]
        if each.get("PartName")
    }
    assert told == {name for name in parts if name.startswith("xl/") and "_rels" not in name}
    for links, folder in (("_rels/.rels", ""), ("xl/_rels/workbook.xml.rels", "xl/")):
        assert {folder + each.get("Target", "") for each in parts[links]} <= set(parts)


def test_old_programs_can_unpack_it():
    """Excel takes no sheet of the ZIP for large files that was written without going back."""
    packed = zipfile.ZipFile(io.BytesIO(written([[1]])))
    assert {info.extract_version for info in packed.infolist()} == {20}
    assert not any(info.extra for info in packed.infolist())


# While the rows are read

MANY = 20_000


class Rows:
    """Counts what is asked of it."""

    def __init__(self) -> None:
        self.asked = 0
        self.is_closed = False

    def __call__(self) -> Iterator[SimpleNamespace]:
        try:
            for number in range(MANY):
                self.asked += 1
                yield SimpleNamespace(a=number, b=f"Learner {number * 7919 % MANY}")
        finally:
            self.is_closed = True


COLUMNS = [Column("a", "A", at("a")), Column("b", "B", at("b"))]


def test_its_bytes_leave_as_its_rows_are_read():
    rows = Rows()
    asked, sizes = [], []
    answer = as_xlsx("x", COLUMNS, rows())
    assert rows.asked == 0
    for piece in answer.streaming_content:
        asked.append(rows.asked)
        sizes.append(len(piece))
    assert asked[0] <= 1
    assert asked[-1] == MANY
    assert max(later - before for before, later in pairwise(asked)) < MANY / 4
    assert max(sizes) < sum(sizes) / 4


@pytest.mark.django_db  # an answer's end lets go of old connections
def test_a_download_that_is_broken_off_asks_for_no_more():
    rows = Rows()
    answer = as_xlsx("x", COLUMNS, rows())
    content = iter(answer.streaming_content)
    while rows.asked < 10:
        next(content)
    answer.close()
    assert rows.asked < MANY
    assert rows.is_closed
