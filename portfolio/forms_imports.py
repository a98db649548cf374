"""Decisions from elsewhere: which criteria, who decided them, and what was seen of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import SeveralRows
from portfolio.forms_days import PastDay
from portfolio.models import ImportedDecision
from standards.models import Criterion

FIELDS = ["decided_at_centre", "decided_by_name", "decided_on", "seen"]


class ImportForm(forms.ModelForm):
    criteria = SeveralRows(
        label=_("Criteria"),
        queryset=Criterion.objects.none(),
        error_messages={"required": _("Tick at least one criterion.")},
    )

    class Meta:
        model = ImportedDecision
        fields = FIELDS
        field_classes = {"decided_on": PastDay}
        widgets = {"seen": forms.Textarea(attrs={"rows": 3})}
        labels = {
            "decided_at_centre": _("Where were they decided?"),
            "decided_by_name": _("Who decided them?"),
            "decided_on": _("When?"),
            "seen": _("What did you see of it?"),
        }
        help_texts = {
            "decided_at_centre": _("The centre's name, and its number where you have it."),
            "decided_by_name": _("The assessor whose decision it was."),
            "seen": _("Such as the signed unit record, or the awarding body's confirmation."),
        }

    def __init__(self, *args: Any, open_criteria: list[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["criteria"].queryset = Criterion.objects.filter(
            pk__in=[each.pk for each in open_criteria]
        )
        self.order_fields(["criteria", *FIELDS])

    def ticked(self) -> set[str]:
        """The ids that were ticked, for the grid to tick again."""
        return set(self.data.getlist("criteria")) if self.is_bound else set()

    def said(self) -> dict[str, Any]:
        """What the action asks for."""
        said = {name: self.cleaned_data[name] for name in FIELDS}
        return {**said, "criteria": list(self.cleaned_data["criteria"])}


class TakeBackForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it taken back?"),
        help_text=_("This stays on record, beside what was imported."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why you take it back.")},
    )
