"""Parts to one document: pages, tags, links, outline, fonts and pictures carried over.

The front is the document that the others are added to, so what describes the whole (title and
author in the information and in XMP, language, output intent) is the front's own, as WeasyPrint
wrote it. Each part's tags stay as they are, under one element of the kind Part, beneath the one
Document.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from reports.parts.stamping import Foot
from reports.pdf import CONTINUES

PDF_UA = (
    b'<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"'
    b' pdfuaid:part="1"/>'
    b'<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
    b' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"'
    b' xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
    b'<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    b"<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>"
    b"<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    b"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
    b'<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">'
    b"<pdfaProperty:name>part</pdfaProperty:name>"
    b"<pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
    b"<pdfaProperty:category>internal</pdfaProperty:category>"
    b"<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>"
    b"</rdf:li></rdf:Seq></pdfaSchema:property>"
    b"</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)
Copied = dict[Any, Any]  # a page's number in its part, and the page in the whole

RDF_END = b"</rdf:RDF>"


class NotJoined(Exception):
    """A part is not as the others need it to be."""


@dataclass(frozen=True)
class Found:
    """What the front has to know of a part before it can be printed."""

    pages: int
    places: dict[str, int]  # the page of each name that can be linked to, from 0


def look_into(path: Path) -> Found:
    with pikepdf.open(path) as pdf:
        numbers: dict[Any, int] = {page.objgen: place for place, page in enumerate(pdf.pages)}
        return Found(
            pages=len(numbers),
            places={name: numbers[to[0].objgen] for name, to in _destinations(pdf)},
        )


def _destinations(pdf: Pdf) -> Iterator[tuple[str, Object]]:
    names = pdf.Root.get("/Names", Dictionary())
    for name, destination in _pairs(names.get("/Dests", Dictionary()).get("/Names", Array())):
        yield str(name), destination


def _pairs(flat: Object) -> list[tuple[Object, Object]]:
    """As a PDF's trees list what they hold: key, value, key, value."""
    held = list(flat)
    return list(zip(held[::2], held[1::2], strict=True))


def join(front: Path, parts: Sequence[Path], *, foot: Foot, target: Path) -> int:
    """Write the document; how many pages it has."""
    with pikepdf.open(front) as whole:
        joiner = _Joiner(whole)
        for path in parts:
            # Its streams stay on disk until all is saved, but what was read of it is let go.
            with pikepdf.open(path) as part:
                joiner.add(part)
        joiner.finish()
        foot.stamp(whole)
        _say_that_it_is_accessible(whole)
        whole.save(
            target,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
        )
        return len(whole.pages)


class _Joiner:
    def __init__(self, whole: Pdf) -> None:
        self.whole = whole
        self.root = whole.Root.StructTreeRoot
        self.document = self.root.K[0]
        self.numbers: list[tuple[int, Object]] = []
        self.named: dict[bytes, Object] = {}  # elements that others refer to
        self.next_number = 0
        self.names = dict(_destinations(whole))
        self.held: dict[bytes, Object] = {}  # a stream's fingerprint, and the one that stays
        self.colours = whole.pages[0].Resources.ColorSpace
        self.first, self.last = self._outline()
        self._tags_of_the_front()
        self._share(whole.pages[0].Resources)

    # Tags --------------------------------------------------------------------------------------

    def _tags_of_the_front(self) -> None:
        """Put under a Part of its own, like everybody else's."""
        own = self.document
        self.document = self.whole.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Document, P=self.root, K=Array())
        )
        self.root.K = Array([self.document])
        self._take_tags(own, self.root, list(self.whole.pages))

    def _take_tags(self, element: Object, root: Object, pages: Sequence[pikepdf.Page]) -> None:
        element.S, element.P = Name.Part, self.document
        self.document.K.append(element)
        self._renumber(root.ParentTree, pages)
        for name, named in _pairs(root.IDTree.Names):
            self.named[bytes(name)] = named

    def _renumber(self, tree: Object, pages: Sequence[pikepdf.Page]) -> None:
        """Each part counts its pages and links from nought; the whole counts on."""
        start = self.next_number
        held = _pairs(tree.Nums)
        for number, parent in held:
            self.numbers.append((start + int(number), parent))
        self.next_number = start + len(held)
        for page in pages:
            page.obj.StructParents = start + int(page.obj.StructParents)
            for link in page.obj.get("/Annots", ()):
                link.StructParent = start + int(link.StructParent)

    # A part ------------------------------------------------------------------------------------

    def add(self, part: Pdf) -> None:
        before = len(self.whole.pages)
        for page in part.pages:
            self.whole.pages.append(page)
        pages = [self.whole.pages[place] for place in range(before, len(self.whole.pages))]
        root = self.whole.copy_foreign(part.Root.StructTreeRoot)
        self._take_tags(root.K[0], root, pages)
        copied: Copied = {old.objgen: new.obj for old, new in zip(part.pages, pages, strict=True)}
        for name, to in _destinations(part):
            self.names.setdefault(name, _to_page(to, copied))
        self._continue_outline(part, copied)
        self._share(pages[0].Resources)

    # The outline -------------------------------------------------------------------------------

    def _outline(self) -> tuple[Object | None, Object | None]:
        held = self.whole.Root.get("/Outlines")
        return (None, None) if held is None else (held.First, held.Last)

    def _continue_outline(self, part: Pdf, copied: Copied) -> None:
        """A part that goes on with a section hangs its headings under that section's."""
        held = part.Root.get("/Outlines")
        if held is None:
            return
        for entry in list(_siblings(held.First)):
            made = self._entry(entry, copied)
            if CONTINUES in entry and self.last is not None:
                _append_to(self.last, made)
            else:
                self._append(made)

    def _entry(self, entry: Object, copied: Copied) -> Object:
        made = self.whole.make_indirect(
            Dictionary(Title=str(entry.Title), Dest=_to_page(entry.Dest, copied), Count=0)
        )
        for child in _siblings(entry.get("/First")):
            _append_to(made, self._entry(child, copied))
        return made

    def _append(self, made: Object) -> None:
        held = self.whole.Root.Outlines
        if self.last is None:
            held.First = made
        else:
            made.Prev, self.last.Next = self.last, made
        made.Parent, held.Last = held, made
        self.last = made

    # What parts have in common -----------------------------------------------------------------

    def _share(self, resources: Object) -> None:
        """One copy of each picture, font file and colour profile."""
        resources.ColorSpace = self.colours
        for name, drawn in resources.get("/XObject", Dictionary()).items():
            if drawn.get("/Subtype") == Name.Image:
                resources.XObject[name] = self._once(drawn)
        for font in resources.get("/Font", Dictionary()).values():
            described = font.DescendantFonts[0].FontDescriptor
            for key in ("/FontFile2", "/FontFile3"):
                if key in described:
                    described[key] = self._once(described[key])
            _tell_apart(font, described)

    def _once(self, stream: Object) -> Object:
        for key in ("/SMask", "/Mask"):
            if isinstance(stream.get(key), pikepdf.Stream):
                stream[key] = self._once(stream[key])
        print_ = hashlib.sha256(stream.read_raw_bytes())
        print_.update(repr(sorted((k, _plain(v)) for k, v in stream.items())).encode())
        return self.held.setdefault(print_.digest(), stream)

    def finish(self) -> None:
        flat = Array()
        for number, parent in self.numbers:
            flat.append(number)
            flat.append(parent)
        self.root.ParentTree.Nums = flat
        self.root.ParentTreeNextKey = self.next_number
        self.root.IDTree = self.whole.make_indirect(Dictionary(Names=_flat(self.named)))
        names = _flat({bytes(String(name)): to for name, to in self.names.items()})
        self.whole.Root.Names = Dictionary(Dests=self.whole.make_indirect(Dictionary(Names=names)))
        if "/Outlines" in self.whole.Root:
            _count(self.whole.Root.Outlines)


def _to_page(destination: Object, copied: Copied) -> Array:
    return Array([copied[destination[0].objgen], *list(destination)[1:]])


def _flat(names: dict[bytes, Object]) -> Array:
    """As a PDF lists what has a name: in the order of the names' bytes."""
    flat = Array()
    for name in sorted(names):
        flat.append(String(name))
        flat.append(names[name])
    return flat


def _siblings(entry: Object | None) -> Iterator[Object]:
    while entry is not None:
        yield entry
        entry = entry.get("/Next")


def _append_to(parent: Object, made: Object) -> None:
    made.Parent = parent
    if "/Last" in parent:
        made.Prev, parent.Last.Next = parent.Last, made
    else:
        parent.First = made
    parent.Last = made


def _count(entry: Object) -> int:
    """How many entries can be seen beneath one; all of them are open."""
    below = [1 + _count(each) for each in _siblings(entry.get("/First"))]
    entry.Count = sum(below)
    return int(entry.Count)


def _plain(value: Object) -> str:
    """Enough to tell two streams with the same bytes apart."""
    return value.unparse().decode("latin-1") if isinstance(value, Object) else repr(value)


def _tell_apart(font: Object, described: Object) -> None:
    """Subsets of one font carry the same tag, though each part has its own letters."""
    file = described.get("/FontFile2", described.get("/FontFile3"))
    if file is None:
        return
    digest = hashlib.sha256(file.read_raw_bytes()).digest()
    tag = "".join(chr(65 + byte % 26) for byte in digest[:6])
    name = Name(f"/{tag}+{str(described.FontName).partition('+')[2]}")
    described.FontName = font.BaseFont = font.DescendantFonts[0].BaseFont = name


def _say_that_it_is_accessible(pdf: Pdf) -> None:
    """PDF/UA beside PDF/A, in the front's XMP, which says all else already."""
    said = pdf.Root.Metadata.read_bytes()
    before, end, after = said.rpartition(RDF_END)
    if not end:
        raise NotJoined("The front has no XMP.")
    pdf.Root.Metadata = pdf.make_stream(
        before + PDF_UA + end + after, Type=Name.Metadata, Subtype=Name.XML
    )
