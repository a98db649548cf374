"""What the People page asks of the database: a fixed number of queries, however many people."""

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import Centre, Invitation, Membership, User


def people_of(centre: Centre, visible: QuerySet[Membership]) -> QuerySet[User]:
    """The centre's people, each with `held` (their roles here) and `invited` (not used yet)."""
    here = Membership.objects.in_centre(centre).order_by("role")
    waiting = Invitation.objects.in_centre(centre).filter(accepted_at=None, withdrawn_at=None)
    return User.objects.filter(pk__in=visible.in_centre(centre).values("user")).prefetch_related(
        Prefetch("memberships", queryset=here, to_attr="held"),
        Prefetch("invitations", queryset=waiting, to_attr="invited"),
    )


def narrowed(
    people: QuerySet[User], centre: Centre, *, text: str, role: str, state: str
) -> QuerySet[User]:
    if text:
        people = people.filter(Q(name__icontains=text) | Q(email__icontains=text))
    if role:
        people = people.filter(memberships__centre=centre, memberships__role=role)
    joined = User.objects.joined()
    open_links = Invitation.objects.in_centre(centre).filter(
        accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
    )
    if state == "active":
        people = people.filter(pk__in=joined)
    elif state == "invited":
        people = people.exclude(pk__in=joined).filter(pk__in=open_links.values("user"))
    elif state == "expired":
        people = people.exclude(pk__in=joined).exclude(pk__in=open_links.values("user"))
    return people


def standing(person: User) -> str:
    """active, invited, or expired: no password yet, and no link that still opens."""
    if person.has_usable_password():
        return "active"
    now = timezone.now()
    return "invited" if any(each.is_open(now) for each in person.invited) else "expired"
