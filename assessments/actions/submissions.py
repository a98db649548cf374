"""Handing evidence in: it is frozen, and each unit that it claims gets its own submission."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import refuse_unless
from assessments.actions.guards import hold_open
from assessments.freezing import digest, freeze
from assessments.models import Submission
from assessments.permissions import can_submit
from assessments.telling import of_submitting
from ledger.record import record
from ledger.transitions import move
from portfolio.declarations import current, wording
from portfolio.hiding.guards import hold_item
from portfolio.likeness.queue import send_on_commit as compare_on_commit
from portfolio.models import Claim, Enrolment, Evidence, EvidenceFile, EvidenceVersion
from portfolio.personal_data import unsettled
from portfolio.workflow import CLAIM, VERSION


@transaction.atomic
def submit(*, version: EvidenceVersion, declared: bool, by: User) -> list[Submission]:
    """Freeze the draft and send it to the assessors of every unit it claims."""
    refuse_unless(can_submit(by, version))
    if not declared:
        raise ValidationError(_("Say that this is your own work before you submit it."))
    return hand_in(version, current(by_witness=version.evidence.by_witness), by)


def hand_in(version: EvidenceVersion, declared_as: str, by: User) -> list[Submission]:
    """Within a transaction, by whoever was found to be allowed to, who declared that wording."""
    hold_item(version.evidence)  # nothing is begun to be hidden in it, or put in place, meanwhile
    now = timezone.now()
    # The move comes first: from here on nobody else can change what is read below.
    move(
        version,
        verb="submit",
        table=VERSION,
        submitted_at=now,
        declaration_version=declared_as,
        declaration_text=wording(declared_as),
    )
    claims, files = _contents(version)
    Evidence.objects.filter(pk=version.evidence_id, first_submitted_at=None).update(
        first_submitted_at=now
    )
    _move_claims(version)
    compare_on_commit(version)
    submissions = [
        _submission(version, enrolment, claims, files, now, by) for enrolment in _units(claims)
    ]
    of_submitting(submissions, by)
    return submissions


def _contents(version: EvidenceVersion) -> tuple[list[Claim], list[EvidenceFile]]:
    claims = list(
        version.claims.select_related(
            "criterion", "enrolment__edition__standard", "enrolment__portfolio"
        )
    )
    files = list(version.files.select_related("blob"))
    if not claims:
        raise ValidationError(_("Claim at least one criterion before you submit this."))
    if not (files or version.account.strip()):
        raise ValidationError(_("Say what you did, or add a file, before you submit this."))
    if sentence := unsettled(version):
        raise ValidationError(sentence)
    return claims, files


def _units(claims: Sequence[Claim]) -> list[Enrolment]:
    """Every unit claimed, held open, always in one order so that no two submits deadlock."""
    units = {claim.enrolment_id: claim.enrolment for claim in claims}
    enrolments = [units[pk] for pk in sorted(units)]
    for enrolment in enrolments:
        hold_open(enrolment)
    return enrolments


def _move_claims(version: EvidenceVersion) -> None:
    transition = CLAIM["submit"]
    Claim.objects.filter(version=version, status__in=transition.old).update(status=transition.new)


def _submission(
    version: EvidenceVersion,
    enrolment: Enrolment,
    claims: Sequence[Claim],
    files: Sequence[EvidenceFile],
    now: datetime,
    by: User,
) -> Submission:
    of_unit = [claim for claim in claims if claim.enrolment_id == enrolment.pk]
    frozen = freeze(version, enrolment, of_unit, files)
    submission = Submission.objects.create(
        version=version,
        enrolment=enrolment,
        submitted_at=now,
        frozen=frozen,
        frozen_sha256=digest(frozen),
    )
    record(
        stream=enrolment.portfolio.stream,
        verb="evidence_submitted",
        subject=submission,
        by=by,
        facts={
            "evidence": version.evidence.number,
            "version": version.number,
            "enrolment": enrolment.pk,
            "edition": enrolment.edition_id,
            "urn": enrolment.edition.standard.urn,
            "claims": [
                {
                    "claim": claim.pk,
                    "criterion": claim.criterion.code,
                    "anchors": len(claim.anchors.all()),
                }
                for claim in of_unit
            ],
            "frozen_sha256": submission.frozen_sha256,
            "declaration": version.declaration_version,
            "personal_data": version.personal_data,
        },
    )
    return submission
