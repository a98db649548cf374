"""Whether what was just signed will be believed: asked before anybody gets it.

The same questions that `files.makers.signed` puts to a stranger's file, and with the same trust,
but of the bytes as they lie: to read a document of 500 pages once more takes a second.
"""

import asyncio
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from asn1crypto import cms, x509
from django.utils.translation import gettext as _
from pyhanko.sign.general import byte_range_digest, extract_certificate_info, extract_signer_info
from pyhanko.sign.validation import generic_cms
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import StandardCMSSignatureStatus
from pyhanko_certvalidator.errors import ValidationError

from files.makers.signed import EITHER, stampers, trusting
from reports.signing.failure import SigningFailed

CHUNK = 1024 * 1024
RANGES = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")

UNREADABLE = (SignatureValidationError, ValidationError, ValueError, TypeError, KeyError)


def require_holds(place: Path, *, since: int, certificate: x509.Certificate) -> None:
    """SigningFailed unless the file is signed as a whole, by this certificate.

    `since` is its length before: what was appended is all that is read as PDF.
    """
    try:
        status = _status(place, since, certificate)
    except UNREADABLE as error:
        raise _not_held() from error
    if status is None:
        raise _not_held()
    stamp = status.timestamp_validity
    if stamp is not None and not (stamp.valid and stamp.intact and stamp.trusted):
        raise _stamp_not_held()
    if not status.bottom_line:
        raise _not_held()


def _status(
    place: Path, since: int, certificate: x509.Certificate
) -> StandardCMSSignatureStatus | None:
    with place.open("rb") as file:
        ranges = _ranges(file, since)
        if ranges is None:
            return None
        signed = _signed_data(file, ranges)
        if extract_certificate_info(signed).signer_cert.dump() != certificate.dump():
            return None
        method = extract_signer_info(signed)["digest_algorithm"]["algorithm"].native
        _length, digest = byte_range_digest(file, ranges, method, chunk_size=CHUNK)
    return StandardCMSSignatureStatus(**asyncio.run(_judged(signed, digest, certificate)))


def _ranges(file: BinaryIO, since: int) -> list[int] | None:
    """What the one signature covers; None unless that is all but the signature itself."""
    file.seek(since)
    found = RANGES.findall(file.read())
    if len(found) != 1:
        return None
    first, length, second, rest = ranges = [int(number) for number in found[0]]
    whole = first == 0 and length < second and second + rest == file.seek(0, os.SEEK_END)
    return ranges if whole else None


def _signed_data(file: BinaryIO, ranges: list[int]) -> cms.SignedData:
    _first, start, end, _rest = ranges
    file.seek(start)
    written = file.read(end - start)
    if not (written.startswith(b"<") and written.endswith(b">")):
        raise ValueError(start)
    return cms.ContentInfo.load(bytes.fromhex(written[1:-1].decode("ascii")))["content"]


async def _judged(
    signed: cms.SignedData, digest: bytes, certificate: x509.Certificate
) -> dict[str, Any]:
    """As `validate_pdf_signature` puts it together, without what it reads in the document."""
    now, info = datetime.now(UTC), extract_signer_info(signed)
    try:
        timing = await generic_cms.collect_timing_info(
            info, trusting(stampers(info), now), raw_digest=lambda _method: digest
        )
    except UNREADABLE as error:
        raise _stamp_not_held() from error
    judged: dict[str, Any] = await generic_cms.cms_basic_validation(
        signed,
        raw_digest=digest,
        validation_context=trusting([certificate], now),
        status_kwargs=timing,
        key_usage_settings=EITHER,
    )
    return judged


def _not_held() -> SigningFailed:
    return SigningFailed(
        _(
            "The PDF was signed, but the signature does not hold, so nothing was exported. Ask"
            " whoever runs the server whether the centre's certificate and its key belong together."
        )
    )


def _stamp_not_held() -> SigningFailed:
    return SigningFailed(
        _(
            "The time-stamping service sent a time stamp that does not hold, so nothing was"
            " exported. Ask whoever runs the server to look at the service."
        )
    )
