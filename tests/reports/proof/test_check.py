"""Which answer a file gets."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Centre
from ledger.models import Entry
from reports import signing
from reports.models import Report
from reports.proof import Answer, Outcome, check
from reports.proof.judging import judge
from reports.proof.recorded import Database
from tests.factories import Cast, make_portfolio
from tests.reports.proof.conftest import (
    CODE,
    PAGES,
    Here,
    Sealed,
    centre_called,
    finished,
    note,
    write_export,
)
from tests.triggers import lifted

pytestmark = pytest.mark.django_db


def answer(place: Path) -> Answer:
    return judge(place, register=Database(), reader=Here())


def later(report: Report, sealed: Sealed, tmp_path: Path, **more: Any) -> Report:
    place = tmp_path / "later.pdf"
    place.write_bytes(sealed.path.read_bytes() + b"\n%later")
    at = report.finished_at + timedelta(days=more.pop("days", 1))
    return finished(report.portfolio, place, by=report.requested_by, at=at, **more)


def test_the_very_bytes_of_the_latest_export(report: Report, sealed: Sealed, cast: Cast):
    found = check(sealed.path)  # in a process of its own, as the page does
    assert (found.outcome, found.pages, found.centre) == (Outcome.LATEST, PAGES, cast.centre.name)
    assert found.made_at == Entry.objects.get(verb="report_made").at
    assert found.is_signed
    assert found.is_genuine


def test_the_centre_is_named_as_in_the_file(report: Report, sealed: Sealed, cast: Cast):
    before = cast.centre.name
    Centre.objects.filter(pk=cast.centre.pk).update(name="Riverside Academy")
    assert answer(sealed.path).centre == before


def test_where_the_ledger_names_no_centre_nobody_does(portfolio, sealed: Sealed, cast: Cast):
    given = {"certificate": sealed.certificate, "code": CODE, "by": cast.admin}
    finished(portfolio, sealed.path, names_centre=False, **given)
    found = answer(sealed.path)
    assert (found.outcome, found.centre) == (Outcome.LATEST, "")


def test_a_newer_export_of_the_same_takes_its_place(report, sealed, tmp_path):
    newer = later(report, sealed, tmp_path)
    assert report.newer() == newer
    assert newer.newer() is None
    assert answer(sealed.path).outcome == Outcome.NEWER


@pytest.mark.parametrize(
    "more",
    [
        {"choices": {"scope": "summary"}},
        {"choices": {"scope": "units", "units": [1]}},
        {"choices": {"feedback": False}},
        {"choices": {"unredacted": "The appeal board asked."}},
        {"choices": {"language": "cy"}},
        {"days": -1},
    ],
)
def test_an_export_of_something_else_or_an_older_one_does_not(report, sealed, tmp_path, more):
    later(report, sealed, tmp_path, **more)
    assert answer(sealed.path).outcome == Outcome.LATEST


def test_neither_does_another_learners(report, sealed, tmp_path, cast):
    other = make_portfolio(cast.centre, cast.second_learner)
    place = tmp_path / "other.pdf"
    place.write_bytes(b"%PDF-1.7 another")
    finished(other, place, by=cast.admin, at=timezone.now() + timedelta(days=1))
    assert report.newer() is None


def test_a_newer_one_that_was_withdrawn_does_not_count(report, sealed, tmp_path):
    newer = later(report, sealed, tmp_path)
    Report.objects.filter(pk=newer.pk).update(withdrawn_at=timezone.now())
    assert answer(sealed.path).outcome == Outcome.LATEST


def test_a_withdrawn_one_says_when(report, sealed):
    note(report.portfolio, "report_withdrawn", report)
    Report.objects.filter(pk=report.pk).update(withdrawn_at=timezone.now())
    found = answer(sealed.path)
    assert found.outcome == Outcome.WITHDRAWN
    assert found.withdrawn_at == Entry.objects.get(verb="report_withdrawn").at


def test_a_withdrawal_cannot_be_taken_out_of_the_row(report, sealed):
    note(report.portfolio, "report_withdrawn", report)
    assert answer(sealed.path).outcome == Outcome.WITHDRAWN


def test_what_was_never_finished_is_none_of_ours(report, sealed):
    Report.objects.filter(pk=report.pk).update(status="failed")
    assert answer(sealed.path).outcome == Outcome.NOT_OURS


def test_a_pdf_from_elsewhere_is_none_of_ours(report, tmp_path):
    place = tmp_path / "theirs.pdf"
    write_export(place, "AAAAAAAAAA")
    found = check(place)
    assert found == Answer(Outcome.NOT_OURS)


def test_another_centres_certificate_is_none_of_ours_either(report, sealed, tmp_path, settings):
    settings.KEYS_DIR = sealed.keys
    plain, place = tmp_path / "theirs.pdf", tmp_path / "signed.pdf"
    write_export(plain, "AAAAAAAAAA")
    signing.sign(pdf=plain, centre=centre_called("southbank-training"), target=place)
    assert answer(place).outcome == Outcome.NOT_OURS


def test_something_else_under_our_certificate_was_altered(report, sealed, tmp_path, settings):
    settings.KEYS_DIR = sealed.keys
    plain, place = tmp_path / "theirs.pdf", tmp_path / "signed.pdf"
    write_export(plain, "AAAAAAAAAA")
    signing.sign(pdf=plain, centre=centre_called("northgate-college"), target=place)
    assert answer(place) == Answer(Outcome.ALTERED)


def test_an_export_without_a_certificate_is_genuine_and_says_so(portfolio, tmp_path, cast):
    place = tmp_path / "plain.pdf"
    write_export(place, "PLNPLN2345")
    finished(portfolio, place, code="PLNPLN2345", by=cast.admin)
    found = answer(place)
    assert (found.outcome, found.is_signed) == (Outcome.LATEST, False)


# Where our own record does not hold, nothing is called genuine on its word.


def test_a_changed_ledger_vouches_for_nothing(report, sealed):
    entry = Entry.objects.get(verb="report_requested")
    with lifted("ledger_entry"):
        Entry.objects.filter(pk=entry.pk).update(verb="report_dreamt")
    assert answer(sealed.path) == Answer(Outcome.UNSURE)


def test_a_row_without_its_ledger_entry_vouches_for_nothing(report, sealed):
    with lifted("ledger_entry"):
        Entry.objects.filter(verb="report_made").delete()
    assert answer(sealed.path) == Answer(Outcome.UNSURE)


def test_a_row_that_was_pointed_at_other_bytes_vouches_for_nothing(report, tmp_path, cast):
    place = tmp_path / "forged.pdf"
    write_export(place, "FRGFRG2345")
    other = make_portfolio(cast.centre, cast.second_learner)
    forged = finished(other, place, by=cast.admin)
    Report.objects.filter(pk=report.pk).update(blob=forged.blob)
    Report.objects.filter(pk=forged.pk).update(status="failed")
    assert answer(place) == Answer(Outcome.UNSURE)


def test_a_row_that_names_another_certificate_vouches_for_nothing(report, sealed):
    Report.objects.filter(pk=report.pk).update(certificate="")
    assert answer(sealed.path) == Answer(Outcome.UNSURE)


def test_a_signature_that_does_not_hold_is_not_made_good_by_the_hash(
    portfolio, sealed, tmp_path, cast
):
    place = tmp_path / "added.pdf"
    place.write_bytes(sealed.path.read_bytes() + b"\n% more\n")
    finished(portfolio, place, certificate=sealed.certificate, by=cast.admin)
    assert answer(place) == Answer(Outcome.UNSURE)


def test_a_certificate_that_expired_since_still_vouches_for_its_day(report, sealed):
    """What counts is the day on which it signed, as the ledger has it."""
    told: list[Any] = []

    class Noting(Here):
        def signature(self, place: Path, *, moment: Any) -> Any:
            told.append(moment)
            past = super().signature(place, moment=moment + timedelta(days=400))
            assert past is not None
            assert not past["holds"]  # this is what expiry looks like
            return super().signature(place, moment=moment)

    found = judge(sealed.path, register=Database(), reader=Noting())
    assert found.outcome == Outcome.LATEST
    assert told == [found.made_at]
