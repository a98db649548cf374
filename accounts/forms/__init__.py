"""Forms, and how what an action refuses gets back onto them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet


class SeveralRows(forms.ModelMultipleChoiceField):
    """Rows by id; an id larger than SQLite can hold is simply no choice."""

    def clean(self, value: Any) -> QuerySet:
        try:
            return super().clean(value)
        except OverflowError as error:
            sentence = self.error_messages["invalid_choice"]
            raise ValidationError(sentence, "invalid_choice", {"value": "…"}) from error


@contextmanager
def refusals_on(form: forms.BaseForm) -> Iterator[None]:
    """A ValidationError of the action becomes an error of the form, to be shown with 422."""
    try:
        yield
    except ValidationError as refusal:
        form.add_error(None, ValidationError(refusal.messages))
