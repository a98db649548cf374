"""The centre's side: enrolling learners, allocating assessors, reading lists of learners."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import ASSESSING, Centre, Role, User
from portfolio.forms_days import day_input
from portfolio.learners_csv import MAX_BYTES, Table, Unreadable, decode, read
from portfolio.models import Enrolment, Portfolio
from standards.models import Edition
from standards.templatetags.standards import partial_date


class EditionField(forms.ModelChoiceField):
    def label_from_instance(self, edition: Edition) -> str:
        name = f"{edition.standard.urn} {edition.title}"
        if not edition.approved_on:
            return name
        return _t("%(name)s (approved %(date)s)") % {
            "name": name,
            "date": partial_date(edition.approved_on),
        }

    def offer(self, centre: Centre) -> None:
        """Every unit that the centre may put learners on."""
        published = Edition.objects.in_centre(centre).published().select_related("standard")
        self.queryset = published.defer("source_text", "metadata")


class EnrolForm(forms.Form):
    email = forms.EmailField(
        label=_("The learner's e-mail address"),
        widget=forms.EmailInput(attrs={"list": "new-learners", "autocomplete": "off"}),
    )
    edition = EditionField(
        label=_("Unit"), queryset=Edition.objects.none(), empty_label=_("Choose a unit")
    )
    started_on = forms.DateField(
        label=_("Started on"), initial=timezone.localdate, widget=day_input()
    )
    registration_number = forms.CharField(
        label=_("Registration number"),
        max_length=60,
        required=False,
        help_text=_("Leave it empty to keep the one we have."),
    )
    cohort = forms.CharField(
        label=_("Cohort"),
        max_length=80,
        required=False,
        help_text=_("Leave it empty to keep the one we have."),
    )

    def __init__(self, *args: Any, centre: Centre, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.centre = centre
        self.fields["edition"].offer(centre)

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        learners = User.objects.filter(memberships__centre=self.centre)
        self.learner = learners.filter(email=email, memberships__role=Role.LEARNER).first()
        if self.learner is None:
            raise ValidationError(
                _("No learner at your centre has this address. Invite them under “People” first.")
            )
        return email

    def wanted(self) -> dict[str, Any]:
        """What the action asks for."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "email"}
        return {**data, "learner": self.learner}


class DetailsForm(forms.ModelForm):
    class Meta:
        model = Portfolio
        fields = ["registration_number", "cohort"]


class AllocateForm(forms.Form):
    assessor = forms.ModelChoiceField(
        label=_("Assessor"), queryset=User.objects.none(), empty_label=_("Choose an assessor")
    )

    def __init__(self, *args: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        portfolio = enrolment.portfolio
        assessing = User.objects.filter(
            is_active=True,
            memberships__centre=portfolio.centre_id,
            memberships__role__in=ASSESSING,
        )
        has_it = enrolment.allocations.filter(ended_at=None).values("assessor")
        free = assessing.exclude(pk=portfolio.learner_id).exclude(pk__in=has_it)
        self.fields["assessor"].queryset = free.distinct()


class LearnerListForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv,text/plain"}),
    )
    text = forms.CharField(
        label=_("Or paste the rows here, with the heading row"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "source-text"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.one_of_two = True  # neither is "(optional)" by itself

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        file, text = data.get("file"), data.get("text", "")
        if bool(file) == bool(text.strip()):
            raise ValidationError(_("Choose a file or paste rows: one of the two."))
        field = "file" if file else "text"
        try:
            self.table: Table = read(_text_of(file) if file else text)
        except Unreadable as refusal:
            self.add_error(field, refusal)
        return data


def _text_of(file: UploadedFile) -> str:
    if getattr(file, "refusal", None):
        raise Unreadable(file.refusal.messages)
    return decode(file.read(MAX_BYTES + 1))
