"""How bytes leave: with the type that was sniffed, in a sandbox, for this browser only.

The caller has checked that the person may see them. The bytes themselves are sent by nginx
where one stands in front, by the bucket where they lie in one, or by ourselves.
"""

import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from django.conf import settings
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.http.response import content_disposition_header
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from files import store
from files.checks import name_for
from files.models import Blob

if TYPE_CHECKING:
    from files.bucket import Bucket

logger = logging.getLogger(__name__)

# Kinds that a browser only shows or plays. All others are saved, never opened in our pages: a
# PDF too, whose own scripts the browser's viewer would run. Our pages show pictures of its pages.
INLINE_KINDS = ("image", "audio", "video")
INLINE_TYPES = ("text/plain",)
# What a browser would run scripts from, were it opened as what it is. It never is.
ACTIVE = re.compile(r"(html|xml|javascript|ecmascript)\b", re.ASCII)
PLAIN_BYTES = "application/octet-stream"
NOTHING_ELSE = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; "
    "frame-ancestors 'self'"
)
SANDBOX = f"sandbox; {NOTHING_ELSE}"
# Chromium fetches what it plays once more, and from a sandbox without an origin that fails.
# Neither lets scripts run.
PLAYER = f"sandbox allow-same-origin; {NOTHING_ELSE}"
# Below nginx's location of the same name, which answers to nobody outside.
INTERNAL = "/stored/"
# A signed address works for whoever has it. A player asks again whenever somebody seeks, at
# the address it was sent to; all else is fetched at once.
SECONDS = 60
PLAYING_SECONDS = 60 * 60
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class Sent(FileResponse):
    block_size = 256 * 1024


class Part:
    """A stretch of an open file, read as if it were all there is."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self.file, self.left = file, size

    def read(self, size: int) -> bytes:
        data = self.file.read(min(size, self.left))
        self.left -= len(data)
        return data

    def close(self) -> None:
        self.file.close()


@dataclass(frozen=True)
class Sending:
    """What is sent, and as what."""

    request: HttpRequest
    blob: Blob
    name: str
    inline: bool

    @property
    def etag(self) -> str:
        return quote_etag(self.blob.sha256)

    @property
    def content_type(self) -> str:
        media_type = self.blob.media_type
        if ACTIVE.search(media_type):
            return PLAIN_BYTES
        return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type

    @property
    def disposition(self) -> str:
        shown = self.inline and shows_inline(self.blob.media_type)
        name = name_for(self.name, self.blob.media_type)
        return content_disposition_header(not shown, name) or "attachment"

    @property
    def plays(self) -> bool:
        return self.blob.kind in ("audio", "video")

    @property
    def leaves_our_origin(self) -> bool:
        """Whether the browser may be sent to the bucket.

        Not for what our pages' scripts read or show in a frame, which must be of our origin;
        nor after a form, whose policy forbids it.
        """
        elsewhere = self.blob.kind in INLINE_KINDS or not self.inline
        return settings.S3_DIRECT and self.request.method == "GET" and elsewhere


def shows_inline(media_type: str) -> bool:
    if ACTIVE.search(media_type):
        return False
    return media_type.split("/")[0] in INLINE_KINDS or media_type in INLINE_TYPES


def respond(
    *, request: HttpRequest, blob: Blob, name: str, inline: bool = False
) -> HttpResponseBase:
    """The bytes, or the part that a player asked for, or 304 when the browser has them."""
    sending = Sending(request, blob, name, inline)
    try:
        return _sent(sending)
    except FileNotFoundError as error:
        # A disk or a backup lost it: somebody who looks after the server has to know.
        logger.error("The bytes of file %s are missing from the store.", blob.sha256)
        raise Http404 from error


def _sent(sending: Sending) -> HttpResponseBase:
    remote = store.bucket()
    if remote and sending.leaves_our_origin:
        return _elsewhere(sending, remote)
    unchanged = get_conditional_response(sending.request, etag=sending.etag)
    if unchanged:
        return _guarded(unchanged, sending)
    if settings.X_ACCEL and not remote:
        return _guarded(_by_nginx(sending), sending)
    return _guarded(_bytes(sending), sending)


def _guarded(response: HttpResponseBase, sending: Sending) -> HttpResponseBase:
    response.headers["ETag"] = sending.etag
    # Asked for again each time, so that whoever may no longer see it, does not.
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = PLAYER if sending.plays else SANDBOX
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _elsewhere(sending: Sending, remote: "Bucket") -> HttpResponseBase:
    """Sent on to the bucket, by an address that soon stops working."""
    key = store.key_of(sending.blob.sha256)
    if not remote.has(key):
        raise FileNotFoundError(key)
    address = remote.address(
        key,
        content_type=sending.content_type,
        disposition=sending.disposition,
        seconds=PLAYING_SECONDS if sending.plays else SECONDS,
    )
    return HttpResponseRedirect(address, headers={"Cache-Control": "private, no-store"})


def _by_nginx(sending: Sending) -> HttpResponseBase:
    """Named to nginx, which sends the file itself, whole or in parts."""
    sha256 = sending.blob.sha256
    if not store.has(sha256):
        raise FileNotFoundError(sha256)
    return HttpResponse(
        content_type=sending.content_type,
        headers={
            "X-Accel-Redirect": INTERNAL + store.key_of(sha256),
            "Content-Disposition": sending.disposition,
        },
    )


def wanted(request: HttpRequest, size: int, etag: str) -> range | None:
    """The one span asked for; None for all. An empty one lies outside the file."""
    headers = request.headers
    asked = RANGE.fullmatch(headers.get("Range", ""))
    if not asked or headers.get("If-Range", etag) != etag:
        return None
    first, last = asked.groups()
    if not first:  # the last so many bytes
        return range(max(0, size - int(last)), size) if last else None
    if last and int(last) < int(first):
        return None
    return range(int(first), min(size, int(last) + 1 if last else size))


def _bytes(sending: Sending) -> HttpResponseBase:
    blob = sending.blob
    span = wanted(sending.request, blob.size, sending.etag)
    if span is not None and not span:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{blob.size}"})
    length = len(span) if span else blob.size
    response = Sent(
        Part(store.open_blob(blob, span), length),
        content_type=sending.content_type,
        status=206 if span else 200,
    )
    response.headers["Content-Disposition"] = sending.disposition
    response.headers["Content-Length"] = str(length)
    response.headers["Accept-Ranges"] = "bytes"
    # Compressing again would gain nothing and would break ranges.
    response.headers["Content-Encoding"] = "identity"
    if span:
        response.headers["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{blob.size}"
    return response
