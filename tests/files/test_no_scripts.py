"""No script ever runs from a file: what is taken, and as what it is sent."""

import pytest

from files import actions, serving, store
from files.models import Upload
from tests.files import hostile, samples

REFUSED = [
    ("drawing.svg", hostile.SVG),
    ("photo.png", hostile.SVG),
    ("notes.txt", hostile.SVG),
    ("page.html", hostile.PAGE),
    ("photo.jpg", hostile.PAGE),
    ("notes.txt", hostile.PAGE),
    ("notes.md", b"\xef\xbb\xbf  \n" + hostile.PAGE),
    ("table.xml", hostile.STYLED),
    ("table.csv", hostile.STYLED),
    ("page.txt", hostile.XHTML),
    ("tool.js", hostile.SCRIPT.encode()),
    ("picture.gif", b"GIF89a/*" + hostile.SCRIPT.encode()),  # no picture behind its first bytes
    ("plan.docx", samples.zipped({"index.html": hostile.PAGE})),
]


@pytest.mark.parametrize(("name", "data"), REFUSED)
def test_what_is_made_to_run_is_not_taken(send, stored, name, data):
    answer = send((name.encode(), data))
    assert answer.status_code == 422
    assert answer.json()["error"]
    assert stored() == []


TAKEN = [
    ("plan.pdf", hostile.pdf_that_acts(), "application/pdf", "attachment"),
    ("funny.gif", hostile.gif_that_is_a_script(), "image/gif", "inline"),
    ("photo.jpg", hostile.jpeg_with_a_page(), "image/jpeg", "inline"),
    ("notes.txt", hostile.text_with_a_page(), "text/plain; charset=utf-8", "inline"),
    ("names.csv", hostile.table_with_a_page(), "text/csv; charset=utf-8", "attachment"),
    ("notes.md", hostile.text_with_a_page(), "text/markdown; charset=utf-8", "attachment"),
]


@pytest.mark.parametrize(("name", "data", "sent_as", "disposition"), TAKEN)
def test_what_could_be_taken_for_two_things_is_sent_as_one(
    send, rf, name, data, sent_as, disposition
):
    assert send((name.encode(), data)).status_code == 201
    blob = Upload.objects.get().blob
    answer = serving.respond(request=rf.get("/"), blob=blob, name=name, inline=True)
    assert answer["Content-Type"] == sent_as
    assert answer["Content-Disposition"].split(";")[0] == disposition
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none';")
    assert "allow-scripts" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["funny.gif", "photo.jpg"])
def test_the_picture_that_others_see_has_lost_what_was_hidden_in_it(send, name):
    data = {taken[0]: taken[1] for taken in TAKEN}[name]
    assert hostile.RAN.encode() in data
    send((name.encode(), data))
    with store.open_blob(Upload.objects.get().blob.shown) as file:
        assert hostile.RAN.encode() not in file.read()


@pytest.mark.parametrize(
    "media_type",
    [
        "text/html",
        "application/xhtml+xml",
        "application/xml",
        "text/xml",
        "image/svg+xml",
        "text/javascript",
        "application/javascript",
        "application/x-ecmascript",
    ],
)
def test_should_one_lie_in_the_store_it_is_bytes_to_save(rf, db, media_type):
    blob = actions.keep_bytes(chunks=[media_type.encode()], media_type=media_type)
    answer = serving.respond(request=rf.get("/"), blob=blob, name="a", inline=True)
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
