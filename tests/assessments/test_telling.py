"""Who is told what of each verb, when, and what an undo takes back."""

import datetime
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import Notice
from accounts.notices import KINDS
from assessments import actions
from assessments.models import ActionPoint, Plan, PlanAction
from assessments.tasks import tell_what_is_overdue
from assessments.telling import of_agreeing, of_plan
from assessments.telling.decisions import AFTER_UNDO
from assessments.undoing import UNDO_WITHIN
from portfolio.actions import allocate, end_allocation
from portfolio.models import Enrolment


def told(kind: str) -> set:
    return {each.recipient for each in Notice.objects.filter(kind=kind, taken_back_at=None)}


def notice(kind: str) -> Notice:
    return Notice.objects.get(kind=kind)


def opens(notice: Notice, signed_in) -> bool:
    return signed_in(notice.recipient).get(notice.path).status_code == 200


@pytest.fixture(autouse=True)
def _every_notice_leads_somewhere(unit, signed_in):
    """Whatever a test tells, whoever was told can open it."""
    yield
    unit.cast.iqa.refresh_from_db()
    for each in Notice.objects.filter(taken_back_at=None).select_related("recipient"):
        assert opens(each, signed_in), (each.kind, each.path)


def returned(unit):
    submission = unit.submitted("P1")
    unit.judge(submission, P1="Say when.")
    return actions.return_(submission=submission, feedback="Nearly.", by=unit.cast.assessor)


def test_work_handed_in_is_told_to_the_units_assessors(unit):
    unit.submitted("P1")
    assert told("submitted") == {unit.cast.assessor, unit.cast.trainee}
    assert "Amira Khan: evidence 1" in Notice.objects.filter(kind="submitted").first().text


def test_an_assessor_who_was_taken_off_is_not_told(unit):
    end_allocation(
        allocation=unit.enrolment.allocations.get(assessor=unit.cast.trainee), by=unit.cast.admin
    )
    unit.submitted("P1")
    assert told("submitted") == {unit.cast.assessor}


def test_evidence_of_two_units_is_told_to_the_assessors_of_each(unit, second_unit):
    version = unit.draft("P1")
    version.claims.create(
        enrolment=second_unit, criterion=second_unit.edition.criteria.get(code="P2")
    )
    actions.submit(version=version, declared=True, by=unit.cast.learner)
    cast = unit.cast
    assert told("submitted") == {cast.assessor, cast.trainee, cast.other_assessor}


@pytest.mark.parametrize("decide", ["accepted", "returned"])
def test_a_decision_is_told_to_the_learner_once_it_cannot_be_undone(unit, decide):
    submission = unit.accepted("P1") if decide == "accepted" else returned(unit)
    found = notice("decided")
    assert found.recipient == unit.cast.learner
    assert found.due_at - submission.decided_at > UNDO_WITHIN
    assert found.due_at - submission.decided_at < UNDO_WITHIN + timedelta(seconds=60)
    assert not Notice.objects.shown().filter(kind="decided").exists()


def test_the_wait_is_longer_than_the_undo():
    assert timedelta(seconds=AFTER_UNDO) > UNDO_WITHIN


def test_an_undone_decision_was_never_told(unit):
    submission = unit.accepted("P1")
    actions.undo(submission=submission, by=unit.cast.assessor)
    assert told("decided") == set()


def test_the_decision_after_an_undo_is_told_anew(unit):
    following = actions.undo(submission=unit.accepted("P1"), by=unit.cast.assessor)
    unit.judge(following, P1="Say when.")
    actions.return_(submission=following, feedback="Nearly.", by=unit.cast.assessor)
    standing = Notice.objects.get(kind="decided", taken_back_at=None)
    assert "came back to you" in standing.text


def test_the_same_decision_sent_twice_is_told_once(unit):
    submission = unit.accepted("P1")
    actions.accept(
        submission=submission, feedback="Good work.", personal_data="clear", by=unit.cast.assessor
    )
    assert Notice.objects.filter(kind="decided").count() == 1


def test_a_refused_decision_is_not_told(unit):
    submission = unit.submitted("P1")
    with pytest.raises(Exception, match="not judged"):
        actions.accept(
            submission=submission, feedback="Good.", personal_data="clear", by=unit.cast.assessor
        )
    assert told("decided") == set()


def test_a_withdrawn_decision_is_told_to_the_learner_the_decider_and_the_assessors(unit):
    submission = unit.accepted("P1")
    Notice.objects.all().delete()
    actions.withdraw(submission=submission, reason="The date is missing.", by=unit.cast.iqa)
    cast = unit.cast
    assert told("withdrawn") == {cast.learner}
    assert told("decision_withdrawn") == {cast.assessor}
    assert told("submitted") == {cast.assessor, cast.trainee}
    assert "The date is missing" not in "".join(Notice.objects.values_list("text", flat=True))


def test_a_decision_withdrawn_before_she_heard_of_it_is_not_told_as_well(unit):
    submission = unit.accepted("P1")
    assert notice("decided").due_at > timezone.now()
    actions.withdraw(submission=submission, reason="The date is missing.", by=unit.cast.iqa)
    assert told("decided") == set()
    assert told("withdrawn") == {unit.cast.learner}


def test_what_a_withdrawn_sign_off_said_is_told_no_more(unit):
    signed = unit.signed()
    assert told("signed_off") == {unit.cast.learner}
    actions.withdraw_sign_off(sign_off=signed, reason="Too early.", by=unit.cast.iqa)
    assert told("signed_off") == set()


def test_a_decider_whose_learner_is_somebody_elses_now_can_still_open_it(unit):
    submission = unit.accepted("P1")
    end_allocation(
        allocation=unit.enrolment.allocations.get(assessor=unit.cast.assessor), by=unit.cast.admin
    )
    Notice.objects.all().delete()
    actions.withdraw(submission=submission, reason="The date is missing.", by=unit.cast.iqa)
    assert told("decision_withdrawn") == {unit.cast.assessor}


def test_a_sign_off_is_told_to_the_learner(unit):
    unit.signed()
    assert told("signed_off") == {unit.cast.learner}
    assert told("to_countersign") == set()


def test_a_trainees_sign_off_is_told_to_those_who_may_countersign(unit):
    unit.signed(by=unit.cast.trainee)
    assert told("signed_off") == set()
    assert told("to_countersign") == {unit.cast.assessor}  # who shares the unit


def test_where_no_qualified_assessor_shares_the_unit_the_centres_are_told(unit):
    end_allocation(
        allocation=unit.enrolment.allocations.get(assessor=unit.cast.assessor), by=unit.cast.admin
    )
    unit.signed(by=unit.cast.trainee)
    assert told("to_countersign") == {unit.cast.assessor, unit.cast.other_assessor}


def test_a_countersignature_is_told_to_the_trainee_and_the_learner(unit):
    actions.countersign(sign_off=unit.signed(by=unit.cast.trainee), by=unit.cast.assessor)
    assert told("countersigned") == {unit.cast.trainee}
    assert told("signed_off") == {unit.cast.learner}
    assert told("to_countersign") == set()  # nothing waits any more


def test_a_refused_countersignature_is_told_to_the_trainee_alone(unit):
    actions.refuse_countersignature(
        sign_off=unit.signed(by=unit.cast.trainee), reason="Thin.", by=unit.cast.assessor
    )
    assert told("countersignature_refused") == {unit.cast.trainee}
    assert told("signed_off") == told("to_countersign") == set()


def test_a_withdrawn_sign_off_is_told(unit):
    actions.withdraw_sign_off(sign_off=unit.signed(), reason="Too early.", by=unit.cast.iqa)
    assert told("withdrawn") == {unit.cast.learner}
    assert told("decision_withdrawn") == {unit.cast.assessor}


def test_an_allocation_is_told_after_a_while_and_taken_back_with_it(unit):
    made = allocate(enrolment=unit.enrolment, assessor=unit.cast.other_assessor, by=unit.cast.admin)
    assert told("allocated") == {unit.cast.other_assessor}
    assert notice("allocated").due_at > timezone.now() + timedelta(seconds=30)
    end_allocation(allocation=made, by=unit.cast.admin)
    assert told("allocated") == set()


# Appeals ---------------------------------------------------------------------------------------


def appealed(unit):
    return actions.appeal(submission=returned(unit), grounds="It is dated.", by=unit.cast.learner)


def test_an_appeal_is_told_to_the_quality_assurers_who_may_answer_it(unit):
    appealed(unit)
    assert told("appeal_made") == {unit.cast.iqa}
    assert "It is dated" not in notice("appeal_made").text


def test_without_a_quality_assurer_the_assessors_who_may_answer_are_told(unit):
    unit.cast.iqa.is_active = False
    unit.cast.iqa.save()
    appealed(unit)
    assert told("appeal_made") == {unit.cast.other_assessor}  # who took no part


@pytest.mark.parametrize("answer", ["uphold", "reject"])
def test_the_answer_is_told_to_the_learner_once(unit, answer):
    made = appealed(unit)
    getattr(actions, answer)(appeal=made, answer="We looked.", by=unit.cast.iqa)
    assert told("appeal_answered") == {unit.cast.learner}
    assert told("appeal_made") == told("withdrawn") == set()


def test_an_appeal_given_up_waits_for_nobody(unit):
    actions.give_up(appeal=appealed(unit), by=unit.cast.learner)
    assert told("appeal_made") == set()


# Records, plans -----------------------------------------------------------------------------------


def test_a_plan_is_told_to_the_learner_for_each_version_of_it(unit):
    plan = Plan.objects.create(
        enrolment=unit.enrolment, made_by=unit.cast.assessor, review_on=datetime.date(2027, 1, 1)
    )
    of_plan(plan, unit.cast.assessor)
    of_plan(plan, unit.cast.assessor)
    assert Notice.objects.filter(kind="plan_to_agree").count() == 1
    plan.revision += 1
    of_plan(plan, unit.cast.assessor)
    assert Notice.objects.filter(kind="plan_to_agree").count() == 2
    assert Notice.objects.filter(kind="plan_to_agree", taken_back_at=None).count() == 1


def test_the_learners_agreement_is_told_to_assessors_who_have_not_agreed(unit):
    plan = Plan.objects.create(
        enrolment=unit.enrolment,
        made_by=unit.cast.assessor,
        review_on=datetime.date(2027, 1, 1),
        learner_agreed_at=timezone.now(),
    )
    of_agreeing(plan, unit.cast.learner)
    assert told("plan_to_agree") == {unit.cast.assessor, unit.cast.trainee}
    plan.assessor_agreed_at = timezone.now()
    Notice.objects.all().delete()
    of_agreeing(plan, unit.cast.assessor)
    assert told("plan_to_agree") == set()


@pytest.fixture
def yesterday():
    return timezone.localdate() - timedelta(days=1)


@pytest.fixture
def plan(unit, yesterday):
    return Plan.objects.create(
        enrolment=unit.enrolment, made_by=unit.cast.assessor, review_on=yesterday
    )


def test_what_is_overdue_is_told_to_both_once(unit, plan, yesterday):
    PlanAction.objects.create(plan=plan, text="Ask Mrs Poe.", due_on=yesterday)
    tell_what_is_overdue()
    tell_what_is_overdue()
    assert told("action_overdue") == {unit.cast.learner, unit.cast.assessor, unit.cast.trainee}
    assert Notice.objects.count() == 3
    assert not Notice.objects.filter(text__contains="Poe").exists()


@pytest.mark.parametrize(
    ("changes", "of_plan_changes"),
    [
        ({"done_at": timezone.now()}, {}),
        ({"due_on": timezone.localdate()}, {}),
        ({"due_on": timezone.localdate() - timedelta(days=30)}, {}),
        ({}, {"reviewed_at": timezone.now()}),
    ],
    ids=["done", "due today", "long ago", "reviewed"],
)
def test_what_is_not_overdue_is_not_told(unit, plan, yesterday, changes, of_plan_changes):
    PlanAction.objects.create(plan=plan, **({"text": "Ask.", "due_on": yesterday} | changes))
    Plan.objects.update(**of_plan_changes)
    tell_what_is_overdue()
    assert told("action_overdue") == set()


def test_a_unit_that_is_over_has_nothing_overdue(unit, plan, yesterday):
    PlanAction.objects.create(plan=plan, text="Ask.", due_on=yesterday)
    Enrolment.objects.update(status="withdrawn")
    tell_what_is_overdue()
    assert told("action_overdue") == set()


def test_a_decisions_action_point_is_told_unless_the_decision_was_taken_back(unit, yesterday):
    submission = unit.submitted("P1")
    ActionPoint.objects.create(
        submission=submission, text="Add it.", due_on=yesterday, created_by=unit.cast.assessor
    )
    tell_what_is_overdue()
    assert told("action_overdue") == set()  # a draft
    unit.judge(submission, P1="Say when.")
    actions.return_(submission=submission, feedback="Nearly.", by=unit.cast.assessor)
    tell_what_is_overdue()
    assert unit.cast.learner in told("action_overdue")
    Notice.objects.all().delete()
    actions.withdraw(submission=submission, reason="Wrong.", by=unit.cast.iqa)
    Notice.objects.all().delete()
    tell_what_is_overdue()
    assert told("action_overdue") == set()


def test_the_same_rounds_of_overdue_things_ask_a_fixed_number_of_times(
    unit, plan, yesterday, django_assert_num_queries
):
    PlanAction.objects.bulk_create(
        PlanAction(plan=plan, text="Ask.", due_on=yesterday) for _each in range(10)
    )
    tell_what_is_overdue()
    with django_assert_num_queries(3):
        tell_what_is_overdue()


# All of it ----------------------------------------------------------------------------------------


def test_every_kind_of_the_table_is_told_by_somebody():
    """A kind nobody tells of is a promise nobody keeps."""
    sources = "".join(
        path.read_text()
        for room in ("assessments", "portfolio", "reports")
        for path in Path(settings.BASE_DIR, room).rglob("*.py")
    )
    assert [kind for kind in KINDS if f'"{kind}"' not in sources] == []
