"""What is published: everyone in the centre may read it."""

from itertools import groupby

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import refusals_on
from standards import actions
from standards.forms.reading import ServesForm
from standards.models import Criterion, Draft, Edition, MarkingGuide
from standards.permissions import can_draft, can_serve

PAGE = 50
HEADINGS = {
    Criterion.Kind.PERFORMANCE: gettext_lazy("Performance criteria"),
    Criterion.Kind.KNOWLEDGE: gettext_lazy("Knowledge and understanding"),
    Criterion.Kind.ASSESSMENT: gettext_lazy("Assessment criteria"),
}


def _editions(request: HttpRequest) -> QuerySet[Edition]:
    visible = Edition.objects.visible_to(request.user).in_centre(request.centre).published()
    return visible.select_related("standard").defer("source_text")


def _guides(request: HttpRequest) -> QuerySet[MarkingGuide]:
    visible = MarkingGuide.objects.visible_to(request.user).in_centre(request.centre)
    return visible.published().defer("source_text")


def standards(request: HttpRequest) -> HttpResponse:
    sought = request.GET.get("q", "").strip().replace("\0", "")
    editions = _editions(request).defer("metadata")
    if sought:
        editions = editions.filter(Q(standard__urn__icontains=sought) | Q(title__icontains=sought))
    counted = editions.annotate(**_counts()).order_by(*Edition._meta.ordering)
    page = Paginator(counted, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "standards/standard_list.html",
        {
            "page_obj": page,
            "standards": [list(rows) for _pk, rows in groupby(page, lambda row: row.standard_id)],
            "guides": _guides_with_editions(request),
            "drafts": _drafts(request),
            "may_draft": can_draft(request.user, request.centre),
            "q": sought,
        },
    )


def _guides_with_editions(request: HttpRequest) -> QuerySet[MarkingGuide]:
    served = Prefetch("editions", _editions(request).defer("metadata"))
    return _guides(request).annotate(points=Count("marking_points")).prefetch_related(served)


def _drafts(request: HttpRequest) -> QuerySet[Draft]:
    visible = Draft.objects.visible_to(request.user).in_centre(request.centre)
    return visible.open().defer("source_text")


def _counts() -> dict[str, Count]:
    return {
        f"{kind.value}_count": Count("criteria", filter=Q(criteria__kind=kind))
        for kind in Criterion.Kind
    }


def edition(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_editions(request), pk=pk)
    sections = list(found.sections.all())
    others = _editions(request).filter(standard=found.standard_id).defer("metadata")
    return render(
        request,
        "standards/edition_detail.html",
        {
            "edition": found,
            "kinds": _by_kind_and_group(found),
            "sections": sections,
            "empty_sections": [section for section in sections if not section.text],
            "guides": _guides(request).filter(editions=found),
            "others": list(others),
            "facts": _facts(found),
        },
    )


def _by_kind_and_group(edition: Edition) -> list[tuple[str, list[tuple[str, list[Criterion]]]]]:
    return [
        (str(HEADINGS[kind]), _by_group(list(rows)))
        for kind, rows in groupby(edition.criteria.all(), lambda row: row.kind)
    ]


def _by_group(criteria: list[Criterion]) -> list[tuple[str, list[Criterion]]]:
    return [(name, list(rows)) for name, rows in groupby(criteria, lambda row: row.group)]


def _facts(edition: Edition) -> list[tuple[str, str]]:
    """What else the standard prints about itself."""
    known = edition.metadata.get
    rows = [
        (_("Suites"), ", ".join(known("suites") or [])),
        (_("Developed by"), known("developed_by")),
        (_("Originating organisation"), known("originating_organisation")),
        (_("Original URN"), known("original_urn")),
        (_("Validity"), known("validity")),
        (_("Status"), known("status")),
        (_("Relevant occupations"), known("relevant_occupations")),
        (_("SOC code"), known("soc_code")),
        (_("Keywords"), ", ".join(known("keywords") or [])),
    ]
    return [(name, value) for name, value in rows if value]


def guide(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_guides(request), pk=pk)
    return render(
        request,
        "standards/guide_detail.html",
        {
            "guide": found,
            "points": found.marking_points.all(),
            "editions": _editions(request).filter(marking_guides=found),
            "may_serve": can_serve(request.user, found),
        },
    )


def guide_serves(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_guides(request), pk=pk)
    if not can_serve(request.user, found):
        raise PermissionDenied
    form = ServesForm(
        request.POST if request.method == "POST" else None,
        editions=_editions(request).defer("metadata"),
        initial={"editions": found.editions.all()},
    )
    if form.is_valid():
        with refusals_on(form):
            chosen = form.cleaned_data["editions"]
            actions.serve(guide=found, editions=chosen, by=request.user)
            messages.success(request, _("The guide now serves the editions you chose."))
            return redirect("standards:guide", centre=request.centre.slug, pk=pk)
    status = 422 if form.is_bound else 200
    context = {"guide": found, "form": form}
    return render(request, "standards/guide_serves.html", context, status=status)
