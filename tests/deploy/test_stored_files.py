"""Stored files behind the real nginx, which sends the bytes; the application says who may."""

import http
import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from files.serving import PLAYER
from tests.deploy.stack import Stack
from tests.deploy.test_nginx import Proxy, proxy

__all__ = ["proxy"]

DATA = b"0123456789" * 60_000
# Their sessions are made in the service's own database, as signing in would make them.
MAKE = """
import json
from django.test import Client
from django.urls import reverse
from files.actions import keep_bytes
from portfolio.models import EvidenceFile
from tests.factories import make_cast, make_portfolio, make_version

def cookie(user):
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value

cast = make_cast()
version = make_version(make_portfolio(cast.centre, cast.learner))
blob = keep_bytes(chunks=[b"0123456789" * 60_000], media_type="video/mp4")
file = EvidenceFile.objects.create(version=version, blob=blob, name="tâlk.mp4", order=0)
print(json.dumps({
    "path": reverse("portfolio:file", kwargs={"centre": cast.centre.slug, "pk": file.pk}),
    "sha256": blob.sha256,
    "owner": cookie(cast.learner),
    "stranger": cookie(cast.second_learner),
}))
"""


@dataclass(frozen=True)
class Film:
    path: str
    sha256: str
    owner: str
    stranger: str

    @property
    def etag(self) -> str:
        return f'"{self.sha256}"'

    @property
    def key(self) -> str:
        return f"{self.sha256[:2]}/{self.sha256[2:4]}/{self.sha256}"


@pytest.fixture(scope="module")
def film(stack: Stack, proxy: Proxy) -> Film:
    return Film(**json.loads(stack.python(MAKE).splitlines()[-1]))


@pytest.fixture(scope="module")
def get(proxy: Proxy, film: Film):
    def get(path: str = "", *, who: str = "", method: str = "GET", **headers: str):
        cookie = f"sessionid={who or film.owner}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return proxy.ask(path or film.path, method=method, Cookie=cookie, **named)

    return get


def test_the_whole_file_with_all_that_keeps_it_harmless(get, film):
    answer = get()
    assert answer.status == http.HTTPStatus.OK
    assert answer.read() == DATA
    said = {name: answer.headers.get_all(name) for name in answer.headers}
    assert said["ETag"] == [film.etag]
    assert said["Content-Type"] == ["video/mp4"]
    assert said["Content-Length"] == [str(len(DATA))]
    assert said["Content-Disposition"] == ["inline; filename*=utf-8''t%C3%A2lk.mp4"]
    assert said["X-Content-Type-Options"] == ["nosniff"]
    assert said["Content-Security-Policy"] == [PLAYER]
    assert said["Cache-Control"] == ["private, no-cache"]
    assert said["X-Frame-Options"] == ["SAMEORIGIN"]
    assert said["Cross-Origin-Resource-Policy"] == ["same-origin"]
    assert said["Accept-Ranges"] == ["bytes"]
    assert said["Strict-Transport-Security"]
    assert "X-Accel-Redirect" not in said


def test_it_is_nginx_that_sends_it(get, stack: Stack, film):
    """Put aside for a moment, the file is gone for nginx, though the application saw it."""
    place = Path(stack.instead["SIGNPOST_DATA_DIR"]) / "blobs" / film.key
    place.chmod(0o640)
    original = place.read_bytes()
    try:
        place.write_bytes(b"short")
        assert get().headers["Content-Length"] == "5"  # the application knows of 600,000
    finally:
        place.write_bytes(original)


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=10-13", 10, 13), ("bytes=599990-", 599_990, 599_999), ("bytes=-5", 599_995, 599_999)],
)
def test_a_part(get, asked, first, last):
    answer = get(Range=asked)
    assert answer.status == http.HTTPStatus.PARTIAL_CONTENT
    assert answer.read() == DATA[first : last + 1]
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(DATA)}"
    assert answer.headers["Content-Security-Policy"] == PLAYER


def test_a_part_of_other_bytes_than_the_browser_has(get, film):
    same = get(Range="bytes=0-3", If_Range=film.etag)
    assert (same.status, same.read()) == (206, b"0123")
    other = get(Range="bytes=0-3", If_Range='"other"')
    assert (other.status, len(other.read())) == (200, len(DATA))


def test_a_part_that_is_not_there(get):
    answer = get(Range="bytes=600000-")
    assert answer.status == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
    assert answer.headers["Content-Range"] == f"bytes */{len(DATA)}"


def test_what_the_browser_has_is_not_sent_again(get, film):
    answer = get(If_None_Match=film.etag)
    assert (answer.status, answer.read()) == (304, b"")
    assert answer.headers["ETag"] == film.etag


def test_saved_when_asked_to(get, film):
    answer = get(f"{film.path}?download=1")
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_somebody_else_gets_nothing(get, proxy, film):
    assert get(who=film.stranger).status == http.HTTPStatus.NOT_FOUND
    assert proxy.ask(film.path).status == http.HTTPStatus.FOUND  # to the sign-in page


@pytest.mark.parametrize(
    "trick", ["/stored/{}", "/stored//{}", "/static/../stored/{}", "//stored/{}"]
)
def test_the_store_itself_is_not_to_be_reached(get, film, trick):
    answer = get(trick.format(film.key))
    assert answer.status in (400, 404)
    assert DATA[:20] not in answer.read()


def test_a_visitor_cannot_name_a_file(get, film):
    answer = get("/accounts/login/", X_Accel_Redirect=f"/stored/{film.key}")
    assert DATA[:20] not in answer.read()


def test_lost_bytes_are_not_found(get, stack: Stack, film):
    place = Path(stack.instead["SIGNPOST_DATA_DIR"]) / "blobs" / film.key
    aside = place.rename(place.with_name("aside"))
    try:
        assert get().status == http.HTTPStatus.NOT_FOUND
    finally:
        aside.rename(place)
    log = Path(stack.instead["SIGNPOST_DATA_DIR"]) / "web.log"
    assert film.sha256 in log.read_text()
