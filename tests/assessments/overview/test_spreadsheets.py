"""Progress, judgements, caseload and audit as files of the whole centre, or of a part of it."""

import csv
import io
import json
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from assessments import actions
from assessments.models import Judgement
from assessments.overview.permissions import can_see_overview, can_take_spreadsheets
from assessments.sheets import SHEETS, audit
from ledger.models import Entry, Stream
from tests.assessments.overview.conftest import Small, learner_on
from tests.triggers import lifted

FIVE = ("Valid", "Authentic", "Reliable", "Current", "Sufficient")


@pytest.fixture
def admin(small: Small, signed_in) -> Client:
    return signed_in(small.cast.admin)


def sheet(client: Client, url_of, name: str, **query: str) -> list[dict[str, str]]:
    answer = client.get(url_of("spreadsheet", sheet=name), query)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body, newline="")))


def test_who_may_take_them(cast, outsiders):
    may = {name for name in vars(cast) if name not in {"centre"}}
    taken = {name for name in may if can_take_spreadsheets(getattr(cast, name), cast.centre)}
    assert taken == {"admin", "iqa"}
    assert not can_take_spreadsheets(outsiders.admin, cast.centre)
    assert can_see_overview(cast.iqa, cast.centre)


def test_the_page_offers_each_as_it_is_narrowed(small: Small, admin, url_of):
    page = admin.get(url_of("spreadsheets"), {"cohort": "Autumn", "weeks": "4"})
    body = page.content.decode()
    for name in SHEETS:
        address = url_of("spreadsheet", sheet=name)
        for kind in ("csv", "xlsx"):
            assert f"{address}?cohort=Autumn&amp;weeks=4&amp;as={kind}" in body


def test_whoever_may_take_them_finds_them_beside_the_exports(cast, signed_in):
    way = f'href="/c/{cast.centre.slug}/overview/spreadsheets/"'
    for who in (cast.admin, cast.iqa, cast.data_lead):
        page = signed_in(who).get(f"/c/{cast.centre.slug}/exports/")
        assert page.status_code == 200
        assert (way in page.content.decode()) is can_take_spreadsheets(who, cast.centre)


def test_progress(small: Small, admin, url_of):
    rows = sheet(admin, url_of, "progress")
    found = {
        row["Learner"]: (row["State"], row["Met"], row["Criteria"], row["Cohort"]) for row in rows
    }
    assert found == {
        "Amira Khan": ("Waiting", "1", "3", "Autumn"),
        "Lena Frost": ("Stuck", "0", "3", "Autumn"),
        "Omar Dean": ("Ready to sign off", "3", "3", "Spring"),
    }
    assert {row["Assessors"] for row in rows} == {"Ben Osei", "Grace Lund"}
    (omar,) = sheet(admin, url_of, "progress", learner="omar")
    assert omar["Signed off by"] == ""


def test_progress_says_who_signed_off(small: Small, admin, url_of):
    omar = small.omar
    actions.sign_off(
        enrolment=omar.enrolment,
        credits=omar.credits(omar.enrolment.submissions.get().version),
        personal_data_checked=True,
        by=small.cast.other_assessor,
    )
    (omar,) = sheet(admin, url_of, "progress", cohort="Spring")
    assert (omar["State"], omar["Signed off by"]) == ("Signed off", "Grace Lund")
    assert omar["Signed off at"].startswith(str(timezone.localdate()))


def test_judgements_and_what_was_taken_back(small: Small, admin, url_of):
    rows = sheet(admin, url_of, "judgements")
    assert len(rows) == 5
    assert {(row["Learner"], row["Decision"], row["Stands?"]) for row in rows} == {
        ("Amira Khan", "Met", "Stands"),
        ("Lena Frost", "Not yet", "Stands"),
        ("Omar Dean", "Met", "Stands"),
    }
    sent_back = small.lena.enrolment.submissions.get()
    actions.withdraw(submission=sent_back, reason="The wrong unit.", by=small.cast.iqa)
    (lena,) = sheet(admin, url_of, "judgements", learner="lena")
    assert (lena["Decision"], lena["Stands?"]) == ("Not yet", "Withdrawn")
    assert lena["Taken back by"] == small.cast.iqa.name
    assert lena["Taken back"].startswith(str(timezone.localdate()))
    assert lena["Decided by"] == "Ben Osei"
    assert {lena[each] for each in FIVE} <= {"Yes", "No"}


def test_a_draft_is_no_judgement_yet(small: Small, admin, url_of):
    waiting = small.unit.enrolment.submissions.get(decided_at=None)
    small.unit.judge(waiting, P2="Clear")
    assert len(sheet(admin, url_of, "judgements", learner="amira")) == 1


def test_judgements_from_a_day_on(small: Small, admin, url_of):
    lenas = Judgement.objects.filter(submission__enrolment=small.lena.enrolment)
    with lifted("assessments_judgement"):
        lenas.update(decided_at=timezone.now() - timedelta(days=44))
    recent = sheet(admin, url_of, "judgements", weeks="4")
    assert {row["Learner"] for row in recent} == {"Amira Khan", "Omar Dean"}
    assert len(sheet(admin, url_of, "judgements", weeks="nonsense")) == 5


def test_caseload(small: Small, admin, url_of):
    rows = sheet(admin, url_of, "caseload")
    urn = small.unit.enrolment.edition.standard.urn
    (unit,) = (name for name in rows[0] if name.startswith(urn))
    assert {row["Learner"]: row[unit] for row in rows} == {
        "Amira Khan": "Waiting, 1 of 3 met",
        "Lena Frost": "Stuck, 0 of 3 met",
        "Omar Dean": "Ready to sign off, 3 of 3 met",
    }


def test_audit_is_the_chain_without_a_gap(small: Small, admin, url_of):
    rows = sheet(admin, url_of, "audit", learner="lena")
    stream = Stream.objects.get(name=small.lena.portfolio.stream)
    assert [int(row["Entry"]) for row in rows] == list(range(1, stream.length + 1))
    assert rows[-1]["Hash"] == stream.head
    assert [row["Hash of the entry before"] for row in rows[1:]] == [
        row["Hash"] for row in rows[:-1]
    ]
    assert {row["Learner"] for row in rows} == {"Lena Frost"}
    drafts = [row for row in rows if row["What, as recorded"] == "claim_judged"]
    assert drafts
    assert {row["Facts"] for row in drafts} == {"A draft; not shown"}
    sent = next(row for row in rows if row["What, as recorded"] == "submission_returned")
    assert json.loads(sent["Facts"])["frozen_sha256"]
    assert "Say when." not in str(rows)  # sealed words are in no file


def test_an_entry_can_be_checked_from_the_file_alone(small: Small, admin, url_of):
    rows = sheet(admin, url_of, "audit", learner="omar")
    row = next(each for each in rows if each["What, as recorded"] == "submission_accepted")
    again = Entry(
        stream_id=row["Record"],
        sequence=int(row["Entry"]),
        at=datetime.fromisoformat(row["When exactly, UTC"]),
        actor_id=int(row["Who, as a number"]),
        verb=row["What, as recorded"],
        subject=row["Of what"],
        facts=json.loads(row["Facts"]),
        previous_hash=row["Hash of the entry before"],
    )
    assert again.expected_hash() == row["Hash"]


def test_the_whole_centres_audit_has_its_own_record_too(small: Small, admin, url_of):
    Stream.objects.get_or_create(name=f"centre:{small.cast.centre.pk}")
    whole = Entry.objects.filter(stream__name__startswith="portfolio:").count()
    own = Entry.objects.filter(stream=f"centre:{small.cast.centre.pk}").count()
    assert len(sheet(admin, url_of, "audit")) == whole + own


def test_nothing_of_another_centre(small: Small, outsiders, signed_in):
    client = signed_in(outsiders.admin)
    for name in SHEETS:
        answer = client.get(f"/c/{outsiders.centre.slug}/overview/spreadsheets/{name}/")
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        assert len(text.splitlines()) == 1  # the head


def test_a_workbook_has_the_same_rows_and_real_dates(small: Small, admin, url_of):
    for name in SHEETS:
        rows = sheet(admin, url_of, name)
        answer = admin.get(url_of("spreadsheet", sheet=name), {"as": "xlsx"})
        book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
        values = list(book.active.iter_rows(values_only=True))
        assert list(values[0]) == list(rows[0])
        assert len(values) == len(rows) + 1
        has_dates = any(isinstance(cell, datetime) for row in values for cell in row)
        assert has_dates is (name != "caseload")


def statements(client: Client, url_of, name: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert sheet(client, url_of, name)
    return len(captured)


def test_a_long_one_takes_as_many_statements_as_a_short_one(small: Small, admin, url_of):
    sheet(admin, url_of, "progress")
    few = {name: statements(admin, url_of, name) for name in SHEETS}
    for number in range(4):
        assessor = small.cast.assessor
        more = learner_on(small.unit, f"L{number}", cohort="C", assessor=assessor, days=3)
        more.accepted("P1")
    assert {name: statements(admin, url_of, name) for name in SHEETS} == few
    assert max(few.values()) <= 15


def test_a_name_that_is_none_of_them_is_not_found(small: Small, admin, url_of):
    assert admin.get(url_of("spreadsheet", sheet="salaries")).status_code == 404


def test_rows_are_named_some_at_a_time(small: Small, monkeypatch):
    """Nothing is read before the file takes it, and never more than one lot."""
    monkeypatch.setattr(audit, "AT_ONCE", 2)
    read = []

    def entries():
        for entry in Entry.objects.order_by("pk")[:5]:
            read.append(entry.pk)
            yield entry

    lines = audit._named(entries())
    assert read == []
    next(lines)
    assert len(read) == 2
