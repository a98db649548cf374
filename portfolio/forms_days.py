"""Days, as forms ask for them."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def day_input() -> forms.DateInput:
    """The browser's own calendar, which wants a day written this way."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PastDay(forms.DateField):
    """A day that has come; the calendar ends today."""

    widget = day_input()
    default_error_messages = {"to_come": _("This day has not come yet.")}

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> Any:
        self.widget.attrs["max"] = timezone.localdate().isoformat()
        return super().get_bound_field(form, field_name)

    def validate(self, value: datetime.date | None) -> None:
        super().validate(value)
        if value and value > timezone.localdate():
            raise ValidationError(self.error_messages["to_come"], "to_come")
