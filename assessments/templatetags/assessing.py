"""What only the assessor's pages need in their templates."""

from typing import NamedTuple

from django import template
from django.forms import BaseForm
from django.utils.translation import gettext

from assessments.workflow import SignOffStatus

register = template.Library()


class Problem(NamedTuple):
    sentence: str
    anchor: str


@register.filter
def problems_of(form: BaseForm | None) -> list[Problem]:
    """What refuses a decision, each with the place on the page that its code names."""
    if form is None:
        return []
    return [
        Problem(error.messages[0], _anchor(error.code))
        for errors in form.errors.as_data().values()
        for error in errors
    ]


def _anchor(code: str | None) -> str:
    if code and code.startswith("claim-"):
        return code
    return "id_personal_data_0" if code == "personal-data" else "id_feedback"


@register.filter
def sign_off_state(status: str) -> str:
    """The state's look; a refused countersignature looks like a return."""
    return "returned" if status == SignOffStatus.REFUSED else status


@register.filter
def sign_off_word(status: str) -> str:
    """What to say instead of the look's own word."""
    return gettext("Not countersigned") if status == SignOffStatus.REFUSED else ""
