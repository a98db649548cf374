"""Assessment plans: who may, made by the assessor, agreed by both, changed."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from assessments import actions
from assessments.models import ActionPoint, Plan
from assessments.permissions import (
    can_agree_plan,
    can_mark_action_point,
    can_mark_plan_action,
    can_plan,
)
from assessments.planning import to_agree
from ledger.models import Entry, Sealed
from ledger.transitions import TransitionRefused
from portfolio.models import Enrolment
from tests.assessments.conftest import Unit
from tests.assessments.plans.conftest import ASSESSING, PEOPLE, agreed, change, planned, soon

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
