"""Every list of the product: sorted, narrowed, and as a file of exactly what was chosen."""

import csv
import io
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.lists import Column, at
from accounts.lists.files import as_csv, as_xlsx, plain
from accounts.lists.formulas import harmless
from accounts.models import Role
from reports.models import Report
from tests.architecture.matrix import BACKEND
from tests.architecture.world import World, make_world
from tests.factories import (
    Cast,
    make_edition,
    make_enrolment,
    make_member,
    make_portfolio,
    make_version,
)

# Address, somebody who may open it, and somebody of the centre who may not.
LISTS: list[tuple[str, str, str | None]] = [
    ("assessments:queue", "assessor", "admin"),
    ("assessments:caseload", "assessor", "learner"),
    ("assessments:matrix", "assessor", "iqa"),
    ("assessments:countersignatures", "assessor", "trainee"),
    ("assessments:visits", "assessor", "admin"),
    ("assessments:todo", "trainee", "iqa"),
    ("assessments:plans", "iqa", "learner"),
    ("assessments:questions", "admin", "learner"),
    ("assessments:bank", "assessor", "iqa"),
    ("assessments:appeals", "admin", "data_lead"),
    ("notices:list", "learner", None),
    ("assessments:overview", "iqa", "assessor"),
    ("assessments:centre_matrix", "admin", "learner"),
    ("portfolio:enrolments", "admin", "learner"),
    ("portfolio:evidence_list", "learner", "assessor"),
    ("portfolio:likenesses", "iqa", "learner"),
    ("portfolio:likeness_templates", "iqa", "learner"),
    ("portfolio:redactions", "data_lead", "admin"),
    ("portfolio:experts", "admin", "learner"),
    ("accounts:people", "admin", "iqa"),
    ("reports:list", "admin", "assessor"),
]
NAMES = [name for name, _may, _may_not in LISTS]
FORMULAS = ["=1+1", "+1", "-1+1", "-A1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", "﹣A1", "⁺1"]
FORMULAS += ['=HYPERLINK("http://x")', "-2+3+cmd|' /C calc'!A0", "- 1"]


@pytest.fixture
def world(cast: Cast) -> World:
    return make_world(cast)


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def csv_of(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/csv")
    body = b"".join(answer.streaming_content)
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def xlsx_of(answer: Any) -> list[tuple[Any, ...]]:
    assert answer.status_code == 200
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    return list(book.active.iter_rows(values_only=True))


@pytest.mark.parametrize(("name", "may", "may_not"), LISTS, ids=NAMES)
def test_a_file_of_every_list(
    world: World, outsiders: Cast, name: str, may: str, may_not: str | None
):
    url = reverse(name, args=[world.cast.centre.slug])
    client = browser(getattr(world.cast, may))
    answer = client.get(url, {"as": "csv"})
    assert answer["Cache-Control"] == "private, no-store"
    assert "attachment" in answer["Content-Disposition"]
    rows = csv_of(answer)
    book = xlsx_of(client.get(url, {"as": "xlsx"}))
    assert len(book) == len(rows) + 1
    if rows:
        assert list(rows[0]) == list(book[0])
    for kind in ("csv", "xlsx"):
        if may_not:
            refused = browser(getattr(world.cast, may_not)).get(url, {"as": kind})
            assert refused.status_code in {302, 403}
        assert browser(getattr(outsiders, may)).get(url, {"as": kind}).status_code == 404
        assert Client().get(url, {"as": kind}).status_code == 302


@pytest.mark.parametrize(("name", "may", "_may_not"), LISTS, ids=NAMES)
def test_every_column_sorts_both_ways_and_nonsense_is_no_error(
    world: World, name: str, may: str, _may_not: str | None
):
    url = reverse(name, args=[world.cast.centre.slug])
    client = browser(getattr(world.cast, may))
    page = client.get(url, {"sort": "nonsense", "as": "pdf", "page": "x"})
    assert page.status_code == 200
    listing = page.context.get("listing")
    for column in listing.columns if listing else ():
        for sort in (column.key, f"-{column.key}"):
            answer = client.get(url, {"sort": sort})
            assert answer.status_code == 200
            if column.order and column.shown and listing.row:
                turned = "descending" if sort.startswith("-") else "ascending"
                shown = f'aria-sort="{turned}"' in answer.content.decode()
                assert shown is bool(answer.context["page_obj"].object_list)


@pytest.mark.parametrize(("name", "may", "_may_not"), LISTS, ids=NAMES)
def test_odd_filters_are_no_error(world: World, name: str, may: str, _may_not: str | None):
    url = reverse(name, args=[world.cast.centre.slug])
    client = browser(getattr(world.cast, may))
    keys = {"q", "text", "state", "unit", "learner", "cohort", "assessor", "role", "kind", "by"}
    for value in ("x", "-1", "9" * 40, "%", "'", "²", "0"):
        assert client.get(url, dict.fromkeys(keys, value)).status_code == 200


@pytest.fixture
def learners(cast: Cast) -> list[str]:
    """Names that a spreadsheet would run, in two cohorts."""
    unit = make_edition()
    for number, name in enumerate(FORMULAS):
        person = make_member(cast.centre, Role.LEARNER, "X")
        person.name = name
        person.save()
        portfolio = make_portfolio(cast.centre, person, cohort=f"C{number % 2}")
        make_enrolment(portfolio, unit, cast.assessor, cast.trainee)
    return FORMULAS


def test_nothing_in_a_file_is_a_formula(cast: Cast, learners: list[str]):
    url = reverse("portfolio:enrolments", args=[cast.centre.slug])
    client = browser(cast.admin)
    for row in csv_of(client.get(url, {"as": "csv"})):
        assert row["Learner"].startswith("'")
        assert row["Assessors"] == "Ben Osei, Chloe Park"
    book = load_workbook(io.BytesIO(b"".join(client.get(url, {"as": "xlsx"}).streaming_content)))
    cells = [row[0] for row in book.active.iter_rows(min_row=2)]
    assert len(cells) == len(learners)
    assert {cell.data_type for cell in cells} == {"s"}
    assert "=1+1" in {cell.value for cell in cells}  # as it was written, and text


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_may_be_run_gets_an_apostrophe(text: str):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["Amira", "5 - 3", "a=b", "", " Ann", "1+1", "'quoted", "-1", "-2.5", "-1,000"]
)
def test_any_other_text_stays_as_it_is(text: str):
    assert harmless(text) == text


def test_what_a_workbook_cannot_hold_is_left_out():
    assert plain("a\x00b\x0bc\u00a0d\ne") == "ab c d\ne"
    assert len(plain("x" * 40_000)) == 32_000
    assert plain(date(2026, 11, 22)) == date(2026, 11, 22)
    moment = plain(timezone.now())
    assert moment.tzinfo is None


def test_a_cell_that_starts_another_row_stays_one_cell():
    columns = [Column("a", "A", at("a")), Column("b", "B", at("b"))]
    rows = [SimpleNamespace(a='one",\r\n=two', b=3)]
    (row,) = csv_of(as_csv("x", columns, rows))
    assert row == {"A": 'one",\n=two', "B": "3"}
    assert xlsx_of(as_xlsx("x", columns, rows))[1][1] == 3


def test_a_file_holds_what_the_filters_left_in_its_order(cast: Cast, learners: list[str]):
    url = reverse("portfolio:enrolments", args=[cast.centre.slug])
    client = browser(cast.admin)
    query = {"cohort": "C1", "sort": "-learner"}
    shown = [each.portfolio.learner.name for each in client.get(url, query).context["page_obj"]]
    rows = csv_of(client.get(url, {**query, "as": "csv", "page": "2"}))
    assert [row["Learner"].removeprefix("'") for row in rows] == [plain(name) for name in shown]
    assert {row["Cohort"] for row in rows} == {"C1"}
    body = client.get(url, query).content.decode()
    assert "?cohort=C1&amp;sort=-learner&amp;as=csv" in body
    assert '<input type="hidden" name="sort" value="-learner">' in body


def statements(client: Client, url: str, **query: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url, query)
        assert b"".join(answer.streaming_content)
    return len(captured)


@pytest.mark.parametrize("name", ["portfolio:enrolments", "accounts:people", "assessments:matrix"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_long_file_takes_as_many_statements_as_a_short_one(cast: Cast, name: str, kind: str):
    unit = make_edition()

    def more(many: int) -> None:
        for number in range(many):
            person = make_member(cast.centre, Role.LEARNER, f"L{number}")
            portfolio = make_portfolio(cast.centre, person, cohort="C")
            make_enrolment(portfolio, unit, cast.assessor, cast.trainee)

    client = browser(cast.assessor if name == "assessments:matrix" else cast.admin)
    url = reverse(name, args=[cast.centre.slug])
    more(1)
    statements(client, url, **{"as": kind})
    few = statements(client, url, **{"as": kind})
    more(30)
    assert statements(client, url, **{"as": kind}) == few


def test_a_csv_goes_out_while_it_is_read(rf):
    """Nothing is asked for before the browser takes it."""
    asked = []

    def rows():
        for number in range(3):
            asked.append(number)
            yield SimpleNamespace(a=number)

    lines = iter(as_csv("x", [Column("a", "A", at("a"))], rows()).streaming_content)
    for _ in range(3):  # the mark of UTF-8, the head, one row
        next(lines)
    assert asked == [0]


def test_people_say_their_roles_and_standing(cast: Cast):
    url = reverse("accounts:people", args=[cast.centre.slug])
    rows = csv_of(browser(cast.admin).get(url, {"as": "csv", "q": cast.assessor.email}))
    assert [(row["Roles"], row["State"]) for row in rows] == [("Assessor", "Can't sign in yet")]
    cast.assessor.set_password("correct-horse-battery")
    cast.assessor.save()
    (row,) = csv_of(browser(cast.admin).get(url, {"as": "csv", "q": cast.assessor.email}))
    assert row["State"] == "Can sign in"


def test_her_own_evidence_sorts(cast: Cast):
    portfolio = make_portfolio(cast.centre, cast.learner)
    make_enrolment(portfolio, make_edition(), cast.assessor)
    for title in ("Beta", "Alpha"):
        make_version(portfolio, title=title)
    client = browser(cast.learner)
    url = reverse("portfolio:evidence_list", args=[cast.centre.slug])
    found = [each.title for each in client.get(url, {"sort": "title"}).context["page_obj"]]
    assert found == ["Alpha", "Beta"]
    assert [row["Title"] for row in csv_of(client.get(url, {"as": "csv"}))] == ["Alpha", "Beta"]


def test_exports_narrow(cast: Cast):
    first = make_portfolio(cast.centre, cast.learner, cohort="Autumn")
    second = make_portfolio(cast.centre, cast.second_learner, cohort="Spring")
    for portfolio in (first, second):
        Report.objects.create(portfolio=portfolio, requested_by=cast.admin)
    client = browser(cast.admin)
    url = reverse("reports:list", args=[cast.centre.slug])
    (row,) = csv_of(client.get(url, {"as": "csv", "cohort": "spri"}))
    assert row["Learner"] == cast.second_learner.name
    page = client.get(url, {"state": "done"})
    assert "Nothing fits this search" in page.content.decode()
