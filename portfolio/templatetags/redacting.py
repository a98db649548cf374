"""What was hidden in evidence, in words for its pages."""

from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portfolio.forms_redaction import HideForm
from portfolio.hiding.kinds import Way, way_of
from portfolio.models import EvidenceVersion, Redaction
from portfolio.permissions import can_hide

register = template.Library()


@register.inclusion_tag("portfolio/_hidden.html", takes_context=True)
def hidden_in(
    context: template.Context, version: EvidenceVersion, may_hide: bool = False
) -> dict[str, Any]:
    """What was hidden in an item, and the way to hide more for those who may.

    `may_hide` where the page has asked already: who judges an item may hide in it.
    """
    request = context["request"]
    rows = Redaction.objects.filter(evidence=version.evidence_id)
    return {
        "request": request,
        "version": version,
        "redactions": rows.select_related("made_by", "original", "file"),
        "may_hide": may_hide or can_hide(request.user, version),
    }


@register.inclusion_tag("portfolio/_hidden_marks.html")
def hidden_marks(form: HideForm) -> dict[str, Any]:
    """Carries what was marked to the next page."""
    return {
        "rows": form.rows(),
        "words": form.cleaned_data.get("words", ""),
        "name": form.cleaned_data.get("name", ""),
    }


@register.filter
def hidden_where(redaction: Redaction) -> str:
    """The file as it is called now: what it was called before may name somebody."""
    if redaction.is_of_account:
        return _("The written account")
    return redaction.file.name if redaction.file else _("A file that was taken out since")


@register.filter
def hidden_what(redaction: Redaction) -> str:
    many = len(redaction.marks)
    way = way_of(redaction.original) if redaction.original else Way.WORDS
    if way == Way.RECORDING:
        sentence = ngettext("%(many)d stretch of time", "%(many)d stretches of time", many)
    elif way == Way.WORDS:
        sentence = ngettext("words in %(many)d place", "words in %(many)d places", many)
    else:
        sentence = ngettext("%(many)d box", "%(many)d boxes", many)
    return sentence % {"many": many}
