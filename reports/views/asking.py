"""Asking for exports: one learner's, or those of many."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.lists import Listing
from portfolio.lists import learners
from portfolio.models import Enrolment, Portfolio
from reports import actions
from reports.bulk import actions as at_once
from reports.bulk import choosing
from reports.forms import LearnerForm, OptionsForm, told
from reports.views.shared import CentreRequest, require_exporter


def add(request: CentreRequest) -> HttpResponse:
    """One learner's portfolio."""
    require_exporter(request)
    portfolios = Portfolio.objects.visible_to(request.user).in_centre(request.centre)
    form = LearnerForm(
        request.POST if request.method == "POST" else None,
        portfolios=portfolios,
        centre=request.centre,
        by=request.user,
        initial={"portfolio": request.GET.get("portfolio")},
    )
    if form.is_bound and form.is_valid():
        (wanted,) = form.wanted()
        try:
            report = actions.request_report(
                portfolio=wanted.portfolio, by=request.user, options=wanted.options
            )
        except ValidationError as refused:  # her unit ended while the form was open
            form.add_error(None, refused)
        else:
            name = report.portfolio.learner.name
            messages.success(
                request, _("The portfolio of %(name)s is being made.") % {"name": name}
            )
            return redirect("reports:list", centre=request.centre.slug)
    status = 422 if form.is_bound else 200
    context = {
        "here": _("Export a portfolio"),
        "form": form,
        "is_empty": not portfolios.exists(),
    }
    return render(request, "reports/export_add.html", context, status=status)


def many(request: CentreRequest) -> HttpResponse:
    """The learners that a filter finds; how many PDFs that makes is said before they are made."""
    require_exporter(request)
    listing = _learners(request)
    portfolios = list(choosing.chosen(listing))
    form = OptionsForm(
        request.POST if request.method == "POST" else None,
        portfolios=portfolios,
        centre=request.centre,
        by=request.user,
    )
    context = {
        "here": _("Export many portfolios"),
        "listing": listing,
        "portfolios": portfolios,
        "form": form,
    }
    if not (form.is_bound and form.is_valid()):
        status = 422 if form.is_bound else 200
        return render(request, "reports/export_many.html", context, status=status)
    wanted = form.wanted()
    if wanted and request.POST.get("sure") == _mark(wanted):
        return _asked(request, listing, wanted)
    sure = {
        "wanted": wanted,
        "mark": _mark(wanted),
        "left_out": len(portfolios) - len(wanted),
        "chosen": choosing.in_words(listing),
        "told": told(form.cleaned_data["options"]),
    }
    return render(request, "reports/export_sure.html", context | sure)


def _learners(request: CentreRequest) -> Listing:
    seen = Enrolment.objects.visible_to(request.user).in_centre(request.centre)
    return learners(request, seen)


def _mark(wanted: list[choosing.Wanted]) -> str:
    """Where the choice means others by now than when it was shown, it is shown again."""
    pks = [each.portfolio.pk for each in wanted]
    return f"{len(pks)}-{sum(pk * (place + 1) for place, pk in enumerate(sorted(pks)))}"


def _asked(request: CentreRequest, listing: Listing, wanted: list[choosing.Wanted]) -> HttpResponse:
    bulk = at_once.request_many(
        centre=request.centre,
        wanted=wanted,
        chosen=choosing.in_words(listing),
        by=request.user,
    )
    sentence = ngettext(
        "%(count)d portfolio is being made.", "%(count)d portfolios are being made.", len(wanted)
    )
    messages.success(request, sentence % {"count": len(wanted)})
    return redirect("reports:bulk", centre=request.centre.slug, pk=bulk.pk)
