"""Lists as files: rows go out as they come from the database, however many there are.

What may be taken for a formula gets an apostrophe before it in CSV, which spreadsheets take as
"this is text"; in a workbook every text is stored as text.
"""

import csv
import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from accounts.lists.columns import Cell, Column
from accounts.lists.formulas import harmless
from accounts.lists.workbooks import workbook

LONGEST_CELL = 32_000
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
    return _answer(_lines(_values(columns, rows)), f"{name}-{_today()}.csv", "text/csv")


def as_xlsx(name: str, columns: Sequence[Column], rows: Iterable[Any]) -> HttpResponseBase:
    values = _values(columns, rows)
    return _answer(workbook(name, next(values), values), f"{name}-{_today()}.xlsx", XLSX)


def _today() -> str:
    return timezone.localdate().isoformat()


def _answer(
    content: Iterator[str] | Iterator[bytes], filename: str, content_type: str
) -> HttpResponseBase:
    answer = StreamingHttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{filename}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


Writer = Callable[[str, Sequence[Column], Iterable[Any]], HttpResponseBase]
KINDS: dict[str, Writer] = {"csv": as_csv, "xlsx": as_xlsx}
