from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import actions
from accounts.forms import refusals_on
from accounts.forms.people import RoleForm
from accounts.lists import answer
from accounts.models import Membership, User
from accounts.people import list_of, people_of, standing
from accounts.permissions import can_revoke_role, can_see_people


def people(request: HttpRequest) -> HttpResponseBase:
    listing = list_of(request, _people_seen(request))
    for person in listing.page_obj:
        person.standing = standing(person)
    return answer(listing, "accounts/people.html")


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
