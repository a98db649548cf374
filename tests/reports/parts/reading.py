"""A PDF as other programs see it, in a form in which two can be compared."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from pikepdf import Dictionary, Name

Tag = tuple[str, str, tuple[Any, ...]]  # kind, alternative text, what is in it
FOOT = re.compile(r"\s*(Exported \d+ \w+ \d{4}|Page \d+ of \d+)\s*")


def raw_texts(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as opened:
        return [page.get_textpage().get_text_bounded() for page in opened]


def texts(path: Path) -> list[str]:
    """Of each page, without its foot."""
    found = [each.replace("\r\n", "\n") for each in raw_texts(path)]
    return [" ".join(sorted(FOOT.sub(" ", each).split())) for each in found]


@dataclass(frozen=True)
class Link:
    page: int
    box: tuple[int, ...]
    to: str
    page_of_target: int


def links(pdf: pikepdf.Pdf) -> list[Link]:
    numbers = {page.objgen: place for place, page in enumerate(pdf.pages)}
    flat = list(pdf.Root.Names.Dests.Names)
    places = {str(k): numbers[v[0].objgen] for k, v in zip(flat[::2], flat[1::2], strict=True)}
    return sorted(
        (
            Link(
                number,
                tuple(round(float(each)) for each in link.Rect),
                str(link.Dest),
                places[str(link.Dest)],
            )
            for number, page in enumerate(pdf.pages)
            for link in page.obj.get("/Annots", ())
            if "/Dest" in link
        ),
        key=repr,
    )


def addresses(pdf: pikepdf.Pdf) -> list[str]:
    """Where links lead that lead out of the document."""
    return [
        str(link.A.get("/URI", ""))
        for page in pdf.pages
        for link in page.obj.get("/Annots", ())
        if "/A" in link
    ]


def outline(pdf: pikepdf.Pdf) -> list[tuple[int, str, int, int]]:
    """Level, title, page, and how far up it."""
    numbers = {page.objgen: place for place, page in enumerate(pdf.pages)}

    def below(parent: Any, level: int) -> Iterator[tuple[int, str, int, int]]:
        entry, before = parent.get("/First"), None
        while entry is not None:
            assert entry.Parent.objgen == parent.objgen
            assert entry.get("/Prev") == before
            page, _kind, _x, y, _zoom = entry.Dest
            yield level, str(entry.Title), numbers[page.objgen], round(float(y))
            yield from below(entry, level + 1)
            entry, before = entry.get("/Next"), entry
        if before is not None:
            assert parent.Last.objgen == before.objgen

    return list(below(pdf.Root.Outlines, 1))


def tags(pdf: pikepdf.Pdf) -> list[Tag]:
    """What lies in the Document, without the Parts that joining puts around."""
    numbers = {page.objgen: place for place, page in enumerate(pdf.pages)}
    parents = dict(_parents(pdf))
    root = pdf.Root.StructTreeRoot
    assert len(root.K) == 1
    assert Name.Document == root.K[0].S

    def inside(element: Any) -> Iterator[Any]:
        for kid in element.get("/K", ()):
            if isinstance(kid, int):
                page = element.Pg
                # The content says which element it is of, and the element which content it has.
                assert parents[int(page.StructParents)][kid].objgen == element.objgen
                yield numbers[page.objgen], kid
            elif kid.get("/Type") == Name.OBJR:
                assert parents[int(kid.Obj.StructParent)].objgen == element.objgen
                yield "link", str(kid.Obj.get("/Dest", ""))
            else:
                assert kid.P.objgen == element.objgen
                if Name.Part == kid.S:
                    yield from inside(kid)
                else:
                    yield str(kid.S), str(kid.get("/Alt", "")), tuple(inside(kid))

    return list(inside(root.K[0]))


def _parents(pdf: pikepdf.Pdf) -> Iterator[tuple[int, Any]]:
    flat = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    assert len({int(each) for each in flat[::2]}) == len(flat) // 2
    assert sorted(map(int, flat[::2])) == [int(each) for each in flat[::2]]
    yield from zip(map(int, flat[::2]), flat[1::2], strict=True)


def headers(pdf: pikepdf.Pdf) -> list[tuple[str, ...]]:
    """Of each table cell that has some, the words of what its heading cells are; names are
    looked up through the whole document, where each may stand only once."""
    cells = [
        each
        for each in pdf.objects
        if isinstance(each, Dictionary) and each.get("/S") in (Name.TH, Name.TD)
    ]
    named = [str(each.ID) for each in cells if "/ID" in each]
    assert len(named) == len(set(named))
    wanted = [tuple(map(str, found)) for each in cells if (found := headers_of(each))]
    assert {name for each in wanted for name in each} <= set(named)
    return wanted


def headers_of(cell: Any) -> list[Any]:
    """The names of its heading cells."""
    if not isinstance(cell, Dictionary) or cell.get("/S") not in (Name.TH, Name.TD):
        return []
    return list(cell.get("/A", Dictionary()).get("/Headers", ()))


def marks(page: pikepdf.Page) -> list[int]:
    """The numbers of what is marked on it."""
    return [
        int(given[1].MCID)
        for given, operator in pikepdf.parse_content_stream(page)
        if str(operator) == "BDC" and "/MCID" in given[1]
    ]


def headers_on(page: pikepdf.Page) -> int:
    """How many pieces of it are said to be its running header."""
    return sum(
        str(operator) == "BDC" and given[1].get("/Subtype") == Name.Header
        for given, operator in pikepdf.parse_content_stream(page)
    )


def marks_of_elements(pdf: pikepdf.Pdf) -> set[tuple[int, int]]:
    """Page and number of all content that the document's elements have."""

    def walk(found: Any) -> Iterator[tuple[int, int]]:
        for each in found:
            if isinstance(each[0], int):
                yield each
            elif each[0] != "link":
                yield from walk(each[2])

    return set(walk(tags(pdf)))


def levels(pdf: pikepdf.Pdf) -> list[int]:
    """Of the headings, in reading order."""

    def walk(found: Any) -> Iterator[int]:
        for each in found:
            if isinstance(each, tuple) and len(each) == 3:
                if re.fullmatch(r"/H[1-6]", str(each[0])):
                    yield int(each[0][2])
                yield from walk(each[2])

    return list(walk(tags(pdf)))


def fonts(pdf: pikepdf.Pdf) -> list[Any]:
    return [
        each
        for each in pdf.objects
        if isinstance(each, Dictionary)
        and each.get("/Type") == Name.Font
        and each.get("/Subtype") == Name.Type0
    ]
