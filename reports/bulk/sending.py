"""Handing an archive out, whole or the part that is still missing.

Whoever asks for an archive is written down first, for each portfolio in it, and gets an address
that only they can use, for a day. Whatever is fetched there again, because a line broke, is the
same copy: it needs no second line in the ledger. Where anything in the archive changed meanwhile
the address answers no more, so that nothing leaves that was not written down.
"""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Self

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag

from accounts.models import User
from files.serving import wanted
from reports.bulk.packing import harmless_name
from reports.bulk.zips import Archive
from reports.models import Bulk

SALT = "reports.bulk.archive"
GOOD_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Ticket:
    bulk: int
    by: int
    etag: str
    lost: list[int]  # exports that the store had lost, and that are not in it

    def signed(self) -> str:
        return signing.dumps(asdict(self), salt=SALT)

    @classmethod
    def read(cls, text: str, bulk: Bulk, by: User) -> Self | None:
        """None where it is too old, or not for this person and these exports."""
        try:
            ticket = cls(**signing.loads(text, salt=SALT, max_age=GOOD_FOR))
        except signing.BadSignature:
            return None
        return ticket if (ticket.bulk, ticket.by) == (bulk.pk, by.pk) else None


def respond(request: HttpRequest, archive: Archive, etag: str, name: str) -> HttpResponseBase:
    quoted = quote_etag(etag)
    unchanged = get_conditional_response(request, etag=quoted)
    if unchanged:
        return unchanged
    span = wanted(request, archive.size, quoted)
    if span is not None and not span:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{archive.size}"})
    sent = span or range(archive.size)
    response = StreamingHttpResponse(
        archive.read(sent), content_type="application/zip", status=206 if span else 200
    )
    for header, value in _headers(quoted, len(sent), f"{harmless_name(name)}.zip").items():
        response.headers[header] = value
    if span:
        response.headers["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{archive.size}"
    return response


def _headers(etag: str, length: int, name: str) -> dict[str, str]:
    return {
        "ETag": etag,
        "Content-Length": str(length),
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
        # Compressing again would gain nothing and would break ranges.
        "Content-Encoding": "identity",
        # Through nginx as it is made; it would keep a second copy on its disk.
        "X-Accel-Buffering": "no",
    }
