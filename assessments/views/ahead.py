from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from assessments.permissions import can_view_marking
from assessments.views.loading import submission_or_404
from files.models import PreviewPart
from portfolio.models import EvidenceFile
from portfolio.viewing import Shown, to_view

AHEAD = 3  # files: what is in sight when the page opens


@require_GET
def ahead(request: HttpRequest, pk: int) -> JsonResponse:
    """Where the pictures lie that this item shows first, so that a browser may have them already
    when it comes to it."""
    found = submission_or_404(request, pk)
    if not can_view_marking(request.user, found):
        raise PermissionDenied
    files = list(to_view(found.version.files.all())[:AHEAD])
    return JsonResponse({"pictures": [at for file in files if (at := _picture(request, file))]})


def _picture(request: HttpRequest, file: EvidenceFile) -> str:
    """A file's first page, picture or poster; nothing of text and sound."""
    shown, slug = Shown(file), request.centre.slug
    for role in (PreviewPart.Role.PAGE, PreviewPart.Role.PICTURE, PreviewPart.Role.POSTER):
        if shown.part(role):
            return reverse("portfolio:preview_part", args=[slug, file.pk, role, 1])
    if shown.plain == "image":
        return reverse("portfolio:file", args=[slug, file.pk]) + "?preview=1"
    return ""
