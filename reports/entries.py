"""Reads a portfolio's stream of the ledger into `reports.facts`."""

from ledger.models import Stream
from ledger.record import first_fault
from reports import facts


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
            facts.Entry(
                sequence=entry.sequence,
                at=entry.at,
                who=entry.actor.name if entry.actor else "",
                verb=entry.verb,
                hash=entry.hash,
            )
            for entry in stream.entries.order_by("sequence").select_related("actor")
        ),
    )
