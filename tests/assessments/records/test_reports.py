"""What a portfolio's PDF says of assessors' own records."""

import datetime
from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments import actions
from assessments.models import Record
from portfolio.actions import hide_in_account
from portfolio.models import Anchor
from reports.gather import gather
from tests.assessments.conftest import Unit
from tests.assessments.records.conftest import Recording
from tests.factories import make_claims

SEEN = datetime.date(2026, 10, 2)


def test_each_record_is_printed_as_the_form_that_people_know(
    unit: Unit, recording: Recording
) -> None:
    recording.confirm(recording.shared("in_situ", location="The till", seen_in_situ_on=SEEN))
    recording.answer(recording.asked())
    recording.confirm(recording.shared("prior_learning", learned_on=SEEN, currency="Done weekly."))
    recording.made()  # not handed in
    printed = [item.record for item in gather(unit.portfolio.pk).evidence]
    assert [each.form for each in printed if each] == [
        "Record of a product seen in situ",
        "Questions and answers, written",
        "Recognition of prior learning",
    ]
    situ, written, prior = printed
    assert situ
    assert (situ.location, situ.seen_in_situ_on) == ("The till", SEEN)
    assert situ.assessor == unit.cast.assessor.name
    assert situ.confirmed_at
    assert "read this record" in situ.declaration
    assert written
    assert written.questions == 1
    assert prior
    assert prior.currency == "Done weekly."


def test_the_expected_answer_is_not_printed(unit: Unit, recording: Recording) -> None:
    recording.answer(recording.asked(), "Dunno.")
    portfolio = gather(unit.portfolio.pk)
    assert "keep the promise" not in repr(portfolio.evidence)


def test_records_do_not_add_queries(unit: Unit, recording: Recording) -> None:
    def counted() -> int:
        with CaptureQueriesContext(connection) as queries:
            gather(unit.portfolio.pk)
        return len(queries)

    recording.confirm(recording.shared())
    before = counted()
    recording.confirm(recording.shared())
    recording.answer(recording.asked())
    assert counted() == before


def test_what_was_hidden_is_hidden_in_the_records_own_words(
    unit: Unit, recording: Recording
) -> None:
    place = {"location": "The till of Mrs Bellamy", "seen_in_situ_on": SEEN}
    record = recording.shared("in_situ", account="Mrs Bellamy showed it.", **place)
    (submission,) = recording.confirm(record)
    version = submission.version
    version.refresh_from_db()
    hide_in_account(version=version, marks=[{"start": 4, "end": 11}], by=unit.cast.assessor)
    (item,) = gather(unit.portfolio.pk).evidence
    assert item.record
    assert item.record.location.startswith("The till of Mrs")
    assert "Bellamy" not in repr(item)


def test_what_was_hidden_is_hidden_on_the_records_pages(
    unit: Unit, recording: Recording, theirs: Client, url_of: Callable[..., str]
) -> None:
    record = recording.begun()
    Record.objects.filter(pk=record.pk).update(place="Bellamy and Sons")
    record.refresh_from_db()
    version = recording.save(record, account="Mrs Bellamy showed it.")
    make_claims(version, unit.enrolment, "P1")
    recording.confirm(actions.share_record(record=record, by=recording.by))
    version.refresh_from_db()
    hide_in_account(version=version, marks=[{"start": 4, "end": 11}], by=unit.cast.assessor)
    for address in (url_of("record", pk=record.pk), url_of("records", pk=unit.enrolment.pk)):
        page = theirs.get(address).content.decode()
        assert "and Sons" in page
        assert "Bellamy" not in page


def test_answers_sent_anew_do_not_bring_back_what_was_hidden(
    unit: Unit, recording: Recording
) -> None:
    record = recording.asked()
    (submission,) = recording.answer(record, "Mrs Bellamy asked for it.")
    version = submission.version
    version.refresh_from_db()
    start = version.account.index("Bellamy")
    marks = [{"start": start, "end": start + len("Bellamy")}]
    hide_in_account(version=version, marks=marks, by=unit.cast.assessor)
    unit.judge(submission, K1="Say more.")
    actions.return_(submission=submission, feedback="More.", by=unit.cast.assessor)
    record = Record.objects.get(pk=record.pk)
    actions.amend_record(record=record, by=recording.by)
    actions.share_record(record=record, by=recording.by)
    (again,) = recording.confirm(record)
    again.version.refresh_from_db()
    assert again.version.number == 2
    assert "asked for it" in again.version.account
    assert "Bellamy" not in again.version.account
    assert "Bellamy" not in str(list(Anchor.objects.values()))
