"""Where an invited person arrives, and what an admin can do about an invitation."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import actions
from accounts.forms import refusals_on
from accounts.forms.people import ChoosePasswordForm, InviteForm
from accounts.models import Invitation
from accounts.permissions import can_invite

BACKEND = f"{AuthenticationBackend.__module__}.{AuthenticationBackend.__qualname__}"


@method_decorator(
    [login_not_required, never_cache, sensitive_post_parameters("password", "again")],
    name="dispatch",
)
class InvitationView(View):
    """The link of the e-mail: choose a password, and be signed in."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        invitation = self._open(token)
        if invitation is None:
            return render(request, "accounts/invitation_gone.html", status=410)
        return self._page(request, invitation, ChoosePasswordForm(user=invitation.user))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        invitation = self._open(token)
        if invitation is None:
            return render(request, "accounts/invitation_gone.html", status=410)
        form = ChoosePasswordForm(request.POST, user=invitation.user)
        if not form.is_valid():
            return self._page(request, invitation, form, status=422)
        user = actions.accept_invitation(token=token, password=form.cleaned_data["password"])
        login(request, user, backend=BACKEND)
        request.session.set_expiry(0)
        return redirect("home")

    def _open(self, token: str) -> Invitation | None:
        return Invitation.objects.open_for(token).select_related("centre", "user").first()

    def _page(
        self,
        request: HttpRequest,
        invitation: Invitation,
        form: ChoosePasswordForm,
        status: int = 200,
    ) -> HttpResponse:
        context = {"invitation": invitation, "form": form}
        return render(request, "accounts/invitation.html", context, status=status)


def invite(request: HttpRequest) -> HttpResponse:
    if not can_invite(request.user, request.centre):
        raise PermissionDenied
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            actions.invite(centre=request.centre, by=request.user, **form.cleaned_data)
            messages.success(request, _will_be_sent(form.cleaned_data["email"]))
            return redirect("accounts:people", centre=request.centre.slug)
    status = 422 if form.is_bound else 200
    return render(request, "accounts/invite.html", {"form": form}, status=status)


@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = _visible(request, pk)
    actions.resend_invitation(invitation=invitation, by=request.user)
    messages.success(request, _will_be_sent(invitation.user.email))
    return redirect("accounts:person", centre=request.centre.slug, pk=invitation.user_id)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = _visible(request, pk)
    actions.withdraw_invitation(invitation=invitation, by=request.user)
    messages.success(request, _("The invitation is taken back: its link opens nothing now."))
    return redirect("accounts:people", centre=request.centre.slug)


def _visible(request: HttpRequest, pk: int) -> Invitation:
    visible = Invitation.objects.visible_to(request.user).in_centre(request.centre)
    return get_object_or_404(visible.select_related("centre", "user"), pk=pk)


def _will_be_sent(email: str) -> str:
    # The same words whether or not the address has an account somewhere.
    return _("An e-mail is on its way to %(email)s.") % {"email": email}
