from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from portfolio.anchors.annotations import CONTEXT, collection
from portfolio.models import Anchor
from portfolio.views.loading import evidence_or_404, versions_seen


@require_GET
def annotations(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The places of a version, as the W3C's Web Annotations."""
    item = evidence_or_404(request, pk)
    for version in versions_seen(request, item):
        if version.number == number:
            break
    else:
        raise Http404
    answer = JsonResponse(
        collection(version, list(Anchor.objects.for_export(version).read_by(request.user))),
        content_type=f'application/ld+json; profile="{CONTEXT}"',
        json_dumps_params={"indent": 2, "ensure_ascii": False},
    )
    name = f"evidence-{item.number}-version-{version.number}.jsonld"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
