from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import refusals_on
from accounts.models import Role
from portfolio import actions, permissions
from portfolio.forms_interests import InterestForm
from portfolio.models import Enrolment, Interest


@require_http_methods(["GET", "HEAD", "POST"])
def interests(request: HttpRequest, pk: int) -> HttpResponse:
    """What ties people to one learner: one's own for an assessor, all of them for the centre."""
    seen = Enrolment.objects.visible_to(request.user).in_centre(request.centre)
    unit = get_object_or_404(seen.select_related("portfolio__learner", "edition__standard"), pk=pk)
    if not permissions.can_see_interests(request.user, unit.portfolio):
        raise PermissionDenied
    form = _form(request, unit)
    if form.is_valid():
        with refusals_on(form):
            actions.declare_interest(portfolio=unit.portfolio, by=request.user, **form.wanted())
            messages.success(request, _("It is declared."))
            return redirect("portfolio:interests", centre=request.centre.slug, pk=unit.pk)
    visible = Interest.objects.visible_to(request.user).filter(portfolio=unit.portfolio)
    found = list(visible.select_related("person", "declared_by", "ended_by", "portfolio"))
    for each in found:
        each.may_end = not each.ended_at and permissions.can_end_interest(request.user, each)
    context = {"enrolment": unit, "interests": found, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "portfolio/interests.html", context, status=status)


@require_POST
def end(request: HttpRequest, pk: int, interest_pk: int) -> HttpResponse:
    seen = Interest.objects.visible_to(request.user).in_centre(request.centre)
    interest = get_object_or_404(seen.select_related("portfolio"), pk=interest_pk)
    actions.end_interest(interest=interest, by=request.user)
    messages.success(request, _("It is ended, and stays on record."))
    return redirect("portfolio:interests", centre=request.centre.slug, pk=pk)


def _form(request: HttpRequest, unit: Enrolment) -> InterestForm:
    return InterestForm(
        request.POST if request.method == "POST" else None,
        portfolio=unit.portfolio,
        user=request.user,
        for_all=Role.ADMIN in request.roles,
    )
