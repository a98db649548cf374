"""Learners by units: whether what the page says is so."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.models import ActionPoint, Plan, PlanAction, Record
from portfolio.models import EvidenceVersion, ImportedDecision
from tests.assessments.conftest import count_queries
from tests.assessments.overview.conftest import Small, learner_on, moved
from tests.factories import make_claims, make_edition, make_enrolment, make_version


def cells(page):
    """Learner and unit to cell."""
    matrix = page.context["matrix"]
    return {
        (row.name, unit.urn): cell
        for row in matrix.rows
        for unit, cell in zip(matrix.units, row.cells, strict=True)
    }


def test_each_cell_says_how_far_its_unit_is(small: Small, theirs, url_of, signed_in):
    urn = small.unit.enrolment.edition.standard.urn
    found = cells(theirs.get(url_of("matrix")))
    assert set(found) == {("Amira Khan", urn), ("Lena Frost", urn)}  # Omar is a colleague's
    amira = found["Amira Khan", urn]
    assert (amira.state, amira.criteria, amira.claimed, amira.met) == ("waiting", 3, 2, 1)
    assert amira.waiting == 1
    assert (timezone.now() - amira.oldest).days == 5
    lena = found["Lena Frost", urn]
    assert (lena.state, lena.claimed, lena.met, lena.waiting) == ("stuck", 1, 0, 0)
    assert (timezone.now() - lena.last).days == 44
    omar = cells(signed_in(small.cast.other_assessor).get(url_of("matrix")))
    assert omar["Omar Dean", urn].state == "ready"
    assert omar["Omar Dean", urn].met == 3


def test_a_state_is_a_shape_with_its_word(small: Small, theirs, url_of):
    body = theirs.get(url_of("matrix")).content.decode()
    for key, word in {"waiting": "Waiting", "stuck": "Stuck"}.items():
        assert f'data-state="{key}"' in body
        assert f"#state-{key}" in body
        assert f"<span>{word}</span>" in body


@pytest.mark.parametrize(
    "change", ["handed in", "decided lately", "all met", "signed", "just begun", "withdrawn"]
)
def test_what_is_not_stuck(small: Small, theirs, url_of, change):
    lena, urn = small.lena, small.unit.enrolment.edition.standard.urn
    enrolment = lena.enrolment
    if change == "handed in":
        moved(lena.submitted("P2"), handed_in=40)
    elif change == "decided lately":
        moved(lena.accepted("P2"), handed_in=40, decided=2)
    elif change == "all met":
        for criterion in enrolment.edition.criteria.all():
            ImportedDecision.objects.create(
                enrolment=enrolment,
                criterion=criterion,
                decided_at_centre="Elsewhere",
                decided_by_name="A. Other",
                decided_on="2026-01-01",
                seen="The record",
                imported_by=small.cast.assessor,
            )
    else:
        value = {"signed": "signed_off", "just begun": "active", "withdrawn": "withdrawn"}[change]
        enrolment.status = value
        enrolment.save()
    if change == "just begun":
        enrolment.started_on = timezone.localdate()
        enrolment.save()
    found = cells(theirs.get(url_of("matrix"))).get(("Lena Frost", urn))
    assert found is None if change == "withdrawn" else found.state != "stuck"


def test_how_long_is_too_long_is_a_setting(small: Small, theirs, url_of, settings):
    urn = small.unit.enrolment.edition.standard.urn
    settings.STUCK_AFTER_DAYS = 45
    assert cells(theirs.get(url_of("matrix")))["Lena Frost", urn].state == "active"
    settings.STUCK_AFTER_DAYS = 43
    page = theirs.get(url_of("matrix"))
    assert cells(page)["Lena Frost", urn].state == "stuck"
    assert "for 43 days nothing was submitted" in page.content.decode()


def test_a_draft_is_the_learner_s_alone(small: Small, theirs, url_of):
    version = make_version(small.lena.portfolio)
    make_claims(version, small.lena.enrolment, "P2", "K1")
    urn = small.unit.enrolment.edition.standard.urn
    assert cells(theirs.get(url_of("matrix")))["Lena Frost", urn].claimed == 1


def test_what_was_imported_counts_as_met_once(small: Small, theirs, url_of):
    for code in ("P1", "K1"):
        ImportedDecision.objects.create(
            enrolment=small.unit.enrolment,
            criterion=small.unit.enrolment.edition.criteria.get(code=code),
            decided_at_centre="Elsewhere",
            decided_by_name="A. Other",
            decided_on="2026-01-01",
            seen="The record",
            imported_by=small.cast.assessor,
        )
    urn = small.unit.enrolment.edition.standard.urn
    assert cells(theirs.get(url_of("matrix")))["Amira Khan", urn].met == 2  # P1 was met here too


def test_how_long_work_waits(small: Small, theirs, url_of):
    moved(small.unit.submitted("K1"), handed_in=20)
    small.unit.submitted("K1")
    ages = theirs.get(url_of("matrix")).context["ages"]
    assert [age.count for age in ages] == [1, 1, 0, 1]


def test_planned_visits_and_this_week_s_actions(small: Small, theirs, url_of):
    today = timezone.localdate()
    enrolment = small.unit.enrolment
    for days in (-1, 3):
        Record.objects.create(
            kind="observation",
            enrolment=enrolment,
            assessor=small.cast.assessor,
            planned_for=timezone.now() + timedelta(days=days),
            place="The shop",
        )
    Record.objects.create(
        kind="observation",
        enrolment=enrolment,
        assessor=small.cast.other_assessor,
        planned_for=timezone.now(),
    )
    plan = Plan.objects.create(
        enrolment=enrolment, made_by=small.cast.assessor, review_on=today + timedelta(days=60)
    )
    dues = {"Watch a call": today, "Far off": today + timedelta(days=30)}
    for text, due_on in dues.items():
        PlanAction.objects.create(plan=plan, who="assessor", text=text, due_on=due_on)
    PlanAction.objects.create(
        plan=plan, text="Done", due_on=today, done_at=timezone.now(), done_by=small.cast.learner
    )
    point = {"created_by": small.cast.assessor, "due_on": today - timedelta(days=3)}
    sent_back = small.lena.enrolment.submissions.get()
    ActionPoint.objects.create(submission=sent_back, text="Add the date", **point)
    drafted = enrolment.submissions.get(status="waiting")
    ActionPoint.objects.create(submission=drafted, text="Only a draft", **point)
    page = theirs.get(url_of("matrix"))
    assert [each.place for each in page.context["visits"]] == ["The shop", "The shop"]
    assert len(page.context["gone_by"]) == 1
    assert [each.text for each in page.context["actions"]] == ["Add the date", "Watch a call"]
    assert "Overdue" in page.content.decode()
    again = EvidenceVersion.objects.create(
        evidence=sent_back.version.evidence,
        number=2,
        title="Again",
        method="account",
        gathered_on=today,
        status="submitted",
        submitted_at=timezone.now(),
    )
    actions_now = theirs.get(url_of("matrix")).context["actions"]
    assert [each.text for each in actions_now] == ["Watch a call"], again


def test_the_centre_s_matrix_narrows(small: Small, signed_in, url_of):
    client = signed_in(small.cast.iqa)

    def names(**query):
        return [
            row.name for row in client.get(url_of("centre_matrix"), query).context["matrix"].rows
        ]

    assert names() == ["Amira Khan", "Lena Frost", "Omar Dean"]
    assert names(cohort="Spring") == ["Omar Dean"]
    assert names(assessor=small.cast.assessor.pk) == ["Amira Khan", "Lena Frost"]
    assert names(unit=small.unit.enrolment.edition_id, cohort="Autumn") == [
        "Amira Khan",
        "Lena Frost",
    ]
    assert names(unit=0) == []
    assert names(unit="x", assessor="-1") == ["Amira Khan", "Lena Frost", "Omar Dean"]


def test_nobody_sees_another_centre_s(small: Small, outsiders, signed_in, url_of):
    """One person may work at two centres; each centre's pages show its own."""
    for person, role, name in (
        (small.cast.assessor, "assessor", "matrix"),
        (small.cast.iqa, "iqa", "centre_matrix"),
    ):
        outsiders.centre.memberships.create(user=person, role=role)
        url = url_of(name).replace(small.cast.centre.slug, outsiders.centre.slug)
        page = signed_in(person).get(url)
        assert page.status_code == 200
        assert page.context["matrix"].rows == []


def test_it_goes_out_as_a_file(small: Small, theirs, url_of):
    answer = theirs.get(url_of("matrix"), {"as": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["Learner"], row["State"], row["Met"]) for row in rows] == [
        ("Amira Khan", "Waiting", "1"),
        ("Lena Frost", "Stuck", "0"),
    ]


@pytest.mark.parametrize("name", ["matrix", "centre_matrix"])
def test_fifty_learners_on_ten_units_take_no_more_statements_than_one(
    small: Small, signed_in, url_of, name
):
    person = small.cast.assessor if name == "matrix" else small.cast.admin
    client = signed_in(person)
    client.get(url_of(name))
    few = count_queries(client, url_of(name))
    units = [make_edition() for _ in range(9)]
    for number in range(50):
        one = learner_on(
            small.unit, f"Learner {number}", cohort="Big", assessor=small.cast.assessor, days=30
        )
        for edition in units:
            make_enrolment(one.portfolio, edition, small.cast.assessor)
    assert count_queries(client, url_of(name)) == few
    assert few <= 15
    matrix = client.get(url_of(name)).context["matrix"]
    assert (len(matrix.rows), len(matrix.units)) == (50, 10)
