"""Asking for exports, cancelling, trying again, taking a copy, withdrawing: who may, when, and
what the ledger says."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from assessments.timeline import Happening
from files.actions import keep_bytes
from ledger.models import Entry, Sealed
from ledger.transitions import TransitionRefused
from portfolio.models import Interest, Portfolio
from reports import actions, permissions
from reports.models import ExportRules, Report
from reports.options import Options, Scope
from tests.factories import Cast, make_edition, make_enrolment, make_member, make_portfolio
from tests.reports.builders import Story

EVERYBODY = (
    *("learner", "second_learner", "assessor", "other_assessor", "trainee", "iqa"),
    *("admin", "data_lead"),
)
WAS = ("from", "to")
HIDDEN = Options(unredacted="The regulator asked for it.")
# Who may what, of an export that hides and of one that does not.
MAY = {
    "see": {"iqa", "admin", "data_lead"},
    "ask": {"admin", "data_lead"},
    "ask for what is hidden": {"data_lead"},
    "retry": {"admin", "data_lead"},
    "retry what shows the hidden": {"data_lead"},
    "cancel": {"admin", "data_lead"},
    "cancel what shows the hidden": {"admin", "data_lead"},
    "download": {"admin", "data_lead"},
    "download what shows the hidden": {"data_lead"},
    "withdraw": {"admin"},
    "set rules": {"admin"},
}


@pytest.fixture
def portfolio(cast: Cast) -> Portfolio:
    return make_portfolio(cast.centre, cast.learner, cohort="Autumn 2026")


def verbs(portfolio: Portfolio) -> list[str]:
    return list(Entry.objects.filter(stream=portfolio.stream).values_list("verb", flat=True))


def failed(portfolio: Portfolio, cast: Cast, **fields) -> Report:
    return Report.objects.create(
        portfolio=portfolio, requested_by=cast.admin, status="failed", error="No room.", **fields
    )


def done(portfolio: Portfolio, cast: Cast, **fields) -> Report:
    ready = {
        "blob": keep_bytes(chunks=[b"%PDF-"], media_type="application/pdf"),
        "pages": 1,
        "finished_at": timezone.now(),
    }
    return Report.objects.create(
        portfolio=portfolio, requested_by=cast.admin, status="done", **{**ready, **fields}
    )


def may(part: str, portfolio: Portfolio, cast: Cast) -> set[str]:
    user = cast.people()[part]
    plain, hidden = Report(portfolio=portfolio), Report(portfolio=portfolio, choices=HIDDEN.kept())
    answers = {
        "see": permissions.can_see_exports(user, cast.centre),
        "ask": permissions.can_export(user, portfolio),
        "ask for what is hidden": permissions.can_show_hidden(user, portfolio),
        "retry": permissions.can_retry(user, plain),
        "retry what shows the hidden": permissions.can_retry(user, hidden),
        "cancel": permissions.can_cancel(user, plain),
        "cancel what shows the hidden": permissions.can_cancel(user, hidden),
        "download": permissions.can_download(user, plain),
        "download what shows the hidden": permissions.can_download(user, hidden),
        "withdraw": permissions.can_withdraw(user, plain),
        "set rules": permissions.can_set_rules(user, cast.centre),
    }
    assert set(answers) == set(MAY)
    return {verb for verb, answer in answers.items() if answer}


@pytest.mark.parametrize("part", EVERYBODY)
def test_who_may_what(portfolio, cast, part):
    assert may(part, portfolio, cast) == {verb for verb, who in MAY.items() if part in who}


def test_nobody_of_another_centre_may_anything(portfolio, cast, outsiders):
    for user in outsiders.people().values():
        assert not permissions.can_export(user, portfolio)
        assert not permissions.can_download(user, Report(portfolio=portfolio))
        assert not permissions.can_see_exports(user, cast.centre)


def test_nobody_has_shown_what_was_hidden_in_their_own_portfolio_or_a_relatives(cast, portfolio):
    """Lists ask for all of their rows at once, and must come to the same."""
    own = make_portfolio(cast.centre, cast.data_lead)
    relatives = make_portfolio(cast.centre, cast.second_learner)
    Interest.objects.create(
        portfolio=relatives,
        person=cast.data_lead,
        declared_by=cast.admin,
        kind=Interest.Kind.RELATIVE,
    )
    other = make_member(cast.centre, "data_lead")
    for each, who in ((portfolio, {"we", "they"}), (own, {"they"}), (relatives, {"they"})):
        report = done(each, cast, choices=HIDDEN.kept())
        for name, user in {"we": cast.data_lead, "they": other}.items():
            listed = Report.objects.with_barred(user).get(pk=report.pk)
            assert permissions.can_show_hidden(user, each) == (name in who)
            assert permissions.can_download(user, report) == (name in who)
            assert permissions.can_download(user, listed) == (name in who)
            assert permissions.can_read_hidden(user, listed) == (name in who)


@pytest.mark.parametrize("part", ["learner", "assessor", "trainee", "iqa"])
def test_every_verb_asks_who_may(portfolio, cast, part):
    by = cast.people()[part]
    waiting = Report.objects.create(portfolio=portfolio, requested_by=cast.admin)
    verbs_of = {
        "ask": lambda: actions.request_report(portfolio=portfolio, by=by),
        "retry": lambda: actions.retry(report=failed(portfolio, cast), by=by),
        "cancel": lambda: actions.cancel(report=waiting, by=by),
        "download": lambda: actions.download(report=done(portfolio, cast), by=by),
        "withdraw": lambda: actions.withdraw(report=done(portfolio, cast), reason="Old.", by=by),
        "rules": lambda: actions.set_rules(
            centre=cast.centre, file_up_to_mb=1, files_up_to_mb=1, by=by
        ),
    }
    for verb in verbs_of.values():
        with pytest.raises(PermissionDenied):
            verb()
    assert verbs(portfolio) == []


# Asking ----------------------------------------------------------------------------------------


def test_an_admin_asks_and_the_ledger_knows(portfolio, cast):
    report = actions.request_report(portfolio=portfolio, by=cast.admin)
    assert (report.status, report.requested_by) == ("queued", cast.admin)
    entry = Entry.objects.get(stream=portfolio.stream)
    assert (entry.verb, entry.actor) == ("report_requested", cast.admin)
    assert entry.subject == f"reports.report:{report.pk}"
    assert entry.facts == {"report": report.pk, "scope": "whole"}


def test_an_admin_elsewhere_is_nobody_here(portfolio, outsiders):
    with pytest.raises(PermissionDenied):
        actions.request_report(portfolio=portfolio, by=outsiders.admin)


def test_asking_twice_makes_one(portfolio, cast):
    first = actions.request_report(portfolio=portfolio, by=cast.admin)
    assert actions.request_report(portfolio=portfolio, by=cast.admin) == first
    assert verbs(portfolio) == ["report_requested"]


def test_asking_for_something_else_makes_another(portfolio, cast):
    first = actions.request_report(portfolio=portfolio, by=cast.admin)
    other = actions.request_report(
        portfolio=portfolio, by=cast.admin, options=Options(feedback=False)
    )
    assert other != first


def test_a_finished_one_does_not_stand_in_the_way(portfolio, cast):
    old = done(portfolio, cast)
    assert actions.request_report(portfolio=portfolio, by=cast.admin) != old


def test_what_was_hidden_is_shown_to_the_data_lead_for_a_reason_on_record(portfolio, cast):
    with pytest.raises(PermissionDenied):
        actions.request_report(portfolio=portfolio, by=cast.admin, options=HIDDEN)
    report = actions.request_report(portfolio=portfolio, by=cast.data_lead, options=HIDDEN)
    entry = Entry.objects.get(stream=portfolio.stream)
    assert entry.facts["shows_hidden"] is True
    assert Sealed.objects.get(entry=entry).text == HIDDEN.unredacted
    assert HIDDEN.unredacted not in str(entry.facts)
    ready = done(portfolio, cast, choices=report.choices)
    with pytest.raises(PermissionDenied):
        actions.download(report=ready, by=cast.admin)
    assert actions.download(report=ready, by=cast.data_lead) == ready.blob


def test_units_are_her_own_and_chosen_only_with_their_scope(portfolio, cast):
    unit = make_enrolment(portfolio, make_edition())
    theirs = make_enrolment(make_portfolio(cast.centre, cast.second_learner), make_edition())
    for wrong in (
        Options(scope=Scope.UNITS),
        Options(units=(unit.pk,)),
        Options(scope=Scope.UNITS, units=(unit.pk, theirs.pk)),
        Options(language="tlh"),
    ):
        with pytest.raises(ValidationError):
            actions.request_report(portfolio=portfolio, by=cast.admin, options=wrong)
    right = Options(scope=Scope.UNITS, units=(unit.pk,))
    report = actions.request_report(portfolio=portfolio, by=cast.admin, options=right)
    report.refresh_from_db()
    assert report.options == right


# Cancelling and trying again -----------------------------------------------------------------


@pytest.mark.parametrize("status", ["queued", "running"])
def test_what_is_under_way_is_cancelled_and_can_be_tried_again(portfolio, cast, status):
    report = Report.objects.create(
        portfolio=portfolio, requested_by=cast.admin, status=status, attempts=1, progress=40
    )
    actions.cancel(report=report, by=cast.admin)
    assert (report.status, report.blob) == ("cancelled", None)
    actions.retry(report=report, by=cast.admin)
    assert (report.status, report.progress) == ("queued", 0)
    assert verbs(portfolio) == ["report_cancelled", "report_retried"]


def test_what_has_ended_is_not_cancelled(portfolio, cast):
    for report in (done(portfolio, cast), failed(portfolio, cast)):
        with pytest.raises(TransitionRefused):
            actions.cancel(report=report, by=cast.admin)
    assert verbs(portfolio) == []


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


# Expired and withdrawn ------------------------------------------------------------------------


def test_an_old_one_is_handed_out_no_more(portfolio, cast, settings):
    settings.EXPORT_DAYS = 30
    old = timezone.now() - timedelta(days=30, seconds=1)
    young = timezone.now() - timedelta(days=29)
    report = done(portfolio, cast, finished_at=old)
    with pytest.raises(actions.Withheld, match="expired"):
        actions.download(report=report, by=cast.admin)
    assert verbs(portfolio) == []
    assert list(Report.objects.given_out()) == []
    assert list(Report.objects.expired()) == [report]
    assert report.shown_state == "expired"
    Report.objects.update(finished_at=young)
    assert list(Report.objects.given_out()) == [report]
    assert list(Report.objects.expired()) == []


def test_by_default_of_nought_days_nothing_expires(portfolio, cast, settings):
    settings.EXPORT_DAYS = 0
    report = done(portfolio, cast, finished_at=timezone.now() - timedelta(days=9999))
    assert (report.is_expired, report.expires_at) == (False, None)
    assert list(Report.objects.given_out()) == [report]
    assert list(Report.objects.expired()) == []
    assert actions.download(report=report, by=cast.admin)


def test_a_withdrawn_one_says_so_for_ever(portfolio, cast):
    report = done(portfolio, cast)
    actions.withdraw(report=report, reason="  A unit was missing. ", by=cast.admin)
    assert (report.withdrawn_by, report.withdrawn_reason) == (cast.admin, "A unit was missing.")
    entry = Entry.objects.get(stream=portfolio.stream)
    assert entry.verb == "report_withdrawn"
    assert (entry.facts["code"], entry.facts["sha256"]) == (report.code, report.blob.sha256)
    assert Sealed.objects.get(entry=entry).text == "A unit was missing."
    with pytest.raises(TransitionRefused, match="withdrawn"):
        actions.withdraw(report=report, reason="Again.", by=cast.admin)
    with pytest.raises(actions.Withheld, match="withdrawn"):
        actions.download(report=report, by=cast.admin)
    assert verbs(portfolio) == ["report_withdrawn"]
    assert not Report.objects.given_out()


def test_only_a_finished_one_is_withdrawn_and_for_a_reason(portfolio, cast):
    with pytest.raises(TransitionRefused):
        actions.withdraw(report=failed(portfolio, cast), reason="Old.", by=cast.admin)
    for reason in ("", "  ", "x" * (actions.MAX_REASON + 1)):
        with pytest.raises(ValidationError):
            actions.withdraw(report=done(portfolio, cast), reason=reason, by=cast.admin)
    assert verbs(portfolio) == []


def test_a_withdrawal_that_the_ledger_refuses_leaves_it_standing(portfolio, cast, monkeypatch):
    report = done(portfolio, cast)

    def refuse(**fields: object) -> None:
        raise OSError("no ledger today")

    monkeypatch.setattr(actions, "record", refuse)
    with pytest.raises(OSError, match="no ledger"):
        actions.withdraw(report=report, reason="Old.", by=cast.admin)
    report.refresh_from_db()
    assert report.withdrawn_at is None


# Rules ---------------------------------------------------------------------------------------


def of_centre(cast: Cast) -> list[Entry]:
    return list(Entry.objects.filter(stream=f"centre:{cast.centre.pk}").order_by("sequence"))


def test_a_change_of_the_sizes_is_on_record_and_nothing_else_is(cast):
    def set_to(one: int, all_: int) -> None:
        actions.set_rules(centre=cast.centre, file_up_to_mb=one, files_up_to_mb=all_, by=cast.admin)

    set_to(25, 200)  # as it was by default
    assert of_centre(cast) == []
    set_to(5, 200)
    set_to(5, 200)
    set_to(5, 50)
    with pytest.raises(ValidationError):
        set_to(6, 5)
    first, second = of_centre(cast)
    assert (first.verb, first.actor) == ("export_rules_changed", cast.admin)
    assert first.subject == f"reports.exportrules:{ExportRules.objects.get().pk}"
    sizes = ("file_up_to_mb", "files_up_to_mb")
    told = [tuple(each.facts[at][name] for name in sizes) for each in (first, second) for at in WAS]
    assert told == [(25, 200), (5, 200), (5, 200), (5, 50)]
    assert Happening(first).words == "Export rules changed"


def test_sizes_that_the_ledger_refuses_stay_as_they_were(cast, monkeypatch):
    def refuse(**fields: object) -> None:
        raise OSError("no ledger")

    monkeypatch.setattr(actions, "record", refuse)
    with pytest.raises(OSError, match="no ledger"):
        actions.set_rules(centre=cast.centre, file_up_to_mb=1, files_up_to_mb=2, by=cast.admin)
    assert not ExportRules.objects.exists()


def test_a_centre_sets_its_sizes(cast, outsiders):
    actions.set_rules(centre=cast.centre, file_up_to_mb=5, files_up_to_mb=50, by=cast.admin)
    actions.set_rules(centre=cast.centre, file_up_to_mb=0, files_up_to_mb=0, by=cast.admin)
    rules = ExportRules.objects.get()
    assert (rules.centre, rules.file_up_to_mb, rules.files_up_to_mb) == (cast.centre, 0, 0)
    with pytest.raises(ValidationError):
        actions.set_rules(centre=cast.centre, file_up_to_mb=51, files_up_to_mb=50, by=cast.admin)
