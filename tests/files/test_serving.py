import pytest
from csp.middleware import CSPMiddleware
from django.http import Http404
from django.middleware.gzip import GZipMiddleware

from files import actions, serving, store


@pytest.fixture
def blob(db):
    return actions.keep_bytes(chunks=[b"0123456789"], media_type="audio/mpeg")


@pytest.fixture
def get(rf, blob):
    def get(**headers):
        request = rf.get("/", headers={k.replace("_", "-"): v for k, v in headers.items()})
        return serving.respond(request=request, blob=blob, name="tâlk.mp3", inline=True)

    return get


def test_whole(get, blob):
    response = get()
    assert response.status_code == 200
    assert response.getvalue() == b"0123456789"
    assert response["Content-Length"] == "10"
    assert response["Content-Type"] == "audio/mpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    policy = response["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-same-origin; default-src 'none'")  # or it won't play
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["ETag"] == f'"{blob.sha256}"'
    assert response["Cache-Control"] == "private, no-cache"
    assert response["Content-Disposition"] == "inline; filename*=utf-8''t%C3%A2lk.mp3"


@pytest.mark.parametrize(
    ("asked", "data", "content_range"),
    [
        ("bytes=0-3", b"0123", "bytes 0-3/10"),
        ("bytes=4-", b"456789", "bytes 4-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
        ("bytes=-30", b"0123456789", "bytes 0-9/10"),
        ("bytes=8-100", b"89", "bytes 8-9/10"),
        ("bytes=9-9", b"9", "bytes 9-9/10"),
    ],
)
def test_part(get, asked, data, content_range):
    response = get(range=asked)
    assert response.status_code == 206
    assert response.getvalue() == data
    assert response["Content-Range"] == content_range
    assert response["Content-Length"] == str(len(data))


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_part_that_is_not_there(get, asked):
    response = get(range=asked)
    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */10"


@pytest.mark.parametrize(
    "asked", ["bytes=5-2", "bytes=-", "bytes=0-1,4-5", "items=0-1", "bytes=a-b", "bytes=٣-"]
)
def test_what_is_not_understood_is_answered_whole(get, asked):
    response = get(range=asked)
    assert response.status_code == 200
    assert response.getvalue() == b"0123456789"


def test_part_of_other_bytes_than_the_browser_has(get, blob):
    assert get(range="bytes=0-3", if_range='"other"').status_code == 200
    assert get(range="bytes=0-3", if_range=f'"{blob.sha256}"').status_code == 206


def test_what_the_browser_has_is_not_sent_again(get, blob):
    response = get(if_none_match=f'"{blob.sha256}"')
    assert response.status_code == 304
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("media_type", "disposition"),
    [
        ("image/jpeg", "inline"),
        ("video/mp4", "inline"),
        ("application/pdf", "attachment"),
        ("text/plain", "inline"),
        ("text/csv", "attachment"),
        ("text/html", "attachment"),
        ("application/msword", "attachment"),
        ("message/rfc822", "attachment"),
    ],
)
def test_only_harmless_kinds_open_in_the_browser(rf, db, media_type, disposition):
    blob = actions.keep_bytes(chunks=[media_type.encode()], media_type=media_type)
    shown = serving.respond(request=rf.get("/"), blob=blob, name="a", inline=True)
    saved = serving.respond(request=rf.get("/"), blob=blob, name="a")
    assert shown["Content-Disposition"].split(";")[0] == disposition
    assert saved["Content-Disposition"].split(";")[0] == "attachment"


def test_text_says_its_encoding(rf, db):
    blob = actions.keep_bytes(chunks=[b"hello"], media_type="text/plain")
    response = serving.respond(request=rf.get("/"), blob=blob, name="a.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"


def test_a_name_cannot_break_out_of_its_header(rf, blob):
    response = serving.respond(request=rf.get("/"), blob=blob, name='a"; x="\r\nSet-Cookie: a.mp3')
    assert "\n" not in response["Content-Disposition"]
    assert "Set-Cookie" not in response


def test_the_copy_of_an_heic_is_called_what_it_is(rf, db):
    blob = actions.keep_bytes(chunks=[b"jpeg"], media_type="image/jpeg")
    response = serving.respond(request=rf.get("/"), blob=blob, name="IMG_1.HEIC")
    assert response["Content-Disposition"] == 'attachment; filename="IMG_1.jpg"'


def test_the_middleware_leaves_it_alone(get, rf):
    """Compressing would break ranges; the site's own policy is looser than the file's."""
    request = rf.get("/", headers={"accept-encoding": "gzip"})
    response = CSPMiddleware(lambda _request: get(range="bytes=0-3"))(request)
    response = GZipMiddleware(lambda _request: response)(request)
    assert response["Content-Encoding"] == "identity"
    assert response["Content-Security-Policy"] == serving.PLAYER
    assert response["ETag"].startswith('"')


def test_bytes_that_are_lost_are_not_found_and_are_reported(get, blob, caplog):
    store.place_of(blob.sha256).unlink()
    with pytest.raises(Http404):
        get()
    assert blob.sha256 in caplog.text
