"""Who hears of a plan: by the verbs themselves, not by whoever calls what tells."""

import pytest

from accounts.models import Notice
from assessments import actions
from tests.assessments.conftest import Unit
from tests.assessments.plans.conftest import change


def told() -> dict:
    rows = Notice.objects.filter(kind="plan_to_agree", taken_back_at=None)
    return {each.recipient: each.path for each in rows}


@pytest.fixture(autouse=True)
def _every_notice_leads_somewhere(unit: Unit, signed_in):
    yield
    for person, path in told().items():
        assert signed_in(person).get(path).status_code == 200


def test_a_plan_that_is_made_waits_for_the_learner(unit: Unit, make):
    make()
    assert set(told()) == {unit.cast.learner}


def test_a_change_asks_her_anew_and_no_more_for_the_old_one(unit: Unit, make):
    plan = make()
    actions.agree_plan(plan=plan, revision=plan.revision, by=unit.cast.learner)
    change(plan)
    rows = Notice.objects.filter(kind="plan_to_agree", recipient=unit.cast.learner)
    assert [each.taken_back_at is None for each in rows.order_by("pk")] == [False, True]


def test_her_agreeing_asks_the_assessors_who_have_not(unit: Unit, make):
    plan = make()
    actions.agree_plan(plan=plan, revision=plan.revision, by=unit.cast.learner)
    assert set(told()) == {unit.cast.learner, unit.cast.assessor, unit.cast.trainee}


def test_once_both_have_agreed_nobody_is_asked(unit: Unit, make):
    plan = make()
    actions.agree_plan(plan=plan, revision=plan.revision, by=unit.cast.assessor)
    actions.agree_plan(plan=plan, revision=plan.revision, by=unit.cast.learner)
    assert set(told()) == {unit.cast.learner}  # as it was made


def test_a_refused_change_tells_nobody(unit: Unit, make):
    plan = make()
    actions.review_plan(plan=plan, review="Done.", by=unit.cast.assessor)
    before = Notice.objects.count()
    with pytest.raises(Exception, match="closed"):
        change(plan)
    assert Notice.objects.count() == before
