"""Signing a unit off, and the countersignature where the signer is a trainee."""

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import refuse_unless
from assessments import declarations
from assessments.models import MarkingPointCredit, SignOff
from assessments.permissions import can_countersign, can_sign_off, is_qualified
from assessments.requirements import (
    earning_versions,
    marking_points,
    missing_for_sign_off,
    standing_of,
)
from assessments.workflow import SIGN_OFF, SignOffStatus
from ledger.record import record
from ledger.transitions import TransitionRefused, move
from portfolio.models import Enrolment
from portfolio.workflow import ENROLMENT
from standards.models import MarkingPoint

Credits = Mapping[int, Sequence[int]]


@transaction.atomic
def sign_off(
    *, enrolment: Enrolment, credits: Credits, personal_data_checked: bool, by: User
) -> SignOff:
    """Decide on the whole unit; `credits` are marking points' ids and the versions that earn."""
    refuse_unless(can_sign_off(by, enrolment))
    qualified = is_qualified(by, enrolment)
    _leave_active(enrolment, "sign_off" if qualified else "sign_off_provisionally")
    points = list(marking_points(enrolment))
    _refuse_if_incomplete(enrolment, points, credits, personal_data_checked)
    signed = SignOff.objects.create(
        enrolment=enrolment,
        status=SignOffStatus.SIGNED_OFF if qualified else SignOffStatus.AWAITING_COUNTERSIGNATURE,
        assessor=by,
        signed_at=timezone.now(),
        declaration_version=declarations.CURRENT_ASSESSOR,
        declaration_text=declarations.assessor_wording(declarations.CURRENT_ASSESSOR),
        personal_data_checked=personal_data_checked,
    )
    MarkingPointCredit.objects.bulk_create(
        MarkingPointCredit(
            sign_off=signed, marking_point=point, version_id=version, wording=point.text
        )
        for point in points
        for version in dict.fromkeys(credits[point.pk])
    )
    _record_sign_off(signed, points, credits, by)
    return signed


@transaction.atomic
def countersign(*, sign_off: SignOff, by: User) -> SignOff:
    """A qualified colleague agrees: the trainee's sign-off now counts."""
    refuse_unless(can_countersign(by, sign_off))
    version = declarations.CURRENT_COUNTERSIGNER
    move(
        sign_off,
        verb="countersign",
        table=SIGN_OFF,
        countersigner=by,
        countersigned_at=timezone.now(),
        countersigner_declaration_version=version,
        countersigner_declaration_text=declarations.countersigner_wording(version),
    )
    move(sign_off.enrolment, verb="countersign", table=ENROLMENT)
    _record_countersigning(sign_off, "unit_countersigned", by)
    return sign_off


@transaction.atomic
def refuse_countersignature(*, sign_off: SignOff, reason: str, by: User) -> SignOff:
    """The colleague does not agree: the unit is open again, and the reason stays on record."""
    refuse_unless(can_countersign(by, sign_off))
    reason = reason.strip()
    if not reason:
        raise ValidationError(_("Say why you do not countersign."))
    move(
        sign_off,
        verb="refuse",
        table=SIGN_OFF,
        countersigner=by,
        countersigned_at=timezone.now(),
        countersigner_reason=reason,
    )
    move(sign_off.enrolment, verb="refuse_countersignature", table=ENROLMENT)
    _record_countersigning(sign_off, "countersignature_refused", by)
    return sign_off


def _leave_active(enrolment: Enrolment, verb: str) -> None:
    """The first to sign wins; whoever comes later is told who signed, and when."""
    try:
        move(enrolment, verb=verb, table=ENROLMENT)
    except TransitionRefused as refused:
        raise TransitionRefused(standing_of(enrolment)) from refused


def _refuse_if_incomplete(
    enrolment: Enrolment,
    points: Sequence[MarkingPoint],
    credits: Credits,
    personal_data_checked: bool,
) -> None:
    missing = missing_for_sign_off(enrolment)
    if not personal_data_checked:
        missing.append(_("Look for other people in the evidence, and tick that you did."))
    earning = set(earning_versions(enrolment).values_list("pk", flat=True))
    for point in points:
        named = set(credits.get(point.pk, ()))
        if not named:
            missing.append(
                _("Name the evidence that earns marking point %(number)d.")
                % {"number": point.number}
            )
        elif not named <= earning:
            missing.append(
                _("Marking point %(number)d names evidence that has no met claim in this unit.")
                % {"number": point.number}
            )
    if missing:
        raise ValidationError(missing)


def _record_sign_off(
    signed: SignOff, points: Sequence[MarkingPoint], credits: Credits, by: User
) -> None:
    enrolment = signed.enrolment
    record(
        stream=enrolment.portfolio.stream,
        verb="unit_signed_off" if signed.is_complete else "unit_signed_off_provisionally",
        subject=signed,
        by=by,
        facts={
            "enrolment": enrolment.pk,
            "edition": enrolment.edition_id,
            "urn": enrolment.edition.standard.urn,
            "declaration": signed.declaration_version,
            "status": signed.status,
            "personal_data_checked": signed.personal_data_checked,
            "credits": [
                {"point": point.pk, "number": point.number, "versions": list(credits[point.pk])}
                for point in points
            ],
        },
    )


def _record_countersigning(signed: SignOff, verb: str, by: User) -> None:
    reason = signed.countersigner_reason
    record(
        stream=signed.enrolment.portfolio.stream,
        verb=verb,
        subject=signed,
        by=by,
        facts={
            "enrolment": signed.enrolment_id,
            "status": signed.status,
            "declaration": signed.countersigner_declaration_version,
        },
        sealed={"reason": reason} if reason else {},
    )
