"""What somebody wants to have hidden, as it comes from a page: with a script or without."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portfolio.actions.redactions import MAX_REASON
from portfolio.anchors.typed import seconds_of
from portfolio.hiding import words
from portfolio.hiding.kinds import Way, way_of
from portfolio.hiding.marks import MOST, Mark, checked
from portfolio.models import EvidenceFile, EvidenceVersion

BOX = ("page", "x", "y", "width", "height")
RANGE = ("begins", "ends")
PER_CENT = 100
SPARE_ROWS = 3
MAX_WORDS = 4000


class HideForm(forms.Form):
    """Rows of numbers (boxes in per cent of the page, times as on a clock), and words."""

    words = forms.CharField(
        label=_("Words to hide"),
        required=False,
        max_length=MAX_WORDS,
        help_text=_("One name or phrase a line. It is hidden wherever it stands."),
        widget=forms.Textarea(attrs={"rows": 4, "data-words": True}),
    )

    def __init__(self, data: Any = None, *, way: Way) -> None:
        super().__init__(data)
        self.way = way
        if way in (Way.PICTURE, Way.RECORDING):
            del self.fields["words"]
        if way == Way.PAGES:
            self.fields["words"].label = _("Or words to hide")
            self.fields["words"].help_text = _(
                "One name or phrase a line. A box is put over it wherever it stands."
            )

    @property
    def names(self) -> Sequence[str]:
        """What a row asks for."""
        if self.way == Way.PAGES:
            return BOX
        return {Way.PICTURE: BOX[1:], Way.RECORDING: RANGE}.get(self.way, ())

    def rows(self) -> list[dict[str, str]]:
        """As they were typed; empty ones are none."""
        if not self.is_bound or not self.names:
            return []
        lists = [self.data.getlist(name)[:MOST] for name in self.names]
        rows = (dict(zip(self.names, row, strict=True)) for row in zip(*lists, strict=False))
        return [row for row in rows if any(value.strip() for value in row.values())]

    def spare_rows(self) -> list[dict[str, str]]:
        return [{}] * SPARE_ROWS if self.names else []

    def phrases(self) -> list[str]:
        lines = self.cleaned_data.get("words", "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def marks(self) -> list[Mark]:
        read = _times if self.way == Way.RECORDING else _fractions
        return [read(row) for row in self.rows()]


class HideInFileForm(HideForm):
    name = forms.CharField(
        label=_("Name of the file"),
        required=False,
        max_length=200,
        help_text=_("Change it if it names somebody."),
    )

    def __init__(self, data: Any = None, *, file: EvidenceFile) -> None:
        way = way_of(file.blob)
        super().__init__(data, way=way or Way.WORDS)
        self.file = file
        self.fields["name"].initial = file.name

    def checked_marks(self) -> list[Mark]:
        marks = self.marks()
        if self.way == Way.WORDS:
            marks = words.marks_of(words.text_in(self.file.blob), self.phrases())
        elif self.way == Way.PAGES and self.phrases():
            marks += words.boxes_of(self.file, self.phrases())
        return checked(self.file, marks)


class HideInAccountForm(HideForm):
    def __init__(self, data: Any = None, *, version: EvidenceVersion) -> None:
        super().__init__(data, way=Way.WORDS)
        self.version = version

    def checked_marks(self) -> list[Mark]:
        marks = words.marks_of(self.version.account, self.phrases())
        if not marks:
            raise ValidationError(_("Write at least one word to hide."))
        return marks


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you need the original?"),
        max_length=MAX_REASON,
        help_text=_("It is kept on record, with your name and the time."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why you need the original.")},
    )


def _fractions(row: dict[str, str]) -> dict[str, Any]:
    marks: dict[str, Any] = {}
    for name, text in row.items():
        number = text.strip().replace(",", ".").rstrip("% ")
        try:
            value = float(number)
        except ValueError:
            raise ValidationError(
                _("Fill in every number of a box, such as 12.5, or none of them.")
            ) from None
        marks[name] = value if name == "page" else value / PER_CENT
    return marks


def _times(row: dict[str, str]) -> dict[str, Any]:
    return {name: seconds_of(text) for name, text in row.items()}
