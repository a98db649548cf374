"""An Excel workbook that goes out while its rows are read; see ADR 0032.

Only what such a file needs, as ECMA-376 has it: sheets of numbers, days, moments and texts with a
bold first row that stays in view.
"""

import datetime
import io
import math
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import chain, islice
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

from accounts.lists.columns import Cell
from accounts.lists.formulas import starts_a_formula

LONGEST_SHEET = 1_000_000  # rows; no spreadsheet program opens many more
LARGEST_SHEET = 500_000_000  # characters; two thousand million bytes would need another ZIP
FIRST_YEAR = 1901  # of a spreadsheet's time; of the year before, programs differ

OPENING = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
OURS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
BOLD, DAY, MOMENT, QUOTED = 1, 2, 3, 4  # as they stand in STYLES
STYLES = f"""<styleSheet xmlns="{MAIN}"><numFmts count="2">\
<numFmt numFmtId="164" formatCode="yyyy-mm-dd"/>\
<numFmt numFmtId="165" formatCode="yyyy-mm-dd h:mm:ss"/></numFmts>\
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>\
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>\
<fills count="2"><fill><patternFill patternType="none"/></fill>\
<fill><patternFill patternType="gray125"/></fill></fills>\
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>\
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""

Row = Sequence[Any]


class _Outlet(io.RawIOBase):
    """What is written, until it is taken away."""

    def __init__(self) -> None:
        self.held: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.held.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        data = b"".join(self.held)
        self.held.clear()
        return data


def workbook(name: str, head: Row, rows: Iterator[Row]) -> Iterator[bytes]:
    """Its bytes: those of the rows that were read leave before many more are asked for."""
    out = _Outlet()
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        for place, pieces in _parts(name, head, rows):
            with packed.open(place, "w") as part:
                for piece in pieces:
                    part.write(piece.encode())
                    if out.held:
                        yield out.taken()
    yield out.taken()


def _parts(name: str, head: Row, rows: Iterator[Row]) -> Iterator[tuple[str, Iterable[str]]]:
    """How many sheets there are is known only after the last row."""
    sheets = 0
    for row in rows:
        sheets += 1
        yield _place(sheets), _sheet(head, chain([row], rows))
    if not sheets:
        sheets = 1
        yield _place(sheets), _sheet(head, iter(()))
    yield from ((place, [OPENING, content]) for place, content in _frame(name, sheets).items())


def _place(number: int) -> str:
    return f"xl/worksheets/sheet{number}.xml"


def _sheet(head: Row, rows: Iterator[Row]) -> Iterator[str]:
    """As many of the rows as it may hold."""
    widths = (max(14, min(len(label) + 3, 40)) for label in head)
    columns = (
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>'
        for at, width in enumerate(widths, start=1)
    )
    yield f"""{OPENING}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">\
<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>\
<cols>{"".join(columns)}</cols><sheetData>"""
    yield _row(1, (_text(at, label, BOLD) for at, label in _placed(1, head)))
    written = 0
    for number, row in enumerate(islice(rows, LONGEST_SHEET - 1), start=2):
        line = _row(number, (_cell(at, value) for at, value in _placed(number, row)))
        yield line
        written += len(line)
        if written > LARGEST_SHEET:
            break
    yield "</sheetData></worksheet>"


def _placed(number: int, row: Row) -> Iterator[tuple[str, Any]]:
    for column, value in enumerate(row, start=1):
        if value not in {None, ""}:
            yield f"{get_column_letter(column)}{number}", value


def _row(number: int, cells: Iterable[str]) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(at: str, value: Cell) -> str:
    if isinstance(value, bool):
        return f'<c r="{at}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, datetime.date) and value.year >= FIRST_YEAR:
        look = MOMENT if isinstance(value, datetime.datetime) else DAY
        return f'<c r="{at}" s="{look}"><v>{to_excel(value)}</v></c>'
    if isinstance(value, int | float) and math.isfinite(value):
        return f'<c r="{at}"><v>{value}</v></c>'
    text = str(value)
    return _text(at, text, QUOTED if starts_a_formula(text) else 0)


def _text(at: str, text: str, look: int) -> str:
    """In the cell itself: a table of all texts would have to be known beforehand."""
    held = f'<is><t xml:space="preserve">{escape(text, quote=False)}</t></is>'
    return f'<c r="{at}" s="{look}" t="inlineStr">{held}</c>'


def _frame(name: str, sheets: int) -> dict[str, str]:
    """What says that it is a workbook, with which sheets."""
    numbers = range(1, sheets + 1)
    titles = [_title(name, number) for number in numbers]
    own = f"{KINDS}/worksheet"
    types = [
        _type("/xl/workbook.xml", "sheet.main"),
        _type("/xl/styles.xml", "styles"),
        *(_type(f"/{_place(number)}", "worksheet") for number in numbers),
    ]
    links = [_link(n, own, f"worksheets/sheet{n}.xml") for n in numbers]
    links.append(_link(sheets + 1, f"{KINDS}/styles", "styles.xml"))
    listed = (
        f'<sheet name="{escape(title)}" sheetId="{number}" r:id="rId{number}"/>'
        for number, title in zip(numbers, titles, strict=True)
    )
    return {
        "xl/styles.xml": STYLES,
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{KINDS}"><bookViews>'
        f"<workbookView/></bookViews><sheets>{''.join(listed)}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _links(links),
        "_rels/.rels": _links([_link(1, f"{KINDS}/officeDocument", "xl/workbook.xml")]),
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{''.join(types)}</Types>",
    }


def _title(name: str, number: int) -> str:
    more = f" {number}" if number > 1 else ""
    return name[: 31 - len(more)] + more


def _type(place: str, kind: str) -> str:
    return f'<Override PartName="{place}" ContentType="{OURS}.{kind}+xml"/>'


def _link(number: int, kind: str, place: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{kind}" Target="{place}"/>'


def _links(links: Iterable[str]) -> str:
    return f'<Relationships xmlns="{LINKS}">{"".join(links)}</Relationships>'
