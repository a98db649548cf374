"""Evidence of two learners that looks alike: for assessors and quality assurers."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.lists import answer
from files.serving import respond
from portfolio import lists
from portfolio.actions.likenesses import add_template, end_template
from portfolio.forms_likeness import TemplateForm
from portfolio.likeness.pairs import sides
from portfolio.likeness.showing import both_sides
from portfolio.likeness.sources import picture_of
from portfolio.models import Likeness, TemplateText
from portfolio.permissions import can_add_template, can_end_template, can_see_likenesses


@require_GET
def likenesses(request: HttpRequest) -> HttpResponseBase:
    listing = lists.likenesses(request, _seen(request).open())
    return answer(listing, "portfolio/likenesses.html")


@require_GET
def likeness(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _likeness(request, pk), TemplateForm())


@require_POST
def likeness_shared(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that what the two share is a form, text or picture that many use."""
    found = _likeness(request, pk)
    if not can_add_template(request.user, found):
        raise PermissionDenied
    form = TemplateForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    template = add_template(likeness=found, name=form.cleaned_data["name"], by=request.user)
    messages.success(request, _("“%(name)s” raises no flag from now on.") % {"name": template.name})
    return redirect("portfolio:likenesses", centre=request.centre.slug)


@require_GET
def likeness_picture(request: HttpRequest, pk: int, side: int) -> HttpResponseBase:
    """The picture of one side, for those who may see the flag."""
    found = _likeness(request, pk)
    _version, file = sides(found)[side - 1] if side in (1, 2) else (None, None)
    picture = picture_of(file.blob) if file else None
    if not (file and picture):
        raise Http404
    return respond(request=request, blob=picture, name=file.name, inline=True)


@require_GET
def templates(request: HttpRequest) -> HttpResponseBase:
    listing = lists.shared_forms(request, _templates(request))
    return answer(listing, "portfolio/likeness_templates.html")


@require_POST
def template_end(request: HttpRequest, pk: int) -> HttpResponse:
    template = get_object_or_404(_templates(request), pk=pk)
    if not can_end_template(request.user, template):
        raise PermissionDenied
    end_template(template=template, by=request.user)
    messages.success(request, _("“%(name)s” counts again.") % {"name": template.name})
    return redirect("portfolio:likeness_templates", centre=request.centre.slug)


def _page(request: HttpRequest, found: Likeness, form: TemplateForm) -> HttpResponse:
    context = {
        "likeness": found,
        "sides": both_sides(found, request.user),
        "form": form,
        "may_share": found.template is None and can_add_template(request.user, found),
    }
    status = 422 if form.is_bound else 200
    return render(request, "portfolio/likeness.html", context, status=status)


def _seen(request: HttpRequest) -> QuerySet[Likeness]:
    _refuse_others(request)
    seen = Likeness.objects.visible_to(request.user).in_centre(request.centre)
    return seen.select_related(
        "file__blob__shown_as",
        "other_file__blob__shown_as",
        "template",
        "version__evidence__portfolio__learner",
        "version__evidence__portfolio__centre",
        "other_version__evidence__portfolio__learner",
    )


def _likeness(request: HttpRequest, pk: int) -> Likeness:
    return get_object_or_404(_seen(request), pk=pk)


def _templates(request: HttpRequest) -> QuerySet[TemplateText]:
    _refuse_others(request)
    return TemplateText.objects.visible_to(request.user).in_centre(request.centre)


def _refuse_others(request: HttpRequest) -> None:
    if not can_see_likenesses(request.user, request.centre):
        raise PermissionDenied
