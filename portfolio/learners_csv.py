"""Reading a list of learners from CSV, as spreadsheets and people really write it."""

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MAX_BYTES = 512 * 1024
MAX_ROWS = 300  # saved in one transaction, in a few seconds, while others wait to write

# Our column, and the headings that mean it once case, dashes and spaces are evened out.
HEADINGS: dict[str, tuple[str, ...]] = {
    "name": ("name", "full name", "learner", "learner name", "candidate", "candidate name"),
    "email": ("email", "e mail", "email address", "e mail address", "learner email"),
    "registration_number": (
        "registration number",
        "registration no",
        "registration",
        "reg number",
        "reg no",
        "candidate number",
    ),
    "cohort": ("cohort", "group", "class"),
    "unit": ("unit", "urn", "unit urn", "unit (urn)", "standard", "unit code"),
    "assessor": ("assessor", "assessor email", "assessor e mail", "assessor email address"),
    "started_on": ("started on", "start date", "started", "start", "starts on"),
}
REQUIRED = ("name", "email", "unit")
SHOWN = {
    "name": "name",
    "email": "email",
    "registration_number": "registration number",
    "cohort": "cohort",
    "unit": "unit",
    "assessor": "assessor email",
    "started_on": "started on",
}


class Unreadable(ValidationError):
    """The text as a whole is no list of learners."""


@dataclass(frozen=True)
class Row:
    """One learner on one unit, every cell as text; `line` is where it begins in the file."""

    line: int
    name: str = ""
    email: str = ""
    registration_number: str = ""
    cohort: str = ""
    unit: str = ""
    assessor: str = ""
    started_on: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Table:
    rows: list[Row]
    ignored_columns: list[str]


def decode(data: bytes) -> str:
    """UTF-8 or, as older spreadsheets save it, Windows-1252; with or without a byte-order mark."""
    if len(data) > MAX_BYTES:
        raise Unreadable(_("This file is too large. Split it into smaller ones."))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def read(text: str) -> Table:
    """The rows of the text, or Unreadable with a sentence that says what to do."""
    text = text.removeprefix("\ufeff")
    if "\0" in text or "\ufffd" in text:
        raise Unreadable(
            _("This is not a CSV file. In your spreadsheet, choose “Save as” and then CSV.")
        )
    lines = _lines(text)
    first = next(lines, None)
    if first is None:
        raise Unreadable(_("There is nothing in it. Paste or choose a list with a heading row."))
    columns, ignored = _columns(first[1])
    rows = [_row(line, cells, columns) for line, cells in lines]
    if not rows:
        raise Unreadable(_("There is a heading row but no learner below it."))
    if len(rows) > MAX_ROWS:
        raise Unreadable(
            _("This list has %(rows)d rows. Send at most %(most)d at a time.")
            % {"rows": len(rows), "most": MAX_ROWS}
        )
    return Table(rows, ignored)


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, each with the number of the line where it begins."""
    start, delimiter = _opening(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    begins = 1
    try:
        for cells in reader:
            if begins >= start and any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(
            _("Line %(line)d can't be read as CSV. Look for a stray quotation mark.")
            % {"line": begins}
        ) from error


def _opening(text: str) -> tuple[int, str]:
    """On which line the list starts, and what parts its columns."""
    heads = text.lstrip("\r\n").split("\n", 2)
    first = heads[0].strip().lower().replace('"', "")
    if first.startswith("sep=") and len(first) == 5:  # a spreadsheet's own hint
        return 2, first[4]
    return 1, max(",;\t|", key=heads[0].count)


def _columns(headings: list[str]) -> tuple[dict[str, int], list[str]]:
    columns: dict[str, int] = {}
    ignored = []
    for position, heading in enumerate(headings):
        column = _column_named(heading)
        if column is None:
            ignored += [heading.strip()] if heading.strip() else []
        elif column in columns:
            raise Unreadable(
                _("Two columns say “%(name)s”. Keep one of them.") % {"name": SHOWN[column]}
            )
        else:
            columns[column] = position
    missing = [SHOWN[name] for name in REQUIRED if name not in columns]
    if missing:
        raise Unreadable(
            _("The first row must name the columns. Missing: %(names)s.")
            % {"names": ", ".join(missing)}
        )
    return columns, ignored


def _column_named(heading: str) -> str | None:
    plain = " ".join(heading.lower().replace("-", " ").replace("_", " ").split())
    for column, spellings in HEADINGS.items():
        if plain in spellings:
            return column
    return None


def _row(line: int, cells: list[str], columns: dict[str, int]) -> Row:
    # Whatever a cell begins with ("=", "+", "@"), it stays text: nothing here works it out.
    values = {
        column: " ".join(cells[position].split()) if position < len(cells) else ""
        for column, position in columns.items()
    }
    return Row(line=line, **values)
