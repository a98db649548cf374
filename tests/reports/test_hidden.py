"""What was hidden in an item, in what is written of whole units; and in exports made before."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import Plan, PlanAction, SignOff, Withdrawal
from portfolio.actions import hide_in_account
from portfolio.models import EvidenceVersion, ImportedDecision
from reports import actions, document, kept, making
from reports.bulk.packing import archive_of
from reports.facts import Portfolio
from reports.gather import gather
from reports.models import Bulk, Report
from reports.options import Options
from reports.proof import Outcome
from reports.proof.recorded import Database
from reports.tasks import resend_stuck
from tests.reports.builders import Story

SECRET = "Margaret Bell"
GUIDE = "Customer relationships"  # a word that the published text has as well
SAID = f"I rang {SECRET} back. {GUIDE}!"


def hide_a_name(story: Story) -> None:
    """In an account that was handed in."""
    version = EvidenceVersion.objects.get(evidence__number=2)
    EvidenceVersion.objects.filter(pk=version.pk).update(account=SAID)
    marks = [
        {"start": SAID.index(each), "end": SAID.index(each) + len(each)} for each in (SECRET, GUIDE)
    ]
    hide_in_account(version=version, marks=marks, by=story.cast.data_lead)


# In what is written of a unit -------------------------------------------------------------------


@pytest.fixture
def named(story: Story) -> Story:
    """The name stands in everything that somebody writes of a whole unit."""
    (unit,) = story.enrolments
    plan = Plan.objects.create(
        enrolment=unit,
        made_by=story.cast.assessor,
        note=f"Visit {SECRET}.",
        review_on=date(2026, 10, 30),
        revision=1,
        reviewed_by=story.cast.assessor,
        reviewed_at=datetime(2026, 10, 30, tzinfo=UTC),
        review=f"{SECRET} was visited.",
    )
    PlanAction.objects.create(plan=plan, text=f"Ring {SECRET}.", due_on=date(2026, 10, 1))
    ImportedDecision.objects.create(
        enrolment=unit,
        criterion=unit.edition.criteria.get(code="P1"),
        decided_at_centre="Westside Centre",
        decided_by_name="Uma Grant",
        decided_on=date(2026, 3, 3),
        seen=f"A letter of {SECRET}.",
        imported_by=story.cast.assessor,
        taken_back_by=story.cast.admin,
        taken_back_at=datetime(2026, 9, 5, tzinfo=UTC),
        taken_back_reason=f"{SECRET} wrote no letter.",
    )
    other = {"countersigner": story.cast.other_assessor, "countersigned_at": story.now()}
    Withdrawal.objects.create(
        kind="withdrawn",
        sign_off=SignOff.objects.get(enrolment=unit),
        by=story.cast.assessor,
        at=story.now(),
        reason=f"{SECRET} was not asked.",
    )
    refusal = f"{SECRET} was not asked again."
    story.sign_off(unit, status="refused", countersigner_reason=refusal, **other)
    return story


def of_the_unit(told: Portfolio) -> list[str]:
    (unit,) = told.units
    (plan,), (withdrawn, refused) = unit.plans, unit.sign_offs
    (imported,) = unit.criteria[0].imported
    return [
        *(plan.note, plan.review, plan.actions[0].text),
        *(imported.seen, imported.reason),
        *(refused.reason, withdrawn.taken_back.reason),
    ]


def test_what_was_written_of_a_unit_does_not_say_what_was_hidden_in_an_item(named: Story):
    assert all(SECRET in words for words in of_the_unit(gather(named.portfolio.pk)))
    hide_a_name(named)
    told = gather(named.portfolio.pk)
    assert not any(SECRET in words for words in of_the_unit(told))
    assert told.units[0].plans[0].note == "Visit █████."
    html = document.render(told)
    assert "Visit █████." in html
    assert SECRET not in html
    assert {guide.title for guide in told.units[0].sign_offs[-1].guides} == {GUIDE}


def test_the_data_lead_may_read_it_there_too(named: Story):
    hide_a_name(named)
    told = gather(named.portfolio.pk, options=Options(unredacted="The appeal board asked."))
    assert all(SECRET in words for words in of_the_unit(told))


# In exports made before ---------------------------------------------------------------------------

WHY = "Something was hidden after this PDF was made. Export again."


@pytest.fixture
def parts(settings, tmp_path: Path) -> Path:
    settings.REPORT_PARTS_DIR = tmp_path / "parts"
    settings.REPORT_HANDS = 1
    return settings.REPORT_PARTS_DIR


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PDF whose pages nobody looks at."""

    def produce(portfolio: Portfolio, folder: Path, attempt: object) -> making.Made:
        made = folder / "made.pdf"
        made.write_bytes(f"%PDF-1.7 {portfolio.evidence[-1].latest.account}".encode())
        return making.Made(made, 1)

    monkeypatch.setattr(making, "produce", produce)


def export(story: Story, **choices: str) -> Report:
    by = story.cast.data_lead if choices else story.cast.admin
    report = actions.request_report(portfolio=story.portfolio, by=by, options=Options(**choices))
    making.make(report.pk)
    return Report.objects.get(pk=report.pk)


def test_what_was_made_before_something_was_hidden_is_no_longer_given_out(story, quick):
    report = export(story)
    assert actions.download(report=report, by=story.cast.admin)
    hide_a_name(story)
    with pytest.raises(actions.Withheld, match="Something was hidden"):
        actions.download(report=report, by=story.cast.admin)
    assert list(Report.objects.outdated()) == [report]
    assert not Report.objects.given_out()
    after = export(story)
    assert list(Report.objects.given_out()) == [after]
    assert actions.download(report=after, by=story.cast.admin)


def test_the_data_leads_own_shows_it_anyway(story, quick):
    report = export(story, unredacted="The appeal board asked.")
    hide_a_name(story)
    assert (list(Report.objects.given_out()), list(Report.objects.outdated())) == ([report], [])
    assert actions.download(report=report, by=story.cast.data_lead)


def test_what_is_hidden_while_an_export_is_made_counts_too(story, quick, monkeypatch):
    make = making.produce

    def meanwhile(*given: object) -> making.Made:
        hide_a_name(story)
        return make(*given)

    monkeypatch.setattr(making, "produce", meanwhile)
    assert export(story).withheld() == WHY


def test_its_page_and_the_list_say_so_in_no_more_queries(
    story, quick, client: Client, django_assert_num_queries
):
    report = export(story)
    client.force_login(story.cast.admin)
    address = reverse("reports:report", args=[story.cast.centre.slug, report.pk])
    listed = reverse("reports:list", args=[story.cast.centre.slug])
    with CaptureQueriesContext(connection) as before:
        assert WHY not in client.get(listed).content.decode()
    queries = len(before)
    assert "export-download" in client.get(address).content.decode()
    hide_a_name(story)
    Report.objects.create(
        finished_at=timezone.now(),
        portfolio=story.portfolio,
        requested_by=story.cast.admin,
        status="done",
        blob=report.blob,
        pages=1,
    )
    with django_assert_num_queries(queries):
        page = client.get(listed).content.decode()
    assert page.count(WHY) == 2
    page = client.get(address).content.decode()
    assert WHY in page
    assert "export-download" not in page
    taken = client.post(reverse("reports:download", args=[story.cast.centre.slug, report.pk]))
    assert (taken.status_code, WHY in taken.content.decode()) == (410, True)


def test_an_archive_is_without_it_and_its_index_says_why(story, quick):
    report = export(story)
    by, centre = story.cast.admin, story.cast.centre
    bulk = Bulk.objects.create(centre=centre, requested_by=by, chosen="All")
    Report.objects.update(bulk=bulk)
    hide_a_name(story)
    packed = archive_of(bulk, list(bulk.reports.given_out()))
    data = b"".join(packed.read(range(packed.size)))
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert opened.namelist() == ["index.csv"]
        (row,) = csv.DictReader(io.StringIO(opened.read("index.csv").decode("utf-8-sig")))
    assert (row["Code"], row["File"], row["Why it is not here"]) == (report.code, "", WHY)


def test_who_checks_it_is_told_what_is_true_of_it(story, quick):
    report = export(story)
    hide_a_name(story)
    assert Database().export_with(report.code).outcome == Outcome.LATEST
    export(story)
    assert Database().export_with(report.code).outcome == Outcome.NEWER


def test_of_exports_from_before_it_is_worked_out_by_the_clock(story, quick):
    migration = import_module("reports.migrations.0003_hidden_before")
    before = export(story)
    hide_a_name(story)
    after = export(story)
    Report.objects.update(hidden_before=7)
    migration.count_hidden(apps, None)
    known = dict(Report.objects.values_list("pk", "hidden_before"))
    assert known == {before.pk: 0, after.pk: 1}


def names_in(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_parts_printed_before_are_neither_used_nor_kept(story, parts: Path, tmp_path: Path):
    part, target = tmp_path / "part.pdf", tmp_path / "target.pdf"
    part.write_bytes(b"%PDF-1.7 " + SECRET.encode())
    before = gather(story.portfolio.pk)
    kept.parts_of(before).keep("abc", part)
    (parts / "ab").mkdir()  # as they lay before they were told apart
    kept.drop_outdated()
    assert kept.parts_of(before).take("abc", target)
    assert names_in(parts) == [f"{story.portfolio.pk}-0"]
    hide_a_name(story)
    assert not kept.parts_of(gather(story.portfolio.pk)).take("abc", target)
    resend_stuck()
    assert names_in(parts) == []
    kept.parts_of(before).keep("abc", part)  # by an export that had begun before
    kept.parts_of(gather(story.portfolio.pk)).keep("abc", part)
    kept.drop_outdated()
    assert names_in(parts) == [f"{story.portfolio.pk}-1"]


def test_an_export_takes_its_parts_from_there(story, parts: Path, tmp_path: Path, monkeypatch):
    given = []
    monkeypatch.setattr(making, "Printer", lambda *_, **fields: given.append(fields["cache"]))
    for unredacted in ("", "The appeal board asked."):
        told = gather(story.portfolio.pk, options=Options(unredacted=unredacted))
        with pytest.raises(AttributeError):  # there is no printer
            making.print_out(told, tmp_path, None, hands=1)
    hidden, shown = given
    assert (hidden.own, shown) == (parts / f"{story.portfolio.pk}-0", None)


# On the page of one that shows it -----------------------------------------------------------------

REASON = f"{SECRET} asked for her own words."


@pytest.mark.parametrize(
    ("role", "may_know", "may_repeat"),
    [("data_lead", True, True), ("admin", False, False), ("iqa", False, False)],
)
def test_only_a_data_lead_reads_why_and_is_offered_it_again(
    story, quick, client: Client, role: str, may_know: bool, may_repeat: bool
):
    report = export(story, unredacted=REASON)
    client.force_login(getattr(story.cast, role))
    at = [story.cast.centre.slug, report.pk]
    page = client.get(reverse("reports:report", args=at)).content.decode()
    assert "Shows what was hidden" in page
    assert (SECRET in page, 'id="export-again"' in page) == (may_know, may_repeat)
    again = client.post(reverse("reports:again", args=at))
    assert again.status_code == (302 if may_repeat else 403)


def test_one_that_shows_nothing_hidden_is_offered_again_to_an_admin(story, quick, client: Client):
    report = export(story)
    client.force_login(story.cast.admin)
    page = client.get(reverse("reports:report", args=[story.cast.centre.slug, report.pk]))
    assert 'id="export-again"' in page.content.decode()
