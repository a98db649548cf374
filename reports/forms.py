"""What whoever asks for exports chooses, why one is withdrawn, and what a centre decided."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Centre, User
from portfolio.models import Portfolio
from portfolio.permissions import barred_from_hidden
from reports import languages
from reports.actions import MAX_REASON
from reports.bulk.choosing import Wanted, wanted
from reports.limits import MEGABYTE, most_bytes
from reports.models import ExportRules
from reports.options import Options, Paper, Scope
from reports.permissions import can_show_hidden_in
from standards.models import Edition

AREA = forms.Textarea(attrs={"rows": 3})


class OptionsForm(forms.Form):
    """What goes into the PDFs of these portfolios, and how it is printed."""

    scope = forms.ChoiceField(
        label=_("What to export"),
        choices=Scope.choices,
        initial=Scope.WHOLE,
        widget=forms.RadioSelect,
    )
    units = forms.ModelMultipleChoiceField(
        label=_("Units"),
        queryset=Edition.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only where you chose “Only the units you choose”."),
    )
    without_feedback = forms.BooleanField(label=_("Leave feedback out"), required=False)
    without_originals = forms.BooleanField(
        label=_("Leave the original files out of the PDF"),
        required=False,
        help_text=_("The PDF is smaller. Each file is still named with its check sum."),
    )
    paper = forms.ChoiceField(label=_("Paper"), choices=Paper.choices, initial=Paper.A4)
    language = forms.ChoiceField(label=_("Language of the labels"), required=False)
    show_hidden = forms.BooleanField(
        label=_("Show what was hidden"),
        required=False,
        help_text=_("Names and words that were hidden are printed. Only a data lead gets a copy."),
    )
    why = forms.CharField(
        label=_("Why what was hidden has to be shown"),
        required=False,
        max_length=MAX_REASON,
        widget=AREA,
        help_text=_("It is kept on record."),
    )

    def __init__(
        self,
        *args: Any,
        portfolios: Iterable[Portfolio],
        centre: Centre,
        by: User,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.portfolios, self.by = portfolios, by
        units = cast(forms.ModelMultipleChoiceField, self.fields["units"])
        taken = Edition.objects.filter(enrolments__portfolio__in=portfolios).distinct()
        units.queryset = taken.select_related("standard").order_by("standard__urn", "title", "pk")
        self._offer_languages()
        if not can_show_hidden_in(by, centre):
            del self.fields["show_hidden"], self.fields["why"]

    def _offer_languages(self) -> None:
        """Where there is only one, nothing has to be chosen."""
        offered = languages.installed()
        if len(offered) > 1:
            field = cast(forms.ChoiceField, self.fields["language"])
            field.choices, field.initial = offered, Options().language
        else:
            del self.fields["language"]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("scope") == Scope.UNITS and not given.get("units"):
            self.add_error("units", _t("Choose at least one unit."))
        why = given.get("why", "").strip()
        if given.get("show_hidden") and not why:
            self.add_error("why", _t("Say why what was hidden has to be shown."))
        if not self.errors:
            given["options"] = Options(
                scope=Scope(given["scope"]),
                feedback=not given["without_feedback"],
                originals=not given["without_originals"],
                unredacted=why if given.get("show_hidden") else "",
                paper=Paper(given["paper"]),
                language=given.get("language") or Options().language,
            )
        if not self.errors and given.get("show_hidden"):
            self._refuse_barred()
        return given

    def _refuse_barred(self) -> None:
        exported = [each.portfolio for each in self.wanted()]
        if barred := barred_from_hidden(self.by, exported):
            names = ", ".join(each.learner.name for each in barred)
            sentence = _t(
                "What was hidden is not shown to you in your own portfolio or a relative's:"
                " %(names)s. Choose without them, or ask another data lead."
            )
            self.add_error("show_hidden", sentence % {"names": names})

    def wanted(self) -> list[Wanted]:
        """One export each; where units were chosen, of those who take any of them."""
        editions = {edition.pk for edition in self.cleaned_data["units"]}
        return wanted(self.portfolios, self.cleaned_data["options"], editions)


class LearnerChoice(forms.ModelChoiceField):
    def label_from_instance(self, portfolio: Portfolio) -> str:
        told = [portfolio.registration_number, portfolio.cohort]
        more = ", ".join(part for part in told if part)
        return f"{portfolio.learner.name} ({more})" if more else portfolio.learner.name


class LearnerForm(OptionsForm):
    portfolio = LearnerChoice(
        label=_("Learner"), queryset=Portfolio.objects.none(), empty_label=_("Choose a learner")
    )
    field_order = ("portfolio",)

    def __init__(self, *args: Any, portfolios: QuerySet[Portfolio], **kwargs: Any) -> None:
        super().__init__(*args, portfolios=portfolios, **kwargs)
        chosen = portfolios.select_related("learner", "centre")
        field = cast(LearnerChoice, self.fields["portfolio"])
        field.queryset = chosen.order_by("learner__name", "pk")

    def clean(self) -> dict[str, Any]:
        chosen = self.cleaned_data.get("portfolio")
        self.portfolios = [chosen] if chosen else []
        given = super().clean()
        if not self.errors and not self.wanted():
            name = given["portfolio"].learner.name
            self.add_error("units", _t("%(name)s takes none of these units.") % {"name": name})
        return given


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is withdrawn"),
        max_length=MAX_REASON,
        widget=AREA,
        help_text=_("It is kept on record. Whoever checks the export reads only that it is so."),
    )


TOO_MUCH = _(
    "Choose %(limit_value)s MB or less. A larger PDF could not be sent to the page that says"
    " whether it is genuine."
)


class RulesForm(forms.ModelForm):
    class Meta:
        model = ExportRules
        fields = ("file_up_to_mb", "files_up_to_mb")
        labels = {
            "file_up_to_mb": _("Largest file, in MB"),
            "files_up_to_mb": _("All files of one PDF together, in MB"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        can_be_checked = most_bytes() // MEGABYTE
        one = min(200, can_be_checked)
        for name, most in (("file_up_to_mb", one), ("files_up_to_mb", can_be_checked)):
            field = cast(forms.IntegerField, self.fields[name])
            self.fields[name] = forms.IntegerField(
                label=field.label, min_value=0, max_value=most, initial=field.initial
            )
        self.fields["files_up_to_mb"].error_messages["max_value"] = TOO_MUCH


def told(options: Options, portfolio: Portfolio | None = None) -> list[str]:
    """What was chosen, as sentences."""
    said = [str(options.scope.label)]
    if portfolio and options.units:
        taken = portfolio.enrolments.filter(pk__in=options.units)
        said = [", ".join(taken.values_list("edition__title", flat=True))]
    said.append(_t("With feedback") if options.feedback else _t("Without feedback"))
    said.append(
        _t("With the original files inside")
        if options.originals
        else _t("Without the original files")
    )
    said.append(str(options.paper.label))
    offered = dict(languages.installed())
    if len(offered) > 1:
        said.append(str(offered.get(options.language, options.language)))
    if options.unredacted:
        said.append(_t("Shows what was hidden"))
    return said
