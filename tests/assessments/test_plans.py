"""Assessment plans: made by the assessor, agreed by both, marked done by whom they concern,
closed by the review; and what decisions asked of the learner."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments import actions
from assessments.actions import Planned
from assessments.models import ActionPoint, Plan, PlanAction
from assessments.permissions import (
    can_agree_plan,
    can_mark_action_point,
    can_mark_plan_action,
    can_plan,
)
from assessments.planning import overdue_for_assessor, overdue_of, to_agree
from ledger.models import Entry, Sealed
from ledger.transitions import TransitionRefused
from portfolio.models import Enrolment
from tests.assessments.conftest import Unit, count_queries

PEOPLE = [
    "learner",
    "second_learner",
    "assessor",
    "other_assessor",
    "trainee",
    "iqa",
    "admin",
    "data_lead",
]
ASSESSING = {"assessor", "trainee"}  # both are allocated to the unit


def soon(days: int = 7) -> date:
    return timezone.localdate() + timedelta(days=days)


def planned(text: str = "Film a talk with a customer.", **more: Any) -> Planned:
    return Planned(**{"who": "learner", "text": text, "due_on": soon(), **more})


@pytest.fixture
def make(unit: Unit) -> Callable[..., Plan]:
    def make_it(*rows: Planned, **more: Any) -> Plan:
        said = {"note": "The counter.", "review_on": soon(30), "by": unit.cast.assessor, **more}
        return actions.make_plan(
            enrolment=unit.enrolment, planned=list(rows) or [planned()], **said
        )

    return make_it


def change(plan: Plan, *rows: Planned, **more: Any) -> Plan:
    said = {
        "revision": plan.revision,
        "note": "Changed.",
        "review_on": plan.review_on,
        "by": plan.made_by,
    }
    return actions.change_plan(plan=plan, planned=list(rows) or [planned()], **{**said, **more})


def agreed(plan: Plan, unit: Unit) -> Plan:
    for person in (unit.cast.learner, unit.cast.assessor):
        actions.agree_plan(plan=plan, revision=plan.revision, by=person)
    return plan


def let_days_go_by(plan: Plan) -> None:
    yesterday = soon(-1)
    Plan.objects.filter(pk=plan.pk).update(review_on=yesterday)
    PlanAction.objects.filter(plan=plan).update(due_on=yesterday)
    plan.refresh_from_db()


# Who may ------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", PEOPLE)
def test_the_truth_table(unit: Unit, make, outsiders, who: str) -> None:
    hers = planned()
    plan = make(hers, planned("Visit.", who="assessor"))
    decided = unit.accepted("P1")
    point = ActionPoint.objects.create(
        submission=decided, text="Go on.", due_on=soon(), created_by=unit.cast.assessor
    )
    for person, here in ((unit.cast.people()[who], True), (outsiders.people()[who], False)):
        assesses, learns = here and who in ASSESSING, here and who == "learner"
        assert can_plan(person, unit.enrolment) is assesses
        assert can_agree_plan(person, plan) is (assesses or learns)
        assert can_mark_plan_action(person, plan.actions.get(who="learner")) is learns
        assert can_mark_plan_action(person, plan.actions.get(who="assessor")) is assesses
        assert can_mark_action_point(person, point) is learns


def test_the_verbs_ask(unit: Unit, make) -> None:
    with pytest.raises(PermissionDenied):
        make(by=unit.cast.learner)
    plan = make()
    for verb in (
        lambda: change(plan, by=unit.cast.learner),
        lambda: actions.agree_plan(plan=plan, revision=1, by=unit.cast.iqa),
        lambda: actions.review_plan(plan=plan, review="Fine.", by=unit.cast.learner),
        lambda: actions.mark_plan_action(
            action=plan.actions.get(), done=True, by=unit.cast.assessor
        ),
    ):
        with pytest.raises(PermissionDenied):
            verb()


# Making, agreeing, changing -----------------------------------------------------------------


def test_it_holds_once_both_have_agreed_and_a_change_asks_both_again(unit: Unit, make) -> None:
    plan = make()
    assert not plan.is_agreed
    assert to_agree(unit.portfolio) == [plan]
    actions.agree_plan(plan=plan, revision=1, by=unit.cast.assessor)
    assert not plan.is_agreed
    actions.agree_plan(plan=plan, revision=1, by=unit.cast.learner)
    assert plan.is_agreed
    assert to_agree(unit.portfolio) == []
    change(plan, planned("Something else."))
    plan.refresh_from_db()
    assert (plan.revision, plan.assessor_agreed_at, plan.learner_agreed_at) == (2, None, None)
    agreed(plan, unit)
    assert plan.is_agreed
    verbs = Entry.objects.filter(verb__startswith="plan_").order_by("sequence")
    told = [(each.verb, each.facts["revision"]) for each in verbs]
    assert told == [
        ("plan_made", 1),
        ("plan_agreed", 1),
        ("plan_agreed", 1),
        ("plan_changed", 2),
        ("plan_agreed", 2),
        ("plan_agreed", 2),
    ]


def test_one_agrees_to_what_one_has_read(unit: Unit, make) -> None:
    plan = make()
    change(plan)
    with pytest.raises(TransitionRefused, match="changed after you opened it"):
        actions.agree_plan(plan=plan, revision=1, by=unit.cast.learner)
    plan.refresh_from_db()
    assert plan.learner_agreed_at is None


def test_agreeing_twice_is_agreeing_once(unit: Unit, make) -> None:
    plan = make()
    actions.agree_plan(plan=plan, revision=1, by=unit.cast.learner)
    first = plan.learner_agreed_at
    actions.agree_plan(plan=plan, revision=1, by=unit.cast.learner)
    assert plan.learner_agreed_at == first
    assert Entry.objects.filter(verb="plan_agreed").count() == 1


def test_a_colleagues_change_is_not_written_over(unit: Unit, make) -> None:
    plan = make()
    change(plan, planned("The colleague's."), by=unit.cast.trainee)
    with pytest.raises(ValidationError, match="Somebody changed the plan meanwhile"):
        change(plan, planned("Mine."), revision=1)
    assert plan.actions.get().text == "The colleague's."


def test_a_unit_has_one_plan_at_a_time(unit: Unit, make) -> None:
    make()
    with pytest.raises(TransitionRefused, match="has a plan already"):
        make()
    assert Plan.objects.count() == 1


def test_a_closed_unit_is_not_planned(unit: Unit, make) -> None:
    plan = make()
    Enrolment.objects.filter(pk=unit.enrolment.pk).update(status="signed_off")
    unit.enrolment.refresh_from_db()
    plan.enrolment.refresh_from_db()
    with pytest.raises(TransitionRefused):
        change(plan)
    with pytest.raises(TransitionRefused):
        make()


@pytest.mark.parametrize(
    ("row", "more", "sentence"),
    [
        (planned("  "), {}, "Say what is to be done"),
        (planned(due_on=date(2020, 1, 1)), {}, "lie in the past"),
        (planned(), {"review_on": date(2020, 1, 1)}, "lie in the past"),
    ],
)
def test_what_makes_no_plan(make, row, more, sentence) -> None:
    with pytest.raises(ValidationError, match=sentence):
        make(row, **more)
    assert not Plan.objects.exists()


def test_the_ledger_has_days_and_numbers_and_seals_the_words(unit: Unit, make) -> None:
    criteria = list(unit.enrolment.edition.criteria.filter(code="P1"))
    plan = make(planned(criteria=criteria, method="observation"))
    entry = Entry.objects.get(verb="plan_made")
    (action,) = entry.facts["actions"]
    assert (action["who"], action["method"]) == ("learner", "observation")
    assert action["criteria"] == [criteria[0].pk]
    assert "Film a talk" not in str(entry.facts)
    sealed = Sealed.objects.get(entry=entry, name=f"action-{plan.actions.get().pk}")
    assert sealed.text == "Film a talk with a customer."


def test_a_change_keeps_takes_out_and_adds(unit: Unit, make) -> None:
    plan = make(planned("Kept."), planned("Out."), planned("Done."))
    kept, _out, done = plan.actions.order_by("pk")
    actions.mark_plan_action(action=done, done=True, by=unit.cast.learner)
    change(plan, planned("Kept, in other words.", pk=kept.pk), planned("New."))
    texts = set(plan.actions.values_list("text", flat=True))
    assert texts == {"Kept, in other words.", "Done.", "New."}
    assert plan.actions.filter(pk=kept.pk).exists()
    change(plan, planned("Not any more.", pk=done.pk), revision=2)
    assert plan.actions.get(pk=done.pk).text == "Done."


# Done, overdue, reviewed --------------------------------------------------------------------


def test_done_by_whom_it_concerns_and_not_done_after_all(unit: Unit, make) -> None:
    action = make().actions.get()
    for _twice in range(2):
        actions.mark_plan_action(action=action, done=True, by=unit.cast.learner)
    assert (action.done_by, bool(action.done_at)) == (unit.cast.learner, True)
    assert Entry.objects.filter(verb="plan_action_done").count() == 1
    actions.mark_plan_action(action=action, done=False, by=unit.cast.learner)
    assert (action.done_by, action.done_at) == (None, None)
    assert Entry.objects.filter(verb="plan_action_reopened").count() == 1


def test_the_review_closes_it_and_the_next_is_a_new_one(unit: Unit, make) -> None:
    plan = agreed(make(planned("Done."), planned("Left.")), unit)
    done, left = plan.actions.order_by("pk")
    actions.mark_plan_action(action=done, done=True, by=unit.cast.learner)
    with pytest.raises(ValidationError, match="how it went"):
        actions.review_plan(plan=plan, review=" ", by=unit.cast.assessor)
    actions.review_plan(plan=plan, review="Half of it.", by=unit.cast.assessor)
    assert Entry.objects.get(verb="plan_reviewed").facts["not_done"] == [left.pk]
    for verb in (
        lambda: change(plan),
        lambda: actions.review_plan(plan=plan, review="Again.", by=unit.cast.assessor),
        lambda: actions.agree_plan(plan=plan, revision=1, by=unit.cast.learner),
        lambda: actions.mark_plan_action(action=left, done=True, by=unit.cast.learner),
    ):
        with pytest.raises(TransitionRefused, match="Ben Osei reviewed this plan"):
            verb()
    assert make().pk != plan.pk


def test_overdue_is_seen_by_both_until_it_is_done(unit: Unit, make) -> None:
    plan = make(planned("Hers."), planned("Theirs.", who="assessor"))
    decided = decided_with_point(unit)
    both = overdue_of(unit.portfolio), overdue_for_assessor(unit.cast.assessor, unit.cast.centre)
    assert both == ([], [])
    let_days_go_by(plan)
    ActionPoint.objects.filter(pk=decided.pk).update(due_on=soon(-3))
    hers = overdue_of(unit.portfolio)
    assert hers == overdue_for_assessor(unit.cast.assessor, unit.cast.centre)
    assert [(each.what, each.whose) for each in hers] == [
        ("Ask him how it went.", "learner"),
        ("", "assessor"),
        ("Hers.", "learner"),
        ("Theirs.", "assessor"),
    ]
    assert overdue_for_assessor(unit.cast.other_assessor, unit.cast.centre) == []
    actions.mark_action_point(point=decided, done=True, by=unit.cast.learner)
    actions.mark_plan_action(action=plan.actions.get(text="Hers."), done=True, by=unit.cast.learner)
    assert [each.what for each in overdue_of(unit.portfolio)] == ["", "Theirs."]
    actions.review_plan(plan=plan, review="Enough.", by=unit.cast.assessor)
    assert overdue_of(unit.portfolio) == []


def test_days_in_a_closed_unit_are_overdue_to_nobody(unit: Unit, make) -> None:
    let_days_go_by(make())
    Enrolment.objects.filter(pk=unit.enrolment.pk).update(status="withdrawn")
    assert overdue_of(unit.portfolio) == []


# What a decision asked for ------------------------------------------------------------------


def decided_with_point(unit: Unit) -> ActionPoint:
    submission = unit.submitted("P1")
    unit.judge(submission)
    point = actions.add_action_point(
        submission=submission, text="Ask him how it went.", due_on=soon(), by=unit.cast.assessor
    )
    actions.accept(
        submission=submission, feedback="Good.", personal_data="clear", by=unit.cast.assessor
    )
    return ActionPoint.objects.get(pk=point.pk)


def test_she_says_that_it_is_done(unit: Unit) -> None:
    point = decided_with_point(unit)
    with pytest.raises(PermissionDenied):
        actions.mark_action_point(point=point, done=True, by=unit.cast.assessor)
    actions.mark_action_point(point=point, done=True, by=unit.cast.learner)
    assert point.done_at
    assert Entry.objects.get(verb="action_point_done").facts["action"] == point.pk
    actions.mark_action_point(point=point, done=False, by=unit.cast.learner)
    assert point.done_at is None


def test_of_a_draft_nothing_can_be_done(unit: Unit, signed_in, url_of) -> None:
    point = actions.add_action_point(
        submission=unit.submitted("P1"), text="Soon.", due_on=soon(), by=unit.cast.assessor
    )
    page = url_of("action_point", pk=point.pk)
    assert signed_in(unit.cast.learner).post(page, {"done": "on"}).status_code == 404
    actions.mark_action_point(point=point, done=True, by=unit.cast.learner)
    assert point.done_at is None


# The pages ----------------------------------------------------------------------------------


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


def test_overdue_takes_one_statement_however_much_there_is(unit: Unit, make) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            overdue_for_assessor(unit.cast.assessor, unit.cast.centre)
        return len(queries)

    plan = make()
    let_days_go_by(plan)
    few = count()
    change(plan, *(planned(f"Row {n}.") for n in range(8)))
    let_days_go_by(plan)
    assert count() == few == 1
