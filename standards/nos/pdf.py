"""The text layer of a PDF."""

from __future__ import annotations

import pypdfium2 as pdfium

from standards.nos.model import NotAStandard

MAX_PAGES = 300
PAGE_BREAK = "\f"
# Fewer letters than this on all pages together: pictures of pages, or nothing.
FEWEST_CHARACTERS = 40


def pdf_text(data: bytes) -> str:
    """All pages' text, a form feed between pages."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise NotAStandard(_why(error)) from error
    try:
        return _read(document)
    except pdfium.PdfiumError as error:
        raise NotAStandard("This PDF is damaged and cannot be read.") from error
    finally:
        document.close()


def _why(error: Exception) -> str:
    if "password" in str(error).lower():
        return "This PDF is locked with a password: save an unlocked copy first."
    return "This PDF is damaged and cannot be read."


def _read(document: pdfium.PdfDocument) -> str:
    if len(document) > MAX_PAGES:
        raise NotAStandard(f"This PDF has more than {MAX_PAGES} pages, too long for a standard.")
    text = PAGE_BREAK.join(_page_text(document, number) for number in range(len(document)))
    if len("".join(text.split())) < FEWEST_CHARACTERS:
        raise NotAStandard("This PDF has no text layer: it holds only pictures of pages.")
    return text


def _page_text(document: pdfium.PdfDocument, number: int) -> str:
    page = document[number]
    try:
        text_page = page.get_textpage()
        try:
            return str(text_page.get_text_bounded())
        finally:
            text_page.close()
    finally:
        page.close()
