"""Shapes and widgets of the assessor's pages."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from assessments.earned import Earned
from assessments.models import ActionPoint, Judgement, PersonalDataCheck
from assessments.requirements import Imports
from portfolio.forms_days import day_input
from portfolio.models import Claim, EvidenceVersion
from standards.models import MarkingPoint

SHORT = {"rows": 2}
LONGEST_ID = 18  # digits


class Revised(forms.Form):
    """Which saving of a draft the page showed, so that an older page does not write over it."""

    revision = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


class TicksInput(forms.SelectMultiple):
    """None from a page that shows no ticks: an empty list would take all of them away."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        shown = f"{name}-shown" in data
        return super().value_from_datadict(data, files, name) if shown else None


class TicksField(forms.Field):
    widget = TicksInput

    def to_python(self, value: Any) -> list[int] | None:
        if value is None:
            return None
        if not all(each.isdecimal() and len(each) < LONGEST_ID for each in value):
            raise forms.ValidationError(_("Choose from the marking points of this unit."))
        return [int(each) for each in value]


class JudgementForm(Revised, forms.ModelForm):
    """One claim on the marking page. A draft may be unfinished, so nothing is required."""

    points = TicksField(required=False)

    class Meta:
        model = Judgement
        fields = ["outcome", *Judgement.VARCS, "reason", "feedback"]
        widgets = {
            "outcome": forms.RadioSelect,
            "reason": forms.Textarea(attrs=SHORT),
            "feedback": forms.Textarea(attrs=SHORT),
        }

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"claim-{claim.pk}-%s", **kwargs)
        self.initial.setdefault("revision", self.instance.revision)
        # No empty choice: a judgement that was begun is not un-begun by a third button.
        self.fields["outcome"].choices = Judgement.Outcome.choices

    def varcs(self) -> list[forms.BoundField]:
        return [self[name] for name in Judgement.VARCS]


class FeedbackForm(Revised):
    """What the learner is told about the whole of it. Required by the decision, not by a draft."""

    feedback = forms.CharField(
        label=_("Feedback to the learner"),
        help_text=_("Say what was good, and what to do next. It is sent with your decision."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class DecisionForm(FeedbackForm):
    """What goes with a decision: the feedback, and the second look for other people."""

    personal_data = forms.ChoiceField(
        label=_("Can anybody be recognised who did not agree to it?"),
        help_text=_("Look at faces, voices, names and number plates."),
        choices=PersonalDataCheck.choices,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )


class ActionPointForm(forms.ModelForm):
    class Meta:
        model = ActionPoint
        fields = ["text", "due_on"]
        widgets = {"due_on": day_input()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="action-%s", **kwargs)


class SignatureForm(forms.Form):
    """A declaration and one's own password again; a wrong one counts as a failed sign-in."""

    declared = forms.BooleanField(
        label=_("I declare this."),
        error_messages={"required": _("Tick this to declare it.")},
    )
    password = forms.CharField(
        label=_("Your password"),
        help_text=_("We ask again, so that nobody can sign in your name."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password.")},
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password(self) -> str:
        # Through the sign-in's own door: django-axes counts failures there and locks in time.
        given = self.cleaned_data["password"]
        user = authenticate(self.request, email=self.request.user.email, password=given)
        if user != self.request.user:
            raise forms.ValidationError(_("This is not your password."))
        return given


class RefusalForm(SignatureForm):
    reason = forms.CharField(
        label=_("Why not"),
        help_text=_("Your colleague reads this, and it stays on record."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why you do not countersign.")},
    )
    field_order = ["reason", "password"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="refusal-%s", **kwargs)
        del self.fields["declared"]


class SignOffForm(SignatureForm):
    """Each marking point with the evidence that may earn it, then the signature."""

    personal_data_checked = forms.BooleanField(
        label=_(
            "I looked through the evidence that this unit relies on: it shows nobody who did not"
            " agree to it."
        ),
        error_messages={
            "required": _("Look for other people in the evidence, and tick that you did.")
        },
    )

    def __init__(
        self,
        *args: Any,
        points: Iterable[MarkingPoint],
        versions: Sequence[tuple[EvidenceVersion, str]],
        imports: Sequence[Imports] = (),
        all_points: bool = True,
        earned: Mapping[int, Sequence[Earned]] = MappingProxyType({}),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.points = list(points)
        choices = [(version.pk, label) for version, label in versions]
        # An imported decision stands below zero among the choices, where no version is.
        choices += [(-each.pk, _("Imported: %s") % each.words) for each in imports]
        for point in self.points:
            self.fields[self._name(point)] = forms.TypedMultipleChoiceField(
                label=f"{point.number}. {point.text}",
                choices=choices,
                coerce=int,
                required=all_points,
                initial=[each.version for each in earned.get(point.pk, ())],
                help_text=self._where(earned.get(point.pk, ())),
                widget=forms.CheckboxSelectMultiple,
                error_messages={"required": _("Name the evidence that earns this point.")},
            )
        names = [*map(self._name, self.points), "personal_data_checked", "declared", "password"]
        self.order_fields(names)

    @staticmethod
    def _where(earned: Sequence[Earned]) -> str:
        if not earned:
            return ""
        return _("Earned in %s.") % "; ".join(each.words for each in earned)

    @staticmethod
    def _name(point: MarkingPoint) -> str:
        return f"point-{point.pk}"

    def point_fields(self) -> list[forms.BoundField]:
        return [self[self._name(point)] for point in self.points]

    def credits(self) -> dict[int, list[int]]:
        """By marking point, the versions that earn it."""
        return {point.pk: [pk for pk in self._chosen(point) if pk > 0] for point in self.points}

    def imported(self) -> dict[int, list[int]]:
        """By marking point, the imported decisions that do."""
        return {point.pk: [-pk for pk in self._chosen(point) if pk < 0] for point in self.points}

    def _chosen(self, point: MarkingPoint) -> list[int]:
        return self.cleaned_data[self._name(point)]
