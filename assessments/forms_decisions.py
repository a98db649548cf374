"""Reasons for taking a decision back, for an appeal, and for the answer to one."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LONGEST = 4_000


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Say why.")},
    )

    def __init__(self, *args: Any, label: str | Promise, help_text: str | Promise, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label
        self.fields["reason"].help_text = help_text


class AnswerForm(forms.Form):
    """The answer to an appeal; which of the two it is, its buttons say."""

    answer = forms.CharField(
        label=_("Your answer to the learner"),
        help_text=_("Say what you looked at and what you found. It stays on record."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Say why.")},
    )
