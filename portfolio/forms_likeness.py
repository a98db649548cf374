from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portfolio.models import Likeness


class LikenessFilter(forms.Form):
    """Empty and impossible values narrow nothing."""

    KINDS = [("", _("Any")), *Likeness.Kind.choices]

    text = forms.CharField(required=False, max_length=100)
    kind = forms.ChoiceField(required=False, choices=KINDS)

    def narrow(self, likenesses: QuerySet[Likeness]) -> QuerySet[Likeness]:
        self.is_valid()
        wanted: dict[str, Any] = getattr(self, "cleaned_data", {})
        if kind := wanted.get("kind"):
            likenesses = likenesses.filter(kind=kind)
        if text := wanted.get("text"):
            one = Q(version__evidence__portfolio__learner__name__icontains=text)
            other = Q(other_version__evidence__portfolio__learner__name__icontains=text)
            likenesses = likenesses.filter(one | other)
        return likenesses


class TemplateForm(forms.Form):
    name = forms.CharField(
        label=_("What is it called?"),
        help_text=_("Such as: Customer feedback form, June 2026."),
        max_length=200,
    )
