from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class InvitedOnly(DefaultAccountAdapter):
    """Nobody signs up by themselves: a centre invites them."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "This e-mail address and password do not go together. Check both and try again."
        ),
        "enter_current_password": _("This is not the password you use now. Try again."),
        "incorrect_password": _("This is not your password. Try again."),
        "incorrect_code": _("This code is not right. Wait for the next one and try again."),
        "too_many_login_attempts": _(
            "That was too often in a short time. Wait half an hour, then try again."
        ),
        "rate_limited": _("That was too often in a short time. Wait a while, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Wrong passwords are counted by django-axes, for a person at one address, so that a
        stranger elsewhere cannot lock anybody out. allauth's own limit, which this leaves
        out, still guards the codes of the second step."""
