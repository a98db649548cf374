"""Sending one file, which a form then names by its id."""

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from files import actions
from files.checks import Refused, too_large


@require_POST
def upload(request: HttpRequest) -> JsonResponse:
    file = request.FILES.get("file")
    try:
        if file is None:
            raise _nothing_came(request)
        kept = actions.receive(file=file, centre=request.centre, by=request.user)
    except Refused as refusal:
        return JsonResponse({"error": refusal.sentence}, status=refusal.status)
    return JsonResponse(
        {
            "id": kept.pk,
            "name": kept.name,
            "size": kept.blob.size,
            "media_type": kept.blob.media_type,
        },
        status=201,
    )


def _nothing_came(request: HttpRequest) -> Refused:
    """No file at all, or one so large that it was not read to its end."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.MAX_UPLOAD_BYTES:
        return too_large()
    return Refused(_("Choose a file to add."))
