"""Asking for exports, trying again, taking a copy: who may, when, and what the ledger says."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from files.actions import keep_bytes
from ledger.models import Entry
from ledger.transitions import TransitionRefused
from portfolio.models import Portfolio
from reports import actions
from reports.models import Report
from tests.factories import Cast, make_portfolio
from tests.reports.builders import Story

NOT_ADMINS = ["learner", "second_learner", "assessor", "other_assessor", "trainee", "iqa"]


@pytest.fixture
def portfolio(cast: Cast) -> Portfolio:
    return make_portfolio(cast.centre, cast.learner, cohort="Autumn 2026")


def verbs(portfolio: Portfolio) -> list[str]:
    return list(Entry.objects.filter(stream=portfolio.stream).values_list("verb", flat=True))


def failed(portfolio: Portfolio, cast: Cast, **fields) -> Report:
    return Report.objects.create(
        portfolio=portfolio, requested_by=cast.admin, status="failed", error="No room.", **fields
    )


def done(portfolio: Portfolio, cast: Cast) -> Report:
    return Report.objects.create(
        portfolio=portfolio,
        requested_by=cast.admin,
        status="done",
        blob=keep_bytes(chunks=[b"%PDF-"], media_type="application/pdf"),
        pages=1,
        finished_at=timezone.now(),
    )


def test_an_admin_asks_and_the_ledger_knows(portfolio, cast):
    report = actions.request_report(portfolio=portfolio, by=cast.admin)
    assert (report.status, report.requested_by) == ("queued", cast.admin)
    entry = Entry.objects.get(stream=portfolio.stream)
    assert (entry.verb, entry.actor) == ("report_requested", cast.admin)
    assert entry.subject == f"reports.report:{report.pk}"


@pytest.mark.parametrize("part", NOT_ADMINS)
def test_nobody_else_exports_tries_again_or_downloads(portfolio, cast, part):
    by = cast.people()[part]
    with pytest.raises(PermissionDenied):
        actions.request_report(portfolio=portfolio, by=by)
    with pytest.raises(PermissionDenied):
        actions.request_cohort(centre=cast.centre, cohort="Autumn 2026", by=by)
    with pytest.raises(PermissionDenied):
        actions.retry(report=failed(portfolio, cast), by=by)
    with pytest.raises(PermissionDenied):
        actions.download(report=done(portfolio, cast), by=by)
    assert verbs(portfolio) == []


def test_an_admin_elsewhere_is_nobody_here(portfolio, cast, outsiders):
    with pytest.raises(PermissionDenied):
        actions.request_report(portfolio=portfolio, by=outsiders.admin)
    with pytest.raises(PermissionDenied):
        actions.download(report=done(portfolio, cast), by=outsiders.admin)


def test_asking_twice_makes_one(portfolio, cast):
    first = actions.request_report(portfolio=portfolio, by=cast.admin)
    assert actions.request_report(portfolio=portfolio, by=cast.admin) == first
    assert verbs(portfolio) == ["report_requested"]


def test_a_finished_one_does_not_stand_in_the_way(portfolio, cast):
    old = done(portfolio, cast)
    assert actions.request_report(portfolio=portfolio, by=cast.admin) != old


def test_a_cohort_is_each_of_its_learners(portfolio, cast):
    second = make_portfolio(cast.centre, cast.second_learner, cohort="Autumn 2026")
    make_portfolio(cast.centre, cast.assessor, cohort="Spring 2026")
    reports = actions.request_cohort(centre=cast.centre, cohort="Autumn 2026", by=cast.admin)
    assert [report.portfolio for report in reports] == [portfolio, second]


@pytest.mark.parametrize("cohort", ["Autumn 1926", ""])
def test_a_cohort_of_nobody_is_refused(portfolio, cast, cohort):
    make_portfolio(cast.centre, cast.second_learner)
    with pytest.raises(ValidationError, match="Nobody is in this cohort"):
        actions.request_cohort(centre=cast.centre, cohort=cohort, by=cast.admin)


def test_another_centres_cohort_of_the_same_name_is_left_alone(portfolio, cast, outsiders):
    make_portfolio(outsiders.centre, outsiders.learner, cohort="Autumn 2026")
    reports = actions.request_cohort(centre=cast.centre, cohort="Autumn 2026", by=cast.admin)
    assert [report.portfolio for report in reports] == [portfolio]


def test_only_a_failed_one_is_tried_again(portfolio, cast):
    report = failed(portfolio, cast)
    actions.retry(report=report, by=cast.admin)
    assert report.status == "queued"
    assert verbs(portfolio) == ["report_retried"]
    with pytest.raises(TransitionRefused, match="Waiting to start"):
        actions.retry(report=report, by=cast.admin)
    assert verbs(portfolio) == ["report_retried"]


def test_trying_again_never_gives_out_an_attempts_number_twice(portfolio, cast, settings):
    settings.REPORT_ATTEMPTS = 3
    report = failed(portfolio, cast, attempts=1)
    actions.retry(report=report, by=cast.admin)
    assert report.attempts == 3


def test_only_a_finished_one_is_downloaded_and_the_ledger_says_by_whom(portfolio, cast):
    with pytest.raises(TransitionRefused):
        actions.download(report=failed(portfolio, cast), by=cast.admin)
    report = done(portfolio, cast)
    assert actions.download(report=report, by=cast.admin) == report.blob
    entry = Entry.objects.get(stream=portfolio.stream)
    assert (entry.verb, entry.actor) == ("report_downloaded", cast.admin)
    assert entry.facts["sha256"] == report.blob.sha256


def test_a_request_that_the_ledger_refuses_leaves_nothing(portfolio, cast, monkeypatch):
    def refuse(**fields: object) -> None:
        raise OSError("no ledger today")

    monkeypatch.setattr(actions, "record", refuse)
    with pytest.raises(OSError, match="no ledger"):
        actions.request_report(portfolio=portfolio, by=cast.admin)
    assert not Report.objects.exists()


def test_a_download_that_the_ledger_refuses_gives_no_copy(story: Story, monkeypatch):
    report = done(story.portfolio, story.cast)

    def refuse(**fields: object) -> None:
        raise OSError("no ledger today")

    monkeypatch.setattr(actions, "record", refuse)
    with pytest.raises(OSError, match="no ledger"):
        actions.download(report=report, by=story.cast.admin)
