"""A decision is withdrawn by an IQA who took no part, with a reason; the old one stays in sight."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Membership, Role, User
from assessments import actions
from assessments.models import Judgement, SignOff, Submission, Withdrawal
from assessments.permissions import can_countersign, can_withdraw, can_withdraw_sign_off
from ledger.models import Entry
from ledger.record import faults
from ledger.transitions import TransitionRefused
from portfolio.actions import declare_interest, new_version
from portfolio.models import Claim, Enrolment, EvidenceVersion
from tests.assessments.test_permissions import who_may


def withdraw(unit, submission, reason="The evidence does not show it."):
    return actions.withdraw(submission=submission, reason=reason, by=unit.cast.iqa)


def fresh(user):
    return User.objects.get(pk=user.pk)


def test_the_work_waits_again_and_the_decision_stays(unit):
    sent = unit.accepted("P1")
    following = withdraw(unit, sent)
    assert (following.status, following.round) == ("waiting", 2)
    assert Claim.objects.get().status == "submitted"
    assert EvidenceVersion.objects.get().status == "submitted"
    sent = Submission.objects.get(pk=sent.pk)
    assert (sent.status, sent.withdrawal.by) == ("accepted", unit.cast.iqa)
    assert Submission.objects.awaiting(unit.cast.assessor).get() == following


def test_it_begins_from_nothing(unit):
    following = withdraw(unit, unit.accepted("P1"))
    assert not Judgement.objects.filter(submission=following).exists()


def test_the_ledger_says_who_when_why_and_on_what(unit):
    sent = unit.accepted("P1")
    withdraw(unit, sent)
    entry = Entry.objects.get(verb="decision_withdrawn")
    assert entry.actor == unit.cast.iqa
    assert entry.facts["frozen_sha256"] == sent.frozen_sha256
    assert entry.sealed.get(name="reason").text == "The evidence does not show it."
    assert "does not show" not in str(entry.facts)
    assert list(faults()) == []


def test_a_reason_is_needed(unit):
    with pytest.raises(ValidationError):
        withdraw(unit, unit.accepted("P1"), reason="  ")


def test_nobody_takes_their_own_sign_off_back_by_way_of_a_decision(unit):
    version = unit.accepted(by=unit.cast.trainee).version
    Membership.objects.create(user=unit.cast.assessor, centre=unit.cast.centre, role=Role.IQA)
    signer = fresh(unit.cast.assessor)
    sent = Submission.objects.get(version=version)
    assert can_withdraw(signer, sent)
    actions.sign_off(
        enrolment=unit.enrolment,
        credits=unit.credits(version),
        personal_data_checked=True,
        by=signer,
    )
    assert not can_withdraw(fresh(signer), sent)


def test_once(unit):
    sent = unit.accepted("P1")
    following = withdraw(unit, sent)
    assert withdraw(unit, Submission.objects.get(pk=sent.pk)) == following
    with pytest.raises(TransitionRefused, match="withdrew this decision"):
        withdraw(unit, Submission.objects.get(pk=sent.pk), reason="Another one.")
    assert Withdrawal.objects.count() == 1


def test_what_waits_has_no_decision_to_withdraw(unit):
    with pytest.raises(TransitionRefused, match="waiting"):
        withdraw(unit, unit.submitted("P1"))


def test_though_the_learner_has_gone_on(unit):
    submission = unit.submitted("P1", "P2")
    unit.judge(submission, P1="No.")
    sent = actions.return_(submission=submission, feedback="No.", by=unit.cast.assessor)
    new_version(evidence=sent.version.evidence, by=unit.cast.learner)
    following = withdraw(unit, sent)
    assert list(following.claims().values_list("status", flat=True)) == ["submitted"] * 2


def test_a_sign_off_that_rests_on_it_goes_too(unit):
    signed = unit.signed()
    sent = Submission.objects.get()
    withdraw(unit, sent)
    assert Enrolment.objects.get().status == "active"
    assert SignOff.objects.get(pk=signed.pk).withdrawal.reason == "The evidence does not show it."
    assert not SignOff.objects.in_force().exists()
    verbs = list(Entry.objects.order_by("-pk").values_list("verb", flat=True)[:2])
    assert verbs == ["decision_withdrawn", "sign_off_withdrawn"]


def test_a_unit_is_signed_anew_after_its_sign_off_was_withdrawn(unit):
    signed = unit.signed()
    actions.withdraw_sign_off(sign_off=signed, reason="Too soon.", by=unit.cast.iqa)
    version = EvidenceVersion.objects.get()
    again = actions.sign_off(
        enrolment=Enrolment.objects.get(),
        credits=unit.credits(version),
        personal_data_checked=True,
        by=unit.cast.assessor,
    )
    assert (again.round, SignOff.objects.in_force().get()) == (2, again)
    assert list(faults()) == []


def test_what_was_withdrawn_is_not_countersigned(unit):
    first = unit.signed(by=unit.cast.trainee)
    actions.withdraw_sign_off(sign_off=first, reason="Too soon.", by=unit.cast.iqa)
    version = EvidenceVersion.objects.get()
    actions.sign_off(
        enrolment=Enrolment.objects.get(),
        credits=unit.credits(version),
        personal_data_checked=True,
        by=unit.cast.trainee,
    )
    stale = SignOff.objects.get(pk=first.pk)
    with pytest.raises(TransitionRefused, match="withdrew"):
        actions.countersign(sign_off=stale, by=unit.cast.other_assessor)
    assert Enrolment.objects.get().status == "awaiting_countersignature"


def test_a_countersignature_sent_twice_is_one(unit):
    signed = unit.signed(by=unit.cast.trainee)
    for _again in range(2):
        actions.countersign(sign_off=SignOff.objects.get(pk=signed.pk), by=unit.cast.other_assessor)
    assert Entry.objects.filter(verb="unit_countersigned").count() == 1


# ---- who may


def test_an_iqa_and_nobody_else(unit, outsiders):
    sent = unit.accepted("P1")
    assert who_may(can_withdraw, unit.cast, sent) == {"iqa"}
    assert who_may(can_withdraw, outsiders, sent) == set()
    with pytest.raises(PermissionDenied):
        actions.withdraw(submission=sent, reason="No.", by=unit.cast.assessor)


def test_and_of_a_sign_off(unit, outsiders):
    signed = unit.signed()
    assert who_may(can_withdraw_sign_off, unit.cast, signed) == {"iqa"}
    assert who_may(can_withdraw_sign_off, outsiders, signed) == set()


@pytest.mark.parametrize("part", ["assessor", "trainee"])
def test_not_an_iqa_who_had_a_part_in_it(unit, part):
    person = getattr(unit.cast, part)
    Membership.objects.create(centre=unit.cast.centre, user=person, role=Role.IQA)
    submission = unit.submitted()
    unit.judge(submission, by=unit.cast.trainee)  # a draft that nobody sent is a part, too
    unit.judge(submission)
    sent = actions.accept(
        submission=submission, feedback="Good.", personal_data="clear", by=unit.cast.assessor
    )
    assert not can_withdraw(fresh(person), sent)
    signed = actions.sign_off(
        enrolment=unit.enrolment,
        credits=unit.credits(sent.version),
        personal_data_checked=True,
        by=unit.cast.assessor,
    )
    assert not can_withdraw_sign_off(fresh(person), signed)


def test_not_a_relative_and_not_the_learner(unit):
    sent = unit.accepted("P1")
    declare_interest(
        portfolio=unit.portfolio,
        person=unit.cast.iqa,
        kind="relative",
        note="",
        by=unit.cast.admin,
    )
    assert not can_withdraw(fresh(unit.cast.iqa), sent)
    Membership.objects.create(centre=unit.cast.centre, user=unit.cast.learner, role=Role.IQA)
    assert not can_withdraw(fresh(unit.cast.learner), sent)


def test_a_countersigner_took_part(unit):
    signed = unit.signed(by=unit.cast.trainee)
    signed = actions.countersign(sign_off=signed, by=unit.cast.other_assessor)
    Membership.objects.create(centre=unit.cast.centre, user=unit.cast.other_assessor, role=Role.IQA)
    assert not can_withdraw_sign_off(fresh(unit.cast.other_assessor), signed)
    assert not can_countersign(fresh(unit.cast.trainee), signed)


# ---- the pages


def test_the_iqa_withdraws_by_the_page_and_everybody_sees_it(unit, signed_in, url_of):
    sent = unit.accepted("P1")
    theirs = signed_in(unit.cast.iqa)
    address = url_of("withdraw", pk=sent.pk)
    assert address in theirs.get(url_of("submission", pk=sent.pk)).content.decode()
    assert theirs.get(address).status_code == 200
    assert theirs.post(address, {"reason": ""}).status_code == 422
    answer = theirs.post(address, {"reason": "It shows another shop."})
    following = Submission.objects.in_force().get()
    assert answer["Location"] == url_of("submission", pk=following.pk)
    for person in (unit.cast.iqa, unit.cast.assessor):
        page = signed_in(person).get(url_of("submission", pk=sent.pk)).content.decode()
        assert "It shows another shop." in page
        assert unit.cast.iqa.name in page


def test_the_learner_reads_it_on_her_evidence(unit, signed_in):
    sent = unit.accepted("P1")
    withdraw(unit, sent)
    address = f"/c/{unit.cast.centre.slug}/evidence/{sent.version.evidence_id}/"
    page = signed_in(unit.cast.learner).get(address).content.decode()
    assert "The evidence does not show it." in page
    assert "Waiting to be assessed" in page


def test_a_sign_off_by_the_page(unit, signed_in, url_of):
    signed = unit.signed()
    theirs = signed_in(unit.cast.iqa)
    address = url_of("withdraw_sign_off", pk=signed.pk)
    assert address in theirs.get(url_of("sign_off_detail", pk=signed.pk)).content.decode()
    answer = theirs.post(address, {"reason": "Point 2 is not shown."})
    assert "Point 2 is not shown." in theirs.get(answer["Location"]).content.decode()


def test_a_judgement_s_state_follows_its_decision(unit):
    submission = unit.submitted("P1")
    unit.judge(submission)
    assert Judgement.objects.get().status == "draft"
    sent = actions.accept(
        submission=submission, feedback="Good.", personal_data="clear", by=unit.cast.assessor
    )
    assert Judgement.objects.get().status == "decided"
    withdraw(unit, sent)
    assert Judgement.objects.get().status == "taken_back"
