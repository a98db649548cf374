"""A centre's certificate and key: from a file in the keys folder, or from a token.

The keys folder (SIGNPOST_KEYS_DIR) holds for a centre one of
    <slug>.p12                  certificate and key, with SIGNPOST_KEY_PASSPHRASE
    <slug>.pem and <slug>.key   certificate (then its chain), and key, likewise
    <slug>.toml                 a PKCS#11 token, with SIGNPOST_TOKEN_PIN; see `tokens`
Both secrets may be given for one centre by adding its slug in capitals, as in
SIGNPOST_KEY_PASSPHRASE_NORTHGATE_TRAINING.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from asn1crypto import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509 import load_der_x509_certificate
from django.conf import settings
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from pyhanko.sign import signers

from accounts.models import Centre
from reports.signing import tokens
from reports.signing.failure import SigningFailed

SIGNS = {"digital_signature", "non_repudiation"}
LEAST_BITS = {"rsa": 2048, "ec": 256}  # of the keys with which we sign, and can check it


def folder() -> Path:
    return Path(settings.KEYS_DIR)


@contextmanager
def signer(centre: Centre) -> Iterator[signers.Signer | None]:
    """What signs for the centre, fit to sign now; None where the centre brought nothing."""
    if (place := folder() / f"{centre.slug}.toml").exists():
        with tokens.signer(place, pin=secret("TOKEN_PIN", centre)) as found:
            yield _fit(found)
        return
    loaded = _from_file(centre)
    yield _fit(loaded) if loaded else None


def secret(kind: str, centre: Centre) -> str | None:
    """From the environment: the centre's own, or the one for all of them."""
    given: dict[str, str] = settings.SIGNING_SECRETS
    own = centre.slug.upper().replace("-", "_")
    return given.get(f"{kind}_{own}") or given.get(kind)


def _from_file(centre: Centre) -> signers.SimpleSigner | None:
    bundle, pem = folder() / f"{centre.slug}.p12", folder() / f"{centre.slug}.pem"
    passphrase = secret("KEY_PASSPHRASE", centre)
    try:
        if bundle.exists():
            return _from_p12(bundle, passphrase)
        if pem.exists():
            return _from_pair(pem, passphrase)
    except OSError as error:
        raise SigningFailed(
            _("The centre's certificate cannot be read (%(why)s), so nothing was exported.")
            % {"why": error.strerror}
        ) from error
    return None


def _from_p12(place: Path, passphrase: str | None) -> signers.SimpleSigner:
    try:
        return signers.SimpleSigner.load_pkcs12_data(
            place.read_bytes(), other_certs=[], passphrase=_bytes(passphrase)
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise _not_opened() from error


def _from_pair(place: Path, passphrase: str | None) -> signers.SimpleSigner:
    key = place.with_suffix(".key")
    if not key.exists():
        raise SigningFailed(_("The centre's certificate is there, but its key is missing."))
    place.read_bytes(), key.read_bytes()  # an OSError here says more than the library would
    loaded = signers.SimpleSigner.load(
        str(key), str(place), key_passphrase=_bytes(passphrase), ca_chain_files=(str(place),)
    )
    if loaded is None:
        raise _not_opened()
    return loaded


def _bytes(passphrase: str | None) -> bytes | None:
    return passphrase.encode() if passphrase else None


def _not_opened() -> SigningFailed:
    return SigningFailed(
        _(
            "The centre's certificate could not be opened: the passphrase is wrong, or the file is"
            " damaged. Nothing was exported. Ask whoever runs the server."
        )
    )


def _fit(found: signers.Signer) -> signers.Signer:
    """Whether what it signs will be believed; a signature nobody can check is worse than none."""
    certificate = certificate_of(found)
    _require_in_date(certificate)
    usage = certificate.key_usage_value
    if usage is not None and not SIGNS & usage.native:
        raise SigningFailed(
            _("The centre's certificate is not meant for signing. Bring one that is.")
        )
    _require_strong(certificate)
    if isinstance(found, signers.SimpleSigner):
        _require_pair(found, certificate)
    return found


def _require_in_date(certificate: x509.Certificate) -> None:
    now = datetime.now(UTC)
    if certificate.not_valid_after < now:
        raise SigningFailed(
            _(
                "The centre's certificate expired on %(day)s, so nothing was exported. Put a new"
                " one in its place, then try again."
            )
            % {"day": _day(certificate.not_valid_after)}
        )
    if certificate.not_valid_before > now:
        raise SigningFailed(
            _("The centre's certificate is valid only from %(day)s, so nothing was exported.")
            % {"day": _day(certificate.not_valid_before)}
        )


def _require_strong(certificate: x509.Certificate) -> None:
    key = certificate.public_key
    if key.algorithm not in LEAST_BITS or key.bit_size < LEAST_BITS[key.algorithm]:
        raise SigningFailed(
            _(
                "A signature with the centre's key would not be believed, so nothing was exported."
                " Bring a certificate with an RSA key of 2048 bits or more, or with an elliptic key"
                " (P-256, P-384 or P-521)."
            )
        )


def _require_pair(found: signers.SimpleSigner, certificate: x509.Certificate) -> None:
    key = serialization.load_der_private_key(
        found.signing_key.dump(),
        password=None,
        unsafe_skip_rsa_key_validation=True,  # 0.1 s; it was checked when it was loaded
    )
    if key.public_key() != load_der_x509_certificate(certificate.dump()).public_key():
        raise SigningFailed(_("The centre's certificate and its key do not belong together."))


def _day(moment: datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "j F Y")


def certificate_of(found: signers.Signer) -> x509.Certificate:
    certificate = found.signing_cert
    if certificate is None:
        raise _not_opened()
    return certificate


def fingerprint(found: signers.Signer) -> str:
    return certificate_of(found).sha256.hex()


def subject(found: signers.Signer) -> str:
    """The name in the certificate, with what it belongs to where that says more."""
    names = certificate_of(found).subject.native
    said = [names.get("common_name"), names.get("organization_name")]
    plain = [name for name in said if isinstance(name, str)]
    return ", ".join(dict.fromkeys(plain)) or str(certificate_of(found).subject.human_friendly)
