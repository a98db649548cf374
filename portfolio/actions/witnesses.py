"""Asking a witness by a link that works once, and keeping what they state."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import refuse_unless
from ledger.record import record
from ledger.transitions import TransitionRefused
from portfolio.actions.evidence import description, next_number
from portfolio.declarations import CURRENT_WITNESS, wording
from portfolio.models import (
    Claim,
    Enrolment,
    Evidence,
    EvidenceVersion,
    ExpertWitness,
    Method,
    Portfolio,
    Testimony,
    WitnessInvitation,
)
from portfolio.permissions import (
    can_ask_witness,
    can_be_witness,
    can_resend_witness_invitation,
    can_withdraw_witness_invitation,
)
from portfolio.tasks import send_witness_invitation
from standards.models import Criterion

LONGEST_MESSAGE = 2_000
LONGEST_STATEMENT = 20_000
LONGEST_LINE = 200  # a relationship, a job
RESEND_AFTER = datetime.timedelta(minutes=2)  # nobody's inbox is filled by pressing a button again
MOST_UNANSWERED = 20  # of one unit: whoever asks more people at once does not ask witnesses


@transaction.atomic
def invite_witness(
    *,
    enrolment: Enrolment,
    name: str,
    email: str,
    criteria: Sequence[Criterion],
    message: str,
    as_expert: bool,
    by: User,
) -> tuple[WitnessInvitation, str]:
    """Ask somebody what they saw; the second value is the link's token."""
    refuse_unless(can_ask_witness(by, enrolment))
    asked = {**_person(name, email), "message": _message(message), "as_expert": as_expert}
    _check_criteria(enrolment, criteria)
    hold_open(enrolment)
    refuse_unfit(enrolment, asked["email"], as_expert=as_expert)
    _refuse_repeated(enrolment, asked)
    invitation = WitnessInvitation.objects.create(
        enrolment=enrolment, invited_by=by, **asked, **WitnessInvitation.fresh()
    )
    invitation.criteria.set(criteria)
    _record(invitation, "witness_invited", by, name=invitation.name, email=invitation.email)
    _send_after_commit(invitation)
    return invitation, invitation.token()


@transaction.atomic
def resend_witness_invitation(
    *, invitation: WitnessInvitation, by: User
) -> tuple[WitnessInvitation, str]:
    """Write again, with a new link; the one sent before stops working."""
    refuse_unless(can_resend_witness_invitation(by, invitation))
    hold_open(invitation.enrolment)
    refuse_unfit(invitation.enrolment, invitation.email, as_expert=invitation.as_expert)
    _refuse_hasty(invitation)
    _change_unanswered(invitation, **WitnessInvitation.fresh())
    _record(invitation, "witness_invitation_resent", by)
    _send_after_commit(invitation)
    return invitation, invitation.token()


@transaction.atomic
def withdraw_witness_invitation(*, invitation: WitnessInvitation, by: User) -> None:
    """The link stops working."""
    refuse_unless(can_withdraw_witness_invitation(by, invitation))
    _change_unanswered(invitation, withdrawn_at=timezone.now())
    _record(invitation, "witness_invitation_withdrawn", by)


@transaction.atomic
def give_testimony(
    *,
    token: str,
    relationship: str,
    job: str,
    seen_on: datetime.date,
    statement: str,
    criteria: Sequence[Criterion],
    declared: bool,
    signed_in: User | None,
) -> Testimony:
    """Keep what the witness confirmed, once, as a draft in the learner's portfolio.

    The link is the witness's leave; `signed_in` is whoever the browser belongs to besides, who
    may be neither the learner nor their assessor.
    """
    invitation = invitation_of(token)
    enrolment = invitation.enrolment
    refuse_unless(signed_in is None or can_be_witness(signed_in, enrolment))
    said = _said(relationship, job, statement)
    _check_named(invitation, criteria)
    if not declared:
        raise ValidationError(_("Confirm the declaration before you send this."))
    version_fields = _version_fields(invitation, seen_on, said["statement"])
    hold_open(enrolment)
    now = _use_up(invitation)
    refuse_unfit(enrolment, invitation.email, as_expert=invitation.as_expert)
    version = _first_draft(enrolment.portfolio, version_fields)
    testimony = _testimony(invitation, version, now, seen_on, said, criteria)
    Claim.objects.bulk_create(
        Claim(version=version, enrolment=enrolment, criterion=each) for each in criteria
    )
    _record_testimony(testimony, invitation, version, criteria)
    return testimony


def invitation_of(token: str) -> WitnessInvitation:
    """The invitation a link belongs to, while it can be answered."""
    invitation = (
        WitnessInvitation.objects.of(token)
        .standing()
        .filter(enrolment__in=Enrolment.objects.active())
        .select_related(
            "invited_by",
            "enrolment__portfolio__learner",
            "enrolment__portfolio__centre",
            "enrolment__edition__standard",
        )
        .first()
    )
    if invitation is None:
        raise TransitionRefused(_("This link was used already, was taken back or is too old."))
    return invitation


def hold_open(enrolment: Enrolment) -> None:
    """Keep the unit open until the commit, and its assessors as they are."""
    active = Enrolment.Status.ACTIVE
    if not Enrolment.objects.active().filter(pk=enrolment.pk).update(status=active):
        enrolment.refresh_from_db()
        raise TransitionRefused(enrolment.standing())


def refuse_unfit(enrolment: Enrolment, email: str, *, as_expert: bool) -> None:
    """Nobody is witness to their own work, nor to work they assess; an expert is approved."""
    portfolio = enrolment.portfolio
    if email == portfolio.learner.email.lower():
        raise ValidationError(
            _("Nobody is witness to their own work. Ask somebody who saw it being done.")
        )
    assessors = User.objects.filter(
        allocations__enrolment=enrolment, allocations__ended_at=None, email__iexact=email
    )
    if assessor := assessors.first():
        raise ValidationError(
            _("%(name)s assesses this unit, and nobody assesses what they witnessed.")
            % {"name": assessor.name}
        )
    approved = ExpertWitness.objects.standing().filter(
        centre=portfolio.centre_id, edition=enrolment.edition_id, email=email
    )
    if as_expert and not approved.exists():
        raise ValidationError(
            _("This address is not approved as an expert witness for this unit. ")
            + _("The centre's admin can approve it, or they can be asked as a witness.")
        )


def _person(name: str, email: str) -> dict[str, Any]:
    name, email = " ".join(name.split()), email.strip().lower()
    validate_email(email)
    if not name or len(name) > 150:
        raise ValidationError(_("Give a name of at most 150 letters."))
    return {"name": name, "email": email}


def _message(message: str) -> str:
    message = message.strip()
    if not message or len(message) > LONGEST_MESSAGE:
        raise ValidationError(_("Say what to write about, in at most 2,000 letters."))
    return message


def _check_criteria(enrolment: Enrolment, criteria: Sequence[Criterion]) -> None:
    if not criteria:
        raise ValidationError(_("Choose at least one criterion."))
    if any(each.edition_id != enrolment.edition_id for each in criteria):
        raise ValidationError(_("Choose criteria of this unit."))


def _check_named(invitation: WitnessInvitation, criteria: Sequence[Criterion]) -> None:
    asked = set(invitation.criteria.values_list("pk", flat=True))
    if not criteria or not {each.pk for each in criteria} <= asked:
        raise ValidationError(_("Choose at least one of the criteria you were asked about."))


def _refuse_repeated(enrolment: Enrolment, asked: Mapping[str, Any]) -> None:
    waiting = WitnessInvitation.objects.standing().filter(enrolment=enrolment)
    if waiting.filter(email=asked["email"], message=asked["message"]).exists():
        raise ValidationError(_("You have asked this person this already."))
    if waiting.count() >= MOST_UNANSWERED:
        raise ValidationError(
            _("%(most)d people were asked and have not answered. Withdraw one of these first.")
            % {"most": MOST_UNANSWERED}
        )


def _said(relationship: str, job: str, statement: str) -> dict[str, str]:
    said = {
        "relationship": " ".join(relationship.split()),
        "job": " ".join(job.split()),
        "statement": statement.replace("\r\n", "\n").strip(),  # as browsers send it
    }
    longest = {"relationship": LONGEST_LINE, "job": LONGEST_LINE, "statement": LONGEST_STATEMENT}
    for name, text in said.items():
        if not text or len(text) > longest[name]:
            raise ValidationError(
                _("Say how you know the learner, what your job is, and what you saw.")
            )
    return said


def _version_fields(
    invitation: WitnessInvitation, seen_on: datetime.date, statement: str
) -> dict[str, Any]:
    return description(
        title=_("Testimony of %(name)s") % {"name": invitation.name},
        method=Method.EXPERT_WITNESS if invitation.as_expert else Method.WITNESS,
        gathered_on=seen_on,
        account=statement,
    )


def _first_draft(portfolio: Portfolio, fields: Mapping[str, Any]) -> EvidenceVersion:
    number = next_number(portfolio)
    evidence = Evidence.objects.create(portfolio=portfolio, number=number, by_witness=True)
    return EvidenceVersion.objects.create(evidence=evidence, **fields)


def _use_up(invitation: WitnessInvitation) -> datetime.datetime:
    """One conditional update, so that a link pressed twice gives one testimony."""
    now = timezone.now()
    standing = WitnessInvitation.objects.standing().filter(
        pk=invitation.pk, token_digest=invitation.token_digest
    )
    if not standing.update(used_at=now):
        raise TransitionRefused(_("This link was used already, was taken back or is too old."))
    invitation.refresh_from_db(fields=["used_at"])
    return now


def _testimony(
    invitation: WitnessInvitation,
    version: EvidenceVersion,
    now: datetime.datetime,
    seen_on: datetime.date,
    said: Mapping[str, str],
    criteria: Sequence[Criterion],
) -> Testimony:
    testimony = Testimony.objects.create(
        invitation=invitation,
        evidence=version.evidence,
        name=invitation.name,
        is_expert=invitation.as_expert,
        seen_on=seen_on,
        declaration_version=CURRENT_WITNESS,
        declaration_text=wording(CURRENT_WITNESS),
        confirmed_at=now,
        **said,
    )
    testimony.criteria.set(criteria)
    return testimony


def _unanswered(invitation: WitnessInvitation) -> QuerySet[WitnessInvitation]:
    """Its row, as long as the link in it leads somewhere."""
    return WitnessInvitation.objects.filter(pk=invitation.pk, used_at=None, withdrawn_at=None)


def _change_unanswered(invitation: WitnessInvitation, **changes: object) -> None:
    if not _unanswered(invitation).update(**changes):
        raise TransitionRefused(_("This witness has answered, or the invitation was withdrawn."))
    invitation.refresh_from_db()


def _refuse_hasty(invitation: WitnessInvitation) -> None:
    just_now = timezone.now() - RESEND_AFTER
    if _unanswered(invitation).filter(sent_at__gt=just_now).exists():
        raise TransitionRefused(
            _(
                "A link was sent to this witness a moment ago. "
                "Wait two minutes; if it has not come by then, send a new one."
            )
        )


def _send_after_commit(invitation: WitnessInvitation) -> None:
    # Robust: the row says what was not sent yet, and a scheduled task sends it later.
    transaction.on_commit(lambda: send_witness_invitation.delay(invitation.pk), robust=True)


def _record(invitation: WitnessInvitation, verb: str, by: User, **sealed: str) -> None:
    enrolment = invitation.enrolment
    record(
        stream=enrolment.portfolio.stream,
        verb=verb,
        subject=invitation,
        by=by,
        facts={
            "enrolment": enrolment.pk,
            "expert": invitation.as_expert,
            "criteria": _codes(invitation.criteria.all()),
        },
        sealed=sealed,
    )


def _record_testimony(
    testimony: Testimony,
    invitation: WitnessInvitation,
    version: EvidenceVersion,
    criteria: Sequence[Criterion],
) -> None:
    record(
        stream=invitation.enrolment.portfolio.stream,
        verb="testimony_given",
        subject=testimony,
        by=None,
        facts={
            "invitation": invitation.pk,
            "enrolment": invitation.enrolment_id,
            "evidence": version.evidence.number,
            "version": version.number,
            "expert": testimony.is_expert,
            "criteria": _codes(criteria),
            "seen_on": testimony.seen_on.isoformat(),
            "declaration": testimony.declaration_version,
        },
        sealed={
            "name": testimony.name,
            "email": invitation.email,
            "relationship": testimony.relationship,
            "job": testimony.job,
            "statement": testimony.statement,
        },
    )


def _codes(criteria: Any) -> list[str]:
    return [each.code for each in criteria]
