"""Seals a finished PDF with its centre's certificate (PAdES), so that it can be checked elsewhere.

Keys lie in a folder or on a token, never in the database: see `reports.signing.keys`.
"""

import shutil
from pathlib import Path

from asn1crypto import x509

from accounts.models import Centre
from reports.signing import checking, keys, pades
from reports.signing.failure import SigningFailed

__all__ = ["SigningFailed", "certificate_of", "sign", "signer_of"]


def signer_of(centre: Centre) -> str:
    """Who signs this centre's exports, in words; "" where it has no certificate.

    Raises SigningFailed where there is one that cannot be used: better before the work than after.
    """
    with keys.signer(centre) as signer:
        return keys.subject(signer) if signer else ""


def certificate_of(centre: Centre) -> x509.Certificate | None:
    """The certificate that signs its exports now. Raises SigningFailed as above."""
    with keys.signer(centre) as signer:
        return keys.certificate_of(signer) if signer else None


def sign(*, pdf: Path, centre: Centre, target: Path) -> str:
    """Write `target`; SHA-256 of the certificate that signed it, "" where the centre has none.

    A centre that has a certificate never gets an unsigned file, nor one whose signature does not
    hold: SigningFailed says why not.
    """
    with keys.signer(centre) as signer:
        shutil.copyfile(pdf, target)
        if signer is None:
            return ""
        try:
            pades.sign(target, signer)
            checking.require_holds(
                target, since=pdf.stat().st_size, certificate=keys.certificate_of(signer)
            )
        except BaseException:
            target.unlink()  # nobody may take the copy for the signed file
            raise
        return keys.fingerprint(signer)
