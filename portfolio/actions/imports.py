"""Decisions that another centre took: brought in as they are, and taken back with a reason."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import refuse_unless
from ledger.transitions import TransitionRefused, change
from portfolio.actions.enrolments import record_unit
from portfolio.models import Claim, Enrolment, ImportedDecision
from portfolio.permissions import can_import_decisions
from portfolio.workflow import ClaimStatus, EnrolmentStatus
from standards.models import Criterion


@transaction.atomic
def import_decisions(
    *,
    enrolment: Enrolment,
    criteria: Sequence[Criterion],
    decided_at_centre: str,
    decided_by_name: str,
    decided_on: datetime.date,
    seen: str,
    by: User,
) -> list[ImportedDecision]:
    """Count these criteria as met because somebody found them met elsewhere; nobody here judges
    them again, and they are shown as imported wherever they are shown."""
    refuse_unless(can_import_decisions(by, enrolment))
    said = {
        "decided_at_centre": decided_at_centre.strip(),
        "decided_by_name": decided_by_name.strip(),
        "seen": seen.strip(),
    }
    _hold_open(enrolment)
    _refuse_unless_whole(enrolment, criteria, decided_on, said)
    made = _create(enrolment, criteria, decided_on, said, by)
    _record(
        enrolment,
        "decisions_imported",
        by,
        facts={
            "decided_on": decided_on.isoformat(),
            "criteria": [
                {"imported": row.pk, "criterion": row.criterion_id, "code": row.criterion.code}
                for row in made
            ],
        },
        sealed=said,
    )
    return made


@transaction.atomic
def take_back_import(*, imported: ImportedDecision, reason: str, by: User) -> ImportedDecision:
    """The criterion is open again; what was imported, by whom and why not, stays in sight."""
    refuse_unless(can_import_decisions(by, imported.enrolment))
    reason = reason.strip()
    if not reason:
        raise ValidationError(_("Say why you take it back."))
    _hold_open(imported.enrolment)
    said = {"taken_back_by": by, "taken_back_at": timezone.now(), "taken_back_reason": reason}
    change(imported, ImportedDecision.objects.in_force(), **said)
    _record(
        imported.enrolment,
        "import_taken_back",
        by,
        facts={
            "imported": imported.pk,
            "criterion": imported.criterion_id,
            "code": imported.criterion.code,
        },
        sealed={"reason": reason},
    )
    return imported


def _hold_open(enrolment: Enrolment) -> None:
    """Keeps the unit open until the commit, so that no sign-off comes in between."""
    active = EnrolmentStatus.ACTIVE
    if not Enrolment.objects.filter(pk=enrolment.pk, status=active).update(status=active):
        enrolment.refresh_from_db()
        raise TransitionRefused(enrolment.standing())


def _refuse_unless_whole(
    enrolment: Enrolment,
    criteria: Sequence[Criterion],
    decided_on: datetime.date,
    said: Mapping[str, str],
) -> None:
    if not criteria:
        raise ValidationError(_("Tick at least one criterion."))
    if any(each.edition_id != enrolment.edition_id for each in criteria):
        raise ValidationError(_("A criterion is not one of this unit."))
    if not all(said.values()):
        raise ValidationError(_("Say where it was decided, by whom, and what you saw of it."))
    if decided_on > timezone.localdate():
        raise ValidationError(_("This day has not come yet."))
    judged = Claim.objects.filter(
        enrolment=enrolment, criterion__in=criteria, status=ClaimStatus.MET
    )
    codes = list(judged.order_by("criterion__order").values_list("criterion__code", flat=True))
    if codes:
        raise ValidationError(
            _("%(codes)s: met here already, so nothing is imported for it.")
            % {"codes": ", ".join(dict.fromkeys(codes))}
        )


def _create(
    enrolment: Enrolment,
    criteria: Sequence[Criterion],
    decided_on: datetime.date,
    said: Mapping[str, str],
    by: User,
) -> list[ImportedDecision]:
    try:
        with transaction.atomic():
            return [
                ImportedDecision.objects.create(
                    enrolment=enrolment,
                    criterion=criterion,
                    decided_on=decided_on,
                    imported_by=by,
                    **said,
                )
                for criterion in criteria
            ]
    except IntegrityError as error:
        raise ValidationError(
            _("Somebody has just imported one of these. Look at the list again.")
        ) from error


def _record(
    enrolment: Enrolment, verb: str, by: User, *, facts: dict[str, Any], sealed: dict[str, str]
) -> None:
    whole = {"edition": enrolment.edition_id, **facts}
    record_unit(enrolment, verb, by, facts=whole, sealed=sealed)
