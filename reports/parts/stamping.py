"""The foot of every page, which only the whole document knows: its date, and page x of y.

The letters come from a page that is printed like any part, so that they are our own, embedded,
and can be read back as text; they are placed by hand, as an artifact and not as content.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

import pikepdf
from django.utils import formats
from django.utils.translation import gettext as _
from pikepdf import Array, Object, Pdf

from reports import facts

MM = 72 / 25.4
SIDE, WIDE_SIDE = 18 * MM, 12 * MM  # the margins of static/css/report.css
LINE, WIDE_LINE = 12.6 * MM, 9.6 * MM  # where the letters stand above the page's edge
GREY, INK = "0.318 0.329 0.416 rg", "0.106 0.114 0.165 rg"
DATE_SIZE, PAGE_SIZE = 8.5, 10.0
LETTER = re.compile(rb"<([0-9a-fA-F]{4})> <([0-9a-fA-F]+)>")


def html_of(portfolio: facts.Portfolio) -> str:
    """A page with every letter that the foot of this document can need."""
    date, page = words_of(portfolio)
    letters = " ".join(dict.fromkeys(page + "0123456789"))
    return (
        f'<html lang="{portfolio.options.language}"><head><title>-</title></head><body>'
        f'<section><p>{escape(date)}</p><p><b class="foot-letters">{escape(letters)}</b></p>'
        "</section></body></html>"
    )


def words_of(portfolio: facts.Portfolio) -> tuple[str, str]:
    date = formats.date_format(portfolio.exported_at, "j F Y")
    return _("Exported %(date)s") % {"date": date}, _("Page %(page)s of %(pages)s")


@dataclass(frozen=True)
class _Run:
    """Letters of one font."""

    font: str
    codes: bytes
    width: float  # in thousandths of the size


class _Letters:
    """Which font of the stamp's page has a letter, under which number, and how wide it is."""

    def __init__(self, fonts: Iterable[tuple[str, Object]]) -> None:
        self.found: dict[str, tuple[str, int, float]] = {}
        for name, font in fonts:
            widths = dict(_widths(font.DescendantFonts[0].W))
            for code, text in LETTER.findall(font.ToUnicode.read_bytes()):
                letter = bytes.fromhex(text.decode()).decode("utf-16-be")
                number = int(code, 16)
                self.found.setdefault(letter, (name, number, widths.get(number, 0.0)))

    def runs(self, text: str) -> Iterator[_Run]:
        for letter in text:
            if letter in self.found:
                font, number, width = self.found[letter]
                yield _Run(font, number.to_bytes(2, "big"), width)


def _widths(table: Object) -> Iterator[tuple[int, float]]:
    """[first [w w w] first [w] …]"""
    flat = list(table)
    for first, widths in zip(flat[::2], flat[1::2], strict=True):
        for place, width in enumerate(widths):
            yield int(first) + place, float(width)


@dataclass(frozen=True)
class Foot:
    letters: Path  # the PDF of `html_of`
    date: str
    page: str

    def stamp(self, whole: Pdf) -> None:
        with pikepdf.open(self.letters) as source:
            fonts = {
                f"/Foot{place}": whole.copy_foreign(font)
                for place, font in enumerate(source.pages[0].Resources.Font.values())
            }
            self._stamp_all(whole, fonts)

    def _stamp_all(self, whole: Pdf, fonts: dict[str, Object]) -> None:
        bold = {name: font for name, font in fonts.items() if "Bold" in str(font.BaseFont)}
        plain = {name: font for name, font in fonts.items() if name not in bold}
        of_date, of_page = _Letters(plain.items()), _Letters([*bold.items(), *plain.items()])
        date = list(of_date.runs(self.date))
        many, opening = len(whole.pages), whole.make_stream(b"q\n")
        for number, page in enumerate(whole.pages, start=1):
            if number == 1:
                continue  # the cover has its own
            told = list(of_page.runs(self.page % {"page": number, "pages": many}))
            self._stamp_one(whole, page, opening, date, told)
            held = page.Resources.Font
            for name, font in fonts.items():
                held[name] = font

    def _stamp_one(
        self, whole: Pdf, page: pikepdf.Page, opening: Object, date: list[_Run], told: list[_Run]
    ) -> None:
        width, height = float(page.mediabox[2]), float(page.mediabox[3])
        is_wide = width > height
        side, line = (WIDE_SIDE, WIDE_LINE) if is_wide else (SIDE, LINE)
        right = width - side - sum(each.width for each in told) / 1000 * PAGE_SIZE
        drawn = [
            "Q /Artifact <</Type /Pagination /Subtype /Footer>> BDC q",
            _text(date, DATE_SIZE, GREY, side, line),
            _text(told, PAGE_SIZE, INK, right, line),
            "Q EMC\n",
        ]
        page.obj.Contents = Array(
            [opening, page.obj.Contents, whole.make_stream("\n".join(drawn).encode())]
        )


def _text(runs: list[_Run], size: float, colour: str, x: float, y: float) -> str:
    shown = [f"{each.font} {size} Tf <{each.codes.hex()}> Tj" for each in _joined(runs)]
    return "\n".join([f"BT {colour} 1 0 0 1 {x:.3f} {y:.3f} Tm", *shown, "ET"])


def _joined(runs: list[_Run]) -> Iterator[_Run]:
    """Neighbours of one font at once."""
    held: _Run | None = None
    for each in runs:
        if held and held.font == each.font:
            held = _Run(held.font, held.codes + each.codes, held.width + each.width)
            continue
        if held:
            yield held
        held = each
    if held:
        yield held
