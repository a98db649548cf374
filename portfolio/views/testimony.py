"""Where a witness arrives by their link: no account, nothing but what they were asked."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from accounts.forms import refusals_on
from accounts.models import User
from accounts.often import asked_too_often, too_often
from ledger.transitions import TransitionRefused
from portfolio import actions
from portfolio.declarations import CURRENT_WITNESS, wording
from portfolio.forms_witness import ConfirmForm, TestimonyForm
from portfolio.models import WitnessInvitation
from portfolio.permissions import can_be_witness

WRONG_LINKS = 30  # that one place may try in a minute; the right link always opens
MINUTE = 60


@method_decorator(
    [login_not_required, never_cache, sensitive_post_parameters()],
    name="dispatch",
)
class TestimonyView(View):
    """Say it, read it back, confirm it: two steps, each of which works without scripts."""

    __test__ = False  # pytest takes the name for a test

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            answer = super().dispatch(request, *args, **kwargs)
        except TransitionRefused:
            answer = _gone(request, kwargs["token"])
        except PermissionDenied:
            answer = render(request, "portfolio/witness_gone.html", {"own": True}, status=403)
        answer.headers["X-Robots-Tag"] = "noindex, nofollow"
        return answer

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        invitation = _open(request, token)
        return _page(request, invitation, TestimonyForm(invitation=invitation))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        invitation = _open(request, token)
        form = TestimonyForm(request.POST, invitation=invitation)
        step = request.POST.get("step")
        if not form.is_valid():
            return _page(request, invitation, form, status=422)
        if step == "change":
            return _page(request, invitation, form)
        if step != "confirm":
            return _review(request, invitation, form, ConfirmForm())
        return self._confirm(request, invitation, form)

    def _confirm(
        self, request: HttpRequest, invitation: WitnessInvitation, form: TestimonyForm
    ) -> HttpResponse:
        confirmed = ConfirmForm(request.POST)
        if not confirmed.is_valid():
            return _review(request, invitation, form, confirmed, status=422)
        with refusals_on(confirmed):
            actions.give_testimony(
                token=invitation.token(), declared=True, signed_in=_who(request), **form.said()
            )
            return redirect("testimony_given")
        return _review(request, invitation, form, confirmed, status=422)


@login_not_required
@never_cache
@require_GET
def given(request: HttpRequest) -> HttpResponse:
    return render(request, "portfolio/witness_thanks.html")


def _open(request: HttpRequest, token: str) -> WitnessInvitation:
    invitation = actions.invitation_of(token)
    who = _who(request)
    if who and not can_be_witness(who, invitation.enrolment):
        raise PermissionDenied
    return invitation


def _who(request: HttpRequest) -> User | None:
    return request.user if request.user.is_authenticated else None


def _gone(request: HttpRequest, token: str) -> HttpResponse:
    """One page for every link that opens nothing; it says so much more if it was used."""
    if asked_too_often(request, "wrong-witness-links", most=WRONG_LINKS, seconds=MINUTE):
        return too_often(request, seconds=MINUTE)
    used = WitnessInvitation.objects.of(token).exclude(used_at=None).first()
    context = {"given_at": used.used_at if used else None}
    return render(request, "portfolio/witness_gone.html", context, status=410)


def _page(
    request: HttpRequest, invitation: WitnessInvitation, form: TestimonyForm, status: int = 200
) -> HttpResponse:
    context = {"invitation": invitation, "enrolment": invitation.enrolment, "form": form}
    return render(request, "portfolio/witness_testimony.html", context, status=status)


def _review(
    request: HttpRequest,
    invitation: WitnessInvitation,
    form: TestimonyForm,
    confirmed: ConfirmForm,
    status: int = 200,
) -> HttpResponse:
    context = {
        "invitation": invitation,
        "enrolment": invitation.enrolment,
        "form": form,
        "said": form.said(),
        "confirm": confirmed,
        "declaration": wording(CURRENT_WITNESS),
    }
    return render(request, "portfolio/witness_review.html", context, status=status)
