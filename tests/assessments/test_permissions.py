"""Truth tables: role x allocated or not x own work or not x own or other centre x inactive."""

import pytest

from accounts.models import Membership, Role, User
from assessments import actions
from assessments.permissions import (
    can_countersign,
    can_decide,
    can_judge,
    can_keep_bank,
    can_sign_off,
    can_submit,
    can_view_marking,
)
from portfolio.models import Allocation
from tests.factories import make_member, make_user

ROLES = ("learner", "second_learner", "assessor", "other_assessor", "trainee", "iqa", "admin")


def who_may(check, cast, thing):
    """The people for whom the check holds, asked as a fresh request would."""
    return {
        part for part, user in cast.people().items() if check(User.objects.get(pk=user.pk), thing)
    }


def assess_checks(unit):
    submission = unit.submitted()
    return [
        (can_judge, submission),
        (can_decide, submission),
        (can_sign_off, unit.enrolment),
    ]


def test_only_the_learner_submits(unit, outsiders):
    version = unit.draft()
    assert who_may(can_submit, unit.cast, version) == {"learner"}
    assert who_may(can_submit, outsiders, version) == set()


def test_only_allocated_assessors_judge_decide_and_sign(unit, outsiders):
    for check, thing in assess_checks(unit):
        assert who_may(check, unit.cast, thing) == {"assessor", "trainee"}, check
        assert who_may(check, outsiders, thing) == set(), check


@pytest.mark.parametrize("role", [Role.LEARNER, Role.IQA, Role.ADMIN])
def test_an_allocation_without_an_assessing_role_is_nothing(unit, role):
    stray = make_member(unit.cast.centre, role)
    Allocation.objects.create(enrolment=unit.enrolment, assessor=stray)
    for check, thing in assess_checks(unit):
        assert not check(stray, thing), check


def test_an_assessing_role_at_another_centre_is_nothing(unit, outsiders):
    Allocation.objects.create(enrolment=unit.enrolment, assessor=outsiders.assessor)
    for check, thing in assess_checks(unit):
        assert not check(outsiders.assessor, thing), check


def test_an_ended_allocation_is_nothing(unit):
    now = unit.enrolment.created_at
    unit.enrolment.allocations.filter(assessor=unit.cast.assessor).update(ended_at=now)
    for check, thing in assess_checks(unit):
        assert not check(unit.cast.assessor, thing), check


def test_nobody_judges_or_countersigns_their_own_work(unit):
    learner = unit.cast.learner
    Membership.objects.create(centre=unit.cast.centre, user=learner, role=Role.ASSESSOR)
    Allocation.objects.create(enrolment=unit.enrolment, assessor=learner)
    learner = User.objects.get(pk=learner.pk)
    for check, thing in assess_checks(unit):
        assert not check(learner, thing), check
    signed = unit_with_two_drafts_signed(unit)
    assert not can_countersign(learner, signed)


def unit_with_two_drafts_signed(unit):
    """Sign off although assess_checks left a submission waiting."""
    waiting = unit.enrolment.submissions.first()
    unit.judge(waiting)
    actions.accept(
        submission=waiting, feedback="Good.", personal_data="clear", by=unit.cast.assessor
    )
    return unit.signed(by=unit.cast.trainee)


def test_an_inactive_person_may_nothing(unit):
    signed = unit.signed(by=unit.cast.trainee)
    cast, submission = unit.cast, unit.enrolment.submissions.first()
    for user in cast.people().values():
        User.objects.filter(pk=user.pk).update(is_active=False)
    assert who_may(can_submit, cast, unit.draft()) == set()
    assert who_may(can_judge, cast, submission) == set()
    assert who_may(can_decide, cast, submission) == set()
    assert who_may(can_sign_off, cast, unit.enrolment) == set()
    assert who_may(can_countersign, cast, signed) == set()
    assert who_may(can_view_marking, cast, submission) == set()


def test_a_qualified_colleague_countersigns_allocated_or_not(unit, outsiders):
    signed = unit.signed(by=unit.cast.trainee)
    assert who_may(can_countersign, unit.cast, signed) == {"assessor", "other_assessor"}
    assert who_may(can_countersign, outsiders, signed) == set()


def test_nobody_countersigns_their_own_signature(unit):
    signed = unit.signed(by=unit.cast.trainee)
    centre = unit.cast.centre
    Membership.objects.create(centre=centre, user=unit.cast.trainee, role=Role.ASSESSOR)
    assert not can_countersign(User.objects.get(pk=unit.cast.trainee.pk), signed)


def test_staff_see_the_marking_and_the_learner_does_not(unit, outsiders):
    submission = unit.submitted()
    assert who_may(can_view_marking, unit.cast, submission) == set(ROLES) - {
        "learner",
        "second_learner",
    }
    assert who_may(can_view_marking, outsiders, submission) == set()


def test_assessors_and_admins_keep_the_feedback_bank(unit, outsiders):
    centre = unit.cast.centre
    keepers = {"assessor", "other_assessor", "trainee", "admin"}
    assert who_may(can_keep_bank, unit.cast, centre) == keepers
    assert who_may(can_keep_bank, outsiders, centre) == set()
    User.objects.filter(pk=unit.cast.assessor.pk).update(is_active=False)
    assert who_may(can_keep_bank, unit.cast, centre) == keepers - {"assessor"}


def test_no_role_at_all_may_nothing(unit):
    stranger, submission = make_user(), unit.submitted()
    Allocation.objects.create(enrolment=unit.enrolment, assessor=stranger)
    checks = [can_judge, can_decide, can_view_marking]
    assert not any(check(stranger, submission) for check in checks)
    assert not can_submit(stranger, submission.version)
    assert not can_sign_off(stranger, unit.enrolment)
    assert not can_keep_bank(stranger, unit.cast.centre)
