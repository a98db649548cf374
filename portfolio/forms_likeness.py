from django import forms
from django.utils.translation import gettext_lazy as _


class TemplateForm(forms.Form):
    name = forms.CharField(
        label=_("What is it called?"),
        help_text=_("Such as: Customer feedback form, June 2026."),
        max_length=200,
    )
