"""Signing a unit off, and the countersignature where the signer is a trainee."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import refuse_unless
from assessments import declarations
from assessments.actions.guards import hold
from assessments.crediting import Crediting, Credits
from assessments.models import MarkingPointCredit, SignOff, Withdrawal
from assessments.permissions import can_countersign, can_sign_off, is_qualified
from assessments.requirements import missing_for_sign_off, standing_of
from assessments.telling import (
    of_countersigning,
    of_refusing_countersignature,
    of_signing_off,
)
from assessments.unit_rules import rules_of, snapshot
from assessments.workflow import SIGN_OFF, SignOffStatus
from ledger.record import record
from ledger.transitions import TransitionRefused, move
from portfolio.models import Enrolment
from portfolio.workflow import ENROLMENT

NOTHING: Credits = {}


@transaction.atomic
def sign_off(
    *,
    enrolment: Enrolment,
    credits: Credits,
    personal_data_checked: bool,
    by: User,
    imported: Credits = NOTHING,
) -> SignOff:
    """Decide on the whole unit. `credits` are marking points' ids with the versions that earn
    them; `imported`, with the imported decisions (see requirements.imports_to_credit) that do.
    """
    refuse_unless(can_sign_off(by, enrolment))
    qualified = is_qualified(by, enrolment)
    _leave_active(enrolment, "sign_off" if qualified else "sign_off_provisionally")
    crediting = Crediting.of(enrolment, credits, imported)
    _refuse_if_incomplete(enrolment, crediting, personal_data_checked)
    signed = SignOff.objects.create(
        enrolment=enrolment,
        round=1 + Withdrawal.objects.filter(sign_off__enrolment=enrolment).count(),
        status=SignOffStatus.SIGNED_OFF if qualified else SignOffStatus.AWAITING_COUNTERSIGNATURE,
        assessor=by,
        signed_at=timezone.now(),
        declaration_version=declarations.CURRENT_ASSESSOR,
        declaration_text=declarations.assessor_wording(declarations.CURRENT_ASSESSOR),
        personal_data_checked=personal_data_checked,
    )
    MarkingPointCredit.objects.bulk_create(crediting.rows(signed))
    _record_sign_off(signed, crediting, by)
    of_signing_off(signed)
    return signed


@transaction.atomic
def countersign(*, sign_off: SignOff, by: User) -> SignOff:
    """A qualified colleague agrees: the trainee's sign-off now counts."""
    refuse_unless(can_countersign(by, sign_off))
    if _is_answered(sign_off, SignOffStatus.SIGNED_OFF, by):
        return sign_off
    version = declarations.CURRENT_COUNTERSIGNER
    _hold_unanswered(sign_off)
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
    of_countersigning(sign_off)
    return sign_off


@transaction.atomic
def refuse_countersignature(*, sign_off: SignOff, reason: str, by: User) -> SignOff:
    """The colleague does not agree: the unit is open again, and the reason stays on record."""
    refuse_unless(can_countersign(by, sign_off))
    reason = reason.strip()
    if not reason:
        raise ValidationError(_("Say why you do not countersign."))
    if _is_answered(sign_off, SignOffStatus.REFUSED, by, countersigner_reason=reason):
        return sign_off
    _hold_unanswered(sign_off)
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
    of_refusing_countersignature(sign_off)
    return sign_off


def _is_answered(sign_off: SignOff, status: str, by: User, **words: str) -> bool:
    """The same answer sent again after a timeout: it is given already."""
    same = all(getattr(sign_off, name) == text for name, text in words.items())
    return sign_off.status == status and sign_off.countersigner_id == by.pk and same


def _hold_unanswered(sign_off: SignOff) -> None:
    """One that was withdrawn meanwhile is not countersigned, even where another one waits."""
    hold(sign_off, SignOffStatus.AWAITING_COUNTERSIGNATURE)
    taken_back = Withdrawal.objects.filter(sign_off=sign_off).select_related("by").first()
    if taken_back:
        raise TransitionRefused(taken_back.standing())


def _leave_active(enrolment: Enrolment, verb: str) -> None:
    """The first to sign wins; whoever comes later is told who signed, and when."""
    try:
        move(enrolment, verb=verb, table=ENROLMENT)
    except TransitionRefused as refused:
        raise TransitionRefused(standing_of(enrolment)) from refused


def _refuse_if_incomplete(
    enrolment: Enrolment, crediting: Crediting, personal_data_checked: bool
) -> None:
    missing = missing_for_sign_off(enrolment)
    if not personal_data_checked:
        missing.append(_("Look for other people in the evidence, and tick that you did."))
    missing += crediting.missing()
    if missing:
        raise ValidationError(missing)


def _record_sign_off(signed: SignOff, crediting: Crediting, by: User) -> None:
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
            "credits": crediting.facts(),
            "rules": snapshot(rules_of(enrolment)),
            "imported": list(enrolment.imported.in_force().values_list("pk", flat=True)),
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
