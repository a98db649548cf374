"""What the People page asks of the database: a fixed number of queries, however many people."""

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.lists import Choice, Column, Joined, Listing, Words, field, split
from accounts.models import Centre, Invitation, Membership, Role, User

STATES = {
    "active": _("Can sign in"),
    "invited": _("Invited"),
    "expired": _("Can't sign in yet"),
}
COLUMNS = (
    field("name", _("Name"), "name"),
    field("email", _("E-mail address"), "email"),
    Column("roles", _("Roles"), lambda person: ", ".join(_roles(person))),
    Column("state", _("State"), lambda person: STATES[_standing_in_file(person)]),
)


def people_of(centre: Centre, visible: QuerySet[Membership]) -> QuerySet[User]:
    """The centre's people, each with `held` (their roles here) and `invited` (not used yet)."""
    here = Membership.objects.in_centre(centre).order_by("role")
    waiting = Invitation.objects.in_centre(centre).filter(accepted_at=None, withdrawn_at=None)
    return User.objects.filter(pk__in=visible.in_centre(centre).values("user")).prefetch_related(
        Prefetch("memberships", queryset=here, to_attr="held"),
        Prefetch("invitations", queryset=waiting, to_attr="invited"),
    )


def list_of(request: HttpRequest, people: QuerySet[User]) -> Listing:
    centre = request.centre
    return Listing(
        request=request,
        name="people",
        caption=_("People"),
        columns=COLUMNS,
        row="accounts/_person_row.html",
        every=people,
        filters=[
            Words("q", _("Name or e-mail address"), ("name", "email")),
            Choice(
                "role",
                _("Role"),
                Role.choices,
                lambda rows, value: rows.filter(
                    memberships__centre=centre, memberships__role=value
                ),
            ),
            Choice(
                "state",
                _("State"),
                list(STATES.items()),
                lambda rows, value: _in_state(rows, value, centre),
                is_lenient=True,
            ),
        ],
        order=("name", "pk"),
        in_file=lambda rows: _for_file(rows, centre),
    )


def _open_links(centre: Centre) -> QuerySet[Invitation]:
    return Invitation.objects.in_centre(centre).filter(
        accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
    )


def _in_state(people: QuerySet[User], state: str, centre: Centre) -> QuerySet[User]:
    joined = User.objects.joined()
    if state == "active":
        return people.filter(pk__in=joined)
    links = _open_links(centre).values("user")
    waiting = people.exclude(pk__in=joined)
    return waiting.filter(pk__in=links) if state == "invited" else waiting.exclude(pk__in=links)


def _for_file(people: QuerySet[User], centre: Centre) -> QuerySet[User]:
    here = Membership.objects.in_centre(centre).filter(user=OuterRef("pk"))
    roles = here.order_by().values("user").annotate(all=Joined("role")).values("all")
    has_link = Exists(_open_links(centre).filter(user=OuterRef("pk")))
    return people.annotate(role_names=Subquery(roles), has_link=has_link)


def _roles(person: Any) -> list[str]:
    return [str(Role(each).label) for each in split(person.role_names)]


def _standing_in_file(person: Any) -> str:
    if person.has_usable_password():
        return "active"
    return "invited" if person.has_link else "expired"


def standing(person: User) -> str:
    """active, invited, or expired: no password yet, and no link that still opens."""
    if person.has_usable_password():
        return "active"
    now = timezone.now()
    return "invited" if any(each.is_open(now) for each in person.invited) else "expired"
