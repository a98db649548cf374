"""Whose portfolio to export: one learner's, or a whole cohort's."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portfolio.models import Portfolio


class LearnerChoice(forms.ModelChoiceField):
    def label_from_instance(self, portfolio: Portfolio) -> str:
        told = [portfolio.registration_number, portfolio.cohort]
        more = ", ".join(part for part in told if part)
        return f"{portfolio.learner.name} ({more})" if more else portfolio.learner.name


class LearnerForm(forms.Form):
    portfolio = LearnerChoice(
        label=_("Learner"), queryset=Portfolio.objects.none(), empty_label=_("Choose a learner")
    )

    def __init__(self, *args: Any, portfolios: QuerySet[Portfolio], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = portfolios.select_related("learner", "centre")
        field = cast(LearnerChoice, self.fields["portfolio"])
        field.queryset = chosen.order_by("learner__name", "pk")


class CohortForm(forms.Form):
    cohort = forms.ChoiceField(
        label=_("Cohort"), help_text=_("Each learner of the cohort gets a PDF of their own.")
    )

    def __init__(self, *args: Any, portfolios: QuerySet[Portfolio], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = portfolios.exclude(cohort="").order_by("cohort")
        cohorts = named.values_list("cohort", flat=True).distinct()
        field = cast(forms.ChoiceField, self.fields["cohort"])
        field.choices = [("", _("Choose a cohort")), *((each, each) for each in cohorts)]
