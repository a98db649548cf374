"""Nothing is handed out whose signature would not be believed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.x509.oid import NameOID
from pyhanko.keys import load_private_key_from_pemder_data
from pyhanko.sign import signers

from reports import signing
from reports.signing import SigningFailed, checking, self_signed
from tests.reports.signing.conftest import (
    CENTRE,
    encryption,
    holds,
    refusal,
    sign,
    token,
    write_p12,
    write_pair,
)


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()])
def test_elliptic_keys_that_sign(plain, tmp_path, folder, curve):
    key = ec.generate_private_key(curve)
    write_p12(folder, (key, self_signed.certificate(CENTRE, key, years=1)))
    assert holds(sign(plain, tmp_path)[0])


@pytest.mark.parametrize(
    "make",
    [
        lambda: rsa.generate_private_key(public_exponent=65537, key_size=1024),
        lambda: ec.generate_private_key(ec.SECP192R1()),
        lambda: dsa.generate_private_key(1024),
        ed25519.Ed25519PrivateKey.generate,
    ],
    ids=["short RSA", "short curve", "DSA", "Ed25519"],
)
def test_a_key_whose_signatures_nobody_would_believe(plain, tmp_path, folder, make):
    key = make()
    write_pair(folder, key, any_certificate(key))
    assert "RSA key of 2048 bits or more" in refusal(plain, tmp_path)


def any_certificate(key: Any) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Northgate College")])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256())
    )


# What was signed


@pytest.fixture
def done(plain, tmp_path, folder, made) -> Path:
    write_p12(folder, made)
    return sign(plain, tmp_path)[0]


def its_certificate() -> asn1_x509.Certificate:
    found = signing.certificate_of(CENTRE)
    assert found
    return found


def test_it_holds_as_it_is(done: Path, plain: Path):
    checking.require_holds(done, since=plain.stat().st_size, certificate=its_certificate())


def with_a_byte_changed(held: bytes) -> bytes:
    return held[:100] + bytes([held[100] ^ 1]) + held[101:]


def with_a_byte_more(held: bytes) -> bytes:
    return held + b" "


def without_its_signature(held: bytes) -> bytes:
    return held.replace(b"/ByteRange", b"/ByteStart")


def with_two(held: bytes) -> bytes:
    return held + b"/ByteRange [0 1 2 3]"


def with_a_signature_of_nothing(held: bytes) -> bytes:
    start = held.rindex(b"/Contents <") + len("/Contents <")
    return held[:start] + b"0" * 40 + held[start + 40 :]


@pytest.mark.parametrize(
    "spoil",
    [
        with_a_byte_changed,
        with_a_byte_more,
        without_its_signature,
        with_two,
        with_a_signature_of_nothing,
    ],
)
def test_what_does_not_hold(done: Path, plain: Path, spoil: Callable[[bytes], bytes]):
    done.write_bytes(spoil(done.read_bytes()))
    assert not holds(done)  # the verifier says the same
    with pytest.raises(SigningFailed, match="does not hold"):
        checking.require_holds(done, since=plain.stat().st_size, certificate=its_certificate())


def test_anothers_signature_is_not_ours(done: Path, plain: Path):
    key = ec.generate_private_key(ec.SECP256R1())
    other = self_signed.certificate(CENTRE, key, years=1)
    der = other.public_bytes(serialization.Encoding.DER)
    with pytest.raises(SigningFailed, match="does not hold"):
        checking.require_holds(
            done, since=plain.stat().st_size, certificate=asn1_x509.Certificate.load(der)
        )


class Elsewhere(signers.Signer):
    """As on a token: the key is not to be seen, and may be another than the certificate's."""

    def __init__(self, key: Any, certificate: asn1_x509.Certificate) -> None:
        super().__init__(signing_cert=certificate)
        held = key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, encryption("")
        )
        self.apart = signers.SimpleSigner(
            signing_cert=certificate,
            signing_key=load_private_key_from_pemder_data(held, None),
            cert_registry=self.cert_registry,
        )

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False):
        return await self.apart.async_sign_raw(data, digest_algorithm, dry_run)


@pytest.mark.parametrize("is_its_own", [True, False], ids=["its own", "another"])
def test_a_token_with_a_key(plain, tmp_path, folder, made, monkeypatch, is_its_own):
    write_p12(folder, made)
    certificate = its_certificate()
    another = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    class Played:
        def __init__(self, _config: Any, user_pin: str | None = None) -> None:
            pass

        def __enter__(self) -> signers.Signer:
            return Elsewhere(made[0] if is_its_own else another, certificate)

        def __exit__(self, *_ended: object) -> None:
            pass

    monkeypatch.setattr("reports.signing.tokens.PKCS11SigningContext", Played)
    monkeypatch.setattr("reports.signing.tokens._load", lambda _found: None)
    module = tmp_path / "module.so"
    module.touch()
    token(folder, module=str(module), token="Northgate", key="seal")
    if is_its_own:
        assert holds(sign(plain, tmp_path)[0])
        return
    with pytest.raises(SigningFailed, match="certificate and its key belong together"):
        sign(plain, tmp_path)
    assert not (tmp_path / "signed.pdf").exists()


# Time stamps


def test_a_stamp_of_something_else(plain, tmp_path, folder, made, stamper):
    def of_nothing(question: tsp.TimeStampReq) -> bytes:
        question["message_imprint"]["hashed_message"] = b"\0" * 32
        return stamper.dummy.request_tsa_response(question).dump()

    write_p12(folder, made)
    stamper.answer = of_nothing
    with pytest.raises(SigningFailed, match="stamp that does not hold"):
        sign(plain, tmp_path)
    assert not (tmp_path / "signed.pdf").exists()
