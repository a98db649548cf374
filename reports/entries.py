"""Reads a portfolio's stream of the ledger into `reports.facts`."""

from ledger.models import Entry, Stream
from ledger.record import first_fault
from reports import facts

# A learner never hears that somebody declared an interest, and may hold this document.
DISCREET = {"interest_declared", "interest_ended"}
OWN = "entry_of_the_centre"


def record_of(name: str) -> facts.Record:
    stream = Stream.objects.filter(name=name).first()
    if stream is None:
        return facts.Record(stream=name, head="", length=0, fault="", entries=())
    fault = first_fault(stream)
    return facts.Record(
        stream=name,
        head=stream.head,
        length=stream.length,
        fault=str(fault) if fault else "",
        entries=tuple(
            _told(entry) for entry in stream.entries.order_by("sequence").select_related("actor")
        ),
    )


def _told(entry: Entry) -> facts.Entry:
    discreet = entry.verb in DISCREET
    return facts.Entry(
        sequence=entry.sequence,
        at=entry.at,
        who="" if discreet or entry.actor is None else entry.actor.name,
        verb=OWN if discreet else entry.verb,
        hash=entry.hash,
    )
