"""A centre with a key, something to sign, a time-stamping service and a token: all played."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import tsp
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.sign.timestamps import DummyTimeStamper

from accounts.models import Centre
from files.makers import signed
from reports import pdf, signing
from reports.shelf import shelf
from reports.signing import SigningFailed, self_signed

CENTRE = Centre(name="Northgate College", slug="northgate")


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("plain") / "plain.pdf"
    html = "<html lang=en><title>Portfolio</title><body><h1>One</h1><p>Words <a href='#x'>here</a>"
    pdf.write(html + "<h2 id=x>Two</h2>", shelf=shelf([]), target=place)
    return place


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """A key such as a centre may bring, and its certificate; making the key is the slow part."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key, self_signed.certificate(CENTRE, key, years=1)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.KEYS_DIR = tmp_path / "keys"
    settings.SIGNING_SECRETS = {}
    settings.TSA_URL = ""
    settings.KEYS_DIR.mkdir(mode=0o700)
    return settings.KEYS_DIR


def encryption(passphrase: str) -> Any:
    if passphrase:
        return serialization.BestAvailableEncryption(passphrase.encode())
    return serialization.NoEncryption()


def write_p12(folder: Path, made: tuple[Any, Any], passphrase: str = "") -> None:
    key, certificate = made
    held = pkcs12.serialize_key_and_certificates(
        b"seal", key, certificate, None, encryption(passphrase)
    )
    (folder / "northgate.p12").write_bytes(held)


def write_pair(folder: Path, key: Any, certificate: Any, passphrase: str = "") -> None:
    pem = serialization.Encoding.PEM
    (folder / "northgate.pem").write_bytes(certificate.public_bytes(pem))
    held = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, encryption(passphrase))
    (folder / "northgate.key").write_bytes(held)


def sign(plain: Path, tmp_path: Path) -> tuple[Path, str]:
    target = tmp_path / "signed.pdf"
    return target, signing.sign(pdf=plain, centre=CENTRE, target=target)


def holds(place: Path) -> bool:
    told = signed.signature_of(place, moment=datetime.now(UTC))
    return bool(told and told["holds"])


def refusal(plain: Path, tmp_path: Path) -> str:
    """Both the question beforehand and the signing itself say it, and nothing is left behind."""
    target = tmp_path / "signed.pdf"
    with pytest.raises(SigningFailed) as beforehand:
        signing.signer_of(CENTRE)
    with pytest.raises(SigningFailed) as refused:
        signing.sign(pdf=plain, centre=CENTRE, target=target)
    assert not target.exists()
    assert refused.value.messages == beforehand.value.messages
    return refused.value.messages[0]


def token(folder: Path, **told: str) -> None:
    lines = [f'{name} = "{value}"' for name, value in told.items()]
    (folder / "northgate.toml").write_text("\n".join(lines))


class Stamper(BaseHTTPRequestHandler):
    """A time-stamping service as far as the protocol goes."""

    asked: list[int] = []
    dummy: DummyTimeStamper
    answers = True
    answer: Callable[[tsp.TimeStampReq], bytes] | None = None  # instead of a time stamp

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append(len(body))
        if not self.answers:
            self.send_error(503)
            return
        question, answer = tsp.TimeStampReq.load(body), type(self).answer
        held = answer(question) if answer else self.dummy.request_tsa_response(question).dump()
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(held)))
        self.end_headers()
        self.wfile.write(held)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def stamper(made: tuple[Any, Any], settings: Any) -> Iterator[type[Stamper]]:
    key, certificate = made
    pem = serialization.Encoding.PEM
    held = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (loaded,) = load_certs_from_pemder_data(certificate.public_bytes(pem))
    Stamper.asked, Stamper.answers, Stamper.answer = [], True, None
    Stamper.dummy = DummyTimeStamper(loaded, load_private_key_from_pemder_data(held, None))
    server = HTTPServer(("127.0.0.1", 0), Stamper)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.TSA_URL = f"http://127.0.0.1:{server.server_port}/"
    yield Stamper
    server.shutdown()
    thread.join()
    server.server_close()
