"""A learner appeals; whoever had a part in the decision does not answer, and the clock stops."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Membership, Role, User
from assessments import actions
from assessments.models import Appeal, SignOff, Submission, Withdrawal
from assessments.permissions import (
    can_answer_appeal,
    can_appeal,
    can_decide,
    can_give_up_appeal,
    can_judge,
    can_see_appeals,
    can_see_timeline,
    can_sign_off,
)
from assessments.retention import clock_stopped
from ledger.models import Entry
from ledger.record import faults
from ledger.transitions import TransitionRefused
from portfolio.actions import declare_interest
from portfolio.models import Allocation, Enrolment
from tests.assessments.test_permissions import who_may
from tests.factories import make_enrolment, make_member


def fresh(user):
    return User.objects.get(pk=user.pk)


@pytest.fixture
def sent(unit):
    submission = unit.submitted("P1", "P2")
    unit.judge(submission, P1="Not shown.")
    return actions.return_(submission=submission, feedback="Nearly.", by=unit.cast.assessor)


@pytest.fixture
def made(unit, sent):
    return actions.appeal(submission=sent, grounds="It is on page 2.", by=unit.cast.learner)


def uphold(unit, made, by=None):
    return actions.uphold(appeal=made, answer="It is on page 2.", by=by or unit.cast.iqa)


def test_it_is_open_in_the_ledger_and_stops_the_clock(unit, made):
    assert (made.status, made.submission.decided_by) == ("open", unit.cast.assessor)
    entry = Entry.objects.get(verb="appeal_made")
    assert entry.facts["submission"] == made.submission_id
    assert entry.sealed.get().text == "It is on page 2."
    assert clock_stopped(unit.enrolment)


def test_the_clock_stops_for_all_of_the_portfolio_until_the_answer(unit, second_unit, made):
    elsewhere = make_enrolment(
        second_unit.portfolio.__class__.objects.create(
            centre=unit.cast.centre, learner=unit.cast.second_learner
        ),
        unit.enrolment.edition,
    )
    assert clock_stopped(second_unit)
    assert not clock_stopped(elsewhere)
    actions.reject(appeal=made, answer="It is not.", by=unit.cast.iqa)
    assert not clock_stopped(second_unit)


def test_upheld_the_decision_is_withdrawn_and_somebody_else_decides(unit, made):
    uphold(unit, made)
    made.refresh_from_db()
    assert (made.status, made.closed_by) == ("upheld", unit.cast.iqa)
    taken = Withdrawal.objects.get()
    assert (taken.appeal, taken.kind, taken.by) == (made, "withdrawn", unit.cast.iqa)
    following = Submission.objects.in_force().get()
    former, other = fresh(unit.cast.assessor), fresh(unit.cast.trainee)
    assert (can_decide(former, following), can_judge(former, following)) == (False, False)
    assert can_decide(other, following)
    assert not Submission.objects.awaiting(former).exists()
    assert Submission.objects.awaiting(other).get() == following
    unit.judge(following, by=other)
    actions.accept(submission=following, feedback="Yes.", personal_data="clear", by=other)
    assert list(faults()) == []


def test_the_former_decider_judges_other_items_as_before(unit, made):
    other_item = unit.submitted("K1")
    uphold(unit, made)
    assert can_decide(fresh(unit.cast.assessor), other_item)


def test_rejected_the_decision_stands(unit, made):
    actions.reject(appeal=made, answer="The page is not yours.", by=unit.cast.iqa)
    made.refresh_from_db()
    assert made.status == "rejected"
    assert Submission.objects.in_force().get().status == "returned"
    assert not Withdrawal.objects.exists()
    verbs = Entry.objects.filter(verb__startswith="appeal").values_list("verb", flat=True)
    assert set(verbs) == {"appeal_made", "appeal_rejected"}


def test_given_up(unit, made):
    for _again in range(2):
        actions.give_up(appeal=Appeal.objects.get(), by=unit.cast.learner)
    assert Appeal.objects.get().status == "given_up"
    assert Entry.objects.filter(verb="appeal_given_up").count() == 1
    with pytest.raises(TransitionRefused, match="gave this appeal up"):
        uphold(unit, Appeal.objects.get())


def test_sent_twice_it_is_one_and_a_second_one_waits(unit, sent, made):
    again = actions.appeal(
        submission=Submission.objects.get(pk=sent.pk),
        grounds="It is on page 2.",
        by=unit.cast.learner,
    )
    assert again == made
    with pytest.raises(ValidationError, match="already"):
        actions.appeal(submission=sent, grounds="And on page 3.", by=unit.cast.learner)
    assert Appeal.objects.count() == 1


def test_an_answer_sent_twice_is_one(unit, made):
    stale = Appeal.objects.get()
    uphold(unit, made)
    assert uphold(unit, stale).status == "upheld"
    assert Withdrawal.objects.count() == 1
    with pytest.raises(TransitionRefused, match=unit.cast.iqa.name):
        actions.reject(appeal=Appeal.objects.get(), answer="No.", by=unit.cast.iqa)


def test_nobody_goes_past_an_open_appeal(unit, made):
    with pytest.raises(TransitionRefused, match="Answer the appeal"):
        actions.withdraw(submission=made.submission, reason="Wrong.", by=unit.cast.iqa)
    with pytest.raises(TransitionRefused, match="Answer the appeal"):
        actions.undo(submission=made.submission, by=unit.cast.assessor)


def test_only_a_standing_decision_can_be_appealed(unit, sent):
    with pytest.raises(TransitionRefused, match="waiting"):
        actions.appeal(submission=unit.submitted("K1"), grounds="Why?", by=unit.cast.learner)
    actions.withdraw(submission=sent, reason="Wrong.", by=unit.cast.iqa)
    with pytest.raises(TransitionRefused, match="withdrew"):
        actions.appeal(
            submission=Submission.objects.get(pk=sent.pk), grounds="Why?", by=unit.cast.learner
        )


def test_words_are_needed(unit, sent, made):
    with pytest.raises(ValidationError):
        actions.appeal(submission=sent, grounds=" ", by=unit.cast.learner)
    with pytest.raises(ValidationError):
        actions.uphold(appeal=made, answer=" ", by=unit.cast.iqa)


def test_about_a_sign_off(unit):
    signed = unit.signed()
    made = actions.appeal_unit(
        enrolment=Enrolment.objects.get(), grounds="Point 2.", by=unit.cast.learner
    )
    assert made.sign_off == signed
    uphold(unit, made)
    assert not SignOff.objects.in_force().exists()
    enrolment = Enrolment.objects.get()
    assert enrolment.status == "active"
    assert not can_sign_off(fresh(unit.cast.assessor), enrolment)
    assert can_sign_off(fresh(unit.cast.trainee), enrolment)


def test_about_a_unit_that_is_not_signed_off(unit):
    made = actions.appeal_unit(enrolment=unit.enrolment, grounds="Months!", by=unit.cast.learner)
    assert (made.submission, made.sign_off) == (None, None)
    uphold(unit, made)
    assert not Withdrawal.objects.exists()


# ---- who may


def test_the_learner_appeals_and_gives_up(unit, outsiders, made):
    for check, thing in [(can_appeal, unit.enrolment), (can_give_up_appeal, made)]:
        assert who_may(check, unit.cast, thing) == {"learner"}
        assert who_may(check, outsiders, thing) == set()
    with pytest.raises(PermissionDenied):
        actions.give_up(appeal=made, by=unit.cast.iqa)


def test_an_iqa_or_a_qualified_assessor_without_a_part_answers(unit, outsiders, made):
    assert who_may(can_answer_appeal, unit.cast, made) == {"iqa", "other_assessor"}
    assert who_may(can_answer_appeal, outsiders, made) == set()
    with pytest.raises(PermissionDenied):
        uphold(unit, made, by=unit.cast.assessor)


@pytest.mark.parametrize("tie", ["decided", "judged", "signed", "countersigned", "relative"])
def test_nobody_with_a_part_in_it(unit, tie):
    person = unit.cast.iqa
    for role in (Role.ASSESSOR,):
        Membership.objects.create(centre=unit.cast.centre, user=person, role=role)
    Allocation.objects.create(enrolment=unit.enrolment, assessor=person)
    person = fresh(person)
    submission = unit.submitted()
    decider = person if tie == "decided" else unit.cast.assessor
    if tie == "judged":
        unit.judge(submission, by=person)
    unit.judge(submission, by=decider)
    sent = actions.accept(
        submission=submission, feedback="Good.", personal_data="clear", by=decider
    )
    if tie in {"signed", "countersigned"}:
        signer = person if tie == "signed" else unit.cast.trainee
        signed = actions.sign_off(
            enrolment=unit.enrolment,
            credits=unit.credits(sent.version),
            personal_data_checked=True,
            by=signer,
        )
        if tie == "countersigned":
            actions.countersign(sign_off=signed, by=person)
    if tie == "relative":
        declare_interest(
            portfolio=unit.portfolio, person=person, kind="relative", note="", by=person
        )
    made = actions.appeal(submission=sent, grounds="Why?", by=unit.cast.learner)
    assert not can_answer_appeal(fresh(person), made)
    assert can_answer_appeal(fresh(unit.cast.other_assessor), made)


def test_who_sees_the_list_and_the_timeline(unit):
    staff = {"assessor", "other_assessor", "trainee", "iqa", "admin"}
    learners = {"learner", "second_learner"}
    assert who_may(can_see_appeals, unit.cast, unit.cast.centre) == staff | learners
    assert who_may(can_see_timeline, unit.cast, unit.portfolio) == staff | {"learner", "data_lead"}


def test_an_inactive_person_may_nothing(unit, made):
    User.objects.update(is_active=False)
    for check in (can_answer_appeal, can_give_up_appeal):
        assert who_may(check, unit.cast, made) == set()


def test_who_answers_sees_the_work_only_while_it_is_open(unit, made):
    other = fresh(unit.cast.other_assessor)
    assert Submission.objects.visible_to(other).filter(pk=made.submission_id).exists()
    assert Appeal.objects.visible_to(other).get() == made
    uphold(unit, made, by=other)
    assert not Submission.objects.visible_to(other).exists()
    assert Appeal.objects.visible_to(other).get() == made
    stranger = make_member(unit.cast.centre, Role.ASSESSOR)
    assert not Appeal.objects.visible_to(stranger).exists()


# ---- the pages


def test_from_her_evidence_to_the_answer(unit, signed_in, url_of, sent):
    her, iqa = signed_in(unit.cast.learner), signed_in(unit.cast.iqa)
    address = url_of("make_appeal", pk=sent.pk)
    evidence = f"/c/{unit.cast.centre.slug}/evidence/{sent.version.evidence_id}/"
    assert address in her.get(evidence).content.decode()
    assert her.get(address).status_code == 200
    assert her.post(address, {"reason": ""}).status_code == 422
    her.post(address, {"reason": "It is on page 2."})
    made = Appeal.objects.get()
    assert unit.cast.learner.name in iqa.get(url_of("appeals")).content.decode()
    page = iqa.get(url_of("appeal", pk=made.pk)).content.decode()
    assert "It is on page 2." in page
    answer = url_of("answer_appeal", pk=made.pk)
    assert iqa.post(answer, {"answer": "", "verb": "uphold"}).status_code == 422
    assert iqa.post(answer, {"answer": "Yes.", "verb": ""}).status_code == 422
    assert iqa.post(answer, {"answer": "You are right.", "verb": "uphold"}).status_code == 302
    assert "You are right." in her.get(url_of("appeal", pk=made.pk)).content.decode()
    assert "appeal was upheld" in her.get(evidence).content.decode()


def test_about_the_unit_by_the_page(unit, signed_in, url_of):
    her = signed_in(unit.cast.learner)
    address = url_of("make_unit_appeal", pk=unit.enrolment.pk)
    assert her.get(address).status_code == 200
    her.post(address, {"reason": "It takes too long."})
    made = Appeal.objects.get()
    assert her.post(url_of("give_up_appeal", pk=made.pk)).status_code == 302
    assert "Given up" in her.get(url_of("appeals")).content.decode()


def test_the_one_who_decided_reads_but_finds_no_form(unit, signed_in, url_of, made):
    page = signed_in(unit.cast.assessor).get(url_of("appeal", pk=made.pk)).content.decode()
    assert "It is on page 2." in page
    assert url_of("answer_appeal", pk=made.pk) not in page


def test_a_sign_off_that_went_meanwhile_can_still_be_appealed_against_with_success(unit):
    signed = unit.signed()
    about_unit = actions.appeal_unit(
        enrolment=unit.enrolment, grounds="No talk first.", by=unit.cast.learner
    )
    assert about_unit.sign_off == signed
    sent = Submission.objects.get()
    actions.withdraw(submission=sent, reason="Not shown.", by=unit.cast.iqa)
    uphold(unit, about_unit)
    about_unit.refresh_from_db()
    assert about_unit.status == "upheld"
    assert Withdrawal.objects.filter(sign_off=signed).count() == 1


def test_what_was_withdrawn_since_the_page_was_loaded_is_not_appealed_against(unit, sent):
    stale = Submission.objects.select_related("withdrawal__by").get(pk=sent.pk)
    actions.withdraw(submission=sent, reason="Not shown.", by=unit.cast.iqa)
    with pytest.raises(TransitionRefused):
        actions.appeal(submission=stale, grounds="It is there.", by=unit.cast.learner)
    assert not Appeal.objects.exists()
