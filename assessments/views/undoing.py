from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments import actions, worklist
from assessments.permissions import can_undo
from assessments.views.loading import submission_or_404


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the marking page, with everything as it was before it was sent."""
    found = submission_or_404(request, pk)
    if not can_undo(request.user, found):
        raise PermissionDenied
    following = actions.undo(submission=found, by=request.user)
    messages.success(request, _("Undone. All you wrote is here again, as a draft."))
    answer = redirect("assessments:submission", centre=request.centre.slug, pk=following.pk)
    answer["Location"] += worklist.Narrowing.read(request.GET).query
    return answer
