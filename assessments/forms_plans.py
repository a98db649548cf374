"""An assessment plan: what is planned, each thing to do, and the review."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from assessments.actions.plans import Planned
from assessments.forms import Revised
from assessments.models import Plan, PlanAction
from portfolio.forms_days import day_input
from standards.models import Criterion

BLANK_ROWS = 3
MOST_ROWS = 40
BETWEEN_CODES = re.compile(r"[\s,;]+")


class PlanForm(Revised, forms.ModelForm):
    class Meta:
        model = Plan
        fields = ["note", "review_on"]
        widgets = {"note": forms.Textarea(attrs={"rows": 3}), "review_on": day_input()}
        labels = {"note": _("What is planned?"), "review_on": _("When do you review it together?")}
        help_texts = {
            "note": _("What the learner works towards until then, and how it will be assessed."),
        }

    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("note", "review_on")}


class CodesField(forms.CharField):
    """Criteria by their codes, such as "P1, K3"; says which code the unit does not have."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=300, **kwargs)
        self.by_code: Mapping[str, Criterion] = {}

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(each.code for each in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[Criterion]:
        codes = [code for code in BETWEEN_CODES.split(super().clean(value).upper()) if code]
        unknown = [code for code in codes if code not in self.by_code]
        if unknown:
            raise forms.ValidationError(
                _t("This unit has no criterion %(codes)s. Write codes as they stand in it.")
                % {"codes": ", ".join(unknown)}
            )
        return [self.by_code[code] for code in dict.fromkeys(codes)]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class PlanActionForm(forms.ModelForm):
    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    criteria = CodesField(label=_("Criteria"), help_text=_("By code, such as P1, K3."))

    class Meta:
        model = PlanAction
        fields = ["who", "text", "due_on", "method"]
        widgets = {"due_on": day_input(), "text": forms.TextInput}
        labels = {"who": _("Who?"), "text": _("Does what?"), "due_on": _("By when?")}

    field_order = ["pk", "who", "text", "due_on", "method", "criteria"]

    def __init__(self, *args: Any, criteria: Mapping[str, Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["criteria"].by_code = criteria
        self.fields["method"].choices = [("", _("Any")), *self.fields["method"].choices[1:]]

    def clean_due_on(self) -> Any:
        day = self.cleaned_data["due_on"]
        if day < timezone.localdate() and "due_on" in self.changed_data:
            raise forms.ValidationError(_t("This day has gone by."))
        return day

    def planned(self) -> Planned:
        said = self.cleaned_data
        return Planned(
            who=said["who"],
            text=said["text"],
            due_on=said["due_on"],
            method=said["method"],
            criteria=said["criteria"],
            pk=said["pk"],
        )


class _Rows(forms.BaseFormSet):
    def named(self) -> list[PlanActionForm]:
        """The rows that were filled in and not taken out."""
        return [
            form
            for form in self.forms
            if form.cleaned_data.get("text") and not form.cleaned_data.get("DELETE")
        ]

    def get_deletion_widget(self) -> forms.Widget:
        return forms.CheckboxInput()

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Take this out")


def action_rows(
    data: Any, *, criteria: Iterable[Criterion], initial: list[dict[str, Any]], blank: int
) -> forms.BaseFormSet:
    by_code = {each.code.upper(): each for each in criteria}
    made = forms.formset_factory(
        PlanActionForm,
        formset=_Rows,
        extra=blank,
        can_delete=True,
        max_num=MOST_ROWS,
        absolute_max=MOST_ROWS,
    )
    return made(data, prefix="actions", initial=initial, form_kwargs={"criteria": by_code})


def as_row(action: PlanAction) -> dict[str, Any]:
    """An action of a plan as its row in the form."""
    return {
        "pk": action.pk,
        "who": action.who,
        "text": action.text,
        "due_on": action.due_on,
        "method": action.method,
        "criteria": list(action.criteria.all()),
    }


class ReviewForm(forms.Form):
    review = forms.CharField(
        label=_("How did it go?"),
        help_text=_("What was reached, what was not, and what comes next. It closes the plan."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say how it went.")},
    )


class RevisionForm(forms.Form):
    """Which change of the plan was read."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class DoneForm(forms.Form):
    """Done, or (without `done`) not done after all."""

    done = forms.BooleanField(required=False)
