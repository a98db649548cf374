"""Conflicts of interest: a relative decides nothing; any other tie is said where one decides."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Membership, Notice, Role, User
from assessments import actions as assessing
from assessments.models import Submission
from assessments.permissions import can_countersign, can_decide, can_judge, can_sign_off
from assessments.requirements import ready_for_sign_off
from assessments.worklist import to_countersign
from ledger.models import Entry
from ledger.transitions import TransitionRefused
from portfolio import actions
from portfolio.models import Interest
from portfolio.permissions import (
    can_declare_interest,
    can_end_interest,
    can_see_interests,
    is_relative,
    may_assess,
)
from tests.assessments.conftest import ALL_FIVE
from tests.factories import make_claims, make_enrolment, make_member, make_portfolio, make_version

STAFF = {"assessor", "other_assessor", "trainee", "iqa", "admin"}


def fresh(user):
    return User.objects.get(pk=user.pk)


def who_may(check, cast, *things):
    return {part for part, user in cast.people().items() if check(fresh(user), *things)}


@pytest.fixture
def declare(cast, portfolio):
    def declaring(person, kind="relative", by=None, note="We share a flat."):
        return actions.declare_interest(
            portfolio=portfolio, person=person, kind=kind, note=note, by=by or person
        )

    return declaring


def handed_in(cast, enrolment):
    version = make_version(enrolment.portfolio)
    make_claims(version, enrolment, "P1")
    return assessing.submit(version=version, declared=True, by=cast.learner)[0]


# ---- what it does


def test_a_relative_decides_nothing_until_it_has_ended(cast, enrolment, declare):
    submission = handed_in(cast, enrolment)
    tie = declare(cast.assessor)
    person = fresh(cast.assessor)
    assert is_relative(person, enrolment.portfolio)
    for check, thing in [
        (may_assess, enrolment),
        (can_judge, submission),
        (can_decide, submission),
        (can_sign_off, enrolment),
    ]:
        assert not check(person, thing), check
    assert not Submission.objects.awaiting(person).exists()
    actions.end_interest(interest=tie, by=cast.assessor)
    assert can_decide(person, submission)
    assert Submission.objects.awaiting(person).get() == submission


@pytest.mark.parametrize("kind", ["personal", "work"])
def test_another_tie_blocks_nothing(cast, enrolment, declare, kind):
    submission = handed_in(cast, enrolment)
    declare(cast.assessor, kind)
    assert can_decide(fresh(cast.assessor), submission)
    assert Submission.objects.awaiting(cast.assessor).get() == submission


def test_it_holds_for_this_learner_alone(cast, enrolment, declare):
    declare(cast.assessor)
    other = make_enrolment(
        make_portfolio(cast.centre, cast.second_learner), enrolment.edition, cast.assessor
    )
    assert may_assess(fresh(cast.assessor), other)


def test_no_relative_is_allocated(cast, enrolment, declare):
    declare(cast.other_assessor)
    with pytest.raises(ValidationError, match="relative"):
        actions.allocate(enrolment=enrolment, assessor=cast.other_assessor, by=cast.admin)


def test_a_relative_finds_no_unit_to_sign_and_no_signature_to_add(cast, enrolment, declare):
    actions.allocate(enrolment=enrolment, assessor=cast.trainee, by=cast.admin)
    version = make_version(enrolment.portfolio)
    make_claims(version, enrolment)
    submission = assessing.submit(version=version, declared=True, by=cast.learner)[0]
    for claim in submission.claims():
        assessing.save_judgement(
            claim=claim,
            submission=submission,
            by=cast.trainee,
            outcome="met",
            reason="",
            feedback="",
            **ALL_FIVE,
        )
    assessing.accept(
        submission=submission, feedback="Good.", personal_data="clear", by=cast.trainee
    )
    assert ready_for_sign_off(cast.assessor).exists()
    signed = assessing.sign_off(
        enrolment=enrolment, credits={}, personal_data_checked=True, by=cast.trainee
    )
    assert to_countersign(cast.other_assessor, cast.centre).get() == signed
    assert can_countersign(fresh(cast.other_assessor), signed)
    declare(cast.other_assessor)
    declare(cast.assessor)
    assert not to_countersign(cast.other_assessor, cast.centre).exists()
    assert not can_countersign(fresh(cast.other_assessor), signed)
    assert not ready_for_sign_off(cast.assessor).exists()


def test_the_ledger_has_who_and_what_but_no_words(cast, declare):
    declare(cast.assessor, "personal", note="We play chess.")
    entry = Entry.objects.get(verb="interest_declared")
    assert entry.facts["person"] == cast.assessor.pk
    assert "chess" not in str(entry.facts)
    assert entry.sealed.get().text == "We play chess."


def test_declared_twice_it_is_one_and_ended_once(cast, declare):
    tie = declare(cast.assessor)
    assert declare(cast.assessor) == tie
    actions.end_interest(interest=tie, by=cast.assessor)
    with pytest.raises(TransitionRefused):
        actions.end_interest(interest=Interest.objects.get(), by=cast.assessor)
    assert declare(cast.assessor) != tie


def test_what_is_no_block_needs_words(cast, declare):
    with pytest.raises(ValidationError):
        declare(cast.assessor, "personal", note=" ")
    with pytest.raises(ValidationError):
        declare(cast.assessor, "cousin")


# ---- who may


def test_everybody_for_themselves_and_an_admin_for_all(cast, portfolio, outsiders):
    for part in STAFF:
        person = getattr(cast, part)
        assert who_may(can_declare_interest, cast, portfolio, person) == {part, "admin"}
        assert who_may(can_declare_interest, outsiders, portfolio, person) == set()
    assert who_may(can_declare_interest, cast, portfolio, cast.second_learner) == set()
    assert who_may(can_declare_interest, cast, portfolio, cast.learner) == set()


def test_the_learner_sees_none_of_it(cast, portfolio, declare, outsiders):
    declare(cast.assessor)
    assert who_may(can_see_interests, cast, portfolio) == STAFF
    assert who_may(can_see_interests, outsiders, portfolio) == set()
    seeing = {
        part
        for part, user in cast.people().items()
        if Interest.objects.visible_to(fresh(user)).exists()
    }
    assert seeing == {"assessor", "iqa", "admin"}


def test_who_ends_it(cast, declare, outsiders):
    own = declare(cast.assessor)
    assert who_may(can_end_interest, cast, own) == {"assessor", "admin"}
    assert who_may(can_end_interest, outsiders, own) == set()
    said = declare(cast.trainee, by=cast.admin)
    assert who_may(can_end_interest, cast, said) == {"admin"}
    of_admin = declare(make_member(cast.centre, Role.ADMIN), by=cast.admin)
    assert who_may(can_end_interest, cast, of_admin) == {"admin"}
    with pytest.raises(PermissionDenied):
        actions.end_interest(interest=said, by=cast.trainee)


def test_an_inactive_person_may_nothing(cast, portfolio, declare):
    tie = declare(cast.assessor)
    User.objects.update(is_active=False)
    assert who_may(can_see_interests, cast, portfolio) == set()
    assert who_may(can_end_interest, cast, tie) == set()


# ---- the pages


def test_declaring_and_ending_by_the_page(cast, client, enrolment, url_of):
    client.force_login(cast.assessor, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = url_of("interests", pk=enrolment.pk)
    assert client.post(address, {"kind": "personal", "note": ""}).status_code == 422
    answer = client.post(address, {"kind": "personal", "note": "We play chess."})
    assert answer["Location"] == address
    assert "We play chess." in client.get(address).content.decode()
    submission = handed_in(cast, enrolment)
    marking = f"/c/{cast.centre.slug}/submissions/{submission.pk}/"
    page = client.get(marking).content.decode()
    assert "A personal interest is declared" in page
    assert "sample of what is decided is due" in page
    sign_off = f"/c/{cast.centre.slug}/enrolments/{enrolment.pk}/sign-off/"
    assert "We play chess." in client.get(sign_off).content.decode()
    tie = Interest.objects.get()
    client.post(url_of("interest_end", pk=enrolment.pk, interest_pk=tie.pk))
    assert "A personal interest is declared" not in client.get(marking).content.decode()


def test_an_admin_says_whose_it_is(cast, client, enrolment, url_of):
    client.force_login(cast.admin, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = url_of("interests", pk=enrolment.pk)
    assert client.post(address, {"kind": "relative", "note": ""}).status_code == 422
    client.post(address, {"person": cast.assessor.pk, "kind": "relative", "note": ""})
    assert Interest.objects.get().person == cast.assessor
    assert client.get(address).status_code == 200


def test_a_learner_who_runs_the_centre_too_is_not_told(cast, portfolio, declare):
    Membership.objects.create(user=cast.learner, centre=cast.centre, role=Role.ADMIN)
    declare(cast.assessor)
    told = Notice.objects.filter(kind="interest_declared")
    assert {each.recipient for each in told} == {cast.iqa, cast.admin}


# ---- who hears of it


def heard(kind="interest_declared"):
    return {each.recipient for each in Notice.objects.filter(kind=kind, taken_back_at=None)}


def test_declaring_is_told_to_who_heeds_it_and_whom_it_is_about(cast, declare):
    declare(cast.assessor, by=cast.admin)
    assert heard() == {cast.iqa, cast.assessor}  # not the admin, who said it; never the learner
    assert "flat" not in "".join(Notice.objects.values_list("text", flat=True))


def test_of_oneself_the_admins_and_quality_assurers_hear(cast, outsiders, declare):
    declare(cast.assessor)
    declare(cast.assessor)
    assert heard() == {cast.iqa, cast.admin}
    assert Notice.objects.count() == 2  # declared twice, it is told once


def test_each_notice_opens(cast, enrolment, client, declare):
    declare(cast.assessor, by=cast.admin)
    for each in Notice.objects.select_related("recipient"):
        client.force_login(
            each.recipient, backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        assert client.get(each.path).status_code == 200, each.path


def test_ended_it_is_told_no_more(cast, declare):
    tie = declare(cast.assessor)
    actions.end_interest(interest=tie, by=cast.assessor)
    assert heard() == set()


def test_a_refused_declaration_tells_nobody(cast, declare):
    with pytest.raises(PermissionDenied):
        declare(cast.assessor, by=cast.trainee)
    with pytest.raises(ValidationError):
        declare(cast.assessor, "personal", note="")
    assert heard() == set()
