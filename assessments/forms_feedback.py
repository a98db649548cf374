"""Shapes of what assessors say beside their judgements: comments, places and the bank."""

import json
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.actions.comments import LONGEST as LONGEST_COMMENT
from assessments.forms import Revised
from assessments.models import FeedbackPhrase, PersonalDataCheck
from assessments.phrases import PLACEHOLDERS
from portfolio.anchors.ground import Ground
from portfolio.anchors.selectors import unreadable
from portfolio.anchors.typed import FIELDS, PARTS, place_from
from portfolio.models import Anchor, EvidenceVersion

LONGEST_PLACE = 10_000  # letters of JSON
LONGEST_TYPED = 3_000


class PlaceForm(forms.Form):
    """An exact place: as JSON from a page where it was marked (`place`), or typed into plain
    fields."""

    place = forms.CharField(required=False, max_length=LONGEST_PLACE, widget=forms.HiddenInput)

    def __init__(self, *args: Any, version: EvidenceVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["place"] = self._marked(cleaned.get("place", "")) or self._typed()
        if not cleaned["place"]:
            raise ValidationError(_("Say which place you mean."))
        return cleaned

    def typed(self) -> dict[str, str]:
        sent = {name: str(self.data.get(name, "")) for name in FIELDS}
        return {name: each[:LONGEST_TYPED].replace("\x00", "") for name, each in sent.items()}

    def _marked(self, text: str) -> dict[str, Any] | None:
        if not text:
            return None
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise unreadable() from error
        if not isinstance(found, dict):
            raise unreadable()
        return found

    def _typed(self) -> dict[str, Any] | None:
        return place_from(self.typed(), Ground(self.version))

    @staticmethod
    def parts() -> list[tuple[str, Any]]:
        """The rough parts of a page that can be chosen instead of drawn."""
        return [(name, words) for name, (words, _box) in PARTS.items()]


class CommentForm(PlaceForm):
    text = forms.CharField(
        label=_("Comment"),
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write your comment.")},
    )


class CommentTextForm(forms.Form):
    text = CommentForm.base_fields["text"]


class ClaimPlaceForm(PlaceForm):
    """One more place of a claim, or another instead of one of those that it has."""

    instead = forms.ModelChoiceField(
        label=_("Is it one more, or instead of another?"),
        queryset=Anchor.objects.none(),
        required=False,
        empty_label=_("One more place"),
        error_messages={"invalid_choice": _("This place is not there any more.")},
    )

    def __init__(self, *args: Any, anchors: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["instead"].queryset = anchors
        self.fields["instead"].label_from_instance = self._label

    @staticmethod
    def _label(anchor: Anchor) -> str:
        return str(_("Instead of %(place)s") % {"place": anchor.named_label})


class PhraseForm(Revised, forms.ModelForm):
    class Meta:
        model = FeedbackPhrase
        fields = ["title", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 5})}
        help_texts = {"title": _("By this name it is found in the list.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("revision", self.instance.revision)
        self.fields["text"].help_text = _("You may use: %(names)s.") % {
            "names": "; ".join(f"{{{name}}} ({words})" for name, words in PLACEHOLDERS.items())
        }

    def validate_constraints(self) -> None:
        """Left to the action, which refuses a second name whoever asks at the same time."""


class InsertForm(forms.Form):
    """Which phrase goes into whose words: a claim's feedback, or that on the whole."""

    phrase = forms.ModelChoiceField(
        label=_("Phrase"),
        queryset=FeedbackPhrase.objects.none(),
        error_messages={
            "required": _("Choose a phrase."),
            "invalid_choice": _("This phrase was retired meanwhile."),
        },
    )
    into = forms.TypedChoiceField(label=_("Into"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, phrases: Any, claims: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phrase"].queryset = phrases
        self.fields["into"].choices = [("", ""), *((pk, pk) for pk in claims)]


class ReviewForm(forms.Form):
    """Which decision is looked at before it goes out."""

    verb = forms.ChoiceField(choices=[("accept", "accept"), ("return", "return")])
    personal_data = forms.ChoiceField(
        choices=[("", ""), *PersonalDataCheck.choices], required=False
    )
