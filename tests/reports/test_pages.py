"""The export pages: the list with its progress, asking, downloading, trying again."""

from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from files import store
from files.actions import keep_bytes
from ledger.models import Entry
from portfolio.models import Interest, Portfolio
from reports import actions
from reports.models import ExportRules, Report
from reports.options import Options, Paper, Scope
from tests.factories import Cast, make_edition, make_enrolment, make_member, make_portfolio

PDF = b"%PDF-1.7 a portfolio"
VERBS = ("download", "retry", "cancel", "again", "withdraw")


@pytest.fixture
def admin(client: Client, cast: Cast) -> Client:
    client.force_login(cast.admin)
    return client


@pytest.fixture
def portfolio(cast: Cast) -> Portfolio:
    return make_portfolio(cast.centre, cast.learner, cohort="Autumn 2026")


def at(cast: Cast, name: str, report: Report | None = None) -> str:
    kwargs: dict[str, object] = {"centre": cast.centre.slug}
    return reverse(f"reports:{name}", kwargs={**kwargs, "pk": report.pk} if report else kwargs)


def report_of(portfolio: Portfolio, cast: Cast, status: str, **fields) -> Report:
    if status == "done":
        fields |= {
            "blob": keep_bytes(chunks=[PDF], media_type="application/pdf"),
            "pages": 12,
            "finished_at": timezone.now(),
        }
    return Report.objects.create(
        portfolio=portfolio, requested_by=cast.admin, status=status, **fields
    )


ONE = {"scope": "whole", "paper": "A4"}


def test_the_empty_list_says_what_to_do(admin, cast):
    page = admin.get(at(cast, "list"))
    assert "No exports yet" in page.content.decode()
    assert at(cast, "add") in page.content.decode()


def test_a_centre_without_learners_is_shown_the_way(admin, cast):
    page = admin.get(at(cast, "add")).content.decode()
    assert "No learner is enrolled yet" in page
    assert "<select" not in page


def test_each_state_says_what_it_is_and_what_can_be_done(admin, cast, portfolio):
    running = report_of(portfolio, cast, "running", progress=40, stage="pages", count=3, count_of=8)
    failed = report_of(portfolio, cast, "failed", error="There is no room left on the server.")
    done = report_of(portfolio, cast, "done")
    page = admin.get(at(cast, "list")).content.decode()
    assert "Laying out pages: 3 of 8, 40 %" in page
    assert 'max="100" value="40"' in page
    assert "There is no room left on the server." in page
    assert "12 pages, 20\xa0bytes" in page
    assert at(cast, "retry", failed) in page
    assert at(cast, "download", done) in page
    assert at(cast, "download", running) not in page
    assert at(cast, "cancel", running) in page
    assert at(cast, "cancel", done) not in page


def test_only_the_centres_own_are_listed(admin, cast, portfolio, outsiders):
    theirs = make_portfolio(outsiders.centre, outsiders.learner)
    report_of(theirs, outsiders, "failed", error="Theirs alone")
    assert "Theirs alone" not in admin.get(at(cast, "list")).content.decode()


def test_queries_do_not_grow_with_exports(admin, cast, portfolio, django_assert_num_queries):
    admin.get(at(cast, "list"))
    for count in (1, 20):
        for _ in range(count):
            report_of(portfolio, cast, "done")
        with django_assert_num_queries(7):
            assert admin.get(at(cast, "list")).status_code == 200


def test_the_list_has_pages(admin, cast, portfolio):
    Report.objects.bulk_create(
        Report(portfolio=portfolio, requested_by=cast.admin, status="failed", error=f"No {n}.")
        for n in range(30)
    )
    page = admin.get(at(cast, "list"), {"page": 2}).content.decode()
    assert "26 to 30 of 30" in page
    assert page.count('-retry"') == 5


def test_exporting_one_learner(admin, cast, portfolio):
    page = admin.get(at(cast, "add")).content.decode()
    assert "Amira Khan (R-1, Autumn 2026)" in page
    answer = admin.post(at(cast, "add"), ONE | {"portfolio": portfolio.pk})
    assert answer.status_code == 302
    assert Report.objects.get().portfolio == portfolio
    assert "Amira Khan is being made" in admin.get(answer.url).content.decode()


def test_a_learner_can_be_chosen_by_the_address(admin, cast, portfolio):
    page = admin.get(at(cast, "add"), {"portfolio": portfolio.pk}).content.decode()
    assert f'<option value="{portfolio.pk}" selected>' in page


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"portfolio": "x"},
        {"portfolio": ""},
        {"scope": "everything"},
        {"scope": "units"},
        {"paper": "A0"},
    ],
)
def test_a_form_that_says_nothing_of_use(admin, cast, portfolio, sent):
    good = ONE | {"portfolio": portfolio.pk}
    answer = admin.post(at(cast, "add"), good | sent if sent else {})
    assert answer.status_code == 422
    assert not Report.objects.exists()


def test_a_learner_of_another_centre_is_no_choice(admin, cast, outsiders):
    theirs = make_portfolio(outsiders.centre, outsiders.learner, cohort="Theirs")
    assert "Theirs" not in admin.get(at(cast, "add")).content.decode()
    answer = admin.post(at(cast, "add"), ONE | {"portfolio": theirs.pk})
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()


def test_the_choices_go_with_the_export_and_stand_on_its_page(admin, cast, portfolio):
    unit = make_enrolment(portfolio, make_edition())
    sent = ONE | {
        "portfolio": portfolio.pk,
        "scope": "units",
        "units": [unit.edition_id],
        "without_feedback": "on",
        "without_originals": "on",
        "paper": "letter",
    }
    admin.post(at(cast, "add"), sent)
    report = Report.objects.get()
    assert report.options == Options(
        scope=Scope.UNITS, units=(unit.pk,), feedback=False, originals=False, paper=Paper.LETTER
    )
    page = admin.get(at(cast, "report", report)).content.decode()
    for said in (unit.edition.title, "Without feedback", "Without the original files", "US Letter"):
        assert said in page


def test_a_unit_that_she_does_not_take_is_said_at_the_form(admin, cast, portfolio):
    other = make_portfolio(cast.centre, cast.second_learner)
    unit = make_enrolment(other, make_edition())
    sent = ONE | {"portfolio": portfolio.pk, "scope": "units", "units": [unit.edition_id]}
    answer = admin.post(at(cast, "add"), sent)
    assert answer.status_code == 422
    assert "Amira Khan takes none of these units" in answer.content.decode()


def test_only_the_data_lead_is_asked_whether_to_show_what_was_hidden(client, cast, portfolio):
    client.force_login(cast.admin)
    assert "show_hidden" not in client.get(at(cast, "add")).content.decode()
    sent = ONE | {"portfolio": portfolio.pk, "show_hidden": "on", "why": "They asked."}
    client.post(at(cast, "add"), sent)
    assert Report.objects.get().options == Options()  # an admin's box is no box
    client.force_login(cast.data_lead)
    assert "show_hidden" in client.get(at(cast, "add")).content.decode()
    answer = client.post(at(cast, "add"), sent | {"why": " "})
    assert "Say why what was hidden has to be shown" in answer.content.decode()
    client.post(at(cast, "add"), sent)
    assert Report.objects.latest("pk").options.unredacted == "They asked."


def test_a_data_lead_is_told_whose_hidden_parts_are_not_for_them(client, cast, portfolio):
    Interest.objects.create(
        portfolio=portfolio,
        person=cast.data_lead,
        declared_by=cast.admin,
        kind=Interest.Kind.RELATIVE,
    )
    edition, own = make_edition(), make_portfolio(cast.centre, cast.data_lead)
    for each in (portfolio, own):
        make_enrolment(each, edition)
    client.force_login(cast.data_lead)
    sent = ONE | {"portfolio": portfolio.pk, "show_hidden": "on", "why": "They asked."}
    answer = client.post(at(cast, "add"), sent)
    assert answer.status_code == 422
    assert "or a relative&#x27;s: Amira Khan." in answer.content.decode()
    address = reverse("reports:many", args=[cast.centre.slug])
    answer = client.post(address, ONE | {"show_hidden": "on", "why": "They asked."})
    assert answer.status_code == 422
    (told,) = answer.context["form"].errors["show_hidden"]
    assert all(each.learner.name in told for each in (portfolio, own))
    assert not Report.objects.exists()


def test_a_list_of_what_shows_the_hidden_asks_no_more_of_the_database(
    client, cast, portfolio, django_assert_num_queries
):
    client.force_login(cast.data_lead)
    shows = Options(unredacted="They asked.").kept()
    report_of(portfolio, cast, "done", choices=shows)
    with CaptureQueriesContext(connection) as before:
        assert "-download" in client.get(at(cast, "list")).content.decode()
    for _each in range(3):
        report_of(portfolio, cast, "done", choices=shows)
    with django_assert_num_queries(len(before)):
        assert client.get(at(cast, "list")).content.decode().count("-download") == 4


def test_a_language_is_asked_for_only_where_there_is_a_choice(
    admin, cast, portfolio, settings, tmp_path
):
    page = admin.get(at(cast, "add")).content.decode()
    assert 'name="language"' in page
    assert "Welsh" in page
    admin.post(at(cast, "add"), ONE | {"portfolio": portfolio.pk, "language": "cy"})
    assert Report.objects.get().options.language == "cy"
    settings.LOCALE_PATHS = [tmp_path]
    assert 'name="language"' not in admin.get(at(cast, "add")).content.decode()


def test_downloading_is_written_down_and_named_for_the_learner(admin, cast, portfolio):
    report = report_of(portfolio, cast, "done")
    answer = admin.post(at(cast, "download", report))
    assert b"".join(answer.streaming_content) == PDF
    day = timezone.localdate(report.finished_at)
    assert answer["Content-Type"] == "application/pdf"
    disposition = unquote(answer["Content-Disposition"])
    assert disposition.startswith("attachment")
    assert f"Portfolio – Amira Khan – {day:%Y-%m-%d}.pdf" in disposition
    assert Entry.objects.get(stream=portfolio.stream).verb == "report_downloaded"


def test_a_name_cannot_lead_out_of_the_download_folder(admin, cast):
    learner = make_member(cast.centre, "learner", "../../etc/x\r\nSet-Cookie: a=b")
    report = report_of(make_portfolio(cast.centre, learner), cast, "done")
    answer = admin.post(at(cast, "download", report))
    name = unquote(answer["Content-Disposition"])
    assert "/" not in name
    assert "Set-Cookie" not in answer.headers


def test_looking_takes_no_copy(admin, cast, portfolio):
    assert admin.get(at(cast, "download", report_of(portfolio, cast, "done"))).status_code == 405
    assert not Entry.objects.exists()


def test_what_is_not_made_yet_is_not_downloaded(admin, cast, portfolio):
    assert (
        admin.post(at(cast, "download", report_of(portfolio, cast, "running"))).status_code == 409
    )


def test_a_pdf_that_the_store_lost_is_said_plainly(admin, cast, portfolio):
    report = report_of(portfolio, cast, "done")
    store.place_of(report.blob.sha256).unlink()
    answer = admin.post(at(cast, "download", report), follow=True)
    assert "no longer in the store" in answer.content.decode()
    assert not Entry.objects.exists()


def test_trying_again(admin, cast, portfolio):
    report = report_of(portfolio, cast, "failed", error="No room.")
    answer = admin.post(at(cast, "retry", report), follow=True)
    assert "Trying the export of Amira Khan again" in answer.content.decode()
    assert admin.post(at(cast, "retry", report)).status_code == 409


@pytest.mark.parametrize("part", ["learner", "assessor", "trainee"])
def test_other_roles_are_refused(client, cast, portfolio, part):
    report = report_of(portfolio, cast, "done")
    client.force_login(cast.people()[part])
    assert client.get(at(cast, "list")).status_code == 403
    assert client.get(at(cast, "report", report)).status_code == 403
    assert client.get(at(cast, "add")).status_code == 403
    assert client.post(at(cast, "add"), ONE).status_code == 403
    for verb in VERBS:
        assert client.post(at(cast, verb, report)).status_code == 403


def test_an_iqa_looks_and_does_nothing(client, cast, portfolio):
    report = report_of(portfolio, cast, "done")
    actions.download(report=report, by=cast.admin)
    client.force_login(cast.iqa)
    listed = client.get(at(cast, "list")).content.decode()
    page = client.get(at(cast, "report", report)).content.decode()
    assert cast.admin.name in page
    for verb in ("add", "many", "rules"):
        assert at(cast, verb) not in listed
        assert client.get(at(cast, verb)).status_code == 403
    for verb in VERBS:
        assert at(cast, verb, report) not in page + listed
        assert client.post(at(cast, verb, report)).status_code == 403


def test_another_centres_report_does_not_exist(client, cast, portfolio, outsiders):
    report = report_of(portfolio, cast, "done")
    client.force_login(outsiders.admin)
    for name in VERBS:
        assert client.post(at(outsiders, name, report)).status_code == 404
        assert client.post(at(cast, name, report)).status_code == 404
    assert client.get(at(outsiders, "report", report)).status_code == 404
    assert not Entry.objects.exists()


# Its page ----------------------------------------------------------------------------------


def test_cancelling(admin, cast, portfolio):
    report = report_of(portfolio, cast, "running", progress=40)
    answer = admin.post(at(cast, "cancel", report), follow=True)
    page = answer.content.decode()
    assert "The export of Amira Khan is cancelled" in page
    assert at(cast, "retry", report) in page
    assert admin.post(at(cast, "cancel", report)).status_code == 409


def test_who_took_copies_stands_on_its_page(admin, client, cast, portfolio):
    report, other = (report_of(portfolio, cast, "done") for _ in range(2))
    assert "Nobody yet" in admin.get(at(cast, "report", report)).content.decode()
    actions.download(report=report, by=cast.data_lead)
    assert cast.data_lead.name in admin.get(at(cast, "report", report)).content.decode()
    assert "Nobody yet" in admin.get(at(cast, "report", other)).content.decode()


def test_a_page_with_many_copies_asks_no_more_of_the_database(
    admin, cast, portfolio, django_assert_num_queries
):
    report = report_of(portfolio, cast, "done")
    admin.get(at(cast, "report", report))
    for many in (1, 10):
        for _ in range(many):
            actions.download(report=report, by=cast.admin)
        with django_assert_num_queries(5):
            admin.get(at(cast, "report", report))


def test_an_expired_one_is_gone_and_can_be_made_again(admin, cast, portfolio, settings):
    report = report_of(portfolio, cast, "done")
    long_ago = timezone.now() - timedelta(days=settings.EXPORT_DAYS, seconds=1)
    Report.objects.update(finished_at=long_ago, choices=Options(feedback=False).kept())
    assert at(cast, "download", report) not in admin.get(at(cast, "list")).content.decode()
    answer = admin.post(at(cast, "download", report))
    assert answer.status_code == 410
    assert "This download has expired" in answer.content.decode()
    assert at(cast, "again", report) in answer.content.decode()
    assert not Entry.objects.filter(verb="report_downloaded").exists()
    admin.post(at(cast, "again", report))
    made = Report.objects.latest("pk")
    assert (made.status, made.options) == ("queued", Options(feedback=False))


def test_withdrawing(admin, cast, portfolio):
    report = report_of(portfolio, cast, "done")
    answer = admin.post(at(cast, "withdraw", report), {"reason": ""})
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    answer = admin.post(at(cast, "withdraw", report), {"reason": "A unit is missing."}, follow=True)
    page = answer.content.decode()
    assert "A unit is missing." in page
    assert "Withdrawn" in page
    assert at(cast, "download", report) not in page
    assert admin.post(at(cast, "download", report)).status_code == 410
    assert admin.post(at(cast, "withdraw", report), {"reason": "Again."}).status_code == 409


def test_the_sizes_of_files(admin, cast):
    assert 'value="25"' in admin.get(at(cast, "rules")).content.decode()
    for wrong in ({}, {"file_up_to_mb": "-1"}, {"file_up_to_mb": "60"}, {"files_up_to_mb": "1e9"}):
        sent = {"file_up_to_mb": "5", "files_up_to_mb": "50"} | wrong if wrong else {}
        assert admin.post(at(cast, "rules"), sent).status_code == 422
    assert not ExportRules.objects.exists()
    admin.post(at(cast, "rules"), {"file_up_to_mb": "5", "files_up_to_mb": "50"})
    rules = ExportRules.objects.get()
    assert (rules.centre, rules.file_up_to_mb, rules.files_up_to_mb) == (cast.centre, 5, 50)
    assert 'value="50"' in admin.get(at(cast, "rules")).content.decode()
