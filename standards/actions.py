"""Reading, correcting and publishing standards."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Centre, User
from ledger.record import record
from ledger.transitions import TransitionRefused
from standards import publication
from standards.models import Draft, Edition, MarkingGuide
from standards.nos import NotAStandard, ParsedStandard, read_text
from standards.nos.source import decode
from standards.permissions import can_correct, can_discard, can_draft, can_publish, can_serve
from standards.workflow import DRAFT

# Each draft keeps the whole text beside it, so a long text of many standards is stored often.
MAX_STORED = 25_000_000


def read_draft(
    *, centre: Centre, by: User, source_name: str, text: str = "", data: bytes = b""
) -> list[Draft]:
    """Read a pasted text or a file into drafts, one for each standard in it."""
    if not can_draft(by, centre):
        raise PermissionDenied
    try:
        source = decode(data) if data else text
        found = read_text(source)
    except NotAStandard as refusal:
        raise ValidationError(str(refusal)) from refusal
    if len(found) * len(source) > MAX_STORED:
        raise ValidationError(_("There are too many standards in this text. Send it in parts."))
    with transaction.atomic():
        return [
            Draft.objects.create(
                centre=centre,
                source_name=source_name[:255],
                source_text=source.replace("\0", ""),  # which PostgreSQL can't keep
                parsed=parsed.as_dict(),
                created_by=by,
            )
            for parsed in found
        ]


def correct(*, draft: Draft, parsed: Mapping[str, Any], revision: int, by: User) -> Draft:
    """Keep a hand-corrected parse, unless somebody else changed the draft since `revision`."""
    if not can_correct(by, draft):
        raise PermissionDenied
    with transaction.atomic():
        _move(draft, verb="correct", revision=revision, by=by)
        draft.parsed = _with_missing(ParsedStandard.from_dict(parsed))
        draft.save(update_fields=["parsed"])
    return draft


def _with_missing(parsed: ParsedStandard) -> dict[str, Any]:
    """What is not printed was missing at first; what was named since no longer is."""
    names = {"urn": parsed.urn, "title": parsed.title}
    return {**parsed.as_dict(), "missing": [name for name, value in names.items() if not value]}


def publish(*, draft: Draft, by: User, revision: int | None = None) -> Edition | MarkingGuide:
    """Make the draft a published edition or guide of its centre, for good.

    `revision` is the one that the person looked at; without it, the one in `draft`.
    """
    if not can_publish(by, draft):
        raise PermissionDenied
    seen = draft.revision if revision is None else revision
    with transaction.atomic():
        _move(draft, verb="publish", revision=seen, by=by)
        published = _publish(
            ParsedStandard.from_dict(draft.parsed),
            centre=draft.centre,
            by=by,
            source_text=draft.source_text,
        )
        if isinstance(published, Edition):
            draft.edition = published
        else:
            draft.guide = published
        draft.save(update_fields=["edition", "guide"])
    return published


def discard(*, draft: Draft, by: User) -> None:
    """Put a draft away; its row stays."""
    if not can_discard(by, draft):
        raise PermissionDenied
    _move(draft, verb="discard", revision=draft.revision, by=by)


def publish_shared(
    *, parsed: Mapping[str, Any], source_text: str, urn: str | None = None
) -> Edition | MarkingGuide:
    """Publish a text for all centres. Only commands on the server do this."""
    named = {**parsed, "urn": urn or parsed.get("urn")}
    with transaction.atomic():
        return _publish(
            ParsedStandard.from_dict(named), centre=None, by=None, source_text=source_text
        )


def serve(*, guide: MarkingGuide, editions: Iterable[Edition], by: User) -> None:
    """Set which editions a centre's own guide serves, to exactly these."""
    if not can_serve(by, guide):
        raise PermissionDenied
    _serve(guide, list(editions), by=by)


def serve_shared(*, guide: MarkingGuide, editions: Iterable[Edition]) -> None:
    """Set which shared editions a shared guide serves. Only commands on the server do this."""
    if guide.centre_id is not None:
        raise PermissionDenied
    _serve(guide, list(editions), by=None)


def _move(draft: Draft, *, verb: str, revision: int, by: User) -> None:
    """One update that succeeds only where nobody was faster."""
    transition = DRAFT[verb]
    moved = Draft.objects.filter(pk=draft.pk, status__in=transition.old, revision=revision).update(
        status=transition.new,
        revision=F("revision") + 1,
        changed_at=timezone.now(),
        changed_by=by,
    )
    draft.refresh_from_db()
    if not moved:
        raise TransitionRefused(draft.standing())


def _publish(
    parsed: ParsedStandard, *, centre: Centre | None, by: User | None, source_text: str
) -> Edition | MarkingGuide:
    if sentences := publication.obstacles(parsed, centre=centre):
        raise ValidationError(sentences)
    try:
        published = publication.write(parsed, centre=centre, by=by, source_text=source_text)
    except publication.AlreadyThere as refusal:
        raise ValidationError(str(refusal)) from refusal
    record(
        stream=_stream(centre),
        verb="standards.publish",
        subject=published,
        by=by,
        facts={
            "urn": publication.urn_of(parsed),
            "codes": [row.code for row in publication.criteria_of(parsed)],
            "marking_points": len(parsed.marking_points),
            "source_sha256": hashlib.sha256(source_text.encode(errors="replace")).hexdigest(),
        },
    )
    return published


def _serve(guide: MarkingGuide, editions: list[Edition], *, by: User | None) -> None:
    if any(edition.centre_id not in (None, guide.centre_id) for edition in editions):
        raise ValidationError(_("A guide can serve only editions that its own centre sees."))
    if not all(edition.published_at for edition in editions):
        raise ValidationError(_("A guide can serve only published editions."))
    with transaction.atomic():
        guide.editions.set(editions)
        record(
            stream=_stream(guide.centre),
            verb="standards.serve",
            subject=guide,
            by=by,
            facts={"editions": sorted(edition.pk for edition in editions)},
        )


def _stream(centre: Centre | None) -> str:
    return f"centre:{centre.pk}" if centre else "standards"
