"""Declaring what ties somebody to a learner beside the work, and saying that it is over."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import SEES_WHOLE_CENTRE, User
from accounts.notices import named, take_back, tell
from accounts.permissions import refuse_unless
from ledger.record import record
from ledger.transitions import TransitionRefused
from portfolio.models import Interest, Portfolio
from portfolio.permissions import can_declare_interest, can_end_interest

LONGEST = 2_000


@transaction.atomic
def declare_interest(
    *, portfolio: Portfolio, person: User, kind: str, note: str, by: User
) -> Interest:
    """From now on it blocks, or is said wherever this person decides. Declared twice, it is one."""
    refuse_unless(can_declare_interest(by, portfolio, person))
    note = note.strip()
    if kind not in Interest.Kind.values:
        raise ValidationError(_("Choose what ties them to the learner."), code="kind")
    if kind != Interest.Kind.RELATIVE and not note:
        raise ValidationError(_("Say what it is, and why it can't be avoided."), code="note")
    if len(note) > LONGEST:
        raise ValidationError(_("Use at most 2,000 letters."), code="note")
    standing = Interest.objects.running().filter(portfolio=portfolio, person=person, kind=kind)
    if already := standing.first():
        return already
    try:
        with transaction.atomic():
            interest = Interest.objects.create(
                portfolio=portfolio, person=person, kind=kind, note=note, declared_by=by
            )
    except IntegrityError:  # somebody was quicker by a moment
        return standing.get()
    _record(interest, "interest_declared", by, {"note": note} if note else {})
    _tell(interest, by)
    return interest


@transaction.atomic
def end_interest(*, interest: Interest, by: User) -> None:
    """It stays on record with its dates."""
    refuse_unless(can_end_interest(by, interest))
    running = Interest.objects.running().filter(pk=interest.pk)
    if not running.update(ended_at=timezone.now(), ended_by=by):
        raise TransitionRefused(_("This was ended already."))
    interest.refresh_from_db()
    _record(interest, "interest_ended", by, {})
    take_back("interest_declared", named(interest))


def _tell(interest: Interest, by: User) -> None:
    """Those who see to it that it is heeded, and whoever it is about."""
    centre = interest.portfolio.centre
    unit = interest.portfolio.enrolments.order_by("pk").first()
    of_learner = reverse(
        "portfolio:interests" if unit else "portfolio:enrolments",
        kwargs={"centre": centre.slug, **({"pk": unit.pk} if unit else {})},
    )
    here = reverse("notices:list", kwargs={"centre": centre.slug})
    names = {"person": interest.person.name, "learner": interest.portfolio.learner.name}
    heeding = Q(memberships__centre=centre, memberships__role__in=SEES_WHOLE_CENTRE)
    concerned = User.objects.filter(heeding | Q(pk=interest.person_id), is_active=True)
    untold = {by.pk, interest.portfolio.learner_id}  # she never hears of it
    for recipient in concerned.exclude(pk__in=untold).distinct():
        tell(
            recipient=recipient,
            centre=centre,
            kind="interest_declared",
            about=named(interest),
            text=_("An interest of %(person)s in %(learner)s was declared.") % names,
            path=here if recipient == interest.person else of_learner,
        )


def _record(interest: Interest, verb: str, by: User, sealed: dict[str, str]) -> None:
    record(
        stream=interest.portfolio.stream,
        verb=verb,
        subject=interest,
        by=by,
        facts={"person": interest.person_id, "kind": interest.kind},
        sealed=sealed,
    )
