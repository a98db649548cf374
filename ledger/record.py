"""Writing to the ledger and checking it."""

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, models
from django.db.models import F
from django.utils.translation import gettext as _

from ledger.models import Entry, Sealed, Stream


def record(
    *,
    stream: str,
    verb: str,
    subject: models.Model,
    by: AbstractBaseUser | None,
    facts: Mapping[str, Any],
    sealed: Mapping[str, str] | None = None,
) -> Entry:
    """Append one entry, in the caller's transaction, so that no decision stands without it.

    `by` is None only for what the system does on its own. `sealed` texts are personal: the
    entry carries their salted digests under the same names, the words are kept apart.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A ledger entry is written in the transaction of its decision.")
    secrets_by_name = {name: secrets.token_hex(16) for name in sealed or {}}
    digests = {
        name: hashlib.sha256((secrets_by_name[name] + text).encode()).hexdigest()
        for name, text in (sealed or {}).items()
    }
    entry = _append(stream, verb, subject, by, {**facts, **digests})
    Sealed.objects.bulk_create(
        Sealed(entry=entry, name=name, salt=secrets_by_name[name], text=text)
        for name, text in (sealed or {}).items()
    )
    return entry


def _append(
    stream: str,
    verb: str,
    subject: models.Model,
    by: AbstractBaseUser | None,
    facts: dict[str, Any],
) -> Entry:
    # The update locks the stream's row until the commit, so two writers can't take one place.
    if not Stream.objects.filter(name=stream).update(length=F("length") + 1):
        Stream.objects.get_or_create(name=stream)
        Stream.objects.filter(name=stream).update(length=F("length") + 1)
    head = Stream.objects.get(name=stream)
    entry = Entry(
        stream=head,
        sequence=head.length,
        at=datetime.now(UTC),
        actor_id=by.pk if by else None,
        verb=verb,
        subject=f"{subject._meta.label_lower}:{subject.pk}",
        facts=facts,
        previous_hash=head.head,
    )
    entry.hash = entry.expected_hash()
    entry.save(force_insert=True)
    Stream.objects.filter(name=stream).update(head=entry.hash)
    return entry


@dataclass(frozen=True)
class Fault:
    """The first thing wrong with a stream."""

    stream: str
    sequence: int
    reason: str

    def __str__(self) -> str:
        return _("%(stream)s entry %(sequence)s: %(reason)s") % {
            "stream": self.stream,
            "sequence": self.sequence,
            "reason": self.reason,
        }


def first_fault(stream: Stream) -> Fault | None:
    """The first entry that does not fit the chain, or None when the whole stream holds."""
    previous, expected = "", 1
    for entry in stream.entries.order_by("sequence").iterator(chunk_size=500):
        reason = _reason_against(entry, previous, expected)
        if reason:
            return Fault(stream.name, expected, reason)
        previous, expected = entry.hash, expected + 1
    if expected - 1 != stream.length or previous != stream.head:
        return Fault(
            stream.name,
            min(expected, stream.length + 1),
            _("the chain does not end where its head says"),
        )
    return _first_altered_seal(stream)


def _reason_against(entry: Entry, previous: str, expected: int) -> str:
    if entry.sequence != expected:
        return _("an entry is missing")
    if entry.previous_hash != previous:
        return _("it does not follow from the entry before")
    if entry.hash != entry.expected_hash():
        return _("its content was changed after it was written")
    return ""


def _first_altered_seal(stream: Stream) -> Fault | None:
    seals = Sealed.objects.filter(entry__stream=stream).select_related("entry")
    for sealed in seals.order_by("entry__sequence").iterator(chunk_size=500):
        if sealed.entry.facts.get(sealed.name) != sealed.digest():
            reason = _("its %(name)s was changed") % {"name": sealed.name}
            return Fault(stream.name, sealed.entry.sequence, reason)
    return None


def faults() -> Iterator[Fault]:
    """Every stream's first fault, in the streams' order."""
    for stream in Stream.objects.order_by("name").iterator(chunk_size=500):
        if fault := first_fault(stream):
            yield fault
