"""A certificate that a centre makes for itself: for the demo, and where nobody brought one."""

import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from accounts.models import Centre
from reports.signing import keys

# An export opens its key six times, and each time an RSA key of this strength takes 0.1 s to check.
CURVE = ec.SECP256R1()
LONGEST_NAME = 64  # that the standard lets a certificate's subject have
SLACK = timedelta(minutes=5)  # another machine's clock may be late


def make(centre: Centre, *, years: int) -> Path:
    """Write the centre's certificate with its key; FileExistsError where it has one of any kind."""
    for ending in (".p12", ".pem", ".toml"):
        if (kept := keys.folder() / f"{centre.slug}{ending}").exists():
            raise FileExistsError(kept)
    key = ec.generate_private_key(CURVE)
    passphrase = keys.secret("KEY_PASSPHRASE", centre)
    held = pkcs12.serialize_key_and_certificates(
        name=centre.slug.encode(),
        key=key,
        cert=certificate(centre, key, years=years),
        cas=None,
        encryption_algorithm=serialization.BestAvailableEncryption(passphrase.encode())
        if passphrase
        else serialization.NoEncryption(),
    )
    place = keys.folder() / f"{centre.slug}.p12"
    _keep(place, held)
    return place


def certificate(
    centre: Centre, key: CertificateIssuerPrivateKeyTypes, *, years: int
) -> x509.Certificate:
    name = centre.name[:LONGEST_NAME]
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, name),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SLACK)
        .not_valid_after(now + timedelta(days=365 * years))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _keep(place: Path, held: bytes) -> None:
    """Whole or not at all, for our eyes only; whoever was first stays."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=place.parent) as file:  # made with mode 0600
        file.write(held)
        file.flush()
        os.fsync(file.fileno())
        os.link(file.name, place)
