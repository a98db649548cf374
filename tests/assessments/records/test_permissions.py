"""Truth tables: who may do what with an assessor's record, and with the bank of questions."""

import pytest

from accounts.models import Role, User
from assessments import actions, permissions
from portfolio import permissions as portfolio_permissions
from portfolio.models import Allocation
from tests.assessments.conftest import Unit
from tests.assessments.records.conftest import Recording
from tests.factories import Cast, make_cast, make_enrolment, make_member, make_portfolio

MAKER = {"assessor"}
UNIT = {"assessor", "trainee"}
STAFF = {"assessor", "other_assessor", "trainee", "iqa", "admin"}


@pytest.fixture
def outsiders() -> Cast:
    return make_cast("Southgate College")


def who(check, cast: Cast, thing) -> set[str]:
    return {
        part for part, user in cast.people().items() if check(User.objects.get(pk=user.pk), thing)
    }


RECORDS = {
    # verb: who may, whatever it stands at
    "can_change_record": MAKER,
    "can_cancel_record": MAKER | {"admin"},
    "can_confirm_record": {"learner"},
    "can_see_expected": STAFF,
}


@pytest.mark.parametrize("check", RECORDS)
@pytest.mark.parametrize("stage", ["planned", "made", "shared"])
def test_who_may_do_what_with_a_record(
    recording: Recording, outsiders: Cast, check: str, stage: str
) -> None:
    record = getattr(recording, stage)()
    may = getattr(permissions, check)
    assert who(may, recording.unit.cast, record) == RECORDS[check]
    assert who(may, outsiders, record) == set()


def test_who_may_record(unit: Unit, outsiders: Cast) -> None:
    assert who(permissions.can_record, unit.cast, unit.enrolment) == UNIT
    assert who(permissions.can_record, outsiders, unit.enrolment) == set()


def test_who_reads_what_is_in_it(unit: Unit, recording: Recording) -> None:
    """Of those who see the record at all: `visible_to` comes first."""
    may, cast = permissions.can_read_record, unit.cast
    record = recording.made()
    assert who(may, cast, record) == UNIT
    actions.share_record(record=record, by=recording.by)
    assert who(may, cast, record) == UNIT | {"learner"}
    actions.take_back_record(record=record, by=recording.by)
    assert who(may, cast, record) == UNIT
    actions.share_record(record=record, by=recording.by)
    recording.confirm(record)
    assert who(may, cast, record) >= UNIT | {"learner", "iqa", "admin"}


VERSIONS = {
    "can_edit_version": MAKER,
    "can_claim": MAKER,
    "can_withdraw_draft": set(),
    "can_answer_on_people": set(),
    "can_hide": MAKER,
}


@pytest.mark.parametrize("check", VERSIONS)
def test_who_may_do_what_with_its_draft(recording: Recording, outsiders: Cast, check: str) -> None:
    version = recording.made().evidence.versions.get()
    may = getattr(portfolio_permissions, check)
    assert who(may, recording.unit.cast, version) == VERSIONS[check]
    assert who(may, outsiders, version) == set()
    assert who(permissions.can_submit, recording.unit.cast, version) == set()


def test_once_handed_in_the_assessors_and_the_data_lead_hide(recording: Recording) -> None:
    record = recording.shared()
    recording.confirm(record)
    version = record.evidence.versions.get()
    may = portfolio_permissions.can_hide
    assert who(may, recording.unit.cast, version) == UNIT | {"data_lead"}
    again = portfolio_permissions.can_make_new_version
    assert who(again, recording.unit.cast, record.evidence) == MAKER


def test_without_the_unit_a_record_is_nobodys_to_change(unit: Unit, recording: Recording) -> None:
    record = recording.made()
    Allocation.objects.filter(assessor=recording.by).delete()
    by = User.objects.get(pk=recording.by.pk)
    assert not permissions.can_change_record(by, record)
    version = record.evidence.versions.get()
    assert not portfolio_permissions.can_edit_version(by, version)
    assert not portfolio_permissions.can_claim(by, version)
    assert permissions.can_cancel_record(unit.cast.admin, record)


def test_an_admin_does_not_call_off_a_record_of_their_own_work(
    unit: Unit, recording: Recording
) -> None:
    record = recording.planned()
    learner = unit.cast.learner
    learner.memberships.create(centre=unit.cast.centre, role=Role.ADMIN)
    assert not permissions.can_cancel_record(User.objects.get(pk=learner.pk), record)


@pytest.mark.parametrize("role", [Role.LEARNER, Role.IQA, Role.ADMIN])
def test_an_allocation_without_an_assessing_role_records_nothing(unit: Unit, role: str) -> None:
    stray = make_member(unit.cast.centre, role)
    Allocation.objects.create(enrolment=unit.enrolment, assessor=stray)
    assert not permissions.can_record(stray, unit.enrolment)


def test_the_bank_is_kept_by_assessors_and_admins(unit: Unit, outsiders: Cast) -> None:
    centre = unit.cast.centre
    assert who(permissions.can_see_questions, unit.cast, centre) == STAFF
    assert who(permissions.can_write_questions, unit.cast, centre) == STAFF - {"iqa"}
    assert who(permissions.can_see_questions, outsiders, centre) == set()


def test_nobody_reads_expected_answers_of_a_unit_that_they_work_towards(
    unit: Unit, recording: Recording
) -> None:
    record = recording.asked()
    admin = unit.cast.admin
    assert permissions.can_see_expected(admin, record)
    make_enrolment(make_portfolio(unit.cast.centre, admin), unit.enrolment.edition)
    assert not permissions.can_see_expected(admin, record)
