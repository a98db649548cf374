"""Files made to hurt: each ends with a plain reason, in its own process, within its limits."""

import io
import struct
import zipfile
import zlib

import pytest

from files import kinds
from files.previews import making
from tests.files import samples
from tests.files.previews import makers
from tests.files.previews.conftest import roles

DOCX, XLSX = kinds.DOCX.types["docx"], kinds.XLSX.types["xlsx"]
MB = 1024 * 1024
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
    + b"]><x>&j;</x>"
)
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


def ends_without(preview, words):
    assert preview.status == "none", preview.facts
    assert words in preview.reason
    assert roles(preview) == []
    assert preview.finished_at is not None


EVERY_KIND = [
    "application/pdf",
    "image/jpeg",
    "image/heic",
    "image/avif",
    "image/gif",
    "video/mp4",
    "video/x-matroska",
    "video/x-msvideo",
    "audio/mpeg",
    "audio/amr",
    "audio/ogg",
    DOCX,
    XLSX,
]


@pytest.mark.parametrize("media_type", EVERY_KIND)
@pytest.mark.django_db
def test_what_is_not_what_it_says(preview_of, media_type):
    ends_without(preview_of(b"\0\1 neither fish nor flesh" * 50, media_type), "damaged")


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (makers.pdf(["One", "Two"]), "application/pdf"),
        (samples.picture("PNG", (300, 300)), "image/png"),
        (makers.film(), "video/mp4"),
        (makers.word("One"), DOCX),
        (makers.workbook({"A": [[1]]}), XLSX),
    ],
    ids=["pdf", "png", "mp4", "docx", "xlsx"],
)
@pytest.mark.django_db
def test_one_half_of_a_file(preview_of, data, media_type):
    preview = preview_of(data[: len(data) // 2], media_type)
    assert preview.status == "none" or (preview.kind, preview.status) == ("pages", "ready")


def test_a_hundred_thousand_pages(preview_of):
    ends_without(preview_of(makers.many_pages(100_000), "application/pdf"), "100000 pages")


@pytest.mark.parametrize("bomb", [LAUGHS, OUTSIDE])
def test_entities_are_not_unfolded(preview_of, bomb):
    letter = makers.with_entry(makers.word("One"), "word/document.xml", bomb)
    ends_without(preview_of(letter, DOCX), "damaged")
    book = makers.workbook({"A": [["One"]]})
    for entry in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"):
        ends_without(preview_of(makers.with_entry(book, entry, bomb), XLSX), "damaged")


def test_what_unpacks_to_far_more(preview_of, limits):
    limits(unpacked_mb=1)
    large = b"<x>" + b" " * (2 * MB) + b"</x>"
    letter = makers.with_entry(makers.word("One"), "word/document.xml", large)
    ends_without(preview_of(letter, DOCX), "unpacks to far more")
    book = makers.with_entry(makers.workbook({"A": [[1]]}), "xl/worksheets/sheet1.xml", large)
    ends_without(preview_of(book, XLSX), "unpacks to far more")


def test_a_zip_that_lies_about_its_size(preview_of, limits):
    limits(unpacked_mb=1)
    letter = makers.with_entry(
        makers.word("One"), "word/document.xml", b"<x>" + b" " * (4 * MB) + b"</x>"
    )
    with zipfile.ZipFile(io.BytesIO(letter)) as archive:
        size = struct.pack("<L", archive.getinfo("word/document.xml").file_size)
    ends_without(preview_of(letter.replace(size, struct.pack("<L", 100)), DOCX), "damaged")


def test_marks_in_marks_in_marks(preview_of):
    deep = b"<x>" * 200_000
    letter = makers.with_entry(makers.word("One"), "word/document.xml", deep)
    ends_without(preview_of(letter, DOCX), "damaged")


def test_letters_in_letters_in_letters(preview_of):
    head = b"From: a@example.org\nSubject: x\nContent-Type: message/rfc822\n\n"
    preview = preview_of(head * 5000 + b"From: a\n\nEnd", "message/rfc822")
    ends_without(preview, "too many others")


def test_parts_in_parts_in_parts(preview_of):
    head = b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n"
    data = b"From: a@example.org\n" + b"".join(head % (i, i) for i in range(300))
    ends_without(preview_of(data, "message/rfc822"), "too many others")


def test_one_line_without_an_end(preview_of, limits):
    limits(text_mb=1, memory_mb=400)
    preview = preview_of(b"a," * (4 * MB), "text/csv")
    assert preview.status == "ready"
    assert preview.facts["cut"]


def test_a_picture_that_needs_more_memory_than_there_is(preview_of, limits):
    limits(memory_mb=200)
    ends_without(preview_of(samples.png_bomb(7900, 7900), "image/png"), "damaged or far too large")


def test_a_page_that_needs_more_memory_than_there_is(preview_of, limits):
    limits(memory_mb=200)
    document = makers.pikepdf.open(io.BytesIO(makers.pdf(["One"])))
    packed = zlib.compress(b" " * (200 * MB), 1)
    content = makers.pikepdf.Stream(document, packed, Filter=makers.pikepdf.Name.FlateDecode)
    document.pages[0].Contents = document.make_indirect(content)
    ends_without(preview_of(makers.saved(document), "application/pdf"), "damaged")


def test_what_takes_all_the_processor(preview_of, limits):
    limits(cpu_seconds=1)
    drawn = b"0 0 m " + b"".join(b"%d %d l " % (i * 7919 % 612, i % 792) for i in range(20_000))
    document = makers.pikepdf.open(io.BytesIO(makers.pdf(["One"])))
    document.pages[0].Contents = document.make_stream((drawn + b"f* ") * 20)
    ends_without(preview_of(makers.saved(document), "application/pdf"), "takes far too long")


def test_what_never_ends(preview_of, limits):
    limits(seconds=0)
    ends_without(preview_of(makers.pdf(["One"]), "application/pdf"), "takes far too long")


def test_a_copy_that_grows_too_large(preview_of, limits):
    """What is shown by then stays."""
    limits(file_mb=1)
    data = makers.film("matroska", codec="mpeg4", size=(1280, 720), seconds=1)
    preview = preview_of(data, "video/x-matroska")
    assert preview.status == "ready"
    limits(file_mb=0)
    ends_without(preview_of(makers.pdf(["One"]), "application/pdf"), "")


def test_a_recording_cannot_open_other_files(preview_of, tmp_path):
    """A list of files to play one after the other is text, whatever it is called."""
    secret = makers.write(tmp_path / "secret.wav", samples.sound())
    listed = f"ffconcat version 1.0\nfile '{secret}'\n#EXTM3U\n{secret}\n".encode()
    for media_type in ("video/mp4", "audio/mpeg", "audio/wav", "video/webm"):
        ends_without(preview_of(listed + media_type.encode(), media_type), "damaged")


def test_the_worker_goes_on(preview_of):
    """In the same process as all that went wrong before."""
    ends_without(preview_of(b"no pdf", "application/pdf"), "damaged")
    assert preview_of(b"words", "text/plain").status == "ready"
    assert making.runner.limits().memory_mb > 1000
