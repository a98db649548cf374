"""What the centre asks of a unit's evidence: an admin sets it, who assesses reads it."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import refusals_on
from assessments import actions
from assessments.forms_rules import MethodRulesForm, UnitRulesForm
from assessments.models import MethodRule, UnitRules
from assessments.permissions import can_edit_rules, can_see_rules
from standards.models import Edition


@require_http_methods(["GET", "HEAD", "POST"])
def unit_rules(request: HttpRequest, pk: int) -> HttpResponse:
    edition = _edition(request, pk)
    if request.method != "POST":
        return _page(request, edition)
    _only_who_may_edit(request, edition)
    form = UnitRulesForm(request.POST, instance=UnitRules(centre=request.centre, edition=edition))
    if form.is_valid():
        with refusals_on(form):
            actions.save_unit_rules(
                centre=request.centre, edition=edition, by=request.user, **form.cleaned_data
            )
            return _back(request, edition, _("The rules are saved. They hold from now on."))
    return _page(request, edition, unit_form=form)


@require_POST
def add_methods(request: HttpRequest, pk: int) -> HttpResponse:
    edition = _edition(request, pk)
    _only_who_may_edit(request, edition)
    form = MethodRulesForm(request.POST, edition=edition)
    if form.is_valid():
        with refusals_on(form):
            actions.add_method_rules(
                centre=request.centre, edition=edition, by=request.user, **form.said()
            )
            return _back(request, edition, _("The rule is added. It holds from now on."))
    return _page(request, edition, methods_form=form)


@require_POST
def remove_methods(request: HttpRequest, pk: int) -> HttpResponse:
    """All methods that are ruled for the criterion of this one rule."""
    seen = UnitRules.objects.visible_to(request.user).in_centre(request.centre)
    rule = get_object_or_404(
        MethodRule.objects.filter(rules__in=seen).select_related(
            "rules__centre", "rules__edition", "criterion"
        ),
        pk=pk,
    )
    actions.remove_method_rules(rules=rule.rules, criterion=rule.criterion, by=request.user)
    said = _("Any method counts for %(code)s now.") % {"code": rule.criterion.code}
    return _back(request, rule.rules.edition, said)


def _edition(request: HttpRequest, pk: int) -> Edition:
    if not can_see_rules(request.user, request.centre):
        raise PermissionDenied
    seen = Edition.objects.visible_to(request.user).in_centre(request.centre).published()
    rows = seen.select_related("standard").defer("source_text", "metadata")
    return get_object_or_404(rows, pk=pk)


def _only_who_may_edit(request: HttpRequest, edition: Edition) -> None:
    if not can_edit_rules(request.user, request.centre, edition):
        raise PermissionDenied


def _back(request: HttpRequest, edition: Edition, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("assessments:unit_rules", centre=request.centre.slug, pk=edition.pk)


def _page(request: HttpRequest, edition: Edition, **forms: Any) -> HttpResponse:
    rules = UnitRules.objects.in_centre(request.centre).filter(edition=edition).first()
    ruled = rules.methods.select_related("criterion") if rules else ()
    context = {
        "edition": edition,
        "rules": rules or UnitRules(centre=request.centre, edition=edition),
        "ruled": [_row(list(rows)) for _pk, rows in groupby(ruled, lambda row: row.criterion_id)],
        "may_edit": can_edit_rules(request.user, request.centre, edition),
        "unit_form": UnitRulesForm(instance=rules),
        "methods_form": MethodRulesForm(edition=edition),
        "bad_form": next(iter(forms.values()), None),
        **forms,
    }
    status = 422 if forms else 200
    return render(request, "assessments/unit_rules.html", context, status=status)


def _row(rules: list[MethodRule]) -> dict[str, Any]:
    kinds = MethodRule.Kind
    return {
        "criterion": rules[0].criterion,
        "rule": rules[0],
        "required": [row.get_method_display() for row in rules if row.kind == kinds.REQUIRED],
        "allowed": [row.get_method_display() for row in rules if row.kind == kinds.ALLOWED],
    }
