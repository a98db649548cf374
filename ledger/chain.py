"""What an entry's hash covers, known apart from the database, so that it can be checked without
one: an exported ledger is checked by the same lines as ours."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

FIELDS = ("stream", "sequence", "at", "actor", "verb", "subject", "facts", "previous")


def canonical(fields: Mapping[str, Any]) -> bytes:
    """One spelling for everybody. `at` is text in ISO 8601, `previous` the hash before."""
    covered = {name: fields[name] for name in FIELDS}
    return json.dumps(covered, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(fields: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(fields)).hexdigest()


def first_break(entries: Iterable[Mapping[str, Any]]) -> int | None:
    """Where a stream that was read out in order stops holding; None where it holds to its end."""
    previous = ""
    for place, entry in enumerate(entries, start=1):
        follows = entry["sequence"] == place and entry["previous"] == previous
        if not follows or entry["hash"] != digest(entry):
            return place
        previous = entry["hash"]
    return None
