"""allauth's forms in our words, without hints inside the boxes (they vanish when typing)."""

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NEW_TWICE = {"password1": _("New password"), "password2": _("New password, once more")}


class _OurWords:
    labels: ClassVar[dict[str, Promise]] = {}
    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            if name in {"password", "oldpassword"}:
                field.help_text = ""  # the page links to the reset below the button


class SignIn(_OurWords, account.LoginForm):
    labels = {"login": _("E-mail address"), "password": _("Password")}


class AskAgain(_OurWords, account.ReauthenticateForm):
    labels = {"password": _("Your password")}


class ChangePassword(_OurWords, account.ChangePasswordForm):
    labels = {"oldpassword": _("The password you use now"), **NEW_TWICE}


class SetPassword(_OurWords, account.SetPasswordForm):
    labels = NEW_TWICE


class AskForReset(_OurWords, account.ResetPasswordForm):
    labels = {"email": _("E-mail address")}


class ResetPassword(_OurWords, account.ResetPasswordKeyForm):
    labels = NEW_TWICE


class SecondStep(_OurWords, mfa.AuthenticateForm):
    labels = {"code": _("Code from your app, or a recovery code")}


class SecondStepAgain(_OurWords, mfa.ReauthenticateForm):
    labels = {"code": _("Code from your app, or a recovery code")}


class ActivateApp(_OurWords, totp.ActivateTOTPForm):
    labels = {"code": _("The six digits your app shows")}
