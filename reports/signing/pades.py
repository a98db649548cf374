"""The signature itself: invisible, over the whole file, appended so that nothing before changes."""

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper

from reports.signing import tags
from reports.signing.failure import SigningFailed

FIELD = "Signature1"
DIGEST = "sha256"
TSA_SECONDS = 20
CHUNK = 1024 * 1024


class Appender(IncrementalPdfFileWriter):
    """Leaves what the document says about itself alone: pyHanko would name itself as producer in
    the XMP and in the info dictionary in two ways, and PDF/A wants them to agree."""

    def _update_meta(self) -> None:
        pass


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
    words = _("Digital signature of the centre")
    fields.append_signature_field(
        writer, fields.SigFieldSpec(FIELD, readable_field_name=words, combine_annotation=True)
    )
    made = writer.root["/AcroForm"]["/Fields"]
    tags.tag(writer, made.raw_get(len(made) - 1), words=words)


def time_stamper() -> TimeStamper | None:
    if not settings.TSA_URL:
        return None
    return RequestsHTTPTimeStamper(settings.TSA_URL, timeout=TSA_SECONDS)
