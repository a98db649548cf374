"""The shape of what a learner fills in."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.forms import SeveralRows
from files.models import Upload
from files.quota import Room
from files.templatetags.sizes import plain_size
from portfolio.actions.evidence import MAX_ACCOUNT
from portfolio.actions.personal_data import MAX_NOTE
from portfolio.forms_days import PastDay
from portfolio.models import (
    EvidenceFile,
    EvidenceVersion,
    Method,
    PersonalData,
)

METHOD_HELP = {
    Method.OBSERVATION: _("Your assessor watched you do it and wrote down what they saw."),
    Method.WORK_PRODUCT: _("Something you made or used at work: an e-mail, a form, a photo."),
    Method.QUESTIONING: _("Questions you were asked and the answers you gave."),
    Method.DISCUSSION: _("A planned talk with your assessor about your work, often recorded."),
    Method.WITNESS: _("Somebody you work with says what they saw you do."),
    Method.EXPERT_WITNESS: _("The same, from somebody your centre approved for this unit."),
    Method.ACCOUNT: _("You write or say what you did, why, and what came of it."),
    Method.CASE_STUDY: _("You work through an example that was given to you."),
    Method.SIMULATION: _("You showed it in a set-up situation, not in your real work."),
    Method.PRIOR_LEARNING: _("Something you learned or did before you began this unit."),
}


FILES_HELP = _(
    "Photos, documents, recordings or e-mails. You can add several at once, each up to "
    "%(largest)s. You have room for %(left)s more."
)


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class SentFiles(forms.Field):
    """Files as they came; each is looked at by `files.actions.receive`, which says why not."""

    widget = SeveralFiles

    def clean(self, value: Any) -> list[UploadedFile]:
        return [file for file in value or [] if file]


class PeopleForm(forms.Form):
    """Other people in the evidence; a draft may leave it open."""

    personal_data = forms.ChoiceField(
        label=_("Can anybody else be recognised in it?"),
        required=False,
        choices=PersonalData.choices,
        help_text=_(
            "Think of faces, voices, names, number plates and customers' details, in your words "
            "and in your files. You can hide them after you save. You need to answer before you "
            "submit."
        ),
        widget=forms.RadioSelect,
    )
    permission_note = forms.CharField(
        label=_("Who agreed, and how do you know?"),
        required=False,
        max_length=MAX_NOTE,
        help_text=_("Needed if they agreed to it. It is kept with the evidence."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def answer(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("personal_data", "permission_note")}


class EvidenceForm(PeopleForm):
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        help_text=_("A few words to find it by, such as “Call with an unhappy customer”."),
    )
    method = forms.ChoiceField(
        label=_("How does it show what you can do?"),
        choices=[("", _("Choose one")), *Method.choices],
    )
    gathered_on = PastDay(
        label=_("Date of the work"),
        help_text=_("The day you did it. If it took longer, the last day."),
        error_messages={"to_come": _("The date of the work can't be in the future.")},
    )
    account = forms.CharField(
        label=_("What did you do?"),
        required=False,
        max_length=MAX_ACCOUNT,
        help_text=_(
            "What you did, why you did it that way, and what came of it. Start a line with - for "
            "a list, or put **two stars** around words to make them bold."
        ),
        widget=forms.Textarea(attrs={"rows": 10, "data-account-editor": True}),
    )
    files = SentFiles(
        label=_("Files"),
        required=False,
        widget=SeveralFiles(attrs={"multiple": True}),
    )
    uploads = SeveralRows(
        queryset=Upload.objects.none(),
        required=False,
        widget=forms.MultipleHiddenInput,
        error_messages={
            "invalid_choice": _("One of your files is not here any more. Please choose it again.")
        },
    )
    take_out = SeveralRows(
        label=_("Take files out"),
        queryset=EvidenceFile.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        uploads: Any,
        centre: Any,
        room: Room,
        version: EvidenceVersion | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        self.fields["uploads"].queryset = uploads
        if version:
            self.fields["take_out"].queryset = version.files.all()
        self.fields["files"].help_text = FILES_HELP % {
            "largest": plain_size(settings.MAX_UPLOAD_BYTES),
            "left": plain_size(room.left),
        }
        self.fields["files"].widget.attrs |= {
            "data-upload-url": reverse("files:transfers", kwargs={"centre": centre.slug}),
            "data-upload-field": "uploads",
            "data-upload-max": settings.MAX_UPLOAD_BYTES,
            "data-upload-room": room.left,
        }

    def description(self) -> dict[str, Any]:
        """What the action wants to know about the evidence itself."""
        names = ("title", "method", "gathered_on", "account")
        return {name: self.cleaned_data[name] for name in names} | self.answer()


def initial_of(version: EvidenceVersion) -> dict[str, Any]:
    names = ("title", "method", "gathered_on", "account", "personal_data", "permission_note")
    return {name: getattr(version, name) for name in names}
