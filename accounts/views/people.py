from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import actions
from accounts.forms import refusals_on
from accounts.forms.people import RoleForm
from accounts.models import Membership, Role, User
from accounts.people import narrowed, people_of, standing
from accounts.permissions import can_revoke_role, can_see_people

A_PAGE = 50
STATES = {
    "active": gettext_lazy("Can sign in"),
    "invited": gettext_lazy("Invited"),
    "expired": gettext_lazy("Can't sign in yet"),
}


def people(request: HttpRequest) -> HttpResponse:
    wanted = {
        "text": request.GET.get("q", "").strip(),
        "role": request.GET.get("role", ""),
        "state": request.GET.get("state", ""),
    }
    found = narrowed(_people_seen(request), request.centre, **wanted)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    for person in page:
        person.standing = standing(person)
    context = {"page_obj": page, "roles": Role.choices, "states": STATES.items(), **wanted}
    return render(request, "accounts/people.html", context)


def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person's roles and invitations; a POST gives one more role."""
    somebody = get_object_or_404(_people_seen(request), pk=pk)
    form = RoleForm(
        request.POST if request.method == "POST" else None,
        held={each.role for each in somebody.held},
    )
    if form.is_valid():
        with refusals_on(form):
            actions.grant_role(
                centre=request.centre, user=somebody, by=request.user, **form.cleaned_data
            )
            messages.success(request, _("The role is added."))
            return redirect("accounts:person", centre=request.centre.slug, pk=pk)
    somebody.standing = standing(somebody)
    for membership in somebody.held:
        membership.removable = can_revoke_role(request.user, membership)
    status = 422 if form.is_bound else 200
    return render(
        request, "accounts/person.html", {"person": somebody, "form": form}, status=status
    )


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Membership.objects.visible_to(request.user).in_centre(request.centre)
    membership = get_object_or_404(visible.select_related("user", "centre"), pk=pk)
    try:
        actions.revoke_role(membership=membership, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The role is taken away."))
    return redirect("accounts:people", centre=request.centre.slug)


def _people_seen(request: HttpRequest) -> QuerySet[User]:
    if not can_see_people(request.user, request.centre):
        raise PermissionDenied
    return people_of(request.centre, Membership.objects.visible_to(request.user))
