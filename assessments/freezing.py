"""What a submission holds fast: exactly what was seen, and a digest over it."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import prefetch_related_objects

from portfolio.models import (
    Claim,
    Enrolment,
    Evidence,
    EvidenceFile,
    EvidenceVersion,
    Place,
)
from standards.models import MarkingGuide


def freeze(
    version: EvidenceVersion,
    enrolment: Enrolment,
    claims: Sequence[Claim],
    files: Sequence[EvidenceFile],
) -> dict[str, Any]:
    """The evidence as it is handed in for one unit, as plain data."""
    prefetch_related_objects(list(claims), "anchors")
    return {
        # Without it, somebody who guesses the words could prove them from the ledger's digest
        # even after they were erased here.
        "salt": secrets.token_hex(16),
        "evidence": version.evidence.number,
        "version": version.number,
        "title": version.title,
        "method": version.method,
        "gathered_on": version.gathered_on.isoformat(),
        "account": version.account,
        "people": {"answer": version.personal_data, "note": version.permission_note},
        "declaration": {"version": version.declaration_version, "text": version.declaration_text},
        "testimony": _testimony(version.evidence),
        "record": _record(version.evidence),
        "edition": {"id": enrolment.edition_id, "urn": enrolment.edition.standard.urn},
        "files": [_file(each) for each in files],
        "claims": [_claim(each) for each in claims],
    }


def _testimony(evidence: Evidence) -> dict[str, Any] | None:
    """Who stated it, where a witness did; the statement is the account."""
    if not evidence.by_witness:
        return None
    testimony = evidence.testimony
    return {
        "name": testimony.name,
        "relationship": testimony.relationship,
        "job": testimony.job,
        "expert": testimony.is_expert,
        "criteria": [each.code for each in testimony.criteria.all()],
        "confirmed_at": testimony.confirmed_at.isoformat(),
        "declaration": {
            "version": testimony.declaration_version,
            "text": testimony.declaration_text,
        },
    }


def _record(evidence: Evidence) -> dict[str, Any] | None:
    """What only an assessor's own record has; what it says is the account."""
    if evidence.recorded_by_id is None:
        return None
    record = evidence.record
    seen, learned = record.seen_in_situ_on, record.learned_on
    return {
        "kind": record.kind,
        "assessor": record.assessor.name,
        "place": record.place,
        "location": record.location,
        "seen_in_situ_on": seen.isoformat() if seen else "",
        "learned_on": learned.isoformat() if learned else "",
        "currency": record.currency,
        "confirmed_at": record.confirmed_at.isoformat() if record.confirmed_at else "",
        "answers": [
            {"asked": each.asked, "expected": each.expected, "answered": each.answered}
            for each in record.answers.all()
        ],
    }


def _file(file: EvidenceFile) -> dict[str, Any]:
    return {
        "name": file.name,
        "sha256": file.blob.sha256,
        "size": file.blob.size,
        "type": file.blob.media_type,
    }


def _claim(claim: Claim) -> dict[str, Any]:
    criterion = claim.criterion
    return {
        "id": claim.pk,
        "code": criterion.code,
        "text": criterion.text,
        "subitems": criterion.subitems,
        "place": claim.place,
        "anchors": [_anchor(each) for each in claim.anchors.all()],
    }


def marked_against(enrolment: Enrolment) -> list[dict[str, Any]]:
    """The examiner's wording as it stands now, for the decision to keep."""
    guides = MarkingGuide.objects.published().in_centre(enrolment.portfolio.centre)
    serving = guides.filter(editions=enrolment.edition_id).defer("source_text")
    return [_guide(each) for each in serving.prefetch_related("marking_points")]


def _guide(guide: MarkingGuide) -> dict[str, Any]:
    points = guide.marking_points.all()
    return {
        "id": guide.pk,
        "title": guide.title,
        "points": [{"id": each.pk, "number": each.number, "text": each.text} for each in points],
        "misconceptions": guide.misconceptions,
    }


def digest_of_place(place: Place, frozen: Mapping[str, Any]) -> str:
    """Names a place without giving it away: a quote that is guessed can't be proved from it."""
    return digest({"salt": frozen.get("salt", ""), **_anchor(place)})


def _anchor(anchor: Place) -> dict[str, Any]:
    """The exact place; the bytes that it is in are named by their digest, as the files are."""
    return {
        name: value for name, value in anchor.plain.items() if value is not None and name != "file"
    }


def digest(frozen: Mapping[str, Any] | Sequence[Any]) -> str:
    """SHA-256 over the one canonical spelling: keys sorted, no spaces, UTF-8."""
    spelt = json.dumps(frozen, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(spelt.encode()).hexdigest()
