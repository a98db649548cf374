"""What becomes of a place when the evidence under it changes: it still holds, or it does not."""

from dataclasses import replace

from django.core.exceptions import ValidationError

from portfolio.anchors import texts
from portfolio.anchors.ground import Ground, check, preview_of
from portfolio.anchors.selectors import Place
from portfolio.models.evidence import EvidenceFile


def held(place: Place, ground: Ground) -> Place | None:
    """The place as it stands on this ground, or nothing where it does not hold any more."""
    file = ground.file_of(place)
    was_in_file = place.file is not None
    if was_in_file and file is None:
        return None
    here = replace(place, file=file.pk if file else None, sha256=ground.sha256_of(file))
    if here.sha256 == place.sha256:
        return here
    if place.kind == "passage":
        return _words_again(here, file, ground)
    if place.kind == "whole":
        return here if file or ground.account.strip() else None
    return _checked(here, file, ground)


def held_in_namesake(place: Place, name: str, ground: Ground) -> Place | None:
    """A passage of a file that was taken out, in the one that came in under the same name: a
    corrected copy has most of the same sentences. Nothing else can be told to be the same in it."""
    file = ground.namesake(name) if place.kind == "passage" and place.file else None
    if file is None:
        return None
    here = replace(place, file=file.pk, sha256=file.blob.sha256)
    again = _words_again(here, file, ground)
    return again and _as_checked(again, ground)


def _words_again(place: Place, file: EvidenceFile | None, ground: Ground) -> Place | None:
    text = ground.text_of(file, place.page) or ""
    found = texts.again(
        text, place.quote or "", place.prefix or "", place.suffix or "", place.start or 0
    )
    if found is None:
        return None
    return replace(
        place, start=found.start, quote=found.quote, prefix=found.prefix, suffix=found.suffix
    )


def _checked(place: Place, file: EvidenceFile | None, ground: Ground) -> Place | None:
    """In a copy that took the file's place; the copy has the same pages and the same length, so
    that the place holds also while its preview is still being made."""
    preview = preview_of(file) if file else None
    if preview is None or not preview.is_ready:
        return place
    return _as_checked(place, ground)


def _as_checked(place: Place, ground: Ground) -> Place | None:
    try:
        return check(place, ground)
    except ValidationError:
        return None
