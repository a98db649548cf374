"""A printed part, put right where WeasyPrint leaves something to be wished for or that PDF/A and
PDF/UA forbid, while it is plain Python still."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pydyf

VERSION = "tags 2"  # goes up when the same HTML gets other tags
HEADER = {"Type": "/Pagination", "Subtype": "/Header"}
SPACE = {"Type": "/Layout"}
LIST_HOLDS = {"/L", "/LI", "/Caption"}
ITEM_HOLDS = {"/Lbl", "/LBody"}


def with_languages(build: Callable[..., Iterator[pydyf.Dictionary]]) -> Callable[..., Any]:
    """WeasyPrint's own tags of a box, and what language it is in where its HTML says one;
    WeasyPrint says that of the whole document only."""

    def built(box: Any, *more: Any) -> Iterator[pydyf.Dictionary]:
        element = box.element
        language = "" if element is None or element.tag == "html" else element.get("lang", "")
        for made in build(box, *more):
            if language:
                made["Lang"] = pydyf.String(language)
            yield made

    return built


def complete(pdf: pydyf.PDF) -> None:
    root = found(pdf, pdf.catalog["StructTreeRoot"])
    _list_what_has_a_name(pdf, root)
    _mark_headers(pdf, root)
    _hang_links_on_links(pdf, root)
    _say_which_way_headings_count(pdf)
    _order_lists(pdf, root)
    _shorten(pdf, root)
    _smooth_no_picture(pdf)


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
        _mark_as_artifact(found(pdf, page["Contents"]), loose, HEADER)


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


def _mark_as_artifact(stream: pydyf.Stream, marks: set[int], kind: dict[str, str]) -> None:
    for place in _marks(stream, marks):
        stream.stream[place - 1] = "/Artifact"
        stream.stream[place] = pydyf.Dictionary(kind)


def _marks(stream: pydyf.Stream, wanted: set[int]) -> Iterator[int]:
    for place, each in enumerate(stream.stream):
        if isinstance(each, pydyf.Dictionary) and each.get("MCID") in wanted:
            yield place


# What an element may hold ---------------------------------------------------------------------


def _elements(pdf: pydyf.PDF, *kinds: str) -> list[pydyf.Dictionary]:
    return [
        each
        for each in pdf.objects
        if isinstance(each, pydyf.Dictionary) and each.get("S") in kinds and "P" in each
    ]


def _kind(pdf: pydyf.PDF, kid: int | bytes) -> str:
    return "" if isinstance(kid, int) else str(found(pdf, kid).get("S", ""))


def _take(pdf: pydyf.PDF, around: pydyf.Dictionary, kids: list[bytes]) -> None:
    around["K"] = pydyf.Array(kids)
    for each in kids:
        found(pdf, each)["P"] = around.reference


def _freed(pdf: pydyf.PDF, element: bytes) -> list[bytes]:
    """What the element held, which goes on without it."""
    kids, found(pdf, element)["K"] = found(pdf, element)["K"], pydyf.Array()
    return list(kids)


def _hang_links_on_links(pdf: pydyf.PDF, root: pydyf.Dictionary) -> None:
    """A picture in a link has a place to click of its own, which belongs to the link."""
    nums = found(pdf, root["ParentTree"])["Nums"]
    for place, reference in enumerate(nums):
        if not isinstance(reference, bytes):
            continue  # a number, or what stands on a page
        inner = element = found(pdf, reference)
        while element["S"] not in ("/Link", "/Document"):
            reference = element["P"]
            element = found(pdf, reference)
        if element is not inner and element["S"] == "/Link":
            element["K"].insert(0, inner["K"].pop(0))  # which WeasyPrint puts before all else
            nums[place] = reference


def _say_which_way_headings_count(pdf: pydyf.PDF) -> None:
    """That of a heading cell which no other cell names, as in the corner, is known by nothing
    else."""
    for cell in _elements(pdf, "/TH"):
        group = found(pdf, found(pdf, cell["P"])["P"])
        cell["A"]["Scope"] = "/Column" if group["S"] == "/THead" else "/Row"


def _order_lists(pdf: pydyf.PDF, root: pydyf.Dictionary) -> None:
    """A list holds items, and an item its label and what it says: the terms of a `dl` and what
    belongs to each are one item here, and no list is within itself."""
    for each in _elements(pdf, "/L"):
        _order_list(pdf, root, each)
    for each in _elements(pdf, "/LI"):
        _order_item(pdf, each)


def _order_list(pdf: pydyf.PDF, root: pydyf.Dictionary, listed: pydyf.Dictionary) -> None:
    while [_kind(pdf, kid) for kid in listed["K"]] == ["/L"]:
        _take(pdf, listed, _freed(pdf, listed["K"][0]))
    kids = []
    for kid in listed["K"]:
        element = found(pdf, kid)
        if element["S"] == "/Span":
            _mark_as_space(pdf, root, element)
            continue
        if element["S"] == "/Div":
            _make_one_item(pdf, element)
        kids.append(kid if element["S"] in LIST_HOLDS else _within(pdf, "/LI", listed, [kid]))
    _take(pdf, listed, kids)


def _mark_as_space(pdf: pydyf.PDF, root: pydyf.Dictionary, run: pydyf.Dictionary) -> None:
    """Text that is in a list and in none of its items is what parts them."""
    page = found(pdf, run["Pg"])
    nums = found(pdf, root["ParentTree"])["Nums"]
    for mark in run["K"]:
        nums[nums.index(page["StructParents"]) + 1][mark] = "null"
    _mark_as_artifact(found(pdf, page["Contents"]), set(run["K"]), SPACE)


def _make_one_item(pdf: pydyf.PDF, group: pydyf.Dictionary) -> None:
    """Of a `dt` and its `dd`, each of which is an item with a body."""
    kids: list[bytes] = []
    for kid in group["K"]:
        kids += _freed(pdf, kid) if _kind(pdf, kid) == "/LI" else [kid]
    if len(kids) > 1 and _kind(pdf, kids[0]) == "/LBody":
        found(pdf, kids[0])["S"] = "/Lbl"
    group["S"] = "/LI"
    _take(pdf, group, kids)


def _order_item(pdf: pydyf.PDF, item: pydyf.Dictionary) -> None:
    kids: list[bytes] = []
    for allowed, run in itertools.groupby(item["K"], lambda kid: _kind(pdf, kid) in ITEM_HOLDS):
        held = list(run)
        kids += held if allowed else [_within(pdf, "/LBody", item, held)]
    _take(pdf, item, kids)


def _within(pdf: pydyf.PDF, kind: str, around: pydyf.Dictionary, kids: list[bytes]) -> bytes:
    """An element of this kind between `around` and the kids."""
    made = pydyf.Dictionary({"Type": "/StructElem", "S": kind, "Pg": around["Pg"]})
    made["P"] = around.reference
    pdf.add_object(made)
    _take(pdf, made, kids)
    return made.reference


# What is drawn --------------------------------------------------------------------------------


def _smooth_no_picture(pdf: pydyf.PDF) -> None:
    """PDF/A lets no reader invent what is between a picture's dots."""
    for each in pdf.objects:
        if isinstance(each, pydyf.Stream) and "Interpolate" in each.extra:
            each.extra["Interpolate"] = "false"
