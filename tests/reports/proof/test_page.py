"""The public page: what it says, what it does not say, and what it leaves behind: nothing."""

import io
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from files.models import Blob
from files.previews.runner import Killed
from ledger.models import Entry
from reports.models import Report
from reports.proof import Answer, Outcome, receiving, throttle
from tests.reports.proof.conftest import CODE, Sealed
from tests.triggers import lifted

pytestmark = pytest.mark.django_db

ASK = reverse("proof:ask")


@pytest.fixture
def visitor() -> Client:
    return Client(enforce_csrf_checks=True)


class Folders:
    """Where something of an upload could be left."""

    def __init__(self, *places: Path) -> None:
        self.places = places

    def left(self) -> list[Path]:
        files = (file for place in self.places for file in place.rglob("*") if file.is_file())
        return [file for file in files if file.suffix != ".lock"]


@pytest.fixture(autouse=True)
def folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> Folders:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return Folders(folder, settings.DATA_DIR / "checks")


def sent(visitor: Client, content: bytes, **more: Any) -> Any:
    upload = SimpleUploadedFile("portfolio.pdf", content, "application/pdf")
    return visitor.post(ASK, {"file": upload}, **more)


def words(answer: Any) -> str:
    """What stands in the page's middle."""
    return " ".join(answer.content.decode().split("<main")[1].split("</main>")[0].split())


def people_of(report: Report) -> list[str]:
    portfolio = report.portfolio
    return [portfolio.learner.name, portfolio.learner.email, report.requested_by.name]


def test_a_genuine_file(visitor: Client, report: Report, sealed: Sealed, folders: Folders):
    answer = sent(visitor, sealed.path.read_bytes())
    assert answer.status_code == 200
    said = words(answer)
    assert "Genuine, and the latest" in said.split("What the answers mean")[0]
    assert report.portfolio.centre.name in said
    assert not any(name in said for name in people_of(report))
    assert folders.left() == []


def test_nothing_of_an_upload_is_kept(visitor: Client, report: Report, folders: Folders, settings):
    entries, blobs = Entry.objects.count(), Blob.objects.count()
    answer = sent(visitor, b"%PDF-1.7 somebody's letter")
    assert "Not one of our exports" in words(answer)
    assert (Entry.objects.count(), Blob.objects.count()) == (entries, blobs)
    assert folders.left() == []
    kept = [p for p in Path(settings.BLOB_DIR).rglob("*") if p.is_file()]
    assert not any(b"somebody's letter" in p.read_bytes() for p in kept)


def test_it_is_removed_also_when_the_check_breaks(visitor, report, folders, monkeypatch):
    seen: list[Path] = []

    def broken(place: Path) -> Answer:
        assert place.read_bytes() == b"%PDF-1.7"
        seen.append(place)
        raise RuntimeError

    monkeypatch.setattr("reports.proof.views.proof.check", broken)
    visitor.raise_request_exception = False
    assert sent(visitor, b"%PDF-1.7").status_code == 500
    assert len(seen) == 1
    assert folders.left() == []


def test_an_altered_file_learns_nothing_more(visitor: Client, report: Report, sealed: Sealed):
    said = words(sent(visitor, sealed.path.read_bytes() + b" "))
    assert "It carries our marks" in said
    for hidden in (report.portfolio.centre.name, *people_of(report)):
        assert hidden not in said


def test_it_lies_on_disk_and_under_no_name_of_the_visitors(visitor, report, folders, monkeypatch):
    seen: list[list[str]] = []

    def look(_place: Path) -> Answer:
        seen.append([file.name for file in folders.left()])
        return Answer(Outcome.NOT_OURS)

    monkeypatch.setattr("reports.proof.views.proof.check", look)
    for name in ("a." + "b" * 250, "../../a.pdf", "a.pdf\x00.exe", "é😀.PDF"):
        upload = SimpleUploadedFile("x", b"%PDF-1.7", "application/pdf")
        upload._name = name
        assert visitor.post(ASK, {"file": upload}).status_code == 200
    assert all(len(files) == 1 and files[0].startswith("file-") for files in seen)
    assert len(seen) == 4
    assert folders.left() == []


def test_what_a_killed_process_left_is_removed_by_a_later_one(visitor, settings, folders):
    old, new = (receiving.folder() / name for name in ("file-old", "file-new"))
    for place in (old, new):
        place.write_bytes(b"%PDF")
    os.utime(old, (1, 1))
    assert sent(visitor, b"%PDF-1.7").status_code == 200
    assert folders.left() == [new]


def test_an_upload_that_breaks_off_leaves_nothing(visitor, folders):
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF'

    class Broken(io.BytesIO):
        def read(self, *size: int) -> bytes:
            assert len(folders.left()) <= 1
            if piece := super().read(*size):
                return piece
            raise OSError("the visitor went away")

    visitor.raise_request_exception = False
    answer = visitor.generic(
        "POST",
        ASK,
        b"",
        content_type="multipart/form-data; boundary=b",
        **{"wsgi.input": Broken(head), "CONTENT_LENGTH": "100000"},
    )
    assert answer.status_code >= 400
    assert folders.left() == []


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"", "multipart/form-data; boundary=b", 422),
        (b"--b--\r\n", "multipart/form-data; boundary=b", 422),
        (b"%PDF-1.7", "multipart/form-data", 400),
        (b"%PDF-1.7", "application/pdf", 422),
        (b'{"file": 1}', "application/json", 422),
        (b"file=%PDF-1.7", "application/x-www-form-urlencoded", 422),
        (
            b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n%PDF\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
            422,
        ),
        (
            b'--b\r\nContent-Disposition: form-data; name="pdf"; filename="a.pdf"\r\n\r\n'
            b"%PDF\r\n--b--\r\n",
            "multipart/form-data; boundary=b",
            422,
        ),
    ],
)
def test_what_is_no_upload_is_told_so(visitor, folders, body, media_type, status):
    answer = visitor.generic("POST", ASK, body, content_type=media_type)
    assert answer.status_code == status
    if status == 422:
        assert "Choose the PDF" in words(answer)
    assert folders.left() == []


def test_a_length_that_is_a_lie_costs_nothing(visitor, folders):
    """Two gigabytes are announced, and four bytes come."""
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF'
    kind = "multipart/form-data; boundary=b"
    lie = {"wsgi.input": io.BytesIO(head), "CONTENT_LENGTH": str(2 << 30)}
    answer = visitor.generic("POST", ASK, b"", content_type=kind, **lie)
    assert answer.status_code in {200, 400, 422}
    assert folders.left() == []


def test_an_empty_file(visitor, folders):
    answer = sent(visitor, b"")
    assert answer.status_code == 422
    assert "This file is empty" in words(answer)
    assert folders.left() == []


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_other_methods(visitor, method):
    assert getattr(visitor, method)(ASK).status_code == 405


def test_head_is_a_page_without_its_words(visitor, report):
    answer = visitor.head(reverse("proof:verify", args=[CODE]))
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_file_that_could_not_be_read_to_its_end(visitor, report, monkeypatch):
    def stopped(_job: Any) -> Any:
        raise Killed("signal 9")
        yield

    monkeypatch.setattr("reports.proof.reading.told", stopped)
    said = words(sent(visitor, b"%PDF-1.7")).split("What the answers mean")[0]
    assert "We cannot vouch for this file" in said
    assert "could not read this file to its end" in said


def test_the_answer_stands_in_the_title_and_is_gone_to(visitor, report, sealed):
    answers = {
        "Genuine, and the latest": sent(visitor, sealed.path.read_bytes()),
        "Nothing was checked": visitor.post(ASK),
        "No export has this code": visitor.get(ASK, {"code": "x"}),
    }
    for title, answer in answers.items():
        page = answer.content.decode()
        assert f"<title>{title} · Is it genuine?" in " ".join(page.split())
        assert page.count("data-focus-me") == 1


def test_too_large(visitor: Client, folders: Folders, settings):
    settings.MAX_UPLOAD_BYTES = 100_000
    answer = sent(visitor, b"%PDF-" + b" " * 150_000)
    assert answer.status_code == 413
    assert "larger than any export" in words(answer)
    assert folders.left() == []


def test_much_too_large_is_not_read_to_its_end(visitor: Client, folders: Folders, settings):
    settings.MAX_UPLOAD_BYTES = 100_000
    assert sent(visitor, b"%PDF-" + b" " * 900_000).status_code == 413
    assert folders.left() == []


def test_much_in_other_fields_is_not_read_to_its_end_either(visitor, report, folders, settings):
    settings.MAX_UPLOAD_BYTES = 100_000
    others = {f"more{n}": SimpleUploadedFile("a", b" " * 90_000) for n in range(9)}
    first = SimpleUploadedFile("a.pdf", b"%PDF")
    answer = visitor.post(ASK, {"file": first, **others})
    assert answer.status_code == 413
    answer.close()
    assert folders.left() == []


def test_no_file(visitor: Client):
    answer = visitor.post(ASK)
    assert answer.status_code == 422
    assert "Choose the PDF" in words(answer)


def test_a_second_file_and_other_fields_go_nowhere(visitor: Client, report, sealed, folders):
    first = SimpleUploadedFile("a.pdf", sealed.path.read_bytes())
    others = {"file": [first, SimpleUploadedFile("b.pdf", b"%PDF")]}
    others["more"] = SimpleUploadedFile("c.pdf", b"%PDF")
    answer = visitor.post(ASK, others)
    assert "Genuine, and the latest" in words(answer).split("What the answers mean")[0]
    assert folders.left() == []


def test_no_more_than_a_few_are_read_at_once(visitor: Client):
    with throttle.turn() as one, throttle.turn() as two:
        assert one
        assert two
        answer = sent(visitor, b"%PDF-1.7")
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
    assert sent(visitor, b"%PDF-1.7").status_code == 200


# By its code


@pytest.mark.parametrize("typed", [CODE, CODE.lower(), f"{CODE[:5]} {CODE[5:]}", f" {CODE}"])
def test_a_code_as_people_type_it(visitor: Client, report: Report, typed: str):
    for answer in (
        visitor.get(ASK, {"code": typed}),
        visitor.get(reverse("proof:verify", args=[typed])),
    ):
        said = words(answer)
        assert "An export with this code was made" in said
        assert "3</dd>" in said
        for hidden in (report.portfolio.centre.name, *people_of(report)):
            assert hidden not in said


def test_a_code_tells_of_newer_and_withdrawn_ones(visitor: Client, report: Report):
    Report.objects.filter(pk=report.pk).update(withdrawn_at=timezone.now())
    said = words(visitor.get(reverse("proof:verify", args=[CODE])))
    assert "The centre has taken it back" in said
    assert "Withdrawn</dt>" in said


def test_unknown_unfinished_and_nonsense_are_answered_alike(visitor: Client, report: Report):
    waiting = Report.objects.create(portfolio=report.portfolio, requested_by=report.requested_by)
    answers = []
    for typed in ("2345678999", waiting.code, "nonsense", "X" * 300):
        answer = visitor.get(reverse("proof:verify", args=[typed]))
        answers.append((answer.status_code, words(answer).replace(typed, "CODE")))
    assert len(set(answers)) == 1
    assert answers[0][0] == 200


def test_a_broken_record_is_admitted(visitor: Client, report: Report):
    with lifted("ledger_entry"):
        Entry.objects.filter(verb="report_requested").update(verb="report_dreamt")
    assert "cannot vouch for this code" in words(visitor.get(reverse("proof:verify", args=[CODE])))


# How often


def test_one_place_may_not_ask_without_end(visitor: Client, report: Report, monkeypatch):
    monkeypatch.setattr(throttle, "QUESTIONS", 3)
    address = reverse("proof:verify", args=["2345678999"])
    assert [visitor.get(address).status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    assert sent(visitor, b"%PDF-1.7").status_code == 429
    assert visitor.get(ASK).status_code == 200  # the page itself may be read
    assert visitor.get(address, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_places_are_told_apart_behind_a_proxy(visitor: Client, monkeypatch, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    monkeypatch.setattr(throttle, "QUESTIONS", 1)
    address = reverse("proof:verify", args=["2345678999"])
    for client in ("192.0.2.1", "192.0.2.2"):
        assert visitor.get(address, HTTP_X_FORWARDED_FOR=client).status_code == 200
    assert visitor.get(address, HTTP_X_FORWARDED_FOR="192.0.2.1").status_code == 429


def test_it_is_nothing_for_search_engines_or_caches(visitor: Client):
    answer = visitor.get(ASK)
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "no-store" in answer.headers["Cache-Control"]
