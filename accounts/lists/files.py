"""Lists as files: rows go out as they come from the database, however many there are.

What people wrote may begin like a formula, and a spreadsheet would run it on the computer of
whoever opens the file. In CSV such a text gets an apostrophe before it, which spreadsheets take as
"this is text"; in a workbook every text is stored as text.
"""

import csv
import datetime
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from accounts.lists.columns import Cell, Column

FORMULA_SIGNS = frozenset("=+-@")
A_NUMBER = re.compile(r"-?[0-9]+([.,][0-9]+)*", re.ASCII)
LONGEST_CELL = 32_000
LONGEST_SHEET = 1_000_000  # rows; no spreadsheet program opens many more
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Row = list[Any]


def plain(value: Cell) -> str | int | float | datetime.date | datetime.datetime | None:
    """What a cell holds: a number, a day, a moment of local time without its zone, or text."""
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0)
    if value is None or isinstance(value, int | float | datetime.date):
        return value
    return "".join(map(_printable, str(value).replace("\r\n", "\n")))[:LONGEST_CELL]


def _printable(character: str) -> str:
    """A workbook can't hold control characters."""
    if character.isprintable() or character in "\n\t":
        return character
    return " " if character.isspace() else ""


def starts_a_formula(text: str) -> bool:
    """A sign after blanks counts too, as spreadsheets may cut those off, and so does one that is
    as wide as a Chinese letter, or small. A number below nought is a number."""
    begins = text.lstrip()
    sign = unicodedata.normalize("NFKC", begins[:1])
    return sign in FORMULA_SIGNS and not A_NUMBER.fullmatch(text)


def harmless(text: str) -> str:
    """The text as one that no spreadsheet takes for a formula."""
    begins = starts_a_formula(text) or text[:1] in {"\t", "\r", "\n"}
    return f"'{text}" if begins else text


def _values(columns: Sequence[Column], rows: Iterable[Any]) -> Iterator[Row]:
    yield [plain(str(column.label)) for column in columns if column.value]
    for row in rows:
        yield [plain(column.value(row)) for column in columns if column.value]


class _Echo:
    """Hands each written line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def _lines(values: Iterable[Row]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"  # or Excel reads it as Latin-1
    for row in values:
        yield writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])


def as_csv(name: str, columns: Sequence[Column], rows: Iterable[Any]) -> HttpResponseBase:
    answer = StreamingHttpResponse(_lines(_values(columns, rows)), content_type="text/csv")
    answer["Content-Disposition"] = f'attachment; filename="{_file_name(name, "csv")}"'
    return _private(answer)


def as_xlsx(name: str, columns: Sequence[Column], rows: Iterable[Any]) -> HttpResponseBase:
    """Row by row into a file on disk, and from there to the browser."""
    book = Workbook(write_only=True)
    values = _values(columns, rows)
    head = next(values)
    sheet = _sheet(book, name, head)
    for number, row in enumerate(values, start=1):
        if number % LONGEST_SHEET == 0:
            sheet = _sheet(book, name, head)
        sheet.append([_cell(sheet, each) for each in row])
    place = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    book.save(place)
    place.seek(0)
    filename = _file_name(name, "xlsx")
    return _private(FileResponse(place, as_attachment=True, filename=filename, content_type=XLSX))


def _sheet(book: Workbook, name: str, head: Row) -> Any:
    """The next one, with the columns' names; it must say all of itself before its rows."""
    more = f" {len(book.worksheets) + 1}" if book.worksheets else ""
    sheet = book.create_sheet(name[: 31 - len(more)] + more)
    sheet.freeze_panes = "A2"
    for number, label in enumerate(head, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = max(14, min(len(label) + 3, 40))
    sheet.append([_text(sheet, label, font=Font(bold=True)) for label in head])
    return sheet


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, str) and starts_a_formula(value):
        return _text(sheet, value, quotePrefix=True)  # stays text when somebody edits it
    return value


def _text(sheet: Any, value: str, **look: Any) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=value)
    cell.data_type = "s"
    for name, each in look.items():
        setattr(cell, name, each)
    return cell


def _file_name(name: str, kind: str) -> str:
    return f"{name}-{timezone.localdate().isoformat()}.{kind}"


def _private(answer: HttpResponseBase) -> HttpResponseBase:
    answer["Cache-Control"] = "private, no-store"
    return answer


Writer = Callable[[str, Sequence[Column], Iterable[Any]], HttpResponseBase]
KINDS: dict[str, Writer] = {"csv": as_csv, "xlsx": as_xlsx}
