"""Forms, and how what an action refuses gets back onto them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.core.exceptions import ValidationError


@contextmanager
def refusals_on(form: forms.BaseForm) -> Iterator[None]:
    """A ValidationError of the action becomes an error of the form, to be shown with 422."""
    try:
        yield
    except ValidationError as refusal:
        form.add_error(None, ValidationError(refusal.messages))
