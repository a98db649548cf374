"""What vouches for a centre's exports where there is no database: certificates and the ledger.

    bundle.json           the centre, when it was taken, each stream's length and head
    ledger.jsonl          each entry with all that its hash covers, a line for each
    certificates/*.pem    by the SHA-256 of each

Nobody is named in it: entries hold ids, codes and salted digests (see `ledger.models`).
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from asn1crypto import pem
from django.utils import timezone
from zipstream import ZIP_DEFLATED, ZipStream

from accounts.models import Centre
from files import store
from files.makers import signed
from ledger.models import Entry, Stream
from reports.models import Report
from reports.proof.recorded import finished
from reports.signing import SigningFailed, certificate_of

VERSION = 1
INDEX, LEDGER, CERTIFICATES = "bundle.json", "ledger.jsonl", "certificates"


def of_centre(centre: Centre) -> ZipStream:
    return _packed(centre, list(finished().filter(portfolio__centre=centre)))


def of_report(report: Report) -> ZipStream:
    return _packed(report.portfolio.centre, [report])


def _packed(centre: Centre, reports: list[Report]) -> ZipStream:
    """An archive that is made while it is read."""
    names = sorted({f"portfolio:{report.portfolio_id}" for report in reports})
    # As they stand now: what is written to the ledger meanwhile belongs to the next bundle.
    streams = list(Stream.objects.filter(name__in=names).order_by("name"))
    packed = ZipStream(compress_type=ZIP_DEFLATED)
    packed.add(_index(centre, streams), INDEX)
    packed.add(_lines(streams), LEDGER)
    for fingerprint, held in _certificates(centre, reports):
        packed.add(held, f"{CERTIFICATES}/{fingerprint}.pem")
    return packed


def _index(centre: Centre, streams: Iterable[Stream]) -> bytes:
    told = {
        "bundle": VERSION,
        "centre": centre.name,
        "taken_at": timezone.now().isoformat(),
        "streams": {each.name: {"length": each.length, "head": each.head} for each in streams},
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _lines(streams: Iterable[Stream]) -> Iterator[bytes]:
    for stream in streams:
        entries = Entry.objects.filter(stream=stream, sequence__lte=stream.length)
        for entry in entries.order_by("sequence").iterator(chunk_size=500):
            line: dict[str, Any] = {**entry.hashed(), "hash": entry.hash}
            yield json.dumps(line, ensure_ascii=False).encode() + b"\n"


def _certificates(centre: Centre, reports: Iterable[Report]) -> Iterator[tuple[str, bytes]]:
    """Those that signed any of the exports, read from the exports themselves, since a centre
    may have another one by now; and the one that it has."""
    wanted = {report.certificate: report for report in reports if report.certificate}
    for fingerprint, report in wanted.items():
        if held := _from_export(report):
            yield fingerprint, held
    try:
        now = certificate_of(centre)
    except SigningFailed:
        return  # it signs nothing, so nothing rests on it
    if now and now.sha256.hex() not in wanted:
        yield now.sha256.hex(), pem.armor("CERTIFICATE", now.dump())


def _from_export(report: Report) -> bytes | None:
    if report.blob is None or not store.has(report.blob.sha256):
        return None
    with store.local_bytes(report.blob.sha256) as place:
        for certificate in signed.certificates_in(place):
            if certificate.sha256.hex() == report.certificate:
                return bytes(pem.armor("CERTIFICATE", certificate.dump()))
    return None
