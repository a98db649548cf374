"""Many exports at once: who they are of, stopping them, trying again, and who is told."""

from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Notice
from ledger.models import Entry
from portfolio.models import Portfolio
from reports import actions as single
from reports import telling
from reports.bulk import actions
from reports.bulk.choosing import Wanted, wanted
from reports.models import Bulk, Report
from reports.options import Options, Scope
from tests.factories import Cast, make_cast, make_edition, make_enrolment, make_portfolio
from tests.races import at_once
from tests.reports.bulk.conftest import add

EVERYTHING = {"scope": "whole", "paper": "A4"}


@pytest.fixture
def autumn(cast: Cast) -> list[Portfolio]:
    """Two learners of a cohort, on a unit each, of which one is allocated to the assessor."""
    here = [
        make_portfolio(cast.centre, learner, cohort="Autumn 2026")
        for learner in (cast.learner, cast.second_learner)
    ]
    make_enrolment(here[0], make_edition(), cast.assessor)
    make_enrolment(here[1], make_edition())
    return here


def at(cast: Cast, name: str, **kwargs) -> str:
    return reverse(f"reports:{name}", kwargs={"centre": cast.centre.slug, **kwargs})


def every(portfolios, options=Options()) -> list[Wanted]:  # noqa: B008 - plain data
    return [Wanted(portfolio, options) for portfolio in portfolios]


def ask(cast: Cast, portfolios, **fields) -> Bulk:
    given = {"centre": cast.centre, "chosen": "Autumn", "by": cast.admin, **fields}
    return actions.request_many(wanted=every(portfolios), **given)


# Choosing ----------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["cohort", "unit", "assessor", "text"])
def test_by_any_filter_of_the_list_of_learners(admin, cast, autumn, by):
    spring = make_portfolio(cast.centre, cast.trainee, cohort="Spring 2027")
    make_enrolment(spring, make_edition())
    asked, who = {
        "cohort": ("Autumn 2026", autumn),
        "unit": (autumn[1].enrolments.get().edition.standard.urn, autumn[1:]),
        "assessor": (str(cast.assessor.pk), autumn[:1]),
        "text": ("amira", autumn[:1]),
    }[by]
    page = admin.get(at(cast, "many"), {by: asked}).content.decode()
    assert f"{len(who)} learner" in page
    address = f"{at(cast, 'many')}?{by}={asked}"
    shown = admin.post(address, EVERYTHING)
    assert f"Make {len(who)} PDF" in shown.content.decode()
    assert not Report.objects.exists()  # it says how many before it makes them
    answer = admin.post(address, EVERYTHING | {"sure": shown.context["mark"]})
    bulk = Bulk.objects.get()
    assert answer.url == at(cast, "bulk", pk=bulk.pk)
    assert [report.portfolio for report in bulk.reports.order_by("pk")] == who


def test_what_was_chosen_is_told_in_words(admin, cast, autumn):
    address = f"{at(cast, 'many')}?cohort=Autumn+2026&assessor={cast.assessor.pk}"
    mark = admin.post(address, EVERYTHING).context["mark"]
    admin.post(address, EVERYTHING | {"sure": mark})
    assert Bulk.objects.get().chosen == f"Cohort: Autumn 2026, Assessor: {cast.assessor.name}"


def test_where_the_number_changed_meanwhile_it_is_said_again(admin, cast, autumn):
    mark = admin.post(at(cast, "many"), EVERYTHING).context["mark"]
    late = make_portfolio(cast.centre, cast.trainee)
    make_enrolment(late, make_edition())
    answer = admin.post(at(cast, "many"), EVERYTHING | {"sure": mark})
    assert "Make 3 PDFs" in answer.content.decode()
    assert not Report.objects.exists()


def test_of_some_units_those_who_take_any(admin, cast, autumn):
    unit = autumn[0].enrolments.get()
    sent = EVERYTHING | {"scope": "units", "units": [unit.edition_id]}
    page = admin.post(at(cast, "many"), sent)
    assert "Make 1 PDF" in page.content.decode()
    assert "1 learner who takes none of these units" in page.content.decode()
    admin.post(at(cast, "many"), sent | {"sure": page.context["mark"]})
    report = Report.objects.get()
    assert report.options == Options(scope=Scope.UNITS, units=(unit.pk,))


def test_choosing_units_takes_one_statement_for_any_number(cast, autumn, django_assert_num_queries):
    editions = [each.enrolments.get().edition_id for each in autumn]
    with django_assert_num_queries(1):
        assert len(wanted(autumn, Options(scope=Scope.UNITS), editions)) == 2


def test_another_centres_learners_are_no_choice(admin, cast, autumn, outsiders):
    theirs = make_portfolio(outsiders.centre, outsiders.learner, cohort="Autumn 2026")
    make_enrolment(theirs, make_edition())
    assert "2 learners" in admin.get(at(cast, "many")).content.decode()
    with pytest.raises(PermissionDenied):
        ask(cast, [theirs])


def test_a_filter_that_nobody_fits_says_so(admin, cast, autumn):
    page = admin.get(at(cast, "many"), {"text": "nobody"}).content.decode()
    assert "No learner fits this search" in page
    with pytest.raises(ValidationError, match="Nobody fits"):
        ask(cast, [])


# Asking ----------------------------------------------------------------------------


def test_each_is_in_the_ledger_and_the_button_pressed_twice_counts_once(cast, autumn):
    bulk = ask(cast, autumn)
    assert ask(cast, autumn) == bulk
    assert ask(cast, autumn[:1]) != bulk
    for portfolio in autumn[1:]:
        entries = Entry.objects.filter(stream=portfolio.stream, verb="report_requested")
        assert entries.count() == 1


def test_where_one_is_refused_none_is_asked_for(cast, autumn):
    own = make_portfolio(cast.centre, cast.data_lead)
    hidden = every([*autumn, own], Options(unredacted="They asked."))
    with pytest.raises(PermissionDenied):
        actions.request_many(centre=cast.centre, wanted=hidden, chosen="All", by=cast.data_lead)
    with pytest.raises(PermissionDenied):
        ask(cast, autumn, by=cast.iqa)
    assert not Report.objects.exists()
    assert not Bulk.objects.exists()


# Its page ----------------------------------------------------------------------------


def test_one_line_says_how_many_of_how_many_and_why_some_failed(admin, cast, asked):
    bulk = asked("done", "failed", "failed", "running", "queued")
    page = admin.get(at(cast, "bulk", pk=bulk.pk)).content.decode()
    assert "1 of 5 ready, 2 failed, 2 to come" in page
    assert 'max="5" value="3"' in page
    assert "(2)" in page.split("No room.")[1][:60]
    assert 'hx-trigger="every 2s"' in page
    listed = admin.get(at(cast, "list")).content.decode()
    assert "1 of 5 ready, 2 failed" in listed


def test_any_number_takes_as_many_queries(admin, cast, asked, django_assert_num_queries):
    bulk = asked("done", "failed")
    address = at(cast, "bulk", pk=bulk.pk)
    admin.get(address)
    for many in (2, 10):
        for place in range(many):
            add(bulk, cast, f"More {place}", ("done", "failed", "running")[place % 3], place)
        with django_assert_num_queries(12):
            assert admin.get(address).status_code == 200


def test_the_fragment_leaves_the_filter_alone(admin, cast, asked):
    bulk = asked("running")
    page = admin.get(at(cast, "bulk", pk=bulk.pk), headers={"HX-Request": "true"}).content.decode()
    assert page.lstrip().startswith('<div id="bulk"')
    assert 'id="bulk-each" hx-swap-oob' in page
    assert "<form" not in page.split('id="bulk-each"')[0].split("bulk-cancel")[0].split("<form")[0]
    assert 'role="search"' not in page


def test_cancelling_all_leaves_what_is_ready(admin, cast, asked):
    bulk = asked("done", "queued", "running", "failed")
    admin.post(at(cast, "bulk_cancel", pk=bulk.pk))
    states = list(bulk.reports.order_by("pk").values_list("status", flat=True))
    assert states == ["done", "cancelled", "cancelled", "failed"]
    cancelled = Entry.objects.filter(verb="report_cancelled")
    assert (cancelled.count(), cancelled[0].actor) == (2, cast.admin)


def test_trying_again_is_for_those_that_failed(admin, cast, asked):
    bulk = asked("done", "failed", "cancelled")
    admin.post(at(cast, "bulk_retry", pk=bulk.pk))
    states = list(bulk.reports.order_by("pk").values_list("status", flat=True))
    assert states == ["done", "queued", "cancelled"]


@pytest.mark.parametrize("part", ["learner", "assessor", "trainee", "iqa"])
def test_others_do_nothing_with_them(cast, asked, part):
    bulk, by = asked("done", "failed", "queued"), cast.people()[part]
    for verb in (actions.cancel_all, actions.retry_failed, actions.take):
        with pytest.raises(PermissionDenied):
            verb(bulk=bulk, by=by)
    assert not Entry.objects.exists()


# Being told ----------------------------------------------------------------------------


def end(report: Report, status: str = "done") -> None:
    """As a worker does."""
    with transaction.atomic():
        Report.objects.filter(pk=report.pk).update(status=status)
        report.refresh_from_db()
        telling.ended(report)


def test_one_alone_is_told_as_it_ends(cast, autumn, django_capture_on_commit_callbacks):
    for portfolio, status in zip(autumn, ("done", "failed"), strict=True):
        end(single.request_report(portfolio=portfolio, by=cast.admin), status)
    kinds = {notice.kind: notice for notice in Notice.objects.all()}
    assert set(kinds) == {"export_ready", "export_failed"}
    assert {notice.recipient for notice in kinds.values()} == {cast.admin}
    assert kinds["export_ready"].text == "The portfolio of Amira Khan is ready."


def test_many_are_told_once_when_the_last_has_ended(
    cast, asked, django_capture_on_commit_callbacks
):
    bulk = asked("queued", "queued", "failed")
    first, second, _third = bulk.reports.order_by("pk")
    with django_capture_on_commit_callbacks(execute=True):
        end(first)
    assert not Notice.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        end(second)
    telling.tell_ended()
    notice = Notice.objects.get()
    assert (notice.kind, notice.recipient) == ("export_failed", cast.admin)
    assert notice.text == "2 exports are ready, 1 failed: Cohort: Autumn 2026"
    assert notice.path == at(cast, "bulk", pk=bulk.pk)


def test_after_trying_again_they_are_told_of_again(cast, asked, django_capture_on_commit_callbacks):
    bulk = asked("done", "failed")
    telling.tell_ended()
    with django_capture_on_commit_callbacks(execute=True):
        actions.retry_failed(bulk=bulk, by=cast.admin)
    with django_capture_on_commit_callbacks(execute=True):
        end(bulk.reports.get(status="queued"))
    assert [notice.kind for notice in Notice.objects.order_by("pk")] == [
        "export_failed",
        "export_ready",
    ]


def test_whoever_cancels_all_is_not_told_that_they_did(
    cast, asked, django_capture_on_commit_callbacks
):
    bulk = asked("queued", "queued")
    with django_capture_on_commit_callbacks(execute=True):
        actions.cancel_all(bulk=bulk, by=cast.admin)
    bulk.refresh_from_db()
    assert bulk.told_at is not None
    assert not Notice.objects.exists()


def test_a_worker_killed_before_it_could_tell_is_made_up_for(cast, asked):
    asked("done")
    asked("done", "running")
    telling.tell_ended()
    telling.tell_ended()
    assert Notice.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_finish_at_once_tell_once():
    cast = make_cast()
    bulk = Bulk.objects.create(centre=cast.centre, requested_by=cast.admin, chosen="Autumn")
    reports = [add(bulk, cast, name, "running") for name in ("Ann", "Bob", "Cy")]
    at_once(*(partial(end, report) for report in reports))
    assert Notice.objects.count() == 1


def test_an_iqa_sees_how_far_they_are_and_gets_nothing(cast, asked, client: Client):
    bulk = asked("done", "failed", "queued")
    client.force_login(cast.iqa)
    page = client.get(at(cast, "bulk", pk=bulk.pk)).content.decode()
    for verb in ("take", "bulk_retry", "bulk_cancel"):
        assert at(cast, verb, pk=bulk.pk) not in page
        assert client.post(at(cast, verb, pk=bulk.pk)).status_code == 403
