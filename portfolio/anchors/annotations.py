"""A version's places as W3C Web Annotations (https://www.w3.org/TR/annotation-model/).

Each anchor becomes one annotation: its body is the criterion, its target the place. What is
pointed at is named by its digest, so that an annotation stays true wherever the bytes are kept.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from portfolio.models import Anchor, EvidenceVersion
from standards.models import Criterion

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
MEDIA_FRAGMENTS = "http://www.w3.org/TR/media-frags/"
PDF_FRAGMENTS = "http://tools.ietf.org/rfc/rfc3778"
PERCENT = 100

Json = dict[str, Any]


def collection(version: EvidenceVersion, anchors: Sequence[Anchor]) -> Json:
    """All of a version's annotations: a collection with its one page in it."""
    identity = _urn("evidence-version", version.pk)
    found: Json = {
        "@context": CONTEXT,
        "id": identity,
        "type": "AnnotationCollection",
        "label": f"{version.evidence.number}. {version.title}",
        "total": len(anchors),
    }
    if anchors:  # a page must not be empty
        page = {
            "id": _urn("evidence-version-page", version.pk),
            "type": "AnnotationPage",
            "partOf": identity,
            "startIndex": 0,
            "items": [annotation(each) for each in anchors],
        }
        found |= {"first": page}
    return found


def annotation(anchor: Anchor) -> Json:
    """One place, by itself. Load the anchor with its file's blob, its claim's criterion and that
    criterion's edition and standard."""
    made: Json = {
        "@context": CONTEXT,
        "id": _urn("anchor", anchor.pk),
        "type": "Annotation",
        "motivation": ["assessing", "classifying"],
        "created": _moment(anchor.made_at),
        "creator": {"id": _urn("person", anchor.made_by_id), "type": "Person"},
        "body": _criterion(anchor.claim.criterion),
        "target": _targets(anchor),
    }
    return made


def _criterion(criterion: Criterion) -> list[Json]:
    edition = criterion.edition
    return [
        {
            "type": "SpecificResource",
            "purpose": "classifying",
            "source": (
                f"urn:signpost:standard:{edition.standard.urn}"
                f":{edition.approved_on}#{criterion.code}"
            ),
        },
        {
            "type": "TextualBody",
            "purpose": "tagging",
            "format": "text/plain",
            "value": criterion.code,
        },
    ]


def _targets(anchor: Anchor) -> Json | list[Json]:
    """The place; of a range of pages each page, since each of them shows it."""
    if anchor.kind != Anchor.Kind.PAGES:
        return _target(anchor, _selector(anchor))
    first, last = anchor.page or 1, anchor.last_page or anchor.page or 1
    pages = [_target(anchor, _page(number)) for number in range(first, last + 1)]
    return pages[0] if len(pages) == 1 else pages


def _target(anchor: Anchor, selector: Json | list[Json] | None) -> Json:
    source: Json = {"id": f"urn:sha256:{anchor.sha256}", "format": "text/plain"}
    if anchor.file:
        source["format"] = anchor.file.blob.media_type
    state = {"type": "TimeState", "sourceDate": _moment(anchor.made_at)}
    target: Json = {"type": "SpecificResource", "source": source, "state": state}
    return target | {"selector": selector} if selector else target


def _selector(anchor: Anchor) -> Json | list[Json] | None:
    if anchor.kind == Anchor.Kind.PASSAGE:
        words = [_quote(anchor), _position(anchor)]
        return {**_page(anchor.page), "refinedBy": words} if anchor.page else words
    if anchor.kind == Anchor.Kind.REGION:
        box = _fragment(f"xywh=percent:{_percents(anchor)}")
        return {**_page(anchor.page), "refinedBy": box} if anchor.page else box
    if anchor.kind == Anchor.Kind.MOMENT:
        return _fragment(f"t={_number(anchor.begins)},{_number(anchor.ends)}")
    return None


def _quote(anchor: Anchor) -> Json:
    return {
        "type": "TextQuoteSelector",
        "exact": anchor.quote,
        "prefix": anchor.prefix,
        "suffix": anchor.suffix,
    }


def _position(anchor: Anchor) -> Json:
    start = anchor.start or 0
    return {
        "type": "TextPositionSelector",
        "start": start,
        "end": start + len(anchor.quote),
    }


def _fragment(value: str) -> Json:
    return {"type": "FragmentSelector", "conformsTo": MEDIA_FRAGMENTS, "value": value}


def _page(number: int | None) -> Json:
    return {"type": "FragmentSelector", "conformsTo": PDF_FRAGMENTS, "value": f"page={number}"}


def _percents(anchor: Anchor) -> str:
    sides: Iterable[float | None] = (anchor.x, anchor.y, anchor.width, anchor.height)
    return ",".join(_number((side or 0) * PERCENT) for side in sides)


def _number(value: float | None) -> str:
    return f"{value or 0:.3f}".rstrip("0").rstrip(".")


def _moment(when: datetime) -> str:
    """In UTC, with the "Z" that the model asks for."""
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _urn(noun: str, pk: int) -> str:
    """The same for the same row for ever, and no other Signpost's."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{settings.ORIGIN}/{noun}/{pk}").urn
