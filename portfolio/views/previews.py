"""Files seen in a page: the viewer by itself, while it is prepared, and the parts it is made of."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import reswap, retarget

from files import previews
from files.models import PreviewPart
from files.serving import respond
from portfolio.captions import as_webvtt
from portfolio.models import EvidenceFile
from portfolio.viewing import Shown, anchors_on, is_captions, to_view


@require_GET
def file_view(request: HttpRequest, pk: int) -> HttpResponse:
    file = _file_or_404(request, pk)
    context = _context(request, file) | {"evidence": file.version.evidence, "large": True}
    return render(request, "portfolio/file_view.html", context)


@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """To POST asks for a preview; to GET looks how far it is.

    The answer is how far the work is, or, once there is more to see, the whole viewer.
    """
    file = _file_or_404(request, pk)
    if request.method == "POST":
        previews.ask(file.blob)
        file = _file_or_404(request, pk)
        if not request.htmx:
            return redirect("portfolio:file_view", centre=request.centre.slug, pk=pk)
    context = _context(request, file)
    if request.GET.get("was") == Shown(file).stage:
        return render(request, "portfolio/viewers/task.html", context | {"shown": Shown(file)})
    whole = render(request, "portfolio/viewers/fragment.html", context)
    return reswap(retarget(whole, f"#file-{pk}"), "outerHTML")


@require_GET
def preview_part(request: HttpRequest, pk: int, role: str, number: int) -> HttpResponseBase:
    """A picture of a page, a text, an attachment: whatever was made of a file that is seen."""
    seen = EvidenceFile.objects.visible_to(request.user).in_centre(request.centre)
    file = get_object_or_404(seen.select_related("version__evidence__portfolio"), pk=pk)
    made = PreviewPart.objects.select_related("blob__shown_as")
    part = get_object_or_404(made, preview__blob=file.blob_id, role=role, number=number)
    return respond(
        request=request,
        # Nobody but the learner gets bytes that say where a picture was taken.
        blob=part.blob if _is_own(request, file) else part.blob.shown,
        name=part.name or f"{file.name} {role} {number}",
        inline="download" not in request.GET,
    )


@require_GET
def captions(request: HttpRequest, pk: int) -> HttpResponse:
    """A captions file of either kind, in the only one that browsers read."""
    file = _file_or_404(request, pk)
    if not is_captions(file):
        raise Http404
    try:
        written = as_webvtt(file.blob)
    except FileNotFoundError as error:
        raise Http404 from error
    return HttpResponse(
        written,
        content_type="text/vtt; charset=utf-8",
        headers={"Cache-Control": "private, no-cache"},
    )


def _file_or_404(request: HttpRequest, pk: int) -> EvidenceFile:
    seen = EvidenceFile.objects.visible_to(request.user).in_centre(request.centre)
    learner = "version__evidence__portfolio__learner"
    return get_object_or_404(to_view(seen).select_related(learner, "blob__preview"), pk=pk)


def _is_own(request: HttpRequest, file: EvidenceFile) -> bool:
    return file.version.evidence.portfolio.learner_id == request.user.pk


def _context(request: HttpRequest, file: EvidenceFile) -> dict[str, object]:
    return {
        "file": file,
        "version": file.version,
        "anchors": anchors_on(file.version, request.user),
        "among": file.version.files.select_related("blob"),
        "marking": "marking" in request.GET,
        "large": "large" in request.GET,
        "is_own": _is_own(request, file),
    }
