"""Files that are sent with a form, or were sent before it."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest
from django.utils.translation import gettext as _

from files.actions import receive
from files.models import Upload
from files.refusals import Refused


def own_uploads(request: HttpRequest) -> QuerySet[Upload]:
    return Upload.objects.visible_to(request.user).in_centre(request.centre).select_related("blob")


def received_with(request: HttpRequest, form: Form) -> list[Upload]:
    """Take in the files that came with the form itself, as they do without JavaScript."""
    received = []
    form.is_valid()
    for file in request.FILES.getlist("files"):
        try:
            received.append(receive(file=file, centre=request.centre, by=request.user))
        except Refused as refusal:
            sentence = _("%(name)s: %(reason)s")
            form.add_error("files", sentence % {"name": file.name, "reason": refusal.sentence})
    return received


def kept_for(form: Form, received: Sequence[Upload]) -> list[dict[str, Any]]:
    """What the page of a refused form says it has: nobody sends those files again."""
    sent_before = form.cleaned_data.get("uploads", []) if form.is_bound else []
    return [
        {"pk": each.pk, "name": each.name, "size": each.blob.size}
        for each in [*sent_before, *received]
    ]
