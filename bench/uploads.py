"""How long an upload takes, over the time that copying and hashing the same bytes takes."""

import hashlib
import http.client
import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlencode

MB = 1024 * 1024
RUNS = 5
# The smallest head that is recognised as a film; the rest may be anything.
FILM = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"


def ratio(*, size_mb: int, port: int, path: str, cookie: str, token: str, place: Path) -> float:
    """The median of RUNS pairs: upload time over the time of a copy with its SHA-256."""
    ratios = []
    for _ in range(RUNS):
        source = film(size_mb, place)
        copied = _seconds_to_copy(source, place / "copy")
        ratios.append(_seconds_to_upload(source, port, path, cookie, token) / copied)
    return statistics.median(ratios)


def film(size_mb: int, place: Path) -> Path:
    """Different bytes each time, so that the store can't answer from what it has."""
    source = place / "film.mp4"
    with source.open("wb") as out:
        out.write(FILM)
        out.write(os.urandom(MB - len(FILM)))
        for _ in range(size_mb - 1):
            out.write(os.urandom(MB))
        settled(out)
    return source


def settled(source: BinaryIO) -> None:
    """On the disk now, so that writing it out does not fall into the time of what follows."""
    source.flush()
    os.fsync(source.fileno())


def _seconds_to_copy(source: Path, target: Path) -> float:
    started = time.perf_counter()
    digest = hashlib.sha256()
    with source.open("rb") as read, target.open("wb") as write:
        while chunk := read.read(MB):
            digest.update(chunk)
            write.write(chunk)
        write.flush()
        os.fsync(write.fileno())
    return time.perf_counter() - started


def _seconds_to_upload(source: Path, port: int, path: str, cookie: str, token: str) -> float:
    edge = "signpost-bench"
    head = (
        f"--{edge}\r\nContent-Disposition: form-data; name=file; filename=film.mp4\r\n"
        "Content-Type: video/mp4\r\n\r\n"
    ).encode()
    tail = f"\r\n--{edge}--\r\n".encode()
    started = time.perf_counter()
    line = http.client.HTTPConnection("127.0.0.1", port)
    line.putrequest("POST", path)
    line.putheader("Content-Length", str(len(head) + source.stat().st_size + len(tail)))
    line.putheader("Content-Type", f"multipart/form-data; boundary={edge}")
    line.putheader("Cookie", cookie)
    line.putheader("X-CSRFToken", token)
    line.putheader("Referer", f"http://127.0.0.1:{port}/")
    line.endheaders()
    for part in _parts(head, source, tail):
        line.send(part)
    answer = line.getresponse()
    body = answer.read()
    if answer.status != 201:
        raise RuntimeError(f"the upload answered {answer.status}: {body[:200]!r}")
    return time.perf_counter() - started


def _parts(head: bytes, source: Path, tail: bytes) -> Iterator[bytes]:
    yield head
    with source.open("rb") as read:
        while chunk := read.read(MB):
            yield chunk
    yield tail


@contextmanager
def signed_in(port: int, email: str, password: str) -> Iterator[tuple[str, str]]:
    """Sign in as a browser does; gives the cookie header and the CSRF token."""
    cookies = SimpleCookie()
    line = http.client.HTTPConnection("127.0.0.1", port)
    line.request("GET", "/accounts/login/")
    _keep(cookies, line.getresponse())
    token = cookies["csrftoken"].value
    form = urlencode({"login": email, "password": password, "csrfmiddlewaretoken": token})
    line.request(
        "POST",
        "/accounts/login/",
        form,
        {"Cookie": _header(cookies), "Content-Type": "application/x-www-form-urlencoded"},
    )
    _keep(cookies, line.getresponse())
    line.close()
    yield _header(cookies), cookies["csrftoken"].value


def _keep(cookies: SimpleCookie, answer: http.client.HTTPResponse) -> None:
    answer.read()
    for value in answer.headers.get_all("Set-Cookie") or []:
        cookies.load(value)


def _header(cookies: SimpleCookie) -> str:
    return "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())
