"""Who stands apart: the lists offer just what the verbs allow, and nobody sees more than they need
for it."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import Membership, Notice, Role, User
from assessments import actions
from assessments.models import SignOff, Submission, UnitRules
from assessments.permissions import (
    can_answer_appeal,
    can_countersign,
    can_decide,
    can_edit_rules,
    can_read_record,
    can_sign_off,
)
from assessments.requirements import ready_for_sign_off
from assessments.worklist import to_countersign
from ledger.record import faults
from portfolio.actions import declare_interest, end_interest
from portfolio.models import Allocation, Enrolment, Portfolio, Testimony, WitnessInvitation
from portfolio.permissions import can_add_template, can_ask_witness, can_hide
from portfolio.workflow import EnrolmentStatus
from tests.assessments.conftest import Unit
from tests.factories import make_edition, make_enrolment, make_portfolio
from tests.records import made


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def related(unit: Unit, person: User) -> None:
    declare_interest(portfolio=unit.portfolio, person=person, kind="relative", note="", by=person)


def witnessed(unit: Unit, person: User) -> None:
    """Their testimony is claimed in the unit, whoever was asked for it and where."""
    from_elsewhere = make_enrolment(unit.portfolio, make_edition())
    version = unit.draft("K1")
    invitation = WitnessInvitation.objects.create(
        enrolment=from_elsewhere,
        name=person.name,
        email=person.email.upper(),
        invited_by=unit.cast.learner,
        token_digest=person.email,
        expires_at=timezone.now(),
    )
    Testimony.objects.create(
        invitation=invitation,
        evidence=version.evidence,
        name=person.name,
        relationship="Manager",
        job="Manager",
        seen_on=timezone.localdate(),
        statement="I saw it.",
        confirmed_at=timezone.now(),
    )


def overturned(unit: Unit, person: User) -> None:
    """An earlier sign-off of theirs went with an appeal."""
    signed = unit.signed(by=person)
    made_ = actions.appeal_unit(
        enrolment=Enrolment.objects.get(pk=signed.enrolment_id), grounds="No.", by=unit.cast.learner
    )
    actions.uphold(appeal=made_, answer="Right.", by=unit.cast.iqa)
    unit.enrolment.refresh_from_db()


def no_longer_assesses(unit: Unit, person: User) -> None:
    Membership.objects.filter(user=person).update(role=Role.LEARNER)


Bar = Callable[[Unit, User], None]
BARS: list[Bar] = [related, witnessed, overturned, no_longer_assesses]


def named(bar: Bar | None) -> str:
    return bar.__name__ if bar else "none"


@pytest.mark.parametrize("bar", [None, *BARS], ids=named)
def test_a_countersignature_is_listed_for_just_those_who_may_give_it(unit, bar):
    person = unit.cast.other_assessor
    if bar is overturned:
        Allocation.objects.create(enrolment=unit.enrolment, assessor=person)
    if bar:
        bar(unit, person)
    signed = unit.signed(by=unit.cast.trainee)
    Allocation.objects.filter(assessor=person).update(ended_at=timezone.now())
    person = fresh(person)
    listed = to_countersign(person, unit.cast.centre).filter(pk=signed.pk).exists()
    assert listed is can_countersign(person, signed) is (bar is None)
    seen = Enrolment.objects.visible_to(person).filter(pk=unit.enrolment.pk).exists()
    assert seen is (bar is None)
    assert Portfolio.objects.visible_to(person).filter(pk=unit.portfolio.pk).exists() is seen


@pytest.mark.parametrize("bar", [None, *BARS], ids=named)
def test_a_unit_is_ready_for_just_those_who_may_sign_it(unit, bar):
    person = unit.cast.assessor
    if bar is overturned:
        bar(unit, person)
    else:
        unit.accepted(by=unit.cast.trainee)
        if bar:
            bar(unit, person)
    person = fresh(person)
    listed = ready_for_sign_off(person).filter(pk=unit.enrolment.pk).exists()
    assert listed is can_sign_off(person, unit.enrolment) is (bar is None)
    assert ready_for_sign_off(fresh(unit.cast.trainee)).exists()


def test_a_unit_with_an_unmet_rule_is_not_ready(unit):
    unit.accepted()
    rules = UnitRules.objects.create(
        centre=unit.cast.centre, edition=unit.enrolment.edition, minimum_pieces=2
    )
    assert not ready_for_sign_off(unit.cast.assessor).exists()
    UnitRules.objects.filter(pk=rules.pk).update(minimum_pieces=1)
    assert ready_for_sign_off(unit.cast.assessor).exists()


@pytest.mark.parametrize(
    "bar",
    [None, related, witnessed, no_longer_assesses],
    ids=named,
)
def test_the_queue_holds_just_what_may_be_decided(unit, bar):
    submission, person = unit.submitted("P1"), unit.cast.assessor
    if bar:
        bar(unit, person)
    person = fresh(person)
    listed = Submission.objects.awaiting(person).exists()
    assert listed is can_decide(person, submission) is (bar is None)


# ---- an open appeal


@pytest.mark.parametrize("tie", [None, related, witnessed], ids=named)
def test_an_appeal_opens_the_portfolio_to_just_those_who_may_answer(unit, tie):
    person = unit.cast.other_assessor
    sent = unit.accepted("P1")
    assert not Enrolment.objects.visible_to(person).exists()
    if tie:
        tie(unit, person)
    made_ = actions.appeal(submission=sent, grounds="Why?", by=unit.cast.learner)
    person = fresh(person)
    seen = Enrolment.objects.visible_to(person).filter(pk=unit.enrolment.pk).exists()
    assert seen is can_answer_appeal(person, made_) is (tie is None)


@pytest.mark.parametrize("about", ["item", "unit"])
@pytest.mark.parametrize("part", ["none", "another item", "judged", "decided", "signed"])
def test_whoever_had_a_part_sees_no_more_by_an_appeal(unit, about, part):
    person = unit.cast.other_assessor
    allocation = Allocation.objects.create(enrolment=unit.enrolment, assessor=person)
    submission = unit.submitted("P1")
    if part == "judged":
        unit.judge(submission, by=person)
    decider = person if part == "decided" else unit.cast.assessor
    unit.judge(submission, by=decider)
    sent = actions.accept(
        submission=submission, feedback="Good.", personal_data="clear", by=decider
    )
    if part == "another item":
        unit.accepted("P2", by=person)
    if part == "signed":
        SignOff.objects.create(
            enrolment=unit.enrolment,
            status="refused",
            assessor=unit.cast.trainee,
            signed_at=timezone.now(),
            countersigner=person,
        )
    allocation.ended_at = timezone.now()
    allocation.save()
    made_ = (
        actions.appeal(submission=sent, grounds="Why?", by=unit.cast.learner)
        if about == "item"
        else actions.appeal_unit(enrolment=unit.enrolment, grounds="Why?", by=unit.cast.learner)
    )
    may = part == "none" or (part == "another item" and about == "item")
    seen = Enrolment.objects.visible_to(person).filter(pk=unit.enrolment.pk).exists()
    assert (can_answer_appeal(fresh(person), made_), seen) == (may, may)


def test_a_former_signer_of_an_earlier_round_may_look_at_the_next(unit):
    """What an IQA withdrew bars nobody from countersigning what a colleague signs anew."""
    person = unit.cast.other_assessor
    first = unit.signed(by=unit.cast.trainee)
    actions.countersign(sign_off=first, by=person)
    actions.withdraw_sign_off(sign_off=first, reason="Too soon.", by=unit.cast.iqa)
    second = actions.sign_off(
        enrolment=Enrolment.objects.get(pk=unit.enrolment.pk),
        credits=unit.credits(unit.enrolment.submissions.get().version),
        personal_data_checked=True,
        by=unit.cast.trainee,
    )
    assert can_countersign(person, second)
    assert Enrolment.objects.visible_to(person).filter(pk=unit.enrolment.pk).exists()


def test_a_relative_does_not_see_whose_countersignature_was_first(unit):
    signed = unit.signed(by=unit.cast.trainee)
    actions.countersign(sign_off=signed, by=unit.cast.assessor)
    late = unit.cast.other_assessor
    assert SignOff.objects.visible_to(late).get() == signed
    related(unit, late)
    assert not SignOff.objects.visible_to(fresh(late)).exists()


# ---- an appeal where the learner has left the unit


def test_an_appeal_made_before_she_left_can_be_upheld(unit):
    submission = unit.submitted("P1")
    unit.judge(submission, P1="Not shown.")
    sent = actions.return_(submission=submission, feedback="Nearly.", by=unit.cast.assessor)
    made_ = actions.appeal(submission=sent, grounds="It is there.", by=unit.cast.learner)
    Enrolment.objects.filter(pk=unit.enrolment.pk).update(status=EnrolmentStatus.WITHDRAWN)
    actions.uphold(appeal=type(made_).objects.get(), answer="It is.", by=unit.cast.iqa)
    unit.enrolment.refresh_from_db()
    assert unit.enrolment.status == EnrolmentStatus.WITHDRAWN
    following = Submission.objects.in_force().get()
    assert (following.round, following.status) == (2, "waiting")
    assert not Submission.objects.awaiting(unit.cast.trainee).exists()
    assert not Notice.objects.filter(kind="submitted", about=f"submission:{following.pk}").exists()
    Enrolment.objects.filter(pk=unit.enrolment.pk).update(status=EnrolmentStatus.ACTIVE)
    assert Submission.objects.awaiting(unit.cast.trainee).get() == following
    assert list(faults()) == []


def test_she_may_appeal_after_leaving_too(unit):
    sent = unit.accepted("P1")
    Enrolment.objects.filter(pk=unit.enrolment.pk).update(status=EnrolmentStatus.WITHDRAWN)
    made_ = actions.appeal(
        submission=Submission.objects.get(pk=sent.pk), grounds="Why?", by=unit.cast.learner
    )
    actions.reject(appeal=made_, answer="It stands.", by=unit.cast.iqa)
    assert Submission.objects.in_force().get() == sent


# ---- a blocked interest blocks more than judging


def test_a_relative_hides_nothing_asks_no_witness_and_reads_no_record(unit):
    version = unit.submitted("P1").version
    record = made(unit.cast, unit.enrolment)
    person = unit.cast.trainee
    checks = [(can_hide, version), (can_ask_witness, unit.enrolment), (can_read_record, record)]
    for check, thing in checks:
        assert check(person, thing), check
    tie = declare_interest(
        portfolio=unit.portfolio, person=person, kind="relative", note="", by=unit.cast.admin
    )
    for check, thing in checks:
        assert not check(fresh(person), thing), check
    end_interest(interest=tie, by=unit.cast.admin)
    for check, thing in checks:
        assert check(fresh(person), thing), check


def test_a_relative_who_is_the_data_lead_hides_nothing(unit):
    lead = unit.cast.data_lead
    Membership.objects.create(centre=unit.cast.centre, user=lead, role=Role.IQA)
    version = unit.submitted("P1").version
    assert can_hide(fresh(lead), version)
    related(unit, fresh(lead))
    assert not can_hide(fresh(lead), version)


@pytest.mark.parametrize("side", ["version", "other_version"])
def test_a_relative_of_either_side_says_nothing_of_a_likeness(unit, side):
    other = make_portfolio(unit.cast.centre, unit.cast.second_learner)
    theirs = unit.__class__(unit.cast, make_enrolment(other, unit.enrolment.edition), unit.guide)
    versions = {"version": unit.draft("P1"), "other_version": theirs.draft("P1")}
    likeness = type("Likeness", (), versions)()
    assert can_add_template(unit.cast.iqa, likeness)
    related(unit if side == "version" else theirs, unit.cast.iqa)
    assert not can_add_template(fresh(unit.cast.iqa), likeness)


# ---- nobody sets what is asked of themselves


def test_an_admin_does_not_set_the_rules_of_a_unit_of_their_own(unit):
    admin, edition = unit.cast.admin, unit.enrolment.edition
    Membership.objects.create(centre=unit.cast.centre, user=admin, role=Role.LEARNER)
    portfolio = make_portfolio(unit.cast.centre, admin)
    assert can_edit_rules(fresh(admin), unit.cast.centre, edition)
    make_enrolment(portfolio, edition)
    admin = fresh(admin)
    assert not can_edit_rules(admin, unit.cast.centre, edition)
    assert can_edit_rules(admin, unit.cast.centre, make_edition())
    rules = UnitRules.objects.create(centre=unit.cast.centre, edition=edition)
    criterion = edition.criteria.first()
    given = {"centre": unit.cast.centre, "edition": edition, "by": admin}
    with pytest.raises(PermissionDenied):
        actions.save_unit_rules(
            minimum_pieces=0, needs_direct=False, piece_per_point=False, **given
        )
    with pytest.raises(PermissionDenied):
        actions.add_method_rules(criteria=[criterion], kind="allowed", methods=["account"], **given)
    with pytest.raises(PermissionDenied):
        actions.remove_method_rules(rules=rules, criterion=criterion, by=admin)


def test_the_page_of_the_rules_offers_an_admin_no_form_for_their_own(unit, signed_in, url_of):
    admin = unit.cast.admin
    Membership.objects.create(centre=unit.cast.centre, user=admin, role=Role.LEARNER)
    make_enrolment(make_portfolio(unit.cast.centre, admin), unit.enrolment.edition)
    address = url_of("unit_rules", pk=unit.enrolment.edition_id)
    page = signed_in(admin).get(address)
    assert (page.status_code, page.context["may_edit"]) == (200, False)
    assert signed_in(admin).post(address, {"minimum_pieces": 0}).status_code == 403
