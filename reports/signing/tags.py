"""Keeps a tagged PDF wholly tagged: the signature's field joins the structure as a form."""

from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

Dictionary = generic.DictionaryObject


def tag(writer: IncrementalPdfFileWriter, field: Any, *, words: str) -> None:
    """Put the field (an indirect reference) at the structure's end; does nothing where the
    document has no structure."""
    if "/StructTreeRoot" not in writer.root:
        return
    root = writer.root["/StructTreeRoot"]
    widget = field.get_object()
    element = writer.add_object(
        Dictionary(
            {
                pdf_name("/Type"): pdf_name("/StructElem"),
                pdf_name("/S"): pdf_name("/Form"),
                pdf_name("/Alt"): generic.pdf_string(words),
                pdf_name("/Pg"): widget.raw_get("/P"),
                pdf_name("/K"): Dictionary(
                    {
                        pdf_name("/Type"): pdf_name("/OBJR"),
                        pdf_name("/Obj"): field,
                        pdf_name("/Pg"): widget.raw_get("/P"),
                    }
                ),
            }
        )
    )
    _append(writer, root, element)
    key = _join_parents(writer, root, element)
    widget[pdf_name("/StructParent")] = generic.NumberObject(key)
    writer.update_container(widget)
    page = widget["/P"]
    page[pdf_name("/Tabs")] = pdf_name("/S")  # the order of the structure
    writer.update_container(page)


def _append(
    writer: IncrementalPdfFileWriter, root: Dictionary, element: generic.IndirectObject
) -> None:
    """As the last of what is inside the document's one outermost element."""
    top = root["/K"]
    outer = top[0] if isinstance(top, generic.ArrayObject) else top
    reference = root.raw_get("/K")
    if isinstance(top, generic.ArrayObject):
        reference = top.raw_get(0)
    if "/K" not in outer:
        outer[pdf_name("/K")] = generic.ArrayObject()
    held = outer["/K"]
    if not isinstance(held, generic.ArrayObject):
        held = generic.ArrayObject([outer.raw_get("/K")])
        outer[pdf_name("/K")] = held
    held.append(element)
    element.get_object()[pdf_name("/P")] = reference
    writer.update_container(held)
    writer.update_container(outer)


def _join_parents(
    writer: IncrementalPdfFileWriter, root: Dictionary, element: generic.IndirectObject
) -> int:
    """The way back from the page to the structure; the key under which it stands."""
    tree = root["/ParentTree"]
    key = _last_key(tree) + 1
    if "/ParentTreeNextKey" in root:
        key = max(key, int(root["/ParentTreeNextKey"]))
    pair = [generic.NumberObject(key), element]
    if "/Kids" in tree:
        limits = generic.ArrayObject([generic.NumberObject(key)] * 2)
        leaf = Dictionary(
            {pdf_name("/Limits"): limits, pdf_name("/Nums"): generic.ArrayObject(pair)}
        )
        tree["/Kids"].append(writer.add_object(leaf))
        writer.update_container(tree["/Kids"])
    else:
        tree["/Nums"].extend(pair)
        writer.update_container(tree["/Nums"])
    if "/ParentTreeNextKey" in root:
        root[pdf_name("/ParentTreeNextKey")] = generic.NumberObject(key + 1)
        writer.update_container(root)
    return key


def _last_key(tree: Dictionary) -> int:
    if "/Kids" in tree:
        kids = tree["/Kids"]
        return max(int(kids[place]["/Limits"][1]) for place in range(len(kids)))
    numbers = tree["/Nums"]
    return max((int(numbers[place]) for place in range(0, len(numbers), 2)), default=-1)
