"""A key that never leaves its token: PKCS#11, named by a small file beside the others.

module = "/usr/lib/softhsm/libsofthsm2.so"
token = "Northgate"          # the token's label
key = "seal"                 # the key's label
certificate = "seal"         # the certificate's label on the token; the key's where left out
"""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pkcs11
from django.utils.translation import gettext as _
from pyhanko.config.pkcs11 import PKCS11SignatureConfig, TokenCriteria
from pyhanko.sign import signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.pkcs11 import PKCS11Signer, PKCS11SigningContext

from reports.signing.failure import SigningFailed

NEEDED = ("module", "token", "key")
KNOWN = {*NEEDED, "certificate"}


@contextmanager
def signer(place: Path, *, pin: str | None) -> Iterator[signers.Signer]:
    config = read(place)
    with _plainly(), PKCS11SigningContext(config, user_pin=pin) as found:
        _load(found)
        yield found


def read(place: Path) -> PKCS11SignatureConfig:
    """The token that the file names; SigningFailed says what is wrong with the file."""
    try:
        told = tomllib.loads(place.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SigningFailed(_("The file that names the centre's token cannot be read.")) from error
    texts = all(isinstance(told[name], str) and told[name] for name in told)
    if not texts or not set(NEEDED) <= set(told) <= KNOWN:
        raise SigningFailed(
            _("The file that names the centre's token needs texts for module, token and key.")
        )
    if not Path(told["module"]).is_file():
        raise SigningFailed(
            _("The token's module %(module)s is not on this server, so nothing was exported.")
            % {"module": told["module"]}
        )
    return PKCS11SignatureConfig(
        module_path=told["module"],
        token_criteria=TokenCriteria(label=told["token"]),
        key_label=told["key"],
        cert_label=told.get("certificate", told["key"]),
        other_certs_to_pull=None,
    )


def _load(found: PKCS11Signer) -> None:
    """Now, so that a label that is not there is told before anything is written."""
    found._load_objects()
    certificate = found.signing_cert
    if certificate and certificate.public_key.algorithm == "ec":
        found.use_raw_mechanism = True  # many tokens sign only what was hashed before


@contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except (pkcs11.PKCS11Error, SigningError, RuntimeError) as error:
        raise SigningFailed(
            _(
                "The centre's token did not sign: %(why)s. Nothing was exported. Ask whoever runs"
                " the server to look at the token, its PIN and its labels."
            )
            % {"why": str(error) or type(error).__name__}
        ) from error
