from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import NoticeChoice


class ChoiceForm(forms.Form):
    mail = forms.ChoiceField(
        label=_("When do you want an e-mail?"),
        choices=NoticeChoice.Mail.choices,
        widget=forms.RadioSelect,
    )
