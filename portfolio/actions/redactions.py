"""Hiding people and words in evidence, and opening what it was before.

Judgements stay as they were given: what was hidden does not change what was seen. The item's
stream in the ledger says what took whose place.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import refuse_unless
from files import previews
from files.checks import check_name, name_for
from files.models import Blob
from files.redaction.texts import masked, quotes, spans_of
from files.refusals import Refused
from ledger.record import record
from ledger.transitions import TransitionRefused
from portfolio.account import render
from portfolio.actions.anchors import recheck_places
from portfolio.actions.likenesses import forget_likenesses
from portfolio.hiding import queue
from portfolio.hiding.guards import hold_item, hold_items, refuse_if_under_way, without
from portfolio.hiding.kinds import Way, way_of
from portfolio.hiding.marks import checked
from portfolio.hiding.reasons import sentence
from portfolio.models import (
    Claim,
    Comparison,
    Evidence,
    EvidenceFile,
    EvidenceVersion,
    OriginalOpened,
    Redaction,
)
from portfolio.permissions import can_hide, can_hide_too, can_open_original

Status = Redaction.Status
MAX_REASON = 2000


# Asking ----------------------------------------------------------------------------------------


@transaction.atomic
def hide_in_file(
    *, file: EvidenceFile, marks: Sequence[Mapping[str, Any]], by: User, name: str = ""
) -> Redaction:
    """Ask for a copy that takes the file's place; `name` is what the file is called from now."""
    refuse_unless(can_hide(by, file.version))
    kept = checked(file, marks)
    evidence = file.version.evidence
    hold_items(evidence.portfolio)
    refuse_if_under_way(evidence.portfolio, file.blob)
    redaction = Redaction.objects.create(
        evidence=evidence,
        version=file.version,
        file=file,
        marks=kept,
        original=file.blob,
        original_name=file.name,
        made_by=by,
    )
    if name:
        _rename(evidence, file, name)
    queue.send_on_commit(redaction)
    return redaction


@transaction.atomic
def hide_in_account(
    *, version: EvidenceVersion, marks: Sequence[Mapping[str, Any]], by: User
) -> Redaction:
    """Mask words of the account, here and wherever else the item says them, at once."""
    refuse_unless(can_hide(by, version))
    hold_item(version.evidence)
    version.refresh_from_db(fields=["account"])
    spans = _spans(version.account, marks)
    words = quotes(version.account, spans)
    before = _texts_of(version.evidence)
    _mask_item(version, spans, words)
    redaction = Redaction.objects.create(
        evidence=version.evidence,
        version=version,
        status=Status.DONE,
        marks=[{"start": start, "end": end} for start, end in spans],
        original_text=json.dumps(before, ensure_ascii=False),
        made_by=by,
        progress=100,
        finished_at=timezone.now(),
    )
    _settle(redaction, EvidenceVersion.objects.filter(evidence=version.evidence))
    return redaction


@transaction.atomic
def retry_redaction(*, redaction: Redaction, by: User) -> Redaction:
    """After a failure: the same marks once more."""
    refuse_unless(can_hide(by, redaction.version))
    hold_items(redaction.evidence.portfolio)
    if redaction.original:
        refuse_if_under_way(redaction.evidence.portfolio, redaction.original)
    again = Redaction.objects.filter(pk=redaction.pk, status=Status.FAILED).update(
        status=Status.QUEUED, attempts=0, progress=0, heartbeat_at=None, trouble=""
    )
    redaction.refresh_from_db()
    if not again:
        raise TransitionRefused(redaction.standing())
    queue.send_on_commit(redaction)
    return redaction


@transaction.atomic
def open_original(*, redaction: Redaction, reason: str, by: User) -> OriginalOpened:
    """The data lead looks at what is hidden; why is kept, and in the ledger."""
    refuse_unless(can_open_original(by, redaction))
    reason = reason.strip()
    if not reason or len(reason) > MAX_REASON:
        raise ValidationError(_("Say why you need the original. It is kept on record."))
    if redaction.status != Status.DONE:
        raise TransitionRefused(redaction.standing())
    opened = OriginalOpened.objects.create(redaction=redaction, opened_by=by, reason=reason)
    record(
        stream=redaction.evidence.portfolio.stream,
        verb="original_opened",
        subject=redaction,
        by=by,
        facts={"evidence": redaction.evidence.number, "redaction": redaction.pk},
        sealed={"reason": reason},
    )
    return opened


# Putting the copy in its place -------------------------------------------------------------------


@transaction.atomic
def put_in_place(*, redaction: Redaction, copy: Blob) -> None:
    """The copy is made: from here on nobody sees anything else."""
    hold_items(redaction.evidence.portfolio)
    held_by = _items_with(redaction)
    files = held_by.pop(redaction.evidence_id, [])
    ending = {"status": Status.DONE, "copy": copy, "progress": 100}
    if not files:
        ending = {"status": Status.FAILED, "trouble": sentence("gone")}
    held = Redaction.objects.filter(
        pk=redaction.pk, status=Status.RUNNING, attempts=redaction.attempts
    ).update(finished_at=timezone.now(), **ending)
    redaction.refresh_from_db()
    if not (held and files):
        return
    _replace(redaction, files, copy)
    for others in held_by.values():
        _replace(_also(redaction, others[-1], copy), others, copy)
    previews.ask(copy)


def _items_with(redaction: Redaction) -> dict[int, list[EvidenceFile]]:
    """The original's rows in the whole portfolio, by item, wherever the copy may take its place."""
    portfolio = redaction.evidence.portfolio
    rows = EvidenceFile.objects.filter(
        version__evidence__portfolio=portfolio, blob=redaction.original
    )
    found: dict[int, list[EvidenceFile]] = {}
    for row in rows.select_related("version__evidence__portfolio").order_by("version_id", "pk"):
        evidence = row.version.evidence
        if evidence == redaction.evidence or can_hide_too(redaction.made_by, evidence):
            found.setdefault(evidence.pk, []).append(row)
    return found


def _also(redaction: Redaction, file: EvidenceFile, copy: Blob) -> Redaction:
    """What was hidden in one item is hidden in another with the same file, which has a row of
    its own: its page, the data lead's list and the ledger all say so."""
    return Redaction.objects.create(
        evidence=file.version.evidence,
        version=file.version,
        file=file,
        status=Status.DONE,
        marks=redaction.marks,
        original=redaction.original,
        original_name=file.name,
        copy=copy,
        made_by=redaction.made_by,
        progress=100,
        finished_at=redaction.finished_at,
    )


def _replace(redaction: Redaction, files: list[EvidenceFile], copy: Blob) -> None:
    for file in files:
        EvidenceFile.objects.filter(pk=file.pk).update(
            blob=copy, name=name_for(file.name, copy.media_type)
        )
    _settle(redaction, EvidenceVersion.objects.filter(files__in=files).distinct())


def _rename(evidence: Evidence, file: EvidenceFile, name: str) -> None:
    try:
        clean = name_for(check_name(name), file.blob.media_type)
    except Refused as refusal:
        raise ValidationError(refusal.sentence) from refusal
    EvidenceFile.objects.filter(version__evidence=evidence, blob=file.blob).update(name=clean)


# Words of an account -----------------------------------------------------------------------------


def _spans(account: str, marks: Sequence[Mapping[str, Any]]) -> list[tuple[int, int]]:
    spans = [(int(mark["start"]), int(mark["end"])) for mark in marks]
    if not spans:
        raise ValidationError(_("Mark at least one word to hide."))
    if any(not 0 <= start < end <= len(account) for start, end in spans):
        raise ValidationError(_("The account was changed meanwhile. Mark the words again."))
    return sorted(spans)


def _texts_of(evidence: Evidence) -> list[dict[str, Any]]:
    """What the item said before, for the data lead."""
    rows = evidence.versions.order_by("number").prefetch_related("claims__criterion", "files")
    return [
        {
            "version": each.number,
            "title": each.title,
            "account": each.account,
            "note": each.permission_note,
            "files": [file.name for file in each.files.all()],
            "comments": [comment.text for comment in _comments_on(each)],
            "places": {
                claim.criterion.code: claim.place for claim in each.claims.all() if claim.place
            },
        }
        for each in rows
    ]


def _mask_item(version: EvidenceVersion, spans: list[tuple[int, int]], words: list[str]) -> None:
    """A testimony's own row stays as the witness confirmed it: no page shows that."""
    for each in EvidenceVersion.objects.filter(evidence=version.evidence_id):
        own = spans if each.pk == version.pk else []
        account = masked(each.account, [*own, *spans_of(each.account, words)])
        EvidenceVersion.objects.filter(pk=each.pk).update(
            account=account,
            account_html=render(account),
            title=without(each.title, words)[:200],
            permission_note=without(each.permission_note, words),
        )
    for file in EvidenceFile.objects.filter(version__evidence=version.evidence_id):
        EvidenceFile.objects.filter(pk=file.pk).update(name=_masked_name(file, words))
    for each in version.evidence.versions.all():
        for comment in _comments_on(each):
            comment.text = without(comment.text, words)
            comment.save(update_fields=["text"])
    for claim in Claim.objects.filter(version__evidence=version.evidence_id).exclude(place=""):
        place = without(claim.place, words)
        Claim.objects.filter(pk=claim.pk).update(place=place[:200])


def _comments_on(version: EvidenceVersion) -> Iterable[Any]:
    """What assessors said of places in it, which may name who is hidden."""
    for submission in version.submissions.prefetch_related("comments"):
        yield from submission.comments.all()


def _masked_name(file: EvidenceFile, words: list[str]) -> str:
    """A name keeps its ending, which says what the file is."""
    stem, dot, ending = file.name.rpartition(".")
    return without(stem, words)[:200] + dot + ending if stem else without(file.name, words)[:200]


# What follows ------------------------------------------------------------------------------------


def _settle(redaction: Redaction, versions: Iterable[EvidenceVersion]) -> None:
    """Claims' places stand on the copy now, or go; what the item was like is looked for afresh;
    the ledger says so."""
    forget_likenesses(redaction.evidence)
    lost: list[str] = []
    touched = []
    for version in versions:
        # Nothing of a lost place is remembered: it may quote what is hidden.
        places = recheck_places(version, by=redaction.made_by, naming=False)
        lost += [code for code, _place in places]
        # Others' evidence is looked through again, by what is still there.
        Comparison.objects.filter(version=version).update(done_at=None)
        touched.append(version.number)
    record(
        stream=redaction.evidence.portfolio.stream,
        verb="redacted",
        subject=redaction,
        by=redaction.made_by,
        facts=_facts(redaction, sorted(touched), sorted(set(lost))),
    )


def _facts(redaction: Redaction, versions: list[int], lost: list[str]) -> dict[str, Any]:
    """Of an account there is no digest from before: with all but a name known, it could be
    found out by trying names."""
    original = redaction.original
    return {
        "evidence": redaction.evidence.number,
        "versions": versions,
        "original": original.sha256 if original else None,
        "copy": redaction.copy.sha256 if redaction.copy else None,
        "hidden": str(way_of(original) if original else Way.WORDS),
        "marks": len(redaction.marks),
        "places_lost": lost,
    }
