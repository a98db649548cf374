"""What comes in, what does not, and why: files made to be refused."""

import pytest

from files import checks, containers
from files.checks import Refused
from tests.files import samples


@pytest.fixture
def check(tmp_path):
    def check(name, data):
        path = tmp_path / "incoming"
        path.write_bytes(data)
        return checks.media_type_of(path, name)[1]

    return check


OOXML = "application/vnd.openxmlformats-officedocument."
ACCEPTED = {
    "plan.pdf": (samples.pdf(), "application/pdf"),
    "plan.docx": (samples.ooxml(), OOXML + "wordprocessingml.document"),
    "plan.xlsx": (samples.ooxml("spreadsheetml.sheet"), OOXML + "spreadsheetml.sheet"),
    "plan.pptx": (
        samples.ooxml("presentationml.presentation"),
        OOXML + "presentationml.presentation",
    ),
    "plan.odt": (samples.odf(), "application/vnd.oasis.opendocument.text"),
    "plan.ods": (samples.odf("spreadsheet"), "application/vnd.oasis.opendocument.spreadsheet"),
    "plan.odp": (samples.odf("presentation"), "application/vnd.oasis.opendocument.presentation"),
    "plan.doc": (samples.ole("WordDocument"), "application/msword"),
    "plan.xls": (samples.ole("Workbook"), "application/vnd.ms-excel"),
    "post.msg": (samples.ole("__properties_version1.0"), "application/vnd.ms-outlook"),
    "post.eml": (samples.letter(), "message/rfc822"),
    "plan.rtf": (b"{\\rtf1 Hello}", "application/rtf"),
    "plan.txt": (b"Hello", "text/plain"),
    "welsh.txt": ("Cadw’r cwsmer".encode("utf-16"), "text/plain"),
    "old.txt": ("café".encode("cp1252"), "text/plain"),
    "people.csv": (b"name,age\nSam,20\n", "text/csv"),
    "notes.md": (b"# Notes\n<b>bold</b>\n", "text/markdown"),
    "photo.jpg": (samples.picture(), "image/jpeg"),
    "PHOTO.JPEG": (samples.picture(), "image/jpeg"),
    "shot.png": (samples.picture("PNG"), "image/png"),
    "move.gif": (samples.animation(), "image/gif"),
    "shot.webp": (samples.picture("WEBP"), "image/webp"),
    "IMG_1.HEIC": (samples.phone_heic(), "image/heic"),
    "talk.mp3": (b"ID3\x04" + bytes(60), "audio/mpeg"),
    "bare.mp3": (samples.mpeg_frames(), "audio/mpeg"),
    "talk.aac": (samples.adts_frames(), "audio/aac"),
    "talk.m4a": (samples.boxes(b"M4A "), "audio/mp4"),
    "talk.wav": (samples.sound(), "audio/wav"),
    "talk.ogg": (b"OggS" + bytes(60), "audio/ogg"),
    "talk.flac": (b"fLaC" + bytes(60), "audio/flac"),
    "talk.amr": (b"#!AMR\n" + bytes(60), "audio/amr"),
    "film.mp4": (samples.boxes(b"isom"), "video/mp4"),
    "film.mov": (samples.boxes(b"qt  "), "video/quicktime"),
    "old.mov": (b"\0\0\0\x08wide\0\0\0\x10mdat" + bytes(60), "video/quicktime"),
    "film.3gp": (samples.boxes(b"3gp4"), "video/3gpp"),
    "film.webm": (b"\x1a\x45\xdf\xa3\x42\x82\x84webm" + bytes(60), "video/webm"),
    "film.mkv": (b"\x1a\x45\xdf\xa3\x42\x82\x88matroska" + bytes(60), "video/x-matroska"),
    "film.avi": (b"RIFF\0\0\0\0AVI LIST" + bytes(60), "video/x-msvideo"),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted(check, name):
    data, media_type = ACCEPTED[name]
    assert check(name, data) == media_type


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("photo.jpg", samples.pdf(), "called .jpg, but it is a PDF"),
        ("photo.jpg", samples.picture("PNG"), "called .jpg, but it is a PNG picture"),
        ("plan.pdf", b"<!DOCTYPE html><p>Hi", "called .pdf, but it is a web page"),
        ("plan.pdf", b"  <html><script>alert(1)</script>", "called .pdf, but it is a web page"),
        ("plan.pdf", b"just words", "called .pdf, but it is plain text"),
        ("plan.docx", samples.ooxml("spreadsheetml.sheet"), "it is an Excel workbook"),
        ("plan.txt", samples.picture(), "called .txt, but it is a JPEG picture"),
        ("post.eml", b"just words", "called .eml, but it is plain text"),
        ("plan.txt", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "it is an SVG drawing"),
    ],
)
def test_a_name_that_contradicts_the_content(check, name, data, says):
    with pytest.raises(Refused, match=says):
        check(name, data)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("page.html", b"<!DOCTYPE html><p>Hi", "This is a web page"),
        ("logo.svg", b"<svg onload='alert(1)'/>", "This is an SVG drawing"),
        ("logo.svg", b"<?xml version='1.0'?><svg/>", "This is an SVG drawing"),
        ("run.sh", b"#!/bin/sh\nrm -rf /", "This is a script"),
        ("run.js", b"alert(1)", "Text needs a name"),
        ("notes", b"just words", "Text needs a name"),
        ("run.exe", b"MZ\x90\0" + bytes(60), "This is a program"),
        ("all.zip", samples.zipped({"a.txt": b"a"}), "This is an archive of files"),
        ("all.7z", b"7z\xbc\xaf\x27\x1c" + bytes(60), "This is an archive of files"),
        ("scan.tif", b"II*\0" + bytes(60), "This is a TIFF picture"),
        ("plan.docm", samples.ooxml("x.macroEnabled"), "has macros"),
        ("noise.bin", bytes(range(256)), "This kind of file|This looks like"),
        ("noise.txt", b"looks like text\0but is not", "This kind of file|This looks like"),
        ("plan.doc", samples.ole("WordDocument", "Macros"), "has macros"),
        ("plan.docx", samples.ole("EncryptedPackage"), "needs a password"),
        ("plan.pdf", samples.pdf()[:200], "The end of this PDF is missing"),
    ],
)
def test_kinds_that_are_not_accepted(check, name, data, says):
    with pytest.raises(Refused, match=says):
        check(name, data)


def test_a_picture_without_an_ending_is_known_by_its_bytes(check):
    assert check("photo", samples.picture()) == "image/jpeg"


def test_a_document_with_macros_is_refused_by_the_part_that_holds_them(check):
    with pytest.raises(Refused, match="has macros"):
        check("plan.docx", samples.ooxml(**{"word/vbaProject.bin": b"x"}))


def test_a_workbook_behind_a_chart_is_fine(check):
    inner = samples.ooxml("spreadsheetml.sheet")
    assert check("plan.docx", samples.ooxml(**{"word/embeddings/a.xlsx": inner}))


class TestBombs:
    def test_few_bytes_that_unpack_to_many(self, check):
        bomb = samples.ooxml(**{"word/document.xml": bytes(200 * 1024 * 1024)})
        assert len(bomb) < 1_000_000
        with pytest.raises(Refused, match="far more than it should"):
            check("plan.docx", bomb)

    def test_nothing_is_unpacked_to_find_out(self, check, monkeypatch):
        read = []
        monkeypatch.setattr(
            containers.zipfile.ZipFile, "read", lambda *args: read.append(args) or b""
        )
        with pytest.raises(Refused):
            check("a.docx", samples.ooxml(**{"a.xml": bytes(200 * 1024 * 1024)}))
        assert read == []

    def test_more_entries_than_any_document_has(self, check):
        entries = {f"{n}.xml": b"" for n in range(containers.MAX_ENTRIES + 1)}
        with pytest.raises(Refused, match="far more than it should"):
            check("plan.docx", samples.ooxml(**entries))

    def test_a_directory_too_long_to_be_read_is_not_read(self, check, monkeypatch):
        data = samples.ooxml()
        monkeypatch.setattr(containers, "MAX_DIRECTORY", 50)
        monkeypatch.setattr(containers.zipfile, "ZipFile", None)
        with pytest.raises(Refused, match="far more than it should"):
            check("plan.docx", data)

    def test_a_bomb_in_a_document_in_a_document(self, check):
        inner = samples.ooxml(**{"word/document.xml": bytes(200 * 1024 * 1024)})
        with pytest.raises(Refused, match="far more than it should"):
            check("plan.docx", samples.ooxml(**{"word/embeddings/a.docx": inner}))

    def test_documents_within_documents_without_end(self, check):
        data = samples.ooxml()
        for _ in range(3):
            data = samples.ooxml(**{"a.docx": data})
        with pytest.raises(Refused, match="far more than it should"):
            check("plan.docx", data)

    def test_an_archive_inside(self, check):
        inner = samples.zipped({"a": b"a"})
        with pytest.raises(Refused, match="archive of files inside"):
            check("plan.docx", samples.ooxml(**{"word/a.zip": inner}))

    def test_entries_that_lie_over_each_other(self, check):
        """The same packed bytes listed many times over."""
        with pytest.raises(Refused):
            check("plan.docx", _listed_twice(samples.ooxml(**{"a.xml": bytes(range(256)) * 99})))


def _listed_twice(data: bytes) -> bytes:
    at = data.rindex(b"PK\x05\x06")
    size = int.from_bytes(data[at + 12 : at + 16], "little")
    directory = data[at - size : at]
    end = bytearray(data[at:])
    end[8:12] = (6 * 100).to_bytes(2, "little") * 2
    end[12:16] = (100 * size).to_bytes(4, "little")
    return data[: at - size] + directory * 100 + bytes(end)


@pytest.mark.parametrize(
    "data",
    [
        samples.ooxml()[:-30],
        samples.ooxml()[:40],
        b"PK\x03\x04" + bytes(30),
        samples.ole("WordDocument")[:300],
        samples.ole("WordDocument")[:600],
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 1000,
    ],
    # Not by their bytes, which hold the time: two workers must give a test the same name.
    ids=["short zip", "first bytes", "empty zip", "short ole", "half ole", "ole of ones"],
)
def test_damaged_documents_are_refused_in_words(check, data):
    with pytest.raises(Refused):
        check("plan.docx", data)


def test_an_endless_chain_of_directory_sectors_ends(check):
    data = bytearray(samples.ole("Nothing"))
    data[512 + 4 : 512 + 8] = (1).to_bytes(4, "little")  # the directory goes on in itself
    with pytest.raises(Refused):
        check("plan.doc", bytes(data))


class TestNames:
    @pytest.mark.parametrize(
        "name",
        ["Adroddiad – café.pdf", "a..b.pdf", ".hidden.pdf", "👩🏽‍💻 me.jpg", "What I did?.docx"],
    )
    def test_ordinary_names_pass(self, name):
        assert checks.check_name(name) == name

    @pytest.mark.parametrize(
        "name",
        [
            "../plan.pdf",
            "..\\plan.pdf",
            "/etc/passwd",
            "C:\\plan.pdf",
            "C:plan.pdf",
            "a/b.pdf",
            "..",
            ".",
            "",
            "  ",
            "plan\0.pdf",
            "plan\n.pdf",
            "plan\x7f.pdf",
            "plan\u202efdp.exe",
            "plan\u2028.pdf",
            "plan.pdf.",
            "con",
            "NUL.txt",
            "a" * 296 + ".pdf",
        ],
    )
    def test_tricks_are_refused(self, name):
        with pytest.raises(Refused) as refused:
            checks.check_name(name)
        assert refused.value.sentence.endswith(".")

    def test_one_spelling_of_an_accent(self):
        assert checks.check_name("cafe\u0301.pdf") == "caf\u00e9.pdf"

    def test_a_copy_of_another_type_gets_its_ending(self):
        assert checks.name_for("IMG_1.HEIC", "image/jpeg") == "IMG_1.jpg"
        assert checks.name_for("photo", "image/jpeg") == "photo.jpg"
        assert checks.name_for("photo.jpeg", "image/jpeg") == "photo.jpeg"
        assert checks.name_for("notes.md", "text/plain") == "notes.md"
        assert checks.name_for("Dr. Smith, 2. May", "application/pdf") == "Dr. Smith, 2. May.pdf"
