"""Spreadsheets as rows of text."""

import csv
import datetime
import io
import zipfile
from collections.abc import Iterable, Iterator
from itertools import islice

from defusedxml.common import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from files.makers import texts
from files.makers.limits import MB, Limits
from files.makers.out import JSON, PLAIN, Job, NoPreview, as_json

LONGEST_CELL = 2000
SNIFFED = 64 * 1024
DELIMITERS = ",;\t|"
# What openpyxl raises on workbooks that are not what they say.
UNREADABLE = (
    *texts.BROKEN_ZIP,
    DefusedXmlException,
    InvalidFileException,
    SyntaxError,
    TypeError,
    AttributeError,
    IndexError,
    OverflowError,
    RecursionError,
)
Row = list[str]


def separated(job: Job) -> None:
    """CSV."""
    text, cut = texts.read(job.source, most=job.limits.text_mb * MB)
    csv.field_size_limit(job.limits.text_mb * MB)
    try:
        reader = csv.reader(io.StringIO(text), _dialect(text))
        rows, more = _cut(reader, job.limits)
    except csv.Error as error:
        raise NoPreview("damaged") from error
    if not rows:
        raise NoPreview("no_text")
    job.facts(sheets=1, cut=cut or more)
    _tell(job, [("", rows, cut or more)])


def _dialect(text: str) -> type[csv.Dialect]:
    try:
        return csv.Sniffer().sniff(text[:SNIFFED].rpartition("\n")[0] or text, DELIMITERS)
    except csv.Error:
        return csv.excel


def workbook(job: Job) -> None:
    """XLSX: the values that were there when it was saved; no formula is worked out."""
    try:
        _check_size(job)
        with job.source.open("rb") as file:
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            names = book.sheetnames
            sheets = list(_sheets(book, job.limits))
    except UNREADABLE as error:
        raise NoPreview("damaged") from error
    if not any(rows for _name, rows, _cut in sheets):
        raise NoPreview("no_text")
    cut = len(sheets) < len(names) or any(cut for _name, _rows, cut in sheets)
    job.facts(sheets=len(names), cut=cut)
    _tell(job, sheets)


def _check_size(job: Job) -> None:
    with zipfile.ZipFile(job.source) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > job.limits.unpacked_mb * MB:
            raise NoPreview("unpacks")


def _sheets(book: object, limits: Limits) -> Iterator[tuple[str, list[Row], bool]]:
    for sheet in book.worksheets[: limits.sheets]:  # type: ignore[attr-defined]
        sheet.reset_dimensions()  # what a sheet says of its size may be anything
        written = ([_written(cell) for cell in row] for row in sheet.iter_rows())
        yield sheet.title, *_cut(written, limits)


def _cut(rows: Iterable[Row], limits: Limits) -> tuple[list[Row], bool]:
    """As many rows as are shown, without the empty ones at the end, and whether there are more."""
    kept: list[Row] = []
    cut, cells = False, 0
    rows = iter(rows)
    for row in islice(rows, limits.rows):
        cut = cut or len(row) > limits.columns
        kept.append([value[:LONGEST_CELL] for value in row[: limits.columns]])
        cells += len(kept[-1])
        if cells > limits.cells:
            break
    cut = cut or next(rows, None) is not None
    while kept and not any(kept[-1]):
        kept.pop()
    return kept, cut


def _written(cell: object) -> str:
    """As a reader expects it; of the many forms that a workbook knows, the common ones."""
    value = cell.value  # type: ignore[attr-defined]
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, (int, float)):
        return _number(value, cell.number_format or "")  # type: ignore[attr-defined]
    return texts.tidy(str(value))


def _number(value: float, form: str) -> str:
    if form.endswith("%"):
        return f"{value * 100:.{form.count('0', form.find('.')) if '.' in form else 0}f}%"
    return f"{value:.15g}"


def _tell(job: Job, sheets: list[tuple[str, list[Row], bool]]) -> None:
    for number, (name, rows, cut) in enumerate(sheets, 1):
        told = {"name": name, "rows": rows, "cut": cut}
        job.part("sheet", number, data=as_json(told), media_type=JSON, name=name)
    lines = ("\n".join("\t".join(row) for row in rows) for _name, rows, _cut in sheets)
    job.part("text", data="\n\n".join(lines), media_type=PLAIN)
