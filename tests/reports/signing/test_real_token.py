"""A real token, in software: nothing of the way to it is played."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pkcs11 import Attribute
from pkcs11.util.ec import decode_ec_private_key
from pkcs11.util.rsa import decode_rsa_private_key
from pkcs11.util.x509 import decode_x509_certificate

from reports import signing
from reports.signing import SigningFailed, self_signed
from scripts.system import TOKEN_MODULE
from tests.reports.signing.conftest import CENTRE, holds, refusal, sign, token

PIN = "1234"


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory, made: tuple[Any, Any]) -> Iterator[Path]:
    """With two keys, "rsa" and "ec", and the certificate of each."""
    folder = tmp_path_factory.mktemp("token")
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder}\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(settings))
        told = ["--label", "Northgate", "--pin", PIN, "--so-pin", PIN]
        subprocess.run(
            ["softhsm2-util", "--init-token", "--free", *told], check=True, capture_output=True
        )
        found = pkcs11.lib(str(TOKEN_MODULE)).get_token(token_label="Northgate")
        with found.open(rw=True, user_pin=PIN) as session:
            put(session, "rsa", *made)
            key = ec.generate_private_key(ec.SECP256R1())
            put(session, "ec", key, self_signed.certificate(CENTRE, key, years=1))
        yield TOKEN_MODULE


def put(session: pkcs11.Session, label: str, key: Any, certificate: x509.Certificate) -> None:
    der = serialization.Encoding.DER
    held = key.private_bytes(
        der, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    is_rsa = isinstance(key, rsa.RSAPrivateKey)
    there = {Attribute.LABEL: label, Attribute.TOKEN: True}
    told = decode_rsa_private_key(held) if is_rsa else decode_ec_private_key(held)
    session.create_object({**told, **there, Attribute.SIGN: True})
    session.create_object({**decode_x509_certificate(certificate.public_bytes(der)), **there})


@pytest.fixture(autouse=True)
def _its_pin(settings: Any, folder: Path) -> None:
    settings.SIGNING_SECRETS = {"TOKEN_PIN": PIN}


@pytest.mark.parametrize("key", ["rsa", "ec"])
def test_it_signs(plain, tmp_path, folder, module, key):
    token(folder, module=str(module), token="Northgate", key=key)
    target, certificate = sign(plain, tmp_path)
    assert holds(target)
    found = signing.certificate_of(CENTRE)
    assert found
    assert certificate == found.sha256.hex()


def test_a_certificate_and_the_key_of_another(plain, tmp_path, folder, module):
    """The token knows of no pairs, and signs."""
    another = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with (
        pkcs11.lib(str(module))
        .get_token(token_label="Northgate")
        .open(rw=True, user_pin=PIN) as session
    ):
        put(session, "another", another, self_signed.certificate(CENTRE, another, years=1))
    token(folder, module=str(module), token="Northgate", key="another", certificate="rsa")
    with pytest.raises(SigningFailed, match="certificate and its key belong together"):
        sign(plain, tmp_path)
    assert not (tmp_path / "signed.pdf").exists()


@pytest.mark.parametrize(
    ("named", "pin"),
    [
        ({"key": "ec"}, "9999"),
        ({"key": "ec", "certificate": "nothing"}, PIN),
        ({"key": "ec", "token": "Southbank"}, PIN),
    ],
    ids=["wrong PIN", "no such certificate", "no such token"],
)
def test_what_is_not_there_is_said(plain, tmp_path, folder, module, settings, named, pin):
    settings.SIGNING_SECRETS = {"TOKEN_PIN": pin}
    token(folder, **{"module": str(module), "token": "Northgate", **named})
    assert "token did not sign" in refusal(plain, tmp_path)
