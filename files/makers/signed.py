"""What a PDF that somebody claims to be an export of ours carries: signatures, codes.

Two questions, asked apart. `marks`: what in it points to us, however broken it is; told as it is
found, so that what came before a limit still counts. `signature`: whether it is signed, wholly
and only once, and by which certificate; whose that is, the asker knows.
"""

import re
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import pikepdf
from asn1crypto import cms, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import find_cms_attribute_iter
from pyhanko.sign.validation import KeyUsageConstraints, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from files.makers.limits import MB
from files.makers.out import Job, NoPreview

HEAD = 1024  # bytes in which a PDF says that it is one
CODE = re.compile(rb"/verify/([2-9A-HJKMNP-TV-Z]{10})(?![0-9A-Za-z])")
CONTENTS = re.compile(rb"/Contents\s*<(30[0-9A-Fa-f]{400,131072})")
OVERLAP = 160 * 1024  # longer than a signature, so that none is lost between two pieces
MOST_OBJECTS = 400_000
MOST_MARKS = 200
LONGEST_TEXT = MB  # of a stream that may hold our code
EITHER = KeyUsageConstraints(
    key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False
)


def marks(job: Job) -> None:
    for found in marks_of(job.source):
        job.facts(**found)


def signature(job: Job) -> None:
    moment = datetime.fromisoformat(job.asked["moment"])
    told = signature_of(job.source, moment=moment)
    if told is None:
        raise NoPreview("damaged")
    job.facts(**told)


def marks_of(place: Path) -> Iterator[dict[str, str]]:
    """Each code, and each certificate that signed, once."""
    seen: set[tuple[str, str]] = set()
    for kind, mark in _all_marks(place):
        if (kind, mark) not in seen and len(seen) < MOST_MARKS:
            seen.add((kind, mark))
            yield {kind: mark}


def _all_marks(place: Path) -> Iterator[tuple[str, str]]:
    with place.open("rb") as file:
        if b"%PDF-" not in file.read(HEAD):
            return
        file.seek(0)
        yield from _as_written(file)
    try:
        yield from _as_read(place)
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, RecursionError):
        return


def _as_written(file: BinaryIO) -> Iterator[tuple[str, str]]:
    """Without any parsing: it finds what is left of a file that no program opens."""
    before = b""
    while piece := file.read(MB):
        text = before + piece
        yield from _codes(text)
        for contents in CONTENTS.findall(text):
            even = contents[: len(contents) // 2 * 2]
            yield from _certificates(bytes.fromhex(even.decode()))
        before = text[-OVERLAP:]


def _as_read(place: Path) -> Iterator[tuple[str, str]]:
    with pikepdf.open(place, access_mode=pikepdf.AccessMode.stream) as pdf:
        for number, thing in enumerate(pdf.objects):
            if number > MOST_OBJECTS:
                return
            if isinstance(thing, pikepdf.Stream):
                yield from _of_stream(thing)
            elif isinstance(thing, pikepdf.Dictionary):
                yield from _of_dictionary(thing)


def _of_stream(stream: pikepdf.Stream) -> Iterator[tuple[str, str]]:
    """The manifest, and what the document says of itself."""
    kind, media_type = stream.get("/Type"), stream.get("/Subtype")
    if kind == "/Metadata" or media_type == "/application/json":
        yield from _codes(_start_of(stream))


def _start_of(stream: pikepdf.Stream) -> bytes:
    """So much of its text as ours may have, however much a few bytes may unpack to."""
    held = bytes(stream.read_raw_bytes())
    packing = stream.get("/Filter")
    if packing is None or (isinstance(packing, pikepdf.Array) and len(packing) == 0):
        return held[:LONGEST_TEXT]
    if packing == "/FlateDecode" or list(packing) == ["/FlateDecode"]:
        try:
            return zlib.decompressobj().decompress(held, LONGEST_TEXT)
        except zlib.error:
            return b""
    return b""  # ours are packed in no other way


def _of_dictionary(thing: pikepdf.Dictionary) -> Iterator[tuple[str, str]]:
    """A link on the cover, or a signature."""
    action = thing.get("/A", thing)
    if isinstance(action, pikepdf.Dictionary) and isinstance(
        address := action.get("/URI"), pikepdf.String
    ):
        yield from _codes(bytes(address))
    if "/ByteRange" in thing and isinstance(held := thing.get("/Contents"), pikepdf.String):
        yield from _certificates(bytes(held))


def _codes(text: bytes) -> Iterator[tuple[str, str]]:
    for code in CODE.findall(text):
        yield "code", code.decode()


def _certificates(contents: bytes) -> Iterator[tuple[str, str]]:
    for certificate in _held(contents):
        yield "certificate", certificate.sha256.hex()


def _held(contents: bytes) -> Iterator[x509.Certificate]:
    try:
        info = cms.ContentInfo.load(contents)
        if info["content_type"].native != "signed_data":
            return
        for choice in info["content"]["certificates"]:
            if isinstance(choice.chosen, x509.Certificate):
                yield choice.chosen
    except (ValueError, TypeError, KeyError):
        return


def certificates_in(place: Path) -> Iterator[x509.Certificate]:
    """Of a file that we made ourselves."""
    with place.open("rb") as file:
        for found in PdfFileReader(file).embedded_signatures:
            yield found.signer_cert


def signature_of(place: Path, *, moment: datetime) -> dict[str, Any] | None:
    """How it is signed, as of the moment when it was; None where it cannot be read.

    The certificate in the file is taken at its word here: that it is the one that the ledger
    names, by its SHA-256, is for whoever asks.
    """
    try:
        with place.open("rb") as file:
            found = PdfFileReader(file).embedded_signatures
            if len(found) != 1:
                return {"signatures": len(found), "certificate": "", "holds": False}
            certificate = found[0].signer_cert
            return {
                "signatures": 1,
                "certificate": certificate.sha256.hex(),
                "holds": _holds(found[0], moment),
            }
    except (PdfError, SignatureValidationError, ValueError, TypeError, KeyError, OSError):
        return None


def _holds(found: EmbeddedPdfSignature, moment: datetime) -> bool:
    """Never by `intact` alone: a file that was added to has an intact signature too."""
    certificate = found.signer_cert
    # The validator takes a certificate that it is told to trust at any time.
    if not certificate.not_valid_before <= moment <= certificate.not_valid_after:
        return False
    status = validate_pdf_signature(
        found,
        trusting([certificate], moment),
        trusting(stampers(found.signer_info), moment),
        key_usage_settings=EITHER,
    )
    return bool(status.bottom_line and status.coverage == SignatureCoverageLevel.ENTIRE_FILE)


def trusting(certificates: list[x509.Certificate], moment: datetime) -> ValidationContext:
    return ValidationContext(
        trust_roots=certificates, allow_fetching=False, moment=moment.astimezone(UTC)
    )


def stampers(signer_info: cms.SignerInfo) -> list[x509.Certificate]:
    """The certificates that a time stamp brings: that it holds is checked, not who gave it."""
    unsigned = signer_info["unsigned_attrs"]
    stamps = find_cms_attribute_iter(unsigned, "signature_time_stamp_token")
    return [
        each.chosen
        for stamp in stamps
        for each in stamp["content"]["certificates"]
        if isinstance(each.chosen, x509.Certificate)
    ]
