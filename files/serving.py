"""How bytes leave: with the type that was sniffed, in a sandbox, for this browser only.

The caller has checked that the person may see them.
"""

import logging
import re
from typing import BinaryIO

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from files.checks import name_for
from files.models import Blob
from files.store import open_blob

logger = logging.getLogger(__name__)

# Kinds that a browser only shows or plays. All others are saved, never opened in our pages.
INLINE_KINDS = ("image", "audio", "video")
INLINE_TYPES = ("application/pdf", "text/plain")
SANDBOX = (
    "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; "
    "frame-ancestors 'self'"
)
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class Sent(FileResponse):
    block_size = 256 * 1024


class Part:
    """A stretch of an open file, read as if it were all there is."""

    def __init__(self, file: BinaryIO, span: range) -> None:
        self.file, self.left = file, len(span)
        file.seek(span.start)

    def read(self, size: int) -> bytes:
        data = self.file.read(min(size, self.left))
        self.left -= len(data)
        return data

    def close(self) -> None:
        self.file.close()


def shows_inline(media_type: str) -> bool:
    return media_type.split("/")[0] in INLINE_KINDS or media_type in INLINE_TYPES


def respond(
    *, request: HttpRequest, blob: Blob, name: str, inline: bool = False
) -> HttpResponseBase:
    """The bytes, or the part that a player asked for, or 304 when the browser has them."""
    etag = quote_etag(blob.sha256)
    response = get_conditional_response(request, etag=etag) or _bytes(
        blob,
        _wanted(request, etag, blob.size),
        as_attachment=not (inline and shows_inline(blob.media_type)),
        filename=name_for(name, blob.media_type),
    )
    response.headers["ETag"] = etag
    response.headers["Accept-Ranges"] = "bytes"
    # Asked for again each time, so that whoever may no longer see it, does not.
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Frame-Options"] = "SAMEORIGIN"  # a PDF beside the claims it is for
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    # Compressing again would gain nothing and would break ranges.
    response.headers["Content-Encoding"] = "identity"
    return response


def _wanted(request: HttpRequest, etag: str, size: int) -> range | None:
    """The one span asked for; None for all. An empty one lies outside the file."""
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    if not asked or request.headers.get("If-Range", etag) != etag or not any(asked.groups()):
        return None
    first, last = asked.groups()
    if not first:  # the last so many bytes
        return range(max(0, size - int(last)), size)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(size, int(last) + 1 if last else size))


def _bytes(
    blob: Blob, span: range | None, *, as_attachment: bool, filename: str
) -> HttpResponseBase:
    if span is not None and not span:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{blob.size}"})
    file = _open(blob)
    response = Sent(
        Part(file, span) if span else file,
        as_attachment=as_attachment,
        filename=filename,
        content_type=_content_type(blob.media_type),
        status=206 if span else 200,
    )
    response.headers["Content-Length"] = str(len(span) if span else blob.size)
    if span:
        response.headers["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{blob.size}"
    return response


def _open(blob: Blob) -> BinaryIO:
    try:
        return open_blob(blob)
    except FileNotFoundError as error:
        # A disk or a backup lost it: somebody who looks after the server has to know.
        logger.error("The bytes of file %s are missing from the store.", blob.sha256)
        raise Http404 from error


def _content_type(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
