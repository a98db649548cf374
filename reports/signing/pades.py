"""The signature itself: invisible, over the whole file, appended so that nothing before changes."""

from pathlib import Path

from asn1crypto import cms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError, handle_tsp_response
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper

from reports.signing import tags
from reports.signing.failure import SigningFailed

FIELD = "Signature1"
CALLED = _lazy("Digital signature of the centre")
DIGEST = "sha256"
TSA_SECONDS = 20
CHUNK = 1024 * 1024
# What comes of reading an answer as something that it is not.
GARBLED = (ValueError, TypeError, KeyError, AttributeError, AssertionError)


class NoStamp(TimestampRequestError):
    """The service was there, and gave none."""


class Appender(IncrementalPdfFileWriter):
    """Leaves what the document says about itself alone: pyHanko would name itself as producer in
    the XMP and in the info dictionary in two ways, and PDF/A wants them to agree."""

    def _update_meta(self) -> None:
        pass


class Asker(RequestsHTTPTimeStamper):
    """Tells a service that gives no stamp from one that is not there."""

    async def async_dummy_response(self, md_algorithm: str) -> cms.ContentInfo:
        try:
            return await super().async_dummy_response(md_algorithm)
        except GARBLED as error:
            raise NoStamp from error

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        nonce, question = self.request_cms(message_digest, md_algorithm)
        try:
            answer = await self.async_request_tsa_response(question)
        except GARBLED as error:
            raise NoStamp from error
        try:
            return handle_tsp_response(answer, nonce)
        except (TimestampRequestError, *GARBLED) as error:
            raise NoStamp from error


def sign(place: Path, signer: signers.Signer) -> None:
    """Sign the file where it lies: it is read and hashed in pieces, never held as a whole."""
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=DIGEST,
        subfilter=fields.SigSeedSubFilter.PADES,
        use_pades_lta=False,
    )
    try:
        with place.open("r+b") as file:
            writer = Appender(file)
            _add_field(writer)
            signers.PdfSigner(meta, signer, timestamper=time_stamper()).sign_pdf(
                writer, existing_fields_only=True, in_place=True, chunk_size=CHUNK
            )
    except NoStamp as error:
        raise SigningFailed(
            _(
                "The time-stamping service gave no time stamp, so the PDF was not signed and"
                " nothing was exported. Ask whoever runs the server to look at the service."
            )
        ) from error
    except TimestampRequestError as error:
        raise SigningFailed(
            _(
                "The time-stamping service did not answer, so the PDF was not signed and nothing"
                " was exported. Try again in a few minutes."
            )
        ) from error
    except (SigningError, PdfError) as error:
        raise SigningFailed(_("The PDF could not be signed: %(why)s.") % {"why": error}) from error


def _add_field(writer: IncrementalPdfFileWriter) -> None:
    """Of no size, but said to those who listen to the document, and within its structure."""
    words = str(CALLED)
    fields.append_signature_field(
        writer, fields.SigFieldSpec(FIELD, readable_field_name=words, combine_annotation=True)
    )
    made = writer.root["/AcroForm"]["/Fields"]
    tags.tag(writer, made.raw_get(len(made) - 1), words=words)


def time_stamper() -> TimeStamper | None:
    if not settings.TSA_URL:
        return None
    return Asker(settings.TSA_URL, timeout=TSA_SECONDS)
