"""Declaring an interest."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import ASSESSING, SEES_WHOLE_CENTRE, User
from portfolio.models import Interest, Portfolio


class InterestForm(forms.Form):
    """An admin says whose it is; anybody else declares their own."""

    person = forms.ModelChoiceField(
        label=_("Who"), queryset=User.objects.none(), empty_label=_("Choose a person")
    )
    kind = forms.ChoiceField(
        label=_("What ties them to the learner"),
        choices=Interest.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what ties them to the learner.")},
    )
    note = forms.CharField(
        label=_("What it is, and why it can't be avoided"),
        help_text=_("A relative needs no words. The learner never sees this."),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, portfolio: Portfolio, user: User, for_all: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.user = user
        if not for_all:
            del self.fields["person"]
            self.fields["kind"].label = _("What ties you to the learner")
            return
        staff = User.objects.filter(
            memberships__centre=portfolio.centre_id,
            memberships__role__in=[*ASSESSING, *SEES_WHOLE_CENTRE],
            is_active=True,
        )
        self.fields["person"].queryset = (
            staff.exclude(pk=portfolio.learner_id).distinct().order_by("name")
        )

    def wanted(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "person": given.get("person", self.user),
            "kind": given["kind"],
            "note": given["note"],
        }
