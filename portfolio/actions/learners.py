"""Saving a list of learners: all of it, or nothing."""

from collections.abc import Sequence
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import grant_role, invite_all
from accounts.models import Centre, Role, User
from ledger.record import record
from ledger.transitions import TransitionRefused
from portfolio.actions.enrolments import allocate, enrol
from portfolio.learners_check import Checked, check
from portfolio.learners_csv import Row, Table
from portfolio.models import Enrolment, LearnerList
from portfolio.permissions import can_enrol

FORGOTTEN_AFTER = timedelta(days=1)


class RowsRefused(Exception):
    """Some rows can't be saved, so none was; `checked` says which and why."""

    def __init__(self, checked: Sequence[Checked]) -> None:
        super().__init__()
        self.checked = checked


@transaction.atomic
def keep_learner_list(*, centre: Centre, table: Table, source_name: str, by: User) -> LearnerList:
    """Keep what was read until it is saved or given up; what was forgotten goes."""
    if not can_enrol(by, centre):
        raise PermissionDenied
    forgotten = LearnerList.objects.in_centre(centre)
    forgotten.filter(created_at__lt=timezone.now() - FORGOTTEN_AFTER).delete()
    return LearnerList.objects.create(
        centre=centre,
        created_by=by,
        source_name=source_name[:255],
        rows=[row.as_json() for row in table.rows],
        ignored_columns=table.ignored_columns,
    )


@transaction.atomic
def save_learner_list(*, learner_list: LearnerList, by: User) -> list[Enrolment]:
    """Invite, enrol and allocate every row, or raise RowsRefused and leave all as it was.

    The rows are checked again here: since the preview, others may have enrolled the same.
    """
    centre = learner_list.centre
    if not can_enrol(by, centre):
        raise PermissionDenied
    _take(learner_list)
    checked = check([Row(**row) for row in learner_list.rows], centre, by=by)
    if any(each.problems for each in checked):
        raise RowsRefused(checked)
    people = _learners(checked, centre, by)
    enrolments = [_save(each, centre, people, by) for each in checked]
    record(
        stream=f"centre:{centre.pk}",
        verb="learners_imported",
        subject=centre,
        by=by,
        facts={"enrolments": [each.pk for each in enrolments]},
    )
    return enrolments


@transaction.atomic
def discard_learner_list(*, learner_list: LearnerList, by: User) -> None:
    if not can_enrol(by, learner_list.centre):
        raise PermissionDenied
    _take(learner_list)


def _take(learner_list: LearnerList) -> None:
    """Whoever deletes the row has the list; a second press of the button finds it gone."""
    gone, _rows = LearnerList.objects.filter(pk=learner_list.pk).delete()
    if not gone:
        raise TransitionRefused(_("This list was saved or given up already."))


def _save(each: Checked, centre: Centre, people: dict[str, User], by: User) -> Enrolment:
    if each.edition is None or each.started_on is None:  # `check` names these as problems
        raise RowsRefused([each])
    enrolment = enrol(
        centre=centre,
        learner=people[each.row.email.lower()],
        edition=each.edition,
        started_on=each.started_on,
        registration_number=each.row.registration_number,
        cohort=each.row.cohort,
        by=by,
    )
    if each.assessor:
        allocate(enrolment=enrolment, assessor=each.assessor, by=by)
    return enrolment


def _learners(checked: Sequence[Checked], centre: Centre, by: User) -> dict[str, User]:
    """Everybody of the list as a learner of the centre, by address."""
    new = {each.row.email.lower(): each.row.name for each in checked if each.learner is None}
    people = invite_all(centre=centre, people=new, role=Role.LEARNER, by=by)
    for each in checked:
        email = each.row.email.lower()
        if each.learner is None or email in people:
            continue
        if not each.is_learner:
            grant_role(centre=centre, user=each.learner, role=Role.LEARNER, by=by)
        people[email] = each.learner
    return people
