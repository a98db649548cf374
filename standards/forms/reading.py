"""Where a text comes in, and which editions a guide serves."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.forms import SeveralRows
from files.handlers import StoredUpload
from standards.models import Edition
from standards.nos.source import MAX_PDF_BYTES


class ReadForm(forms.Form):
    text = forms.CharField(
        label=_("Paste the text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
        help_text=_("Copy the whole page of the standard, headings and all."),
    )
    file = forms.FileField(
        label=_("Or choose a file"),
        required=False,
        allow_empty_file=True,
        help_text=_("A text file, or a PDF whose text can be selected."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.one_of_two = True  # neither is "(optional)" by itself

    def clean_file(self) -> UploadedFile | None:
        file = self.cleaned_data["file"]
        if isinstance(file, StoredUpload) and file.refusal:
            raise file.refusal
        if file and file.size > MAX_PDF_BYTES:
            raise ValidationError(_("This file is larger than 25 MB, far longer than a standard."))
        return file

    def clean(self) -> dict[str, Any]:
        text, file = self.cleaned_data.get("text", ""), self.cleaned_data.get("file")
        if not self.errors and bool(text.strip()) == bool(file):
            raise ValidationError(_("Paste a text or choose a file: one of the two."))
        return self.cleaned_data


class ServesForm(forms.Form):
    editions = SeveralRows(
        label=_("Editions"),
        queryset=Edition.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whoever works on one of these sees the guide, and is assessed by its points."),
    )

    def __init__(self, *args: Any, editions: QuerySet[Edition], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["editions"].queryset = editions


class RevisionForm(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput)
