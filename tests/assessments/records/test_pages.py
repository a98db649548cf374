"""The pages of records: who is led where, what is refused and how, and how many queries."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from assessments import actions
from assessments.models import Record, Submission
from portfolio.models import Claim
from tests.assessments.conftest import Unit, count_queries
from tests.assessments.records.conftest import Recording
from tests.factories import make_cast, uploaded

Sign = Callable[[User], Client]
Url = Callable[..., str]

LIST_QUERIES = 12
BANK_QUERIES = 12

WRITTEN = {
    "title": "Call with a customer",
    "gathered_on": "2026-10-01",
    "account": "She rang back.",
    "personal_data": "none",
}


@pytest.fixture
def hers(unit: Unit, signed_in: Sign) -> Client:
    """The learner's browser."""
    return signed_in(unit.cast.learner)


def page(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def portfolio_url(unit: Unit, name: str, **kwargs: Any) -> str:
    return reverse(f"portfolio:{name}", kwargs={"centre": unit.cast.centre.slug, **kwargs})


def test_an_observation_from_the_plan_to_the_queue(
    unit: Unit, theirs: Client, hers: Client, url_of: Url
) -> None:
    new = url_of("record_new", pk=unit.enrolment.pk)
    assert "Observation" in page(theirs.get(new))
    p1 = unit.enrolment.edition.criteria.get(code="P1")
    plan = {
        "kind": "observation",
        "planned_for": "2026-10-01T10:00",
        "place": "The shop",
        "plan_note": "A call.",
        "criteria": p1.pk,
    }
    answer = theirs.post(new, plan)
    record = Record.objects.get()
    assert answer.url == url_of("record", pk=record.pk)
    assert "The shop" in page(hers.get(answer.url))

    answer = theirs.post(url_of("record_begin", pk=record.pk))
    assert answer.url == url_of("record_make", pk=record.pk)
    answer = theirs.post(answer.url, WRITTEN | {"files": uploaded()})
    record.refresh_from_db()
    assert answer.url.endswith(f"/claims/?tick={p1.pk}")
    assert "checked" in page(theirs.get(answer.url))
    answer = theirs.post(answer.url, {"criterion": p1.pk, f"place-{p1.pk}": "the photo"})
    assert theirs.get(answer.url).url == url_of("record", pk=record.pk)
    assert record.evidence.versions.get().files.count() == 1
    hidden = page(hers.get(url_of("record", pk=record.pk)))
    assert "She rang back" not in hidden

    theirs.post(url_of("record_share", pk=record.pk))
    home = page(hers.get(portfolio_url(unit, "home")))
    assert "Your assessor wrote a record: read it" in home
    shown = hers.get(url_of("record", pk=record.pk))
    assert "She rang back" in page(shown)
    shared = re.search(r'name="shared" value="([^"]+)"', shown.content.decode())
    assert shared
    sent = {"shared": shared[1], "declared": "on"}
    answer = hers.post(url_of("record_confirm", pk=record.pk), sent)
    assert answer.status_code == 302
    submission = Submission.objects.get()
    assert page(theirs.get(url_of("queue"))).count("Call with a customer") >= 1
    marking = page(theirs.get(url_of("submission", pk=submission.pk)))
    assert "Confirmed by the learner" in marking
    evidence = hers.get(portfolio_url(unit, "evidence", pk=record.evidence.pk))
    assert evidence.status_code == 200
    assert "Made by" in page(evidence)


def test_an_old_tab_confirms_nothing(recording: Recording, hers: Client, url_of: Url) -> None:
    record = recording.shared()
    sent = {"shared": "2020-01-01T10:00:00+00:00", "declared": "on"}
    assert hers.post(url_of("record_confirm", pk=record.pk), sent).status_code == 409
    assert hers.post(url_of("record_confirm", pk=record.pk), {"declared": "on"}).status_code == 409
    assert not Submission.objects.exists()


@pytest.mark.parametrize("shared", ["", "x", "2026-99-99T99:99:99Z", "\x00", "9" * 500])
def test_an_unreadable_moment_is_no_error_of_ours(
    recording: Recording, hers: Client, url_of: Url, shared: str
) -> None:
    record = recording.shared()
    sent = {"shared": shared, "declared": "on"}
    assert hers.post(url_of("record_confirm", pk=record.pk), sent).status_code == 409


def test_without_the_tick_the_page_says_so(recording: Recording, hers: Client, url_of: Url) -> None:
    record = recording.shared()
    sent = {"shared": record.shared_at.isoformat()}
    answer = hers.post(url_of("record_confirm", pk=record.pk), sent)
    assert answer.status_code == 422
    assert "Tick the box" in page(answer)


def test_she_sees_it_differently(
    recording: Recording, hers: Client, theirs: Client, url_of: Url
) -> None:
    record = recording.shared()
    address = url_of("record_question", pk=record.pk)
    assert hers.post(address, {"words": " "}).status_code == 422
    assert hers.post(address, {"words": "It was two hours."}).status_code == 302
    assert "It was two hours." in page(theirs.get(url_of("record", pk=record.pk)))
    assert "She rang back" not in page(hers.get(url_of("record", pk=record.pk)))
    assert "sees it differently" in page(theirs.get(url_of("queue")))


def test_what_is_lacking_is_said_on_the_page(
    recording: Recording, theirs: Client, url_of: Url
) -> None:
    record = recording.begun()
    assert "Write what happened" in page(theirs.get(url_of("record", pk=record.pk)))
    answer = theirs.post(url_of("record_share", pk=record.pk))
    assert answer.status_code == 422
    assert "There is a problem" in page(answer)


def test_a_bad_form_keeps_what_was_written(
    recording: Recording, theirs: Client, url_of: Url
) -> None:
    record = recording.begun()
    address = url_of("record_make", pk=record.pk)
    answer = theirs.post(address, WRITTEN | {"gathered_on": "2999-01-01"})
    assert answer.status_code == 422
    assert "She rang back." in page(answer)
    assert record.evidence.versions.get().account == ""


def test_an_unknown_kind_is_asked_again(unit: Unit, theirs: Client, url_of: Url) -> None:
    answer = theirs.post(url_of("record_new", pk=unit.enrolment.pk), {"kind": "seance"})
    assert answer.status_code == 422
    assert not Record.objects.exists()


def test_the_learners_evidence_pages_keep_an_unshared_draft_away(
    unit: Unit, recording: Recording, hers: Client
) -> None:
    record = recording.made()
    pk = record.evidence.pk
    for name in ("evidence", "evidence_edit", "claims", "people"):
        assert hers.get(portfolio_url(unit, name, pk=pk)).status_code == 404
    assert "Call with" not in page(hers.get(portfolio_url(unit, "evidence_list")))
    assert "Call with" not in page(hers.get(portfolio_url(unit, "home")))
    actions.share_record(record=record, by=recording.by)
    assert "Call with" in page(hers.get(portfolio_url(unit, "evidence_list")))
    assert hers.get(portfolio_url(unit, "evidence", pk=pk)).status_code == 302
    assert hers.get(portfolio_url(unit, "evidence_edit", pk=pk)).status_code == 302
    assert hers.post(portfolio_url(unit, "claims", pk=pk)).status_code == 403
    assert hers.get(portfolio_url(unit, "people", pk=pk)).status_code == 403
    draft = {"version": record.evidence.versions.get().pk}
    assert hers.post(portfolio_url(unit, "withdraw_draft", pk=pk), draft).status_code == 403


def test_a_colleague_reads_and_does_not_write(
    unit: Unit, recording: Recording, signed_in: Sign, url_of: Url
) -> None:
    record = recording.made()
    client = signed_in(unit.cast.trainee)
    shown = page(client.get(url_of("record", pk=record.pk)))
    assert "She rang back" in shown
    assert "Share it" not in shown
    assert client.get(url_of("record_make", pk=record.pk)).status_code == 403
    assert client.post(url_of("record_share", pk=record.pk)).status_code == 403
    claims = portfolio_url(unit, "claims", pk=record.evidence.pk)
    assert client.post(claims).status_code == 403
    assert Claim.objects.count() == 1


def test_a_returned_record_can_be_made_anew(
    unit: Unit, recording: Recording, theirs: Client, hers: Client, url_of: Url
) -> None:
    record = recording.shared()
    (submission,) = recording.confirm(record)
    unit.judge(submission, P1="More.")
    actions.return_(submission=submission, feedback="More.", by=unit.cast.assessor)
    address = url_of("record", pk=record.pk)
    assert "Begin a new version" in page(theirs.get(address))
    again = portfolio_url(unit, "new_version", pk=record.evidence.pk)
    assert again not in page(hers.get(portfolio_url(unit, "evidence", pk=record.evidence.pk)))
    assert theirs.post(again).status_code == 409  # not past the record
    assert theirs.post(url_of("record_amend", pk=record.pk)).status_code == 302
    assert record.evidence.versions.count() == 2


@pytest.mark.parametrize("many", [1, 8])
def test_the_list_of_records_never_takes_more_queries(
    unit: Unit, recording: Recording, theirs: Client, url_of: Url, many: int
) -> None:
    for _each in range(many):
        recording.made()
    assert count_queries(theirs, url_of("records", pk=unit.enrolment.pk)) <= LIST_QUERIES


@pytest.mark.parametrize("many", [1, 8])
def test_the_bank_never_takes_more_queries(
    recording: Recording, theirs: Client, url_of: Url, many: int
) -> None:
    for number in range(many):
        recording.question(f"Why {number}?")
    assert count_queries(theirs, url_of("questions")) <= BANK_QUERIES


@pytest.mark.parametrize("many", [1, 3])
def test_records_cost_the_queue_and_the_home_page_one_query(
    unit: Unit, recording: Recording, theirs: Client, hers: Client, url_of: Url, many: int
) -> None:
    home = portfolio_url(unit, "home")
    before = count_queries(theirs, url_of("queue")), count_queries(hers, home)
    for _each in range(many):
        recording.planned()
    assert count_queries(theirs, url_of("queue")) == before[0]
    assert count_queries(hers, home) == before[1]


def test_another_centres_people_find_nothing(recording: Recording, signed_in: Sign) -> None:
    record, theirs = recording.shared(), make_cast("Southgate College")
    for person in theirs.people().values():
        kwargs = {"centre": theirs.centre.slug, "pk": record.pk}
        answer = signed_in(person).get(reverse("assessments:record", kwargs=kwargs))
        assert answer.status_code == 404
