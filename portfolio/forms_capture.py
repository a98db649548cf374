"""The shape of what a device sends from its outbox."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.forms import SeveralRows
from files.models import Upload
from portfolio.actions.evidence import MAX_ACCOUNT
from portfolio.models import Enrolment, Method

MAX_TITLE = 200
SENSIBLE_YEARS = range(2000, 2200)


class CaptureForm(forms.Form):
    capture_id = forms.UUIDField(label=_("Number of the capture"))
    user = forms.IntegerField(label=_("Account"))
    title = forms.CharField(label=_("Title"), required=False, max_length=MAX_TITLE)
    # A unit that was closed while the phone had no signal is no reason to refuse what it holds.
    unit = forms.IntegerField(required=False)
    text = forms.CharField(label=_("What happened"), required=False, max_length=MAX_ACCOUNT)
    captured_at = forms.DateTimeField(label=_("Captured"))
    uploads = SeveralRows(
        queryset=Upload.objects.none(),
        required=False,
        error_messages={"invalid_choice": _("One of the files did not arrive. Send it again.")},
    )

    def __init__(
        self, *args: Any, uploads: QuerySet[Upload], units: QuerySet[Enrolment], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["uploads"].queryset = uploads
        self.units = units

    @property
    def identity(self) -> Any:
        """The capture's number; nothing if it makes no sense, which `is_valid` says."""
        try:
            return self.fields["capture_id"].clean(self.data.get("capture_id"))
        except ValidationError:
            return None

    def clean_captured_at(self) -> Any:
        """A phone whose clock went wrong, as with an empty battery, still has its capture."""
        moment = self.cleaned_data["captured_at"]
        return moment if moment.year in SENSIBLE_YEARS else timezone.now()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not (cleaned["uploads"] or cleaned["text"]):
            self.add_error(None, _("There is nothing in this capture."))
        return cleaned

    def evidence(self) -> dict[str, Any]:
        """What the action wants to know; the learner says the rest when she claims."""
        said = self.cleaned_data
        return {
            "capture_id": said["capture_id"],
            "title": self._title(),
            "method": Method.WORK_PRODUCT if said["uploads"] else Method.ACCOUNT,
            "gathered_on": min(self._moment().date(), timezone.localdate()),
            "account": said["text"],
            "uploads": list(said["uploads"]),
        }

    def _moment(self) -> Any:
        return timezone.localtime(self.cleaned_data["captured_at"])

    def _title(self) -> str:
        """The unit's code comes first, so that she finds it when she claims."""
        said = self.cleaned_data
        moment = format_date(self._moment(), "j M Y, H:i")
        title = said["title"] or _t("Captured %(moment)s") % {"moment": moment}
        unit = self.units.filter(pk=said["unit"]).first() if said["unit"] else None
        return f"{unit.edition.standard.urn}: {title}"[:MAX_TITLE] if unit else title
