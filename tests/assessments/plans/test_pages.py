"""A plan on its pages, the learner’s home and the unit."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments import actions
from assessments.models import Plan
from tests.assessments.conftest import Unit, count_queries
from tests.assessments.plans.conftest import (
    change,
    decided_with_point,
    let_days_go_by,
    planned,
    soon,
)


@pytest.fixture
def her(unit: Unit, signed_in) -> Client:
    return signed_in(unit.cast.learner)


def rows(*texts: str, total: int | None = None, **more: Any) -> dict[str, Any]:
    data = {
        "actions-TOTAL_FORMS": total or len(texts),
        "actions-INITIAL_FORMS": 0,
        "note": "The counter.",
        "review_on": soon(30).isoformat(),
    }
    for number, text in enumerate(texts):
        data[f"actions-{number}-who"] = "learner"
        data[f"actions-{number}-text"] = text
        data[f"actions-{number}-due_on"] = soon().isoformat() if text else ""
    return {**data, **more}


def test_made_on_the_page_agreed_by_her_and_shown_to_both(
    unit: Unit, theirs: Client, her: Client, url_of
) -> None:
    edit = url_of("plan_edit", pk=unit.enrolment.pk)
    data = rows("Film a talk.", "", **{"actions-0-criteria": "p1, K1", "agree": "1"})
    page = theirs.post(edit, data, follow=True).content.decode()
    assert "Saved and agreed by you" in page
    plan = Plan.objects.get()
    assert [each.code for each in plan.actions.get().criteria.all()] == ["P1", "K1"]
    home = her.get(reverse("portfolio:home", kwargs={"centre": unit.cast.centre.slug}))
    assert "A plan to agree to" in home.content.decode()
    read = her.get(url_of("plan", pk=unit.enrolment.pk)).content.decode()
    assert "Do you agree to this plan?" in read
    agree = url_of("plan_agree", pk=plan.pk)
    answer = her.post(agree, {"revision": plan.revision}, follow=True).content.decode()
    assert "both agreed" in answer
    assert "Agreed by both" in answer
    action = url_of("plan_action", pk=plan.actions.get().pk)
    assert "Marked as done" in her.post(action, {"done": "on"}, follow=True).content.decode()
    unit_page = url_of("plan", pk=unit.enrolment.pk)
    assert "Amira Khan" in theirs.get(unit_page).content.decode()


def test_a_code_that_the_unit_lacks_and_a_day_gone_by_are_said(unit, theirs, url_of) -> None:
    edit = url_of("plan_edit", pk=unit.enrolment.pk)
    data = rows("Film a talk.", **{"actions-0-criteria": "P1, X9"})
    answer = theirs.post(edit, data)
    assert answer.status_code == 422
    assert "no criterion X9" in answer.content.decode()
    assert "Film a talk." in answer.content.decode()
    data = rows("Film a talk.", **{"actions-0-due_on": "2020-01-01"})
    assert "This day has gone by" in theirs.post(edit, data).content.decode()
    assert not Plan.objects.exists()


@pytest.mark.parametrize(
    "data", [{}, {"actions-TOTAL_FORMS": "x"}, {"actions-TOTAL_FORMS": "1", "more": "1"}]
)
def test_a_broken_form_saves_nothing(unit: Unit, theirs: Client, url_of, data) -> None:
    answer = theirs.post(url_of("plan_edit", pk=unit.enrolment.pk), data)
    assert answer.status_code in {200, 422}
    assert not Plan.objects.exists()


def test_more_rows_keep_what_was_written(unit: Unit, theirs: Client, url_of) -> None:
    edit = url_of("plan_edit", pk=unit.enrolment.pk)
    page = theirs.post(edit, rows("Film a talk.", more="1"))
    assert page.status_code == 200
    assert "Film a talk." in page.content.decode()
    assert page.content.decode().count('-text"') >= 4
    assert not Plan.objects.exists()


def test_a_stale_form_keeps_its_words_and_shows_the_newer_plan(
    unit: Unit, theirs: Client, make, url_of
) -> None:
    plan = make(planned("The first."))
    change(plan, planned("The colleague's."), by=unit.cast.trainee)
    edit = url_of("plan_edit", pk=unit.enrolment.pk)
    answer = theirs.post(edit, rows("Mine.", revision="1"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The plan as it stands now" in page
    assert "The colleague&#x27;s." in page
    assert "Mine." in page
    assert 'name="revision" value="2"' in page
    theirs.post(edit, rows("Mine.", revision="2"))
    assert Plan.objects.get().actions.get().text == "Mine."


def test_a_new_plan_starts_with_what_was_left(unit: Unit, theirs: Client, make, url_of) -> None:
    plan = make(planned("Left undone."))
    actions.review_plan(plan=plan, review="Not yet.", by=unit.cast.assessor)
    page = theirs.get(url_of("plan_edit", pk=unit.enrolment.pk)).content.decode()
    assert "Left undone." in page
    shown = theirs.get(url_of("plan", pk=unit.enrolment.pk)).content.decode()
    assert "Reviewed by Ben Osei" in shown
    assert "Not done" in shown


def test_the_review_on_the_page(unit: Unit, theirs: Client, her: Client, make, url_of) -> None:
    page = url_of("plan_review", pk=make().pk)
    assert her.post(page, {"review": "x"}).status_code == 403
    assert theirs.post(page, {"review": ""}).status_code == 422
    assert (
        "reviewed and closed"
        in theirs.post(page, {"review": "Well."}, follow=True).content.decode()
    )
    assert theirs.post(page, {"review": "Again."}).status_code == 409


def test_she_marks_an_action_on_her_home_page_and_the_assessor_sees_it(
    unit: Unit, her: Client, theirs: Client, url_of
) -> None:
    point = decided_with_point(unit)
    home = reverse("portfolio:home", kwargs={"centre": unit.cast.centre.slug})
    assert "It is done" in her.get(home).content.decode()
    answer = her.post(url_of("action_point", pk=point.pk), {"done": "on", "next": home})
    assert answer["Location"] == home
    assert "Ask him how it went" not in her.get(home).content.decode()
    evidence = {"centre": unit.cast.centre.slug, "pk": point.submission.version.evidence_id}
    page = theirs.get(reverse("portfolio:evidence", kwargs=evidence)).content.decode()
    assert 'data-state="done"' in page
    assert "It is done" not in page
    desk = theirs.get(url_of("submission", pk=point.submission_id)).content.decode()
    assert "The learner says it is done" in desk


@pytest.mark.parametrize("where", ["//evil.example/x", "https://evil.example/", ""])
def test_the_way_back_stays_on_this_site(unit: Unit, her: Client, url_of, where: str) -> None:
    point = decided_with_point(unit)
    answer = her.post(url_of("action_point", pk=point.pk), {"done": "on", "next": where})
    assert answer["Location"].startswith("/c/")


def test_overdue_stands_on_the_pages_of_both(unit, her, theirs, make, url_of) -> None:
    let_days_go_by(make(planned("Film a talk.")))
    home = reverse("portfolio:home", kwargs={"centre": unit.cast.centre.slug})
    page = reverse(
        "portfolio:unit", kwargs={"centre": unit.cast.centre.slug, "pk": unit.enrolment.pk}
    )
    for browser, address in ((her, home), (her, page), (theirs, page), (theirs, url_of("queue"))):
        shown = browser.get(address).content.decode()
        assert "Film a talk." in shown
        assert 'data-state="overdue"' in shown


def test_the_unit_page_hints_at_the_rules(unit: Unit, her: Client) -> None:
    actions.add_method_rules(
        centre=unit.cast.centre,
        edition=unit.enrolment.edition,
        criteria=list(unit.enrolment.edition.criteria.filter(code="P1")),
        kind="required",
        methods=["observation"],
        by=unit.cast.admin,
    )
    page = reverse(
        "portfolio:unit", kwargs={"centre": unit.cast.centre.slug, "pk": unit.enrolment.pk}
    )
    assert "P1 needs evidence by observation." in her.get(page).content.decode()


def test_pages_take_a_fixed_number_of_queries(unit: Unit, theirs, make, url_of) -> None:
    plan = make(planned("One."))
    pages = {
        url_of("plan", pk=unit.enrolment.pk): 16,
        url_of("plan_edit", pk=unit.enrolment.pk): 16,
    }
    few = {page: count_queries(theirs, page) for page in pages}
    criteria = list(unit.enrolment.edition.criteria.all())
    change(plan, *(planned(f"Row {n}.", criteria=criteria) for n in range(8)))
    let_days_go_by(plan)
    for page, most in pages.items():
        assert count_queries(theirs, page) <= few[page] + 1  # criteria are prefetched once
        assert few[page] <= most
