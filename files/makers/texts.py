"""Plain text and what Word documents say."""

import codecs
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from files.makers.limits import MB
from files.makers.out import PLAIN, Job, NoPreview

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
BROKEN_ZIP = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
    KeyError,
)


def make(job: Job) -> None:
    """Plain text, whatever it was written in."""
    text, cut = read(job.source, most=job.limits.text_mb * MB)
    tell(job, text, cut=cut)


def tell(job: Job, text: str, *, cut: bool) -> None:
    if not text.strip():
        raise NoPreview("no_text")
    job.facts(cut=cut)
    job.part("text", data=text, media_type=PLAIN)


def read(source: Path, *, most: int) -> tuple[str, bool]:
    """The text with plain line ends, and whether there is more of it."""
    with source.open("rb") as file:
        data = file.read(most + 1)
    return tidy(decoded(data[:most])), len(data) > most


def decoded(data: bytes) -> str:
    """UTF-8 where it is that; else what Windows writes, in which every byte means something."""
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return codecs.getincrementaldecoder(encoding)("replace").decode(data[len(bom) :])
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data)  # the end may be cut
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


# Word ------------------------------------------------------------------------------------------

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
ENDS = {"p": "\n", "tr": "\n", "tc": "\t"}
MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def word(job: Job) -> None:
    """The running text of a .docx, a paragraph a line, a table's cells between tabs.

    Read as a stream of marks and not by python-docx, which first takes all of the document, its
    pictures too, into memory.
    """
    most = job.limits.text_mb * MB
    letters: list[str] = []
    size, cut = 0, False
    try:
        with zipfile.ZipFile(job.source) as archive, _main(archive, job) as file:
            for piece in _pieces(file):
                letters.append(piece)
                size += len(piece)
                if size > most:
                    cut = True
                    break
    except (*BROKEN_ZIP, DefusedXmlException, ElementTree.ParseError) as error:
        raise NoPreview("damaged") from error
    text = "".join(letters).replace(" \t", "\t").replace("\t\n", "\n")
    tell(job, text.rstrip().lstrip("\n"), cut=cut)


def _main(archive: zipfile.ZipFile, job: Job) -> BinaryIO:
    names = [name for name in archive.namelist() if name.lower() == "word/document.xml"]
    entry = archive.getinfo(names[0] if names else "word/document.xml")
    if entry.file_size > job.limits.unpacked_mb * MB:
        raise NoPreview("unpacks")
    return archive.open(entry)


def _pieces(file: BinaryIO) -> Iterator[str]:
    skipped = cells = 0
    for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
        name = element.tag.removeprefix(W).removeprefix(STRICT)
        opens = event == "start"
        if element.tag == FALLBACK:  # the same text box again, for older programs
            skipped += 1 if opens else -1
        elif name == "tc":
            cells += 1 if opens else -1
        if not opens and not skipped:
            yield _piece(name, element, in_cell=cells > 0)
        if not opens:
            element.clear()


def _piece(name: str, element: ElementTree.Element, *, in_cell: bool) -> str:
    if name == "t":
        return element.text or ""
    if name == "p" and in_cell:
        return " "
    return ENDS.get(name) or MARKS.get(name, "")
