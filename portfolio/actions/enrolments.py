"""Who works towards which unit, and who assesses them."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ASSESSING, Centre, Role, User
from accounts.notices import named, take_back, tell
from accounts.permissions import refuse_unless
from ledger.record import record
from ledger.transitions import TransitionRefused, move
from portfolio.models import Allocation, Enrolment, Portfolio, WitnessInvitation
from portfolio.permissions import (
    can_allocate,
    can_edit_portfolio,
    can_end_allocation,
    can_enrol,
    can_reinstate_enrolment,
    can_withdraw_enrolment,
    has_witnessed,
    is_relative,
)
from portfolio.workflow import ENROLMENT, EnrolmentStatus
from standards.models import Edition

MAY_BE_ALLOCATED = (EnrolmentStatus.ACTIVE, EnrolmentStatus.AWAITING_COUNTERSIGNATURE)

LONGEST = {"registration_number": 60, "cohort": 80}
TELL_AFTER = 60  # seconds


@transaction.atomic
def enrol(
    *,
    centre: Centre,
    learner: User,
    edition: Edition,
    started_on: datetime.date,
    by: User,
    registration_number: str = "",
    cohort: str = "",
) -> Enrolment:
    """Start a learner on a unit; the number and cohort replace the old ones where given."""
    refuse_unless(can_enrol(by, centre))
    if not learner.has_role(centre.pk, Role.LEARNER):
        raise ValidationError(_("This person is not a learner at your centre."))
    if not Edition.objects.in_centre(centre).published().filter(pk=edition.pk).exists():
        raise ValidationError(_("Choose a published unit of your centre's list."))
    portfolio = _portfolio_of(centre, learner, registration_number, cohort)
    enrolment = _start(portfolio, edition, started_on)
    facts = {
        "learner": learner.pk,
        "edition": edition.pk,
        "urn": edition.standard.urn,
        "started_on": started_on.isoformat(),
    }
    sealed = {"registration_number": portfolio.registration_number, "cohort": portfolio.cohort}
    record_unit(enrolment, "enrolled", by, facts=facts, sealed=sealed)
    return enrolment


@transaction.atomic
def edit_portfolio(
    *, portfolio: Portfolio, registration_number: str, cohort: str, by: User
) -> Portfolio:
    """Correct a learner's registration number and cohort; either may be emptied."""
    refuse_unless(can_edit_portfolio(by, portfolio))
    details = {"registration_number": registration_number.strip(), "cohort": cohort.strip()}
    _set_details(portfolio, details)
    record(
        stream=portfolio.stream,
        verb="learner_details_changed",
        subject=portfolio,
        by=by,
        facts={},
        sealed=details,
    )
    return portfolio


@transaction.atomic
def withdraw_enrolment(*, enrolment: Enrolment, by: User) -> None:
    """The learner stops; everything stays to be read."""
    refuse_unless(can_withdraw_enrolment(by, enrolment))
    move(enrolment, verb="withdraw", table=ENROLMENT)
    record_unit(enrolment, "enrolment_withdrawn", by)


@transaction.atomic
def reinstate_enrolment(*, enrolment: Enrolment, by: User) -> None:
    """The learner goes on where she stopped."""
    refuse_unless(can_reinstate_enrolment(by, enrolment))
    move(enrolment, verb="reinstate", table=ENROLMENT)
    record_unit(enrolment, "enrolment_reinstated", by)


@transaction.atomic
def allocate(*, enrolment: Enrolment, assessor: User, by: User) -> Allocation:
    """Give the learner's unit to an assessor; several may share it."""
    refuse_unless(can_allocate(by, enrolment))
    portfolio = enrolment.portfolio
    if assessor.pk == portfolio.learner_id:
        raise ValidationError(_("Nobody assesses their own work. Choose somebody else."))
    if not assessor.has_role(portfolio.centre_id, *ASSESSING):
        raise ValidationError(_("This person is not an assessor at your centre."))
    _hold_open(enrolment)
    _refuse_witness(enrolment, assessor)
    _refuse_relative(enrolment, assessor)
    try:
        with transaction.atomic():
            allocation = Allocation.objects.create(enrolment=enrolment, assessor=assessor)
    except IntegrityError as clash:
        raise ValidationError(_("This assessor already has this learner's unit.")) from clash
    record_unit(enrolment, "assessor_allocated", by, facts={"assessor": assessor.pk})
    _tell_assessor(allocation, by)
    return allocation


@transaction.atomic
def end_allocation(*, allocation: Allocation, by: User) -> None:
    """The assessor stops seeing this unit; what they decided stays."""
    refuse_unless(can_end_allocation(by, allocation))
    running = Allocation.objects.filter(pk=allocation.pk, ended_at=None)
    if not running.update(ended_at=timezone.now()):
        raise TransitionRefused(_("This assessor was taken off already."))
    allocation.refresh_from_db()
    facts = {"assessor": allocation.assessor_id}
    record_unit(allocation.enrolment, "allocation_ended", by, facts=facts)
    take_back("allocated", named(allocation))


def _tell_assessor(allocation: Allocation, by: User) -> None:
    """After a while: a list of learners makes many at once, and a slip is put right soon."""
    if allocation.assessor == by:
        return
    enrolment = allocation.enrolment
    centre = enrolment.portfolio.centre
    told = {"learner": enrolment.portfolio.learner.name, "urn": enrolment.edition.standard.urn}
    tell(
        recipient=allocation.assessor,
        centre=centre,
        kind="allocated",
        about=named(allocation),
        text=_("%(learner)s: %(urn)s is yours to assess.") % told,
        path=reverse("portfolio:enrolment", kwargs={"centre": centre.slug, "pk": enrolment.pk}),
        after=TELL_AFTER,
    )


def _portfolio_of(
    centre: Centre, learner: User, registration_number: str, cohort: str
) -> Portfolio:
    portfolio, _made = Portfolio.objects.get_or_create(centre=centre, learner=learner)
    given = {"registration_number": registration_number.strip(), "cohort": cohort.strip()}
    _set_details(portfolio, {name: text for name, text in given.items() if text})
    return portfolio


def _set_details(portfolio: Portfolio, details: Mapping[str, str]) -> None:
    for name, text in details.items():
        if len(text) > LONGEST[name]:
            raise ValidationError(
                _("The registration number or the cohort is too long: %(longest)d letters at most.")
                % {"longest": LONGEST[name]}
            )
        setattr(portfolio, name, text)
    if details:
        portfolio.save(update_fields=list(details))


def _start(portfolio: Portfolio, edition: Edition, started_on: datetime.date) -> Enrolment:
    try:
        with transaction.atomic():
            return Enrolment.objects.create(
                portfolio=portfolio, edition=edition, started_on=started_on
            )
    except IntegrityError as clash:
        raise ValidationError(_("This learner is already enrolled on this unit.")) from clash


def _hold_open(enrolment: Enrolment) -> None:
    """Wait for whoever is changing the unit, and go on only while it may be allocated."""
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    enrolment.refresh_from_db(fields=["status"])
    if enrolment.status not in MAY_BE_ALLOCATED:
        raise TransitionRefused(enrolment.standing())


def _refuse_relative(enrolment: Enrolment, assessor: User) -> None:
    if is_relative(assessor, enrolment.portfolio):
        raise ValidationError(
            _("%(name)s is declared a relative of this learner, and nobody assesses a relative.")
            % {"name": assessor.name}
        )


def _refuse_witness(enrolment: Enrolment, assessor: User) -> None:
    """Nobody assesses what they witnessed, or are asked to have witnessed."""
    name = {"name": assessor.name}
    if has_witnessed(assessor, enrolment):
        raise ValidationError(
            _("%(name)s gave testimony for this unit, and nobody assesses what they witnessed.")
            % name
        )
    asked = WitnessInvitation.objects.standing().filter(enrolment=enrolment)
    if asked.filter(email__iexact=assessor.email).exists():
        raise ValidationError(
            _("%(name)s was asked to be a witness for this unit. Withdraw that invitation first.")
            % name
        )


def record_unit(
    enrolment: Enrolment,
    verb: str,
    by: User,
    *,
    facts: Mapping[str, Any] | None = None,
    sealed: Mapping[str, str] | None = None,
) -> None:
    """Into the portfolio's ledger, of one unit of it."""
    record(
        stream=enrolment.portfolio.stream,
        verb=verb,
        subject=enrolment,
        by=by,
        facts={"enrolment": enrolment.pk, **(facts or {})},
        sealed={name: text for name, text in (sealed or {}).items() if text},
    )
