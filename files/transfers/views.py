"""tus 1.0 over HTTP: which answer says what. The rules are in `actions` and `protocol`."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from files.models import Transfer, Upload
from files.refusals import Refused
from files.transfers import actions, protocol
from files.transfers.bodies import body_of
from files.transfers.parts import Moved
from files.transfers.protocol import Unfit, about

View = Callable[..., HttpResponse]


def speaks_tus(view: View) -> View:
    """Every answer names the version; a refusal is one plain sentence."""

    @wraps(view)
    def answering(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        response = _answer(view, request, kwargs)
        response.headers["Tus-Resumable"] = protocol.VERSION
        response.headers["Cache-Control"] = "no-store"
        if response.status_code == HTTPStatus.PRECONDITION_FAILED:
            response.headers["Tus-Version"] = protocol.VERSION
        return response

    return answering


def _answer(view: View, request: HttpRequest, kwargs: dict[str, Any]) -> HttpResponse:
    try:
        return view(request, **kwargs)
    except Unfit as unfit:
        return _says(unfit.status, str(unfit))
    except Refused as refusal:
        return _says(refusal.status, refusal.sentence)
    except actions.Lost:
        return _says(410, _("This upload is no longer here. Choose the file again."))
    except actions.Mismatch:
        return _says(protocol.MISMATCH, _("The bytes do not match their checksum."))
    except Moved:
        return _says(409, _("The upload has moved on. Ask where it stands, then go on."))


def _says(status: int, sentence: str) -> HttpResponse:
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")


@require_http_methods(["POST", "OPTIONS"])
@speaks_tus
def transfers(request: HttpRequest) -> HttpResponse:
    return _options() if request.method == "OPTIONS" else _begin(request)


def _options() -> HttpResponse:
    known = about(
        tus_version=protocol.VERSION,
        tus_extension=protocol.EXTENSIONS,
        tus_max_size=settings.MAX_UPLOAD_BYTES,
        tus_checksum_algorithm=",".join(protocol.CHECKSUMS),
    )
    return HttpResponse(status=204, headers=known)


def _begin(request: HttpRequest) -> HttpResponse:
    protocol.check_version(request.headers)
    length = protocol.length_in(request.headers)
    metadata, said = protocol.metadata_in(request.headers)
    with_bytes = protocol.carries_bytes(request.headers)
    checksum = protocol.checksum_in(request.headers)
    if with_bytes:
        _check_fits(request, length)
    transfer = actions.begin(
        name=said.get("filename") or said.get("name", ""),
        length=length,
        metadata=metadata,
        centre=request.centre,
        by=request.user,
    )
    offset = _take_first(request, transfer, checksum) if with_bytes else None
    place = reverse("files:transfer", args=[request.centre.slug, transfer.pk])
    return _standing(request, transfer, offset, status=201, location=place)


def _take_first(
    request: HttpRequest, transfer: Transfer, checksum: protocol.Checksum | None
) -> int:
    """Where they did not come whole, nobody hears where the rest should go: then it ends here,
    and takes no room."""
    try:
        offset = _take(request, transfer, 0, checksum)
    except actions.Mismatch:
        actions.end(transfer=transfer, by=request.user)
        raise
    if offset < _sent_length(request):
        actions.end(transfer=transfer, by=request.user)
        raise actions.Lost
    return offset


@require_http_methods(["HEAD", "PATCH", "DELETE", "POST"])
@speaks_tus
def transfer(request: HttpRequest, pk: UUID) -> HttpResponse:
    mine = Transfer.objects.visible_to(request.user).in_centre(request.centre)
    found = get_object_or_404(mine.select_related("upload", "centre"), pk=pk)
    protocol.check_version(request.headers)
    verb = {"HEAD": _look, "PATCH": _go_on, "DELETE": _end}.get(
        protocol.method_meant(request.method, request.headers)
    )
    if verb is None:
        raise Unfit(405, _("Use HEAD, PATCH or DELETE."))
    return verb(request, found)


def _look(request: HttpRequest, transfer: Transfer) -> HttpResponse:
    """Where it stands. A server that was killed at the very end finishes its work here."""
    offset = actions.offset(transfer=transfer)
    return _standing(
        request,
        transfer,
        offset,
        status=200,
        upload_length=transfer.length,
        upload_metadata=transfer.metadata,
    )


def _go_on(request: HttpRequest, transfer: Transfer) -> HttpResponse:
    if not protocol.carries_bytes(request.headers):
        raise Unfit(415, _("The bytes of an upload have the type %s.") % protocol.BYTES)
    at = protocol.number_in(request.headers, "Upload-Offset")
    checksum = protocol.checksum_in(request.headers)
    if at != actions.offset(transfer=transfer):
        raise Moved
    _check_fits(request, transfer.length - at)
    if not transfer.finished_at:
        actions.prolong(transfer=transfer)
        at = _take(request, transfer, at, checksum)
    return _standing(request, transfer, at, status=204)


def _end(request: HttpRequest, transfer: Transfer) -> HttpResponse:
    actions.end(transfer=transfer, by=request.user)
    return HttpResponse(status=204)


def _check_fits(request: HttpRequest, room: int) -> None:
    if _sent_length(request) > room:
        raise Unfit(413, _("More bytes than the upload was to have."))


def _sent_length(request: HttpRequest) -> int:
    return int(request.META.get("CONTENT_LENGTH") or 0)


def _take(
    request: HttpRequest, transfer: Transfer, at: int, checksum: protocol.Checksum | None
) -> int:
    _let_go_of_the_database()
    return actions.add(
        transfer=transfer,
        body=body_of(request),
        at=at,
        most=_sent_length(request),
        checksum=checksum,
        by=request.user,
    )


def _let_go_of_the_database() -> None:
    """A phone may take minutes, and PostgreSQL has few connections to give."""
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        connection.close()


def _standing(
    request: HttpRequest, transfer: Transfer, offset: int | None, *, status: int, **more: Any
) -> HttpResponse:
    """How far it has come; with the last byte, as which upload it was kept."""
    if offset == transfer.length:
        more["signpost_upload"] = _finished(request, transfer).pk
    elif not transfer.finished_at:
        more["upload_expires"] = http_date(transfer.expires_at.timestamp())
    return HttpResponse(status=status, headers=about(upload_offset=offset, **more))


def _finished(request: HttpRequest, transfer: Transfer) -> Upload:
    upload = actions.finish(transfer=transfer, by=request.user)
    if upload is None:
        raise actions.Lost  # it was put into some evidence before
    return upload
