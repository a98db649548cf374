"""Holding a row in its state while a verb of this room acts on it."""

from typing import Protocol, cast

from django.db import models
from django.db.models import F
from django.utils import timezone

from assessments.models import Submission
from assessments.models.bank import Banked
from assessments.workflow import SubmissionStatus
from ledger.transitions import TransitionRefused
from portfolio.models import Enrolment
from portfolio.workflow import EnrolmentStatus


class Standing(Protocol):
    def standing(self) -> str: ...


def hold(row: models.Model, status: str) -> None:
    """Keep the row in this state until the commit, or raise TransitionRefused.

    An update that changes nothing takes the row's lock on either database, so that a sign-off
    and a decision of the same unit come one after the other.
    """
    held = type(row)._base_manager.filter(pk=row.pk, status=status).update(status=status)
    if not held:
        row.refresh_from_db()
        raise TransitionRefused(cast(Standing, row).standing())


def hold_as_it_is(row: models.Model) -> None:
    """Keep the row in whatever state it is until the commit, and read which that is."""
    type(row)._base_manager.filter(pk=row.pk).update(status=F("status"))
    row.refresh_from_db(fields=["status"])


def hold_open(enrolment: Enrolment) -> None:
    hold(enrolment, EnrolmentStatus.ACTIVE)


def hold_waiting(submission: Submission) -> None:
    hold_open(submission.enrolment)
    hold(submission, SubmissionStatus.WAITING)


def hold_in_use(row: Banked, retired: str) -> None:
    """Keep it from being retired until the commit, and read it as it stands; or refuse with the
    sentence that says it was."""
    type(row)._base_manager.filter(pk=row.pk).update(retired_at=F("retired_at"))
    row.refresh_from_db()
    if row.retired_at:
        raise TransitionRefused(retired)


def retire(row: Banked, retired: str) -> None:
    hold_in_use(row, retired)
    row.retired_at = timezone.now()
    row.save(update_fields=["retired_at", "changed_at"])
