"""The rules of a unit: on the whole of it, and on the methods for its criteria."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.actions.rules import MOST_PIECES
from assessments.models import MethodRule, UnitRules
from portfolio.forms_witness import CriteriaField
from portfolio.models import Method
from standards.models import Criterion, Edition


class UnitRulesForm(forms.ModelForm):
    minimum_pieces = forms.IntegerField(
        label=_("Pieces of evidence, at least"),
        help_text=_("How many different items must have a criterion met. 0 asks for none."),
        min_value=0,
        max_value=MOST_PIECES,
    )

    class Meta:
        model = UnitRules
        fields = ["minimum_pieces", "needs_direct", "piece_per_point"]
        labels = {
            "needs_direct": _("At least one piece by a direct method"),
            "piece_per_point": _("A piece of evidence for each marking point"),
        }
        help_texts = {
            "needs_direct": _("Observation, work product, or questions and answers."),
            "piece_per_point": _("At sign-off, every marking point names what earns it."),
        }


class MethodRulesForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What do you ask?"),
        choices=[
            (MethodRule.Kind.REQUIRED, _("Each of these methods must be used")),
            (MethodRule.Kind.ALLOWED, _("Only these methods count")),
        ],
        widget=forms.RadioSelect,
    )
    methods = forms.MultipleChoiceField(
        label=_("Methods"),
        choices=Method.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one method.")},
    )
    criteria = CriteriaField(
        label=_("For which criteria?"),
        queryset=Criterion.objects.none(),
        error_messages={"required": _("Choose at least one criterion.")},
    )

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="method-%s", **kwargs)
        self.fields["criteria"].queryset = edition.criteria.all()

    def said(self) -> dict[str, Any]:
        return {**self.cleaned_data, "criteria": list(self.cleaned_data["criteria"])}
