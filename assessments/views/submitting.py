from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments import actions
from portfolio.views.loading import evidence_or_404, version_meant


@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """The learner hands her evidence in."""
    evidence = evidence_or_404(request, pk)
    version = version_meant(request, evidence)
    try:
        actions.submit(version=version, declared="declared" in request.POST, by=request.user)
    except ValidationError as error:
        context = {"evidence": evidence, "problems": error.messages}
        return render(request, "assessments/submit_refused.html", context, status=422)
    messages.success(request, _("Submitted. Your assessor has it now."))
    return redirect("portfolio:evidence", centre=request.centre.slug, pk=evidence.pk)
