"""Asking a witness, approving an expert, and what the witness fills in."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import SeveralRows
from accounts.models import Centre
from portfolio.actions.experts import LONGEST_COMPETENCE
from portfolio.actions.witnesses import LONGEST_LINE, LONGEST_MESSAGE, LONGEST_STATEMENT
from portfolio.forms_admin import EditionField
from portfolio.forms_days import PastDay
from portfolio.models import Enrolment, WitnessInvitation
from standards.models import Criterion, Edition


class CriteriaField(SeveralRows):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, criterion: Criterion) -> str:
        text = f"{criterion.code} {criterion.text}"
        return f"{text} {'; '.join(criterion.subitems)}" if criterion.subitems else text


class AskWitnessForm(forms.Form):
    name = forms.CharField(label=_("Their name"), max_length=150)
    email = forms.EmailField(
        label=_("Their e-mail address"),
        help_text=_("We send the link here. Use an address that only this person reads."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    message = forms.CharField(
        label=_("What should they write about?"),
        max_length=LONGEST_MESSAGE,
        help_text=_("Which piece of work it was, and when, so that they know what you mean."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    criteria = CriteriaField(
        label=_("Which criteria could they have seen?"),
        queryset=Criterion.objects.none(),
        help_text=_("They see the words of these criteria and say which ones they saw."),
        error_messages={"required": _("Choose at least one criterion.")},
    )
    as_expert = forms.BooleanField(
        label=_("As an expert witness"),
        required=False,
        help_text=_("Only if your centre has approved this person for this unit."),
    )

    def __init__(self, *args: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["criteria"].queryset = enrolment.edition.criteria.all()

    def wanted(self) -> dict[str, Any]:
        """What the action asks for."""
        return {**self.cleaned_data, "criteria": list(self.cleaned_data["criteria"])}


class ExpertForm(forms.Form):
    name = forms.CharField(label=_("Their name"), max_length=150)
    email = forms.EmailField(
        label=_("Their e-mail address"), help_text=_("Their link is sent to this address alone.")
    )
    edition = EditionField(
        label=_("Unit"), queryset=Edition.objects.none(), empty_label=_("Choose a unit")
    )
    competence = forms.CharField(
        label=_("Why are they competent in this work?"),
        max_length=LONGEST_COMPETENCE,
        help_text=_("Their job, what they are qualified in, and how you checked it."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, centre: Centre, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["edition"].offer(centre)


class TestimonyForm(forms.Form):
    __test__ = False  # pytest takes the name for a test

    relationship = forms.CharField(
        label=_("How do you know the learner?"),
        max_length=LONGEST_LINE,
        help_text=_("Such as “I am her supervisor” or “I was his customer”."),
    )
    job = forms.CharField(
        label=_("What is your job?"),
        max_length=LONGEST_LINE,
        help_text=_("And where you do it."),
    )
    seen_on = PastDay(
        label=_("When did you see it?"),
        help_text=_("If it was more than one day, the last of them."),
    )
    statement = forms.CharField(
        label=_("What did you see?"),
        max_length=LONGEST_STATEMENT,
        help_text=_(
            "In your own words: what was done, how, and what came of it. Leave out the names of "
            "customers and other people."
        ),
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    criteria = CriteriaField(
        label=_("Which of these did you see?"),
        queryset=Criterion.objects.none(),
        help_text=_("Tick only what you saw yourself."),
        error_messages={"required": _("Tick at least one.")},
    )

    def __init__(self, *args: Any, invitation: WitnessInvitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["criteria"].queryset = invitation.criteria.all()

    def said(self) -> dict[str, Any]:
        """What the action asks for."""
        return {**self.cleaned_data, "criteria": self.named()}

    def named(self) -> Sequence[Criterion]:
        return list(self.cleaned_data["criteria"])

    def hidden(self) -> list[str]:
        """Every answer as a hidden field, for the page that reads it back."""
        return [field.as_hidden() for field in self]


class ConfirmForm(forms.Form):
    declared = forms.BooleanField(
        label=_("I confirm this."),
        error_messages={"required": _("Tick this to confirm, or go back and change it.")},
    )
