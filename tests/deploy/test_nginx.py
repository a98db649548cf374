"""The proxy's configuration in a real nginx, in front of the real web service."""

import http.client
import os
import re
import socket
import ssl
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from scripts.system import ROOT, nginx
from tests.deploy.stack import Stack
from tests.deploy.waiting import eventually

HOST = "portfolio.example"
AROUND = """
{user}
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/proxied;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {server}
}}
"""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def make_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


class Proxy:
    def __init__(self, folder: Path, stack: Stack, services: dict[str, Any]) -> None:
        self.plain, self.tls = free_port(), free_port()
        self.environment = services["nginx"]["environment"]
        instead = {
            "web:8000": f"127.0.0.1:{stack.port}",
            "uploads:8000": f"127.0.0.1:{stack.port}",
            "listen 8080": f"listen 127.0.0.1:{self.plain}",
            "listen 8443": f"listen 127.0.0.1:{self.tls}",
            "/srv/static/": f"{ROOT}/staticfiles/",
            "/tls/": f"{folder}/",
            "/data/blobs/": f"{stack.instead['SIGNPOST_DATA_DIR']}/blobs/",
        }
        server = self._substituted((ROOT / "deploy" / "nginx.conf").read_text())
        for written, here in instead.items():
            assert written in server
            server = server.replace(written, here)
        user = "user root;" if os.geteuid() == 0 else ""
        self.configuration = folder / "nginx.conf"
        self.configuration.write_text(AROUND.format(user=user, folder=folder, server=server))

    def _substituted(self, template: str) -> str:
        """As the image's envsubst does, for the names that its filter lets through."""
        allowed = re.compile(self.environment["NGINX_ENVSUBST_FILTER"])
        for name, value in self.environment.items():
            if allowed.search(name):
                template = template.replace("${" + name + "}", value)
        assert "${" not in template
        return template

    def command(self, *options: str) -> list[str]:
        return [nginx(), "-e", "stderr", "-c", str(self.configuration), *options]

    def up(self) -> bool:
        try:
            return self.ask("/proxy-is-up", tls=False).status == http.HTTPStatus.NO_CONTENT
        except OSError:
            return False

    def ask(
        self, path: str, *, tls: bool = True, method: str = "GET", **headers: str
    ) -> http.client.HTTPResponse:
        if tls:
            trust = ssl._create_unverified_context()
            line = http.client.HTTPSConnection("127.0.0.1", self.tls, timeout=20, context=trust)
        else:
            line = http.client.HTTPConnection("127.0.0.1", self.plain, timeout=20)
        line.request(method, path, headers={"Host": HOST, **headers})
        return line.getresponse()


@pytest.fixture(scope="module")
def proxy(
    stack: Stack, services: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxy]:
    folder = tmp_path_factory.mktemp("nginx")
    make_certificate(folder)
    proxy = Proxy(folder, stack, services)
    subprocess.run(proxy.command("-t"), check=True, capture_output=True)
    with stack.running("web"):
        process = subprocess.Popen(proxy.command())
        try:
            assert eventually(proxy.up)
            yield proxy
        finally:
            process.terminate()
            process.wait(20)


def test_plain_http_is_sent_to_https(proxy: Proxy):
    answer = proxy.ask("/accounts/login/?next=/", tls=False)
    assert answer.status == http.HTTPStatus.PERMANENT_REDIRECT
    assert answer.headers["Location"] == f"https://{HOST}/accounts/login/?next=/"


def test_a_page_comes_through_and_knows_that_it_came_by_https(proxy: Proxy):
    answer = proxy.ask("/accounts/login/")
    assert answer.status == http.HTTPStatus.OK
    assert "Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"]


def test_another_name_is_refused(proxy: Proxy):
    assert proxy.ask("/accounts/login/", Host="elsewhere.example").status == 400


def test_static_files_come_from_the_proxy_compressed_and_for_ever(proxy: Proxy):
    style = next(
        (ROOT / "staticfiles" / "vendor" / "bootstrap" / "css").glob("bootstrap.min.*.css")
    )
    path = f"/static/{style.relative_to(ROOT / 'staticfiles')}"
    answer = proxy.ask(path, **{"Accept-Encoding": "gzip"})
    assert answer.status == http.HTTPStatus.OK
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer.headers.get_all("Cache-Control", [])
    assert answer.read() == style.with_name(style.name + ".gz").read_bytes()


def test_static_files_without_a_hash_are_asked_for_again(proxy: Proxy):
    answer = proxy.ask("/static/vendor/bootstrap/css/bootstrap.min.css")
    assert answer.status == http.HTTPStatus.OK
    assert answer.headers["Cache-Control"] == "max-age=3600"


def test_nothing_beside_the_static_files_is_served(proxy: Proxy):
    assert proxy.ask("/static/../manage.py").status in (400, 404, 302)
    assert proxy.ask("/static/%2e%2e/manage.py").status in (400, 404, 302)


def test_a_body_over_the_limit_is_refused_before_it_is_read(proxy: Proxy):
    limit = int(proxy.environment["SIGNPOST_MAX_REQUEST_MB"]) * 1024 * 1024
    answer = proxy.ask("/accounts/login/", method="POST", **{"Content-Length": str(limit + 1)})
    assert answer.status == http.HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def test_parts_of_files_are_passed_on_as_they_come(proxy: Proxy):
    """Of a body that never ends the answer comes before the end: nobody waits for the rest."""
    trust = ssl._create_unverified_context()
    with (
        socket.create_connection(("127.0.0.1", proxy.tls), timeout=20) as plain,
        trust.wrap_socket(plain, server_hostname=HOST) as line,
    ):
        line.sendall(
            f"PATCH /c/nowhere/uploads/tus/{'0' * 8}/ HTTP/1.1\r\nHost: {HOST}\r\n"
            "Tus-Resumable: 1.0.0\r\nContent-Length: 1000000\r\n\r\nthe beginning".encode()
        )
        assert line.recv(12).startswith(b"HTTP/1.1 40")
