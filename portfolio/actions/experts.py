"""Whom the centre trusts as an expert witness, for which unit."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Centre, User
from accounts.permissions import refuse_unless
from ledger.record import record
from ledger.transitions import TransitionRefused
from portfolio.models import ExpertWitness
from portfolio.permissions import can_approve_expert
from standards.models import Edition

LONGEST_COMPETENCE = 2_000


@transaction.atomic
def approve_expert(
    *, centre: Centre, name: str, email: str, competence: str, edition: Edition, by: User
) -> ExpertWitness:
    """From now on this person may be asked as an expert witness for the unit."""
    refuse_unless(can_approve_expert(by, centre))
    name, email, competence = " ".join(name.split()), email.strip().lower(), competence.strip()
    validate_email(email)
    if not name or len(name) > 150:
        raise ValidationError(_("Give a name of at most 150 letters."))
    if not competence or len(competence) > LONGEST_COMPETENCE:
        raise ValidationError(_("Say why they are competent, in at most 2,000 letters."))
    if not Edition.objects.in_centre(centre).published().filter(pk=edition.pk).exists():
        raise ValidationError(_("Choose a published unit of your centre's list."))
    try:
        with transaction.atomic():
            expert = ExpertWitness.objects.create(
                centre=centre,
                edition=edition,
                name=name,
                email=email,
                competence=competence,
                approved_by=by,
            )
    except IntegrityError as clash:
        raise ValidationError(_("This address is approved for this unit already.")) from clash
    sealed = {"name": name, "email": email, "competence": competence}
    _record(expert, "expert_witness_approved", by, **sealed)
    return expert


@transaction.atomic
def end_expert_approval(*, expert: ExpertWitness, by: User) -> None:
    """What they stated stays; they can't be asked, or answer, as an expert any more."""
    refuse_unless(can_approve_expert(by, expert.centre))
    if not ExpertWitness.objects.standing().filter(pk=expert.pk).update(ended_at=timezone.now()):
        raise TransitionRefused(_("This approval was ended already."))
    expert.refresh_from_db()
    _record(expert, "expert_witness_ended", by)


def _record(expert: ExpertWitness, verb: str, by: User, **sealed: str) -> None:
    record(
        stream=f"centre:{expert.centre_id}",
        verb=verb,
        subject=expert,
        by=by,
        facts={"edition": expert.edition_id, "urn": expert.edition.standard.urn},
        sealed=sealed,
    )
