"""The learner's verbs: describe evidence, try again after a return, give a draft up."""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import refuse_unless
from files import previews
from files.models import Blob, Upload
from ledger.record import record
from ledger.transitions import TransitionRefused, move
from portfolio.account import render
from portfolio.actions.anchors import carry_over, recheck_places, release_file
from portfolio.actions.captures import taken_before
from portfolio.actions.drafts import hold_draft
from portfolio.actions.personal_data import answer_on_people
from portfolio.hiding.guards import hidden_words, hold_item, refuse_originals, without
from portfolio.models import (
    Claim,
    Enrolment,
    Evidence,
    EvidenceFile,
    EvidenceVersion,
    Method,
    Portfolio,
)
from portfolio.models.evidence import MAKING
from portfolio.permissions import (
    can_add_evidence,
    can_edit_version,
    can_make_new_version,
    can_withdraw_draft,
    may_assess,
)
from portfolio.personal_data import asked_to_hide
from portfolio.workflow import VERSION, ClaimStatus, VersionStatus

MAX_ACCOUNT = 50_000


@transaction.atomic
def create_evidence(
    *,
    portfolio: Portfolio,
    title: str,
    method: str,
    gathered_on: datetime.date,
    account: str,
    uploads: Sequence[Upload],
    by: User,
    personal_data: str = "",
    permission_note: str = "",
    capture_id: uuid.UUID | None = None,
) -> EvidenceVersion:
    """A new numbered item with its first draft; a capture that came before is not made again."""
    refuse_unless(can_add_evidence(by, portfolio))
    if known := taken_before(portfolio, capture_id):
        return known
    described = description(title, method, gathered_on, account)
    described |= answer_on_people(personal_data, permission_note)
    evidence = Evidence.objects.create(
        portfolio=portfolio, number=next_number(portfolio), capture_id=capture_id
    )
    version = EvidenceVersion.objects.create(evidence=evidence, **described)
    _attach(version, uploads, by)
    _record(version, "evidence_created", by)
    return version


@transaction.atomic
def begin_record(
    *, enrolment: Enrolment, title: str, method: str, account: str, by: User
) -> EvidenceVersion:
    """The numbered item of an assessor's own record, for them to go on with."""
    refuse_unless(may_assess(by, enrolment))
    return draft_of_record(enrolment.portfolio, title, method, account, recorded_by=by)


def draft_of_record(
    portfolio: Portfolio, title: str, method: str, account: str, *, recorded_by: User
) -> EvidenceVersion:
    """Within a transaction, by a verb that asked who may."""
    described = description(title, method, timezone.localdate(), account)
    evidence = Evidence.objects.create(
        portfolio=portfolio, number=next_number(portfolio), recorded_by=recorded_by
    )
    return EvidenceVersion.objects.create(evidence=evidence, **described)


@transaction.atomic
def edit_evidence(
    *,
    version: EvidenceVersion,
    title: str,
    method: str,
    gathered_on: datetime.date,
    account: str,
    uploads: Sequence[Upload],
    by: User,
    personal_data: str | None = None,
    permission_note: str | None = None,
) -> EvidenceVersion:
    """Change a draft and add files to it; what is said of other people stays when not given."""
    refuse_unless(can_edit_version(by, version))
    hold_item(version.evidence)  # nothing is hidden in it between the reading and the writing
    hidden = hidden_words(version.evidence)
    title, account = without(title, hidden), without(account, hidden)
    described = description(title, method, gathered_on, account)
    if personal_data is not None:
        note = without(permission_note or "", hidden)
        described |= answer_on_people(personal_data, note)
    hold_draft(version, **described)
    _attach(version, uploads, by)
    recheck_places(version, by=by)
    return version


@transaction.atomic
def remove_file(*, file: EvidenceFile, by: User) -> None:
    """Take a file out of a draft; its bytes stay wherever something else refers to them."""
    refuse_unless(can_edit_version(by, file.version))
    hold_draft(file.version)
    release_file(file)
    file.delete()
    recheck_places(file.version, by=by)


@transaction.atomic
def new_version(*, evidence: Evidence, by: User) -> EvidenceVersion:
    """After a return: a draft that begins where the returned version ended, less what was met."""
    refuse_unless(can_make_new_version(by, evidence))
    hold_item(evidence)  # no file changes while it is copied
    _refuse_past_its_record(evidence)
    source = EvidenceVersion.objects.filter(evidence=evidence).current().first()
    if source is None:
        raise TransitionRefused(_("This evidence was withdrawn."))
    if source.status != VersionStatus.RETURNED:
        raise TransitionRefused(source.standing())
    version = _copy_of(source)
    _copy_files(source, version)
    _copy_open_claims(source, version)
    carry_over(source=source, version=version)
    _record(version, "version_made", by)
    return version


def _refuse_past_its_record(evidence: Evidence) -> None:
    """An assessor's record is begun anew as a whole, with the draft of its evidence."""
    begun = Evidence.objects.filter(pk=evidence.pk, record__status=MAKING)
    if evidence.recorded_by_id and not begun.exists():
        raise TransitionRefused(_("Begin the new version on the page of the record."))


@transaction.atomic
def withdraw_draft(*, version: EvidenceVersion, by: User) -> None:
    """Give a draft up. It is kept, out of the way, and its number is not used again."""
    refuse_unless(can_withdraw_draft(by, version))
    move(version, verb="withdraw", table=VERSION)
    _record(version, "draft_withdrawn", by)


def description(
    title: str, method: str, gathered_on: datetime.date, account: str
) -> dict[str, Any]:
    title, account = title.strip(), account.strip()
    if not title or len(title) > 200:
        raise ValidationError(_("Give the evidence a title of at most 200 letters."))
    if method not in Method.values:
        raise ValidationError(_("Choose how this evidence shows what you can do."))
    if gathered_on > timezone.localdate():
        raise ValidationError(_("The date of the work can't be in the future."))
    if len(account) > MAX_ACCOUNT:
        raise ValidationError(_("This account is too long. Put the rest into a file."))
    return {
        "title": title,
        "method": method,
        "gathered_on": gathered_on,
        "account": account,
        "account_html": render(account),
    }


def next_number(portfolio: Portfolio) -> int:
    # The update locks the row until the commit, so nobody else can read the same number.
    Portfolio.objects.filter(pk=portfolio.pk).update(last_number=F("last_number") + 1)
    portfolio.refresh_from_db(fields=["last_number"])
    return portfolio.last_number


def _attach(version: EvidenceVersion, uploads: Sequence[Upload], by: User) -> None:
    """Put the person's own uploads into the version; an upload can be used once."""
    centre = version.evidence.portfolio.centre_id
    refuse_unless(all(each.owner_id == by.pk and each.centre_id == centre for each in uploads))
    refuse_originals(version, [each.blob_id for each in uploads])
    taken, _rows = Upload.objects.filter(pk__in=[each.pk for each in uploads]).delete()
    if taken != len(uploads):
        raise ValidationError(_("One of these files was added already. Load the page again."))
    start = version.files.aggregate(last=Max("order", default=0))["last"]
    EvidenceFile.objects.bulk_create(
        EvidenceFile(version=version, blob_id=each.blob_id, name=each.name, order=order)
        for order, each in enumerate(uploads, start + 1)
    )
    previews.ask_each(Blob.objects.filter(pk__in=[each.blob_id for each in uploads]))


def _copy_of(source: EvidenceVersion) -> EvidenceVersion:
    last = EvidenceVersion.objects.filter(evidence=source.evidence_id).aggregate(Max("number"))
    try:
        with transaction.atomic():
            return EvidenceVersion.objects.create(
                evidence=source.evidence,
                number=last["number__max"] + 1,
                title=source.title,
                method=source.method,
                gathered_on=source.gathered_on,
                account=source.account,
                account_html=source.account_html,
                # Whoever was asked to hide somebody answers anew.
                personal_data="" if _was_to_hide(source) else source.personal_data,
                permission_note=source.permission_note,
            )
    except IntegrityError as clash:
        raise TransitionRefused(_("A new version was already started.")) from clash


def _copy_files(source: EvidenceVersion, version: EvidenceVersion) -> None:
    EvidenceFile.objects.bulk_create(
        EvidenceFile(version=version, blob_id=file.blob_id, name=file.name, order=file.order)
        for file in source.files.all()
    )


def _was_to_hide(source: EvidenceVersion) -> bool:
    return asked_to_hide(source.evidence).filter(pk=source.pk).exists()


def _copy_open_claims(source: EvidenceVersion, version: EvidenceVersion) -> None:
    still_open = source.claims.filter(enrolment__in=Enrolment.objects.active())
    if not _was_to_hide(source):  # then all of it is to be looked at again
        still_open = still_open.exclude(status=ClaimStatus.MET)
    Claim.objects.bulk_create(
        Claim(
            version=version,
            criterion_id=each.criterion_id,
            enrolment_id=each.enrolment_id,
            place=each.place,
        )
        for each in still_open
    )


def _record(version: EvidenceVersion, verb: str, by: User) -> None:
    evidence = version.evidence
    record(
        stream=evidence.portfolio.stream,
        verb=verb,
        subject=version,
        by=by,
        facts={
            "evidence": evidence.number,
            "version": version.number,
            "files": list(version.files.values_list("blob__sha256", flat=True)),
        },
    )
