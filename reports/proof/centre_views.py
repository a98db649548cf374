"""Taking the bundle with which others can check a centre's exports without this installation."""

from django.core.exceptions import PermissionDenied
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from reports.proof import bundle
from reports.proof.permissions import can_take_proof
from reports.views.shared import CentreRequest


@never_cache
@require_GET
def take(request: CentreRequest) -> StreamingHttpResponse:
    if not can_take_proof(request.user, request.centre):
        raise PermissionDenied
    name = f"proof-{request.centre.slug}-{timezone.localdate():%Y-%m-%d}.zip"
    return StreamingHttpResponse(
        bundle.of_centre(request.centre),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
