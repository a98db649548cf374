"""What makes a file genuine: see ADR 0027. The same for the page, the command and a bundle."""

import hashlib
from pathlib import Path

from reports.proof.answers import (
    Answer,
    CutShort,
    Export,
    Outcome,
    Reader,
    RecordBroken,
    Register,
)

CHUNK = 1024 * 1024


def judge(place: Path, *, register: Register, reader: Reader) -> Answer:
    """Nothing but exactly the bytes of an export is genuine; what carries our marks and is not
    one of them was altered; anything else is none of ours."""
    try:
        export = register.export_of(sha256_of(place))
        if export is None:
            found = reader.marks(place)
            known = register.knows(codes=found["code"], certificates=found["certificate"])
            return Answer(Outcome.ALTERED if known else Outcome.NOT_OURS)
        signed = not export.certificate or _signed_as_recorded(place, export, reader)
    except RecordBroken:
        return Answer(Outcome.UNSURE)
    except CutShort:
        return Answer(Outcome.UNSURE, is_read=False)
    if not signed:
        return Answer(Outcome.UNSURE)
    return Answer(
        export.outcome,
        made_at=export.made_at,
        pages=export.pages,
        withdrawn_at=export.withdrawn_at,
        centre=export.centre,
        is_signed=bool(export.certificate),
    )


def _signed_as_recorded(place: Path, export: Export, reader: Reader) -> bool:
    """Its certificate may have expired since: what counts is the day on which it signed."""
    told = reader.signature(place, moment=export.made_at)
    if told is None:
        raise CutShort
    return bool(told["holds"] and told["certificate"] == export.certificate)


def sha256_of(place: Path) -> str:
    digest = hashlib.sha256()
    with place.open("rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()
