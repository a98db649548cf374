"""Evidence seen in the page: what each kind shows, who gets which part, and how often we ask."""

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from files.actions import keep_bytes
from files.models import Blob, Preview, PreviewPart
from portfolio.anchors.texts import account_text, sha256_of
from portfolio.captions import as_webvtt
from portfolio.models import Anchor, Enrolment, EvidenceFile, EvidenceVersion
from portfolio.viewing import Shown, anchors_on, to_view
from portfolio.viewing.contents import BARS, column_letters, wave_path
from portfolio.viewing.loading import captions_among
from portfolio.viewing.marks import marked_html, marked_text
from tests.factories import Cast, jpeg, make_claims, make_version

Address = Callable[..., str]
SignIn = Callable[[User], Client]

PAGE = {"text": "I rang her\nback", "words": [
    [0, 1, 0.1, 0.1, 0.05, 0.02],
    [2, 6, 0.2, 0.1, 0.1, 0.02],
    [7, 10, 0.35, 0.1, 0.1, 0.02],
    [11, 15, 0.1, 0.2, 0.15, 0.02],
]}  # fmt: skip


@pytest.fixture
def version(enrolment: Enrolment) -> EvidenceVersion:
    """Handed in, so that others see it."""
    made = make_version(enrolment.portfolio, status="submitted", submitted_at="2026-10-02T10:00Z")
    made.evidence.first_submitted_at = made.submitted_at
    made.evidence.save()
    make_claims(made, enrolment)
    return made


def blob_of(data: bytes, media_type: str = "application/octet-stream") -> Blob:
    return keep_bytes(chunks=[data], media_type=media_type)


def add_file(version: EvidenceVersion, name: str, blob: Blob | None = None) -> EvidenceFile:
    return EvidenceFile.objects.create(
        version=version,
        blob=blob or blob_of(name.encode(), "application/pdf"),
        name=name,
        order=version.files.count(),
    )


def add_preview(file: EvidenceFile, kind: str, status: str = "ready", **fields: Any) -> Preview:
    return Preview.objects.create(blob=file.blob, kind=kind, status=status, **fields)


def add_part(
    preview: Preview, role: str, data: Any, number: int = 1, media_type: str = "", **fields: Any
) -> PreviewPart:
    data = data if isinstance(data, bytes) else json.dumps(data).encode()
    return PreviewPart.objects.create(
        preview=preview,
        role=role,
        number=number,
        blob=blob_of(data, media_type or "application/json"),
        **fields,
    )


def add_anchor(
    version: EvidenceVersion, file: EvidenceFile | None, code: str, kind: str, **fields: Any
) -> Anchor:
    account = sha256_of(account_text(version))
    return Anchor.objects.create(
        claim=version.claims.get(criterion__code=code),
        file=file,
        kind=kind,
        made_by=version.evidence.portfolio.learner,
        **{"sha256": file.blob.sha256 if file else account, **fields},
    )


@pytest.fixture
def shown_html(cast: Cast) -> Callable[..., str]:
    """What {% viewer %} puts on a page."""

    def render(file: EvidenceFile, tag: str = "viewer file anchors=anchors among=files") -> str:
        request = RequestFactory().get("/")
        request.centre = cast.centre
        files = to_view(file.version.files.all())
        context = {
            "request": request,
            "file": next(each for each in files if each.pk == file.pk),
            "files": files,
            "anchors": anchors_on(file.version, file.version.evidence.portfolio.learner),
            "version": file.version,
        }
        return Template("{% load viewers %}{% " + tag + " %}").render(Context(context))

    return render


# What each kind shows --------------------------------------------------------------------------


def test_pages_are_pictures_one_below_the_other_with_their_words(version, shown_html):
    file = add_file(version, "letter.pdf")
    preview = add_preview(file, "pages", facts={"pages": 3})
    for number in (1, 2):
        add_part(preview, "page", jpeg(), number, "image/jpeg", width=1600, height=2071)
        add_part(preview, "words", PAGE, number)
    html = shown_html(file)
    assert f'id="file-{file.pk}"' in html
    assert f'data-sha256="{file.blob.sha256}"' in html
    assert 'data-kind="pages"' in html
    for number in (1, 2):
        part = f"/files/{file.pk}/preview/page/{number}/"
        assert f'{part}" alt="Page {number} of 2" loading="lazy"' in html
        assert f'id="file-{file.pk}-page-{number}"' in html
        assert f"/files/{file.pk}/preview/words/{number}/" in html
    assert "1 more page is not shown here." in html


def test_marks_are_drawn_by_the_server(version, shown_html):
    file = add_file(version, "letter.pdf")
    preview = add_preview(file, "pages", facts={"pages": 1})
    add_part(preview, "page", jpeg(), 1, "image/jpeg", width=1600, height=2071)
    add_part(preview, "words", PAGE, 1)
    region = add_anchor(version, file, "P1", "region", page=1, x=0.5, y=0.5, width=0.25, height=0.1)
    passage = add_anchor(version, file, "P2", "passage", page=1, start=2, quote="rang her\nback")
    html = shown_html(file)
    assert f'id="mark-{region.pk}"' in html
    assert 'x="0.50000" y="0.50000" width="0.25000" height="0.10000"' in html
    # Two words of one line make one stroke; the next line another, without a second id.
    assert f'id="mark-{passage.pk}"' in html
    assert 'x="0.20000" y="0.10000" width="0.25000" height="0.02000"' in html
    assert 'x="0.10000" y="0.20000" width="0.15000" height="0.02000"' in html
    assert html.count("<rect") == 3 + 2  # and two labels
    assert "Marked here: P1, P2" in " ".join(html.split())


def test_a_mark_on_other_bytes_or_of_another_file_is_not_drawn(version, shown_html):
    file, other = add_file(version, "a.jpg"), add_file(version, "b.jpg")
    for each in (file, other):
        add_preview(each, "picture", facts={"width": 4, "height": 3})
    place = {"x": 0.1, "y": 0.1, "width": 0.2, "height": 0.2}
    add_anchor(version, file, "P1", "region", **place, sha256="0" * 64)
    add_anchor(version, other, "P2", "region", **place)
    assert "<rect" not in shown_html(file)
    assert shown_html(other).count("viewer-box") == 1


def test_a_picture_without_a_copy_is_the_file_as_others_may_see_it(version, shown_html):
    file = add_file(version, "a.jpg", blob_of(jpeg(), "image/jpeg"))
    add_preview(file, "picture")
    assert f'/files/{file.pk}/?preview=1" alt="a.jpg"' in shown_html(file)


def test_a_recording_plays_its_copy_and_lists_its_moments(version, shown_html):
    file = add_file(version, "talk.avi", blob_of(b"avi", "video/x-msvideo"))
    preview = add_preview(file, "film", facts={"duration": 100.0, "fps": 30, "plays": "copy"})
    add_part(preview, "playable", b"mp4", media_type="video/mp4")
    add_part(preview, "waveform", [0, 0.5, 1])
    moment = add_anchor(version, file, "P2", "moment", begins=70, ends=75.5)
    html = shown_html(file)
    source = f"/files/{file.pk}/preview/playable/1/"
    assert f'{source}" data-duration="100" data-frame-rate="30"' in html
    assert f'{source}#t=70,75.5" data-begins="70" data-ends="75.5"' in html
    assert f'<li id="mark-{moment.pk}">' in html
    assert "1:10 to 1:15.5" in html
    assert 'x="70.00" y="0" width="5.50"' in html
    assert "Mark start" not in html
    assert "Mark start" in shown_html(file, "viewer file marking=True")


def test_a_recording_that_cannot_be_played_says_so(version, shown_html):
    file = add_file(version, "talk.avi", blob_of(b"avi", "video/x-msvideo"))
    add_preview(file, "film", facts={"plays": "no", "note": "It is too long to be copied."})
    html = shown_html(file)
    assert "It is too long to be copied." in html
    assert "<video" not in html


def test_a_text_stays_the_text_whatever_is_marked_in_it(version, shown_html):
    text = "Caf\N{LATIN SMALL LETTER E WITH ACUTE} \N{GRINNING FACE} <b>no</b>\nI rang her & him."
    file = add_file(version, "notes.txt", blob_of(text.encode(), "text/plain"))
    add_part(add_preview(file, "text"), "text", text.encode(), media_type="text/plain")
    add_anchor(version, file, "P1", "passage", start=text.index("rang"), quote="rang her")
    add_anchor(version, file, "P2", "passage", start=text.index("her"), quote="her & him")
    html = shown_html(file)
    inside = html.split("data-text>", 1)[1].split("</div>", 1)[0]
    assert text_content(inside) == text
    assert '<mark class="viewer-mark" data-label="P1">her</mark>' in inside
    assert "<b>" not in inside


def text_content(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def test_a_long_text_says_that_it_is_cut(version, shown_html):
    file = add_file(version, "notes.txt")
    add_part(add_preview(file, "text"), "text", b"word " * 20_000, media_type="text/plain")
    assert "Only the beginning is shown here." in shown_html(file)
    assert "Only the beginning" not in shown_html(file, "viewer file large=True")


def test_the_account_is_marked_across_its_own_bold_words(version, shown_html):
    version.account_html = "<p>I <strong>rang</strong> her &amp; asked.</p>\n<p>Then I wrote.</p>"
    version.save()
    text = account_text(version)
    anchor = add_anchor(version, None, "P1", "passage", start=2, quote="rang her & asked")
    html = shown_html(add_file(version, "x.pdf"), "account_viewer version anchors=anchors")
    assert 'data-kind="account"' in html
    assert f'data-sha256="{sha256_of(text)}"' in html
    inside = html.split("data-text>", 1)[1].split("</div>", 1)[0]
    assert inside == (
        f'<p>I <strong><span class="viewer-here" id="mark-{anchor.pk}"></span>'
        '<mark class="viewer-mark">rang</mark></strong>'
        '<mark class="viewer-mark" data-label="P1"> her &amp; asked</mark>.</p>\n'
        "<p>Then I wrote.</p>"
    )


def test_text_without_marks_comes_through_unchanged():
    assert marked_html("<p>a &amp; b</p>", []) == "<p>a &amp; b</p>"
    assert marked_text("<script>", []) == "&lt;script&gt;"


def test_a_spreadsheet_is_a_table_for_each_sheet_and_says_where_it_ends(version, shown_html):
    file = add_file(version, "calls.xlsx")
    preview = add_preview(file, "table")
    rows = [[f"row {n}", "<i>"] for n in range(1, 201)]
    add_part(preview, "sheet", {"name": "Calls", "rows": rows, "cut": False}, 1, name="Calls")
    empty = {"name": "Empty", "rows": [], "cut": False}
    add_part(preview, "sheet", empty, 2, name="Empty")
    html = shown_html(file)
    assert f'<a href="#file-{file.pk}-sheet-2">Empty</a>' in html
    assert '<th scope="col">B</th>' in html
    assert "&lt;i&gt;" in html
    assert "row 100<" in html
    assert "row 101<" not in html
    assert "Only the beginning of “Calls” is shown: 100 rows." in html
    assert "There is nothing in “Empty”." in html
    assert "row 200<" in shown_html(file, "viewer file large=True")


def test_an_email_has_its_headers_its_words_and_what_was_attached(version, shown_html):
    file = add_file(version, "thanks.eml")
    facts = {
        "from": "Hale <h@example.org>",
        "to": "a@example.org",
        "subject": "Thanks",
        "date": "Mon, 05 Oct 2026 09:30:00 +0100",
        "left_out": ["virus.exe"],
    }
    preview = add_preview(file, "mail", facts=facts)
    add_part(preview, "text", b"Thank you.", media_type="text/plain")
    add_part(preview, "attachment", jpeg(), 1, "image/jpeg", name="van.jpg")
    add_part(preview, "attachment", b"PK", 2, "application/zip", name="all.zip")
    html = shown_html(file)
    for words in ("Hale &lt;h@example.org&gt;", "Thanks", "5 Oct 2026", "Thank you.", "virus.exe"):
        assert words in html
    assert f'/files/{file.pk}/preview/attachment/1/">van.jpg</a>' in html
    assert "<span>all.zip</span>" in html  # nothing in a page opens it
    assert f"/files/{file.pk}/preview/attachment/2/?download=1" in html


# Not there yet, or never -----------------------------------------------------------------------


def test_none_gives_the_reason_and_the_file(version, shown_html):
    file = add_file(version, "old.doc")
    add_preview(file, "nothing", "none", reason="This is an old kind of file.")
    html = shown_html(file)
    assert "This is an old kind of file." in html
    assert f"/files/{file.pk}/?download=1" in html
    assert 'data-state="none"' in html


def test_what_is_being_made_is_looked_at_again(version, shown_html):
    file = add_file(version, "letter.pdf")
    preview = add_preview(file, "pages", "queued")
    html = shown_html(file)
    assert "waits to be prepared" in html
    assert f'/files/{file.pk}/preview/?was=preparing-nothing"' in html
    assert f'id="file-{file.pk}-task"' in html
    Preview.objects.filter(pk=preview.pk).update(status="running", facts={"progress": 40})
    add_part(preview, "page", jpeg(), 1, "image/jpeg", width=16, height=20)
    html = shown_html(file)
    assert 'value="40"' in html
    assert f"/files/{file.pk}/preview/page/1/" in html  # the beginning is shown already
    assert "was=preparing-pages" in html


def test_a_file_nobody_asked_for_is_asked_for_by_the_page(version, shown_html, her, url_of):
    file = add_file(version, "a.jpg", blob_of(jpeg(), "image/jpeg"))
    address = url_of("preview", pk=file.pk)
    html = shown_html(file)
    assert f'hx-post="{address}"' in html
    assert f'/files/{file.pk}/?preview=1" alt="a.jpg"' in html  # meanwhile, as it is
    assert not Preview.objects.filter(blob=file.blob).exists()
    answer = her.post(address)
    assert answer.url == url_of("file_view", pk=file.pk)
    assert Preview.objects.get(blob=file.blob).kind == "picture"
    assert "Show it here" not in shown_html(file)


def test_polling_tells_how_far_it_is_and_then_brings_the_whole(version, her, url_of):
    file = add_file(version, "letter.pdf")
    preview = add_preview(file, "pages", "queued")
    address = url_of("preview", pk=file.pk)
    answer = her.get(address, {"was": "preparing-nothing"})
    assert b"viewer-head" not in answer.content
    assert b"<progress" in answer.content
    Preview.objects.filter(pk=preview.pk).update(status="none", kind="nothing", reason="Damaged.")
    answer = her.get(address, {"was": "preparing-nothing"})
    assert answer.headers["HX-Retarget"] == f"#file-{file.pk}"
    assert answer.headers["HX-Reswap"] == "outerHTML"
    assert "Damaged." in answer.content.decode()
    assert b"every 2s" not in answer.content


# Parts -----------------------------------------------------------------------------------------


@pytest.fixture
def hidden(version: EvidenceVersion) -> EvidenceFile:
    """A photo that says where it was taken, shown to others as a copy that does not."""
    blob = blob_of(b"with the place", "image/jpeg")
    Blob.objects.filter(pk=blob.pk).update(shown_as=blob_of(b"without", "image/jpeg"))
    blob.refresh_from_db()
    file = add_file(version, "shop.jpg", blob)
    preview = add_preview(file, "picture")
    PreviewPart.objects.create(preview=preview, role="picture", blob=blob)
    return file


def body(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def test_others_never_get_bytes_that_say_more(hidden, cast, signed_in, her, url_of):
    address = url_of("preview_part", pk=hidden.pk, role="picture", number=1)
    assert body(her, address) == b"with the place"
    assert body(signed_in(cast.assessor), address) == b"without"
    answer = signed_in(cast.assessor).get(address)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert "attachment" in her.get(address, {"download": 1}).headers["Content-Disposition"]


@pytest.mark.parametrize("name", ["file_view", "preview", "captions"])
def test_who_may_not_see_the_file_sees_nothing_of_it(
    hidden, cast, outsiders, signed_in, url_of, name
):
    for user in (cast.second_learner, cast.other_assessor, outsiders.admin, outsiders.assessor):
        assert signed_in(user).get(url_of(name, pk=hidden.pk)).status_code == 404
        part = url_of("preview_part", pk=hidden.pk, role="picture", number=1)
        assert signed_in(user).get(part).status_code == 404


def test_a_draft_is_the_learners_alone(hidden, cast, signed_in, url_of, her):
    EvidenceVersion.objects.update(status="draft", submitted_at=None)
    part = url_of("preview_part", pk=hidden.pk, role="picture", number=1)
    assert her.get(part).status_code == 200
    assert signed_in(cast.assessor).get(part).status_code == 404
    assert signed_in(cast.assessor).post(url_of("preview", pk=hidden.pk)).status_code == 404


@pytest.mark.parametrize(
    ("role", "number"), [("picture", 2), ("picture", 10**30), ("page", 1), ("nonsense", 1)]
)
def test_a_part_that_is_not_there_is_a_404(hidden, her, url_of, role, number):
    address = url_of("preview_part", pk=hidden.pk, role=role, number=number)
    assert her.get(address).status_code == 404


# Captions --------------------------------------------------------------------------------------


def test_subrip_becomes_webvtt(db):
    lines = (
        "\N{BYTE ORDER MARK}1",
        "00:00:01,500 --> 00:00:02,000",
        "So 1,500 it was \N{EM DASH} yes",
    )
    written = "\r\n".join(lines) + "\r\n"
    assert as_webvtt(blob_of(written.encode())) == (
        "WEBVTT\n\n1\n00:00:01.500 --> 00:00:02.000\nSo 1,500 it was \N{EM DASH} yes\n"
    )
    assert "caf\N{LATIN SMALL LETTER E WITH ACUTE}" in as_webvtt(blob_of(b"1\n\ncaf\xe9\n"))
    vtt = b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n"
    assert as_webvtt(blob_of(vtt)) == vtt.decode()


def test_captions_go_with_the_recording_named_like_them(version):
    film = add_file(version, "talk.mp4", blob_of(b"1", "video/mp4"))
    other = add_file(version, "walk.mp4", blob_of(b"2", "video/mp4"))
    named = add_file(version, "talk.cy.vtt", blob_of(b"3", "text/plain"))
    files = [film, other, named]
    assert captions_among(film, files) == [named]
    assert captions_among(other, files) == []
    assert captions_among(other, [other, named]) == [named]  # the only one for the only one


def test_captions_are_offered_and_served(version, shown_html, her, url_of):
    film = add_file(version, "talk.mp4", blob_of(b"1", "video/mp4"))
    add_preview(film, "film", facts={"duration": 3.0, "plays": "original"})
    srt = add_file(
        version, "talk.srt", blob_of(b"1\n00:00:01,000 --> 00:00:02,000\nHi", "text/plain")
    )
    address = url_of("captions", pk=srt.pk)
    assert f'<track kind="captions" label="talk.srt" src="{address}" default>' in shown_html(film)
    answer = her.get(address)
    assert answer.headers["Content-Type"] == "text/vtt; charset=utf-8"
    assert b"00:00:01.000 --> 00:00:02.000" in answer.content
    assert her.get(url_of("captions", pk=film.pk)).status_code == 404


# Small things ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
)
def test_columns_are_named_as_in_a_spreadsheet(at, letters):
    assert column_letters(at) == letters


def test_a_waveform_keeps_its_loudest_moment():
    path = wave_path([0.0] * 5000 + [1.0] + [0.0] * 5000)
    assert path.count("M") == BARS
    assert path.count(" 0.00V2.00") == 1
    assert wave_path([]) == ""


# How often we ask ------------------------------------------------------------------------------


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_questions_do_not_grow_with_files_and_pages(version, her, url_of):
    def grow(count: int, pages: int) -> None:
        for _ in range(count):
            name = f"{version.files.count()}.pdf"
            file = add_file(version, name)
            preview = add_preview(file, "pages", facts={"pages": pages})
            for number in range(1, pages + 1):
                data = f"{name} {number}".encode()
                add_part(preview, "page", data, number, "image/webp", width=16, height=20)
                add_part(preview, "words", PAGE, number)
            place = {"page": 1, "x": 0.1, "y": 0.1, "width": 0.2, "height": 0.2}
            add_anchor(version, file, "P1", "region", **place)
            add_anchor(version, file, "P2", "passage", page=1, start=2, quote="rang")
        add_file(version, f"{version.files.count()}.txt")

    grow(1, 1)
    address = url_of("evidence", pk=version.evidence_id)
    few = queries(her, address)
    grow(6, 4)
    assert queries(her, address) == few


def test_a_file_without_a_preview_has_none(version):
    file = to_view(EvidenceFile.objects.filter(pk=add_file(version, "x.pdf").pk)).get()
    assert Shown(file).state == "unasked"
    with pytest.raises(ObjectDoesNotExist):
        _ = file.blob.preview


def test_bytes_that_a_disk_lost_leave_the_rest_of_the_page(version, her, url_of, settings):
    notes, sound = add_file(version, "notes.txt"), add_file(version, "talk.mp3")
    add_part(add_preview(notes, "text"), "text", b"Zanzibar", media_type="text/plain")
    preview = add_preview(sound, "sound", facts={"duration": 1.0})
    add_part(preview, "waveform", [1.0])
    book = add_file(version, "calls.xlsx")
    add_part(add_preview(book, "table"), "sheet", {"name": "A", "rows": [["x"]], "cut": False})
    captions = add_file(version, "talk.srt")
    settings.BLOB_DIR = settings.BLOB_DIR / "elsewhere"
    answer = her.get(url_of("evidence", pk=version.evidence_id))
    assert answer.status_code == 200
    assert b"Zanzibar" not in answer.content
    assert her.get(url_of("captions", pk=captions.pk)).status_code == 404
