"""A printed part's tags, put right where WeasyPrint leaves something to be wished for, while they
are plain Python still."""

from collections.abc import Iterator
from typing import Any

import pydyf

HEADER = {"Type": "/Pagination", "Subtype": "/Header"}


def complete(pdf: pydyf.PDF) -> None:
    root = found(pdf, pdf.catalog["StructTreeRoot"])
    _list_what_has_a_name(pdf, root)
    _mark_headers(pdf, root)
    _shorten(pdf, root)


def found(pdf: pydyf.PDF, reference: bytes | str) -> Any:
    """The object that a reference leads to."""
    return pdf.objects[int(reference.split()[0])]


def _list_what_has_a_name(pdf: pydyf.PDF, root: pydyf.Dictionary) -> None:
    """Cells find their headings by the headings' names, so there has to be a list of them."""
    named = {
        each["ID"].string: each.reference
        for each in pdf.objects
        if isinstance(each, pydyf.Dictionary) and "ID" in each
    }
    flat = [part for name in sorted(named) for part in (pydyf.String(name), named[name])]
    root["IDTree"] = pydyf.Dictionary({"Names": pydyf.Array(flat)})


def _shorten(pdf: pydyf.PDF, root: pydyf.Dictionary) -> None:
    """Each run of text has an element of its own, which says nothing that the one around it does
    not: half of all objects that joining, filling and signing have to read."""
    for parents in found(pdf, root["ParentTree"])["Nums"][1::2]:
        if not isinstance(parents, pydyf.Array):
            continue  # of a link
        for mark, reference in enumerate(parents):
            if reference == "null":
                continue
            run = found(pdf, reference)
            around = found(pdf, run["P"])
            if _is_plain(run, mark) and around.get("Pg") == run["Pg"]:
                around["K"][around["K"].index(reference)] = mark
                parents[mark] = run["P"]


def _is_plain(element: pydyf.Dictionary, mark: int) -> bool:
    said = set(element) - {"Type", "S", "K", "Pg", "P"}
    return not said and element["S"] == "/Span" and element["K"] == [mark]


# The running header ---------------------------------------------------------------------------


def _mark_headers(pdf: pydyf.PDF, root: pydyf.Dictionary) -> None:
    """Who it is of stands above every page. It is marked as content that belongs to nothing; it is
    decoration, which nobody wants to hear on each page anew."""
    nums = found(pdf, root["ParentTree"])["Nums"]
    elements = dict(zip(nums[::2], nums[1::2], strict=True))
    tree = _Tree(pdf, root["K"][0])
    for reference in pdf.pages["Kids"][::3]:
        page = pdf.objects[reference]
        parents = elements[page["StructParents"]]
        loose = {mark for mark, parent in enumerate(parents) if not tree.holds(parent)}
        for mark in loose:
            parents[mark] = "null"
        _mark_as_header(found(pdf, page["Contents"]), loose)


class _Tree:
    """Which elements hang on the document's, and which on nothing."""

    def __init__(self, pdf: pydyf.PDF, document: bytes) -> None:
        self._pdf, self._document = pdf, document
        self._held = dict.fromkeys(found(pdf, document)["K"], True)

    def holds(self, reference: bytes) -> bool:
        if reference not in self._held:
            parent = found(self._pdf, reference)["P"]
            self._held[reference] = parent != self._document and self.holds(parent)
        return self._held[reference]


def _mark_as_header(stream: pydyf.Stream, loose: set[int]) -> None:
    for place in _marks(stream, loose):
        stream.stream[place - 1] = "/Artifact"
        stream.stream[place] = pydyf.Dictionary(HEADER)


def _marks(stream: pydyf.Stream, wanted: set[int]) -> Iterator[int]:
    for place, each in enumerate(stream.stream):
        if isinstance(each, pydyf.Dictionary) and each.get("MCID") in wanted:
            yield place
