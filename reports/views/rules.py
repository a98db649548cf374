"""What a centre decided about its exports."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.permissions import refuse_unless
from reports import actions
from reports.forms import RulesForm
from reports.models import ExportRules
from reports.permissions import can_set_rules
from reports.views.shared import CentreRequest


def rules(request: CentreRequest) -> HttpResponse:
    refuse_unless(can_set_rules(request.user, request.centre))
    now = ExportRules.objects.filter(centre=request.centre).first()
    form = RulesForm(request.POST if request.method == "POST" else None, instance=now)
    if form.is_bound and form.is_valid():
        try:
            actions.set_rules(centre=request.centre, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error("files_up_to_mb", refused)
        else:
            messages.success(request, _("From now on exports are made like this."))
            return redirect("reports:list", centre=request.centre.slug)
    status = 422 if form.is_bound else 200
    context = {"here": _("What goes into exports"), "form": form}
    return render(request, "reports/export_rules.html", context, status=status)
