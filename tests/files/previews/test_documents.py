"""PDF, text, Word, spreadsheets and e-mail."""

import datetime
import io
import json
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from PIL import Image

from files import kinds, previews
from files.models import Preview
from files.previews import making
from tests.files import samples
from tests.files.previews import makers
from tests.files.previews.conftest import data_of, part, roles

DOCX, XLSX = kinds.DOCX.types["docx"], kinds.XLSX.types["xlsx"]


# PDF -------------------------------------------------------------------------------------------


def words_of(preview, number=1):
    return json.loads(data_of(preview, "words", number))


def test_each_page_is_a_picture_with_its_words_and_where_they_stand(preview_of):
    preview = preview_of(makers.pdf(["I rang her\nback today", "Second page"]), "application/pdf")
    assert (preview.kind, preview.status, preview.reason) == ("pages", "ready", "")
    assert preview.facts == {"pages": 2, "shown": 2}
    assert roles(preview) == [
        ("page", 1),
        ("page", 2),
        ("text", 1),
        ("thumbnail", 1),
        ("words", 1),
        ("words", 2),
    ]
    page = part(preview, "page")
    assert (page.width, page.height) == (1600, 2071)
    with Image.open(io.BytesIO(data_of(preview, "page"))) as image:
        assert image.size == (1600, 2071)
        words = words_of(preview)
        assert words["text"] == "I rang her\nback today"
        named = {words["text"][start:end]: box for start, end, *box in words["words"]}
        assert list(named) == ["I", "rang", "her", "back", "today"]
        x, y, width, height = named["back"]
        assert x == pytest.approx(72 / 612, abs=0.01)
        assert y + height == pytest.approx((792 - 692) / 792, abs=0.01)
        # The box holds ink, and the line above it does not lie in it.
        assert _darkest(image, x, y, width, height) < 60
        assert _darkest(image, 0.7, y, 0.2, height) > 200
    assert previews.text_of(preview.blob) == "I rang her\nback today\fSecond page"


def _darkest(image, x, y, width, height):
    across, down = image.size
    box = (x * across, y * down, (x + width) * across, (y + height) * down)
    return image.convert("L").crop(tuple(round(edge) for edge in box)).getextrema()[0]


def test_words_of_a_turned_and_cut_page_lie_where_they_are_seen(preview_of):
    data = makers.pdf(["Turned"], Rotate=90, CropBox=[0, 396, 612, 792])
    preview = preview_of(data, "application/pdf")
    page = part(preview, "page")
    assert page.height > page.width
    [[_start, _end, x, y, width, height]] = words_of(preview)["words"]
    assert height > width
    with Image.open(io.BytesIO(data_of(preview, "page"))) as image:
        assert _darkest(image, x, y, width, height) < 60
        assert _darkest(image, 0, 0, x - 0.02, 1) > 200


def test_only_the_first_pages_of_a_long_pdf_are_shown(preview_of, limits):
    limits(pages=3)
    preview = preview_of(makers.pdf(["One", "Two", "Three", "Four"]), "application/pdf")
    assert preview.facts == {"pages": 4, "shown": 3}
    assert previews.text_of(preview.blob) == "One\fTwo\fThree"


def test_a_locked_pdf_says_so(preview_of):
    document = makers.pikepdf.open(io.BytesIO(makers.pdf(["Secret"])))
    locked = makers.saved(document, encryption=makers.pikepdf.Encryption(user="a", owner="b"))
    preview = preview_of(locked, "application/pdf")
    assert (preview.status, preview.reason) == (
        "none",
        "This file needs a password, so it cannot be shown here.",
    )


# Text ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        "Grüße\r\nzwei\rdrei".encode(),
        "Grüße\r\nzwei\rdrei".encode("utf-8-sig"),
        "Grüße\r\nzwei\rdrei".encode("utf-16"),
        "\ufeffGrüße\nzwei\ndrei".encode("utf-16-be"),
        "Grüße\r\nzwei\rdrei".encode("cp1252"),
    ],
)
@pytest.mark.django_db
def test_text_in_any_encoding(preview_of, data):
    preview = preview_of(data, "text/plain")
    assert (preview.kind, preview.status) == ("text", "ready")
    assert part(preview, "text").blob.media_type == "text/plain"
    assert data_of(preview, "text") == "Grüße\nzwei\ndrei".encode()
    assert previews.text_of(preview.blob) == "Grüße\nzwei\ndrei"


def test_endless_text_is_cut_between_two_letters(preview_of, limits):
    limits(text_mb=1)
    preview = preview_of(("é" * 1_000_000).encode(), "text/markdown")
    assert preview.facts == {"cut": True}
    assert previews.text_of(preview.blob) == "é" * (1024 * 1024 // 2)


def test_a_word_document_is_its_paragraphs_and_its_tables(preview_of):
    data = makers.word("I rang\ther & asked.", "Then…", table=[["P4", "met"], ["K3", ""]])
    preview = preview_of(data, DOCX)
    assert (preview.kind, preview.status) == ("text", "ready")
    assert previews.text_of(preview.blob) == "I rang\ther & asked.\nThen…\nP4\tmet\nK3"


# Spreadsheets ----------------------------------------------------------------------------------


def sheet_of(preview, number=1):
    return json.loads(data_of(preview, "sheet", number))


def test_a_workbook_is_rows_of_what_is_seen(preview_of):
    day = datetime.datetime(2026, 11, 2, 9, 30)  # noqa: DTZ001 - a workbook knows no zones
    preview = preview_of(
        makers.workbook(
            {
                "Calls": [["Who", "When", "Long"], ["Mrs Ó", day, 12.5], [None, True, 3]],
                "Empty": [],
            }
        ),
        XLSX,
    )
    assert (preview.kind, preview.status) == ("table", "ready")
    assert preview.facts == {"sheets": 2, "cut": False}
    assert sheet_of(preview) == {
        "name": "Calls",
        "rows": [["Who", "When", "Long"], ["Mrs Ó", "2026-11-02 09:30", "12.5"], ["", "TRUE", "3"]],
        "cut": False,
    }
    assert sheet_of(preview, 2)["rows"] == []
    assert part(preview, "sheet", 2).name == "Empty"
    assert "Mrs Ó\t2026-11-02 09:30" in previews.text_of(preview.blob)


@pytest.mark.parametrize("text", ['a;b\n1;"2;3"\n', "a\tb\n1\t2;3\n", 'a,b\r\n1,"2;3"\r\n'])
def test_values_between_signs(preview_of, text):
    preview = preview_of(text.encode(), "text/csv")
    assert sheet_of(preview)["rows"] == [["a", "b"], ["1", "2;3"]]


def test_only_the_first_rows_and_columns_of_a_large_table_are_shown(preview_of, limits):
    limits(rows=2, columns=2)
    book = preview_of(makers.workbook({"A": [[1, 2, 3]] * 5}), XLSX)
    plain = preview_of(b"1,2,3\n" * 5, "text/csv")
    for preview in (book, plain):
        assert sheet_of(preview)["rows"] == [["1", "2"]] * 2
        assert sheet_of(preview)["cut"]
        assert preview.facts["cut"]


# E-mail ----------------------------------------------------------------------------------------


def letter(**options):
    message = EmailMessage(policy=SMTP)
    message["From"] = "Zoë Learner <zoe@example.org>"
    message["To"] = "customer@example.org"
    message["Subject"] = "Re: Füße"
    message["Date"] = "Mon, 02 Nov 2026 09:30:00 +0000"
    message.set_content(options.get("text", "Dear Mrs Ó,\n\nyour order is here.\n"))
    if html := options.get("html"):
        if options.get("text") is None:
            message.set_content(html, subtype="html")
        else:
            message.add_alternative(html, subtype="html")
    return message


def test_an_email_is_its_headers_its_words_and_its_files(preview_of):
    message = letter()
    message.add_attachment(
        makers.pdf(["Attached"]), maintype="application", subtype="pdf", filename="offer.pdf"
    )
    message.add_attachment(
        samples.phone_jpeg(), maintype="image", subtype="jpeg", filename="../../shop.jpg"
    )
    message.add_attachment(
        b"MZ" + bytes(100), maintype="application", subtype="octet-stream", filename="run.exe"
    )
    preview = preview_of(bytes(message), "message/rfc822")
    assert (preview.kind, preview.status) == ("mail", "ready")
    assert preview.facts == {
        "from": "Zoë Learner <zoe@example.org>",
        "to": "customer@example.org",
        "cc": "",
        "subject": "Re: Füße",
        "date": "Mon, 02 Nov 2026 09:30:00 +0000",
        "cut": False,
        "left_out": ["run.exe"],
    }
    assert previews.text_of(preview.blob) == "Dear Mrs Ó,\n\nyour order is here."
    assert roles(preview) == [("attachment", 1), ("attachment", 2), ("text", 1)]
    offer, photo = part(preview, "attachment", 1), part(preview, "attachment", 2)
    assert (offer.name, offer.blob.media_type) == ("offer.pdf", "application/pdf")
    assert (photo.name, photo.blob.media_type) == ("attachment-2.jpg", "image/jpeg")
    # The picture's copy for others is made here as at an upload.
    assert samples.SECRET.encode() not in photo.blob.shown.sha256.encode()
    assert photo.blob.shown_as is not None
    assert {each.kind for each in Preview.objects.filter(blob__in=[offer.blob, photo.blob])} == {
        "pages",
        "picture",
    }


def test_a_web_page_in_an_email_is_only_its_words(preview_of):
    html = (
        "<html><head><title>No</title><style>p {}</style></head><body><script>bad()</script>"
        "<p>Dear&nbsp;Mrs&nbsp;&Oacute;,</p><p>it is <b>h</b>ere.<br>Bye</p></body></html>"
    )
    preview = preview_of(bytes(letter(html=html)), "message/rfc822")
    assert previews.text_of(preview.blob) == "Dear Mrs Ó,\n\nit is here.\nBye"


def test_a_letter_in_a_letter_is_opened_and_one_in_that_is_not(preview_of):
    inner, middle, outer = letter(text="inner"), letter(text="middle"), letter(text="outer")
    middle.add_attachment(inner)
    outer.add_attachment(middle)
    preview = preview_of(bytes(outer), "message/rfc822")
    forwarded = part(preview, "attachment").blob
    assert forwarded.media_type == "message/rfc822"
    asked = Preview.objects.get(blob=forwarded)
    making.make(asked.pk)
    assert previews.text_of(forwarded) == "middle"
    last = part(asked, "attachment").blob
    assert not Preview.objects.filter(blob=last).exists()


def test_what_has_no_preview_says_so_at_once(preview_of, stored):
    preview = previews.ask(stored(samples.odf(), kinds.ODT.types["odt"]))
    assert (preview.kind, preview.status) == ("nothing", "none")
    assert preview.reason == "There is no preview of this kind of file. Download it to open it."
    assert preview.finished_at is not None
    assert previews.text_of(preview.blob) is None
