"""How long a file takes by tus through nginx, over nginx's own plain PUT of the same bytes."""

import base64
import http.client
import os
import re
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.uploads import MB, film, settled
from demo.ready import answers
from scripts.services import running
from scripts.system import ROOT, nginx

RUNS = 15
BYTES = "application/offset+octet-stream"
# As static/js/upload/transfer.js has them.
PAGE_SENDS = 256 * MB  # at once
SMALL = 5 * MB  # with the request that announces it
# Nothing but a place to put a file, and the product's own configuration, both without TLS.
AROUND = """
{user}
daemon off;
worker_processes auto;
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
    server {{
        listen 127.0.0.1:{plain};
        client_max_body_size 1100m;
        location / {{
            root {folder}/put;
            dav_methods PUT;
        }}
    }}
    {server}
}}
"""


@dataclass(frozen=True)
class Proxy:
    """nginx's ports: one that just puts files somewhere, and the one before Signpost."""

    plain: int
    signpost: int
    folder: Path


@contextmanager
def proxy(folder: Path, web_port: int, ports: tuple[int, int, int]) -> Iterator[Proxy]:
    place = folder / "nginx"
    for name in ("put", "bodies"):
        (place / name).mkdir(parents=True)
    plain, redirecting, signpost = ports
    configuration = place / "nginx.conf"
    configuration.write_text(
        AROUND.format(
            user="user root;" if os.geteuid() == 0 else "",
            folder=place,
            plain=plain,
            server=_products_own(web_port, redirecting, signpost),
        )
    )
    process = subprocess.Popen([nginx(), "-e", "stderr", "-c", str(configuration)])
    with running(process, lambda: answers(signpost), "nginx"):
        yield Proxy(plain, signpost, place / "put")


def _products_own(web_port: int, redirecting: int, signpost: int) -> str:
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    for written, here in {
        "${SIGNPOST_MAX_REQUEST_MB}": "1100",
        "web:8000": f"127.0.0.1:{web_port}",
        "uploads:8000": f"127.0.0.1:{web_port}",
        "listen 8080": f"listen 127.0.0.1:{redirecting}",
        "listen 8443 ssl": f"listen 127.0.0.1:{signpost}",
    }.items():
        text = text.replace(written, here)
    return re.sub(r"^\s*ssl_.*$", "", text, flags=re.MULTILINE)


@dataclass(frozen=True)
class Sender:
    """A signed-in person's browser."""

    proxy: Proxy
    path: str
    cookie: str
    token: str
    forget: Callable[[str], None]  # removes what an upload became, by its id

    def ratios(self, *, size_mb: int, place: Path) -> dict[str, float]:
        """The medians of RUNS rounds, each with the same bytes sent in every way, in turn."""
        seconds: dict[str, list[float]] = {"put": [], "one request": [], "as the page sends it": []}
        for _ in range(RUNS):
            source = film(size_mb, place)
            put = self._put(source)
            seconds["put"].append(put)
            seconds["one request"].append(self._begin_with(source) / put)
            self._begin_anew(source)
            seconds["as the page sends it"].append(self._as_the_page(source) / put)
        return {way: statistics.median(found) for way, found in seconds.items()}

    def _begin_anew(self, source: Path) -> None:
        """Other bytes, so that the store can't answer from what it has."""
        with source.open("r+b") as file:
            file.seek(100)
            file.write(os.urandom(16))
            settled(file)

    def _put(self, source: Path) -> float:
        started = time.perf_counter()
        with _line(self.proxy.plain) as line:
            answer = _send(line, "PUT", "/film.mp4", {}, source, 0, source.stat().st_size)
        spent = time.perf_counter() - started
        if answer.status not in (201, 204):
            raise RuntimeError(f"the plain PUT answered {answer.status}")
        (self.proxy.folder / "film.mp4").unlink()
        return spent

    def _begin_with(self, source: Path) -> float:
        """All of it in the request that creates the upload."""
        size = source.stat().st_size
        started = time.perf_counter()
        with _line(self.proxy.signpost) as line:
            headers = self._creation(size) | {"Content-Type": BYTES}
            answer = _send(line, "POST", self.path, headers, source, 0, size)
        return self._ended(answer, started)

    def _as_the_page(self, source: Path) -> float:
        is_small = source.stat().st_size <= SMALL
        return self._begin_with(source) if is_small else self._in_parts(source, PAGE_SENDS)

    def _in_parts(self, source: Path, step: int) -> float:
        size = source.stat().st_size
        started = time.perf_counter()
        with _line(self.proxy.signpost) as line:
            answer = _send(line, "POST", self.path, self._creation(size), source, 0, 0)
            place = answer.headers["Location"]
            for at in range(0, size, step):
                headers = self._known() | {"Upload-Offset": str(at), "Content-Type": BYTES}
                answer = _send(line, "PATCH", place, headers, source, at, min(step, size - at))
        return self._ended(answer, started)

    def _ended(self, answer: http.client.HTTPResponse, started: float) -> float:
        spent = time.perf_counter() - started
        upload = answer.headers["Signpost-Upload"]
        if not upload:
            raise RuntimeError(f"the transfer answered {answer.status}")
        self.forget(upload)
        return spent

    def _creation(self, size: int) -> dict[str, str]:
        name = base64.b64encode(b"film.mp4").decode()
        return {**self._known(), "Upload-Length": str(size), "Upload-Metadata": f"filename {name}"}

    def _known(self) -> dict[str, str]:
        return {"Cookie": self.cookie, "X-CSRFToken": self.token, "Tus-Resumable": "1.0.0"}


@contextmanager
def _line(port: int) -> Iterator[http.client.HTTPConnection]:
    line = http.client.HTTPConnection("127.0.0.1", port)
    try:
        yield line
    finally:
        line.close()


def _send(
    line: http.client.HTTPConnection,
    method: str,
    path: str,
    headers: Mapping[str, str],
    source: Path,
    at: int,
    size: int,
) -> http.client.HTTPResponse:
    line.putrequest(method, path)
    for name, value in {**headers, "Content-Length": str(size)}.items():
        line.putheader(name, value)
    line.endheaders()
    if size:
        with source.open("rb") as file:
            line.sock.sendfile(file, at, size)
    answer = line.getresponse()
    answer.read()
    return answer
