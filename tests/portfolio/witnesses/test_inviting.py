"""Who may ask whom, and what becomes of the link."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F
from django.utils import timezone

from ledger.models import Entry, Sealed
from ledger.transitions import TransitionRefused
from portfolio import actions, permissions, tasks
from portfolio.models import Enrolment, ExpertWitness, WitnessInvitation
from tests.factories import Cast, make_edition, make_enrolment, make_member, make_version
from tests.portfolio.witnesses.conftest import ADDRESS, answer, wanted


def test_the_letter_names_learner_unit_and_link_and_nothing_else(
    cast: Cast, enrolment: Enrolment, sent: Callable[..., Any]
) -> None:
    make_version(enrolment.portfolio, title="Complaint of Mr Hale", account="He shouted.")
    asked = wanted(enrolment, message="The call with Mr Hale.", email=" Pat@Shop.example ")
    invitation, token = sent(actions.invite_witness, **asked)

    (letter,) = mail.outbox
    assert letter.to == [ADDRESS]
    assert f"/testimony/{token}/" in letter.body
    assert cast.learner.name in letter.body
    assert enrolment.edition.title in letter.body
    for private in ("Hale", "shouted", "do what P1 asks", enrolment.portfolio.registration_number):
        assert private not in letter.body + letter.subject
    invitation.refresh_from_db()
    assert invitation.state == "sent"


def test_the_ledger_says_who_asked_about_what_and_seals_whom(
    cast: Cast, invitation: WitnessInvitation
) -> None:
    entry = Entry.objects.get(verb="witness_invited")
    assert entry.actor_id == cast.learner.pk
    assert entry.facts["criteria"] == ["P1", "P2"]
    assert ADDRESS not in str(entry.facts)
    assert Sealed.objects.get(entry=entry, name="email").text == ADDRESS


def test_the_database_does_not_hold_the_token(invitation: WitnessInvitation) -> None:
    kept = [str(each) for each in WitnessInvitation.objects.values_list().get(pk=invitation.pk)]
    assert invitation.token() not in kept


PARTS = ("learner", "second_learner", "assessor", "other_assessor", "trainee", "iqa", "admin")


@pytest.mark.parametrize("part", PARTS)
def test_the_learner_and_her_assessor_may_ask(
    cast: Cast, outsiders: Cast, enrolment: Enrolment, part: str
) -> None:
    may = part in {"learner", "assessor"}
    person = getattr(cast, part)
    assert permissions.can_ask_witness(person, enrolment) is may
    assert permissions.can_ask_witness(getattr(outsiders, part), enrolment) is False
    if may:
        actions.invite_witness(**wanted(enrolment, by=person))
    else:
        with pytest.raises(PermissionDenied):
            actions.invite_witness(**wanted(enrolment, by=person))
    assert WitnessInvitation.objects.exists() is may


@pytest.mark.parametrize(
    ("asked_by", "resend", "withdraw"),
    [
        ("learner", {"learner", "assessor"}, {"learner", "assessor", "admin"}),
        ("assessor", {"assessor"}, {"assessor", "admin"}),
    ],
)
def test_who_may_send_again_and_withdraw(
    cast: Cast,
    outsiders: Cast,
    enrolment: Enrolment,
    asked_by: str,
    resend: set[str],
    withdraw: set[str],
) -> None:
    asked = wanted(enrolment, by=getattr(cast, asked_by))
    invitation, _token = actions.invite_witness(**asked)
    for part in PARTS:
        person, stranger = getattr(cast, part), getattr(outsiders, part)
        assert permissions.can_resend_witness_invitation(person, invitation) is (part in resend)
        assert permissions.can_withdraw_witness_invitation(person, invitation) is (part in withdraw)
        assert permissions.can_resend_witness_invitation(stranger, invitation) is False
        assert permissions.can_withdraw_witness_invitation(stranger, invitation) is False


def test_an_assessor_taken_off_the_unit_asks_nobody_more(cast: Cast, enrolment: Enrolment) -> None:
    invitation, _token = actions.invite_witness(**wanted(enrolment, by=cast.assessor))
    actions.end_allocation(allocation=enrolment.allocations.get(), by=cast.admin)
    with pytest.raises(PermissionDenied):
        actions.invite_witness(**wanted(enrolment, by=cast.assessor))
    with pytest.raises(PermissionDenied):
        actions.resend_witness_invitation(invitation=invitation, by=cast.assessor)


def test_nobody_is_witness_to_their_own_work(cast: Cast, enrolment: Enrolment) -> None:
    own = cast.learner.email.upper()
    with pytest.raises(ValidationError, match="own work"):
        actions.invite_witness(**wanted(enrolment, email=own, by=cast.assessor))
    assert not WitnessInvitation.objects.exists()


def test_whoever_assesses_the_unit_is_no_witness(cast: Cast, enrolment: Enrolment) -> None:
    with pytest.raises(ValidationError, match="nobody assesses what they witnessed"):
        actions.invite_witness(**wanted(enrolment, email=cast.assessor.email.title()))
    actions.invite_witness(**wanted(enrolment, email=cast.other_assessor.email))


def test_a_person_who_was_asked_is_not_made_the_assessor(cast: Cast, enrolment: Enrolment) -> None:
    asked = wanted(enrolment, email=cast.other_assessor.email)
    invitation, _token = actions.invite_witness(**asked)
    allocate = {"enrolment": enrolment, "assessor": cast.other_assessor, "by": cast.admin}
    with pytest.raises(ValidationError, match="Withdraw that invitation first"):
        actions.allocate(**allocate)
    actions.withdraw_witness_invitation(invitation=invitation, by=cast.admin)
    actions.allocate(**allocate)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "x" * 151),
        ("email", "nobody"),
        ("message", "  "),
        ("message", "x" * 2001),
        ("criteria", []),
    ],
)
def test_bad_input_asks_nobody(enrolment: Enrolment, field: str, value: Any) -> None:
    with pytest.raises(ValidationError):
        actions.invite_witness(**wanted(enrolment, **{field: value}))
    assert not WitnessInvitation.objects.exists()
    assert not Entry.objects.filter(verb="witness_invited").exists()


def test_criteria_of_another_unit_are_refused(enrolment: Enrolment) -> None:
    others = list(make_edition().criteria.all())
    with pytest.raises(ValidationError, match="criteria of this unit"):
        actions.invite_witness(**wanted(enrolment, criteria=others))


def test_a_unit_that_is_closed_asks_nobody(enrolment: Enrolment) -> None:
    Enrolment.objects.update(status=Enrolment.Status.SIGNED_OFF)
    with pytest.raises(TransitionRefused):
        actions.invite_witness(**wanted(enrolment))


def test_the_same_is_asked_once_while_it_is_open(enrolment: Enrolment) -> None:
    invitation, _token = actions.invite_witness(**wanted(enrolment))
    with pytest.raises(ValidationError, match="asked this person this already"):
        actions.invite_witness(**wanted(enrolment))
    actions.invite_witness(**wanted(enrolment, message="And the one on Monday."))
    actions.withdraw_witness_invitation(invitation=invitation, by=invitation.invited_by)
    actions.invite_witness(**wanted(enrolment))


def test_no_more_than_twenty_are_asked_at_once(enrolment: Enrolment) -> None:
    for number in range(20):
        actions.invite_witness(**wanted(enrolment, email=f"w{number}@shop.example"))
    with pytest.raises(ValidationError, match="20 people"):
        actions.invite_witness(**wanted(enrolment))


def test_an_expert_is_approved_for_the_unit_before_being_asked(
    cast: Cast, outsiders: Cast, enrolment: Enrolment
) -> None:
    ask = wanted(enrolment, as_expert=True)
    approval = {"name": "Pat", "email": ADDRESS, "competence": "Does it.", "by": cast.admin}
    for elsewhere in (
        {**approval, "centre": outsiders.centre, "by": outsiders.admin},
        {**approval, "centre": cast.centre, "edition": make_edition()},
    ):
        actions.approve_expert(**{"edition": enrolment.edition, **elsewhere})
        with pytest.raises(ValidationError, match="not approved as an expert"):
            actions.invite_witness(**ask)
    approved = actions.approve_expert(**approval, centre=cast.centre, edition=enrolment.edition)
    invitation, _token = actions.invite_witness(**ask)
    actions.end_expert_approval(expert=approved, by=cast.admin)
    with pytest.raises(ValidationError, match="not approved as an expert"):
        actions.resend_witness_invitation(invitation=invitation, by=cast.learner)


def test_resending_replaces_the_link(
    cast: Cast, invitation: WitnessInvitation, sent: Callable[..., Any]
) -> None:
    before = invitation.token()
    again, token = sent(actions.resend_witness_invitation, invitation=invitation, by=cast.learner)
    assert token != before
    with pytest.raises(TransitionRefused):
        actions.give_testimony(**answer(invitation, token=before))
    assert actions.invitation_of(token) == again
    assert f"/testimony/{token}/" in mail.outbox[-1].body
    assert Entry.objects.filter(verb="witness_invitation_resent").count() == 1


def test_a_link_that_has_just_been_sent_is_not_sent_again_at_once(
    cast: Cast, invitation: WitnessInvitation
) -> None:
    again = {"invitation": invitation, "by": cast.learner}
    before = invitation.token()
    WitnessInvitation.objects.update(sent_at=timezone.now())
    with pytest.raises(TransitionRefused, match="Wait two minutes"):
        actions.resend_witness_invitation(**again)
    assert actions.invitation_of(before) == invitation  # the link that is on its way stays good
    WitnessInvitation.objects.update(sent_at=timezone.now() - timedelta(minutes=3))
    actions.resend_witness_invitation(**again)
    assert invitation.token() != before


def test_a_withdrawn_link_opens_nothing_and_is_not_sent_again(
    cast: Cast, invitation: WitnessInvitation
) -> None:
    actions.withdraw_witness_invitation(invitation=invitation, by=cast.learner)
    assert invitation.state == "withdrawn"
    with pytest.raises(TransitionRefused):
        actions.invitation_of(invitation.token())
    with pytest.raises(TransitionRefused):
        actions.resend_witness_invitation(invitation=invitation, by=cast.learner)
    with pytest.raises(TransitionRefused):
        actions.withdraw_witness_invitation(invitation=invitation, by=cast.learner)
    tasks.send_witness_invitation(invitation.pk)
    assert mail.outbox == []


def test_the_link_expires_after_fourteen_days(invitation: WitnessInvitation) -> None:
    lasts = invitation.expires_at - invitation.created_at
    assert timedelta(days=13, hours=23) < lasts < timedelta(days=14, hours=1)
    WitnessInvitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(TransitionRefused):
        actions.give_testimony(**answer(invitation))
    invitation.refresh_from_db()
    assert invitation.state == "expired"


def test_mail_that_fails_is_sent_later_and_once(
    enrolment: Enrolment, sent: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(**kwargs: Any) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr(tasks, "send_mail", fails)
        invitation, _token = sent(actions.invite_witness, **wanted(enrolment))
    assert invitation.state == "queued"
    WitnessInvitation.objects.update(expires_at=F("expires_at") - timedelta(minutes=5))
    tasks.send_unsent_to_witnesses()
    tasks.send_unsent_to_witnesses()
    assert len(mail.outbox) == 1


def test_a_link_asked_for_again_after_days_is_sent_even_so(
    cast: Cast, invitation: WitnessInvitation
) -> None:
    long_ago = timezone.now() - timedelta(days=9)
    WitnessInvitation.objects.update(created_at=long_ago, sent_at=long_ago)
    actions.resend_witness_invitation(invitation=invitation, by=cast.learner)
    WitnessInvitation.objects.update(expires_at=F("expires_at") - timedelta(minutes=5))
    tasks.send_unsent_to_witnesses()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("part", PARTS)
def test_only_an_admin_approves_experts(
    cast: Cast, outsiders: Cast, expert: ExpertWitness, part: str
) -> None:
    may = part == "admin"
    assert permissions.can_approve_expert(getattr(cast, part), cast.centre) is may
    assert permissions.can_approve_expert(getattr(outsiders, part), cast.centre) is False
    if not may:
        with pytest.raises(PermissionDenied):
            actions.end_expert_approval(expert=expert, by=getattr(cast, part))


def test_an_approval_is_given_and_ended_once(cast: Cast, expert: ExpertWitness) -> None:
    again = {"centre": cast.centre, "edition": expert.edition, "by": cast.admin}
    again |= {"name": "Pat", "email": ADDRESS.upper(), "competence": "Still does it."}
    with pytest.raises(ValidationError, match="approved for this unit already"):
        actions.approve_expert(**again)
    actions.end_expert_approval(expert=expert, by=cast.admin)
    with pytest.raises(TransitionRefused):
        actions.end_expert_approval(expert=expert, by=cast.admin)
    actions.approve_expert(**again)
    verbs = list(Entry.objects.filter(stream__name=f"centre:{cast.centre.pk}").values_list("verb"))
    assert [verb for (verb,) in verbs] == [
        "expert_witness_approved",
        "expert_witness_ended",
        "expert_witness_approved",
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("email", "pat"),
        ("competence", " "),
        ("competence", "x" * 2001),
    ],
)
def test_bad_input_approves_nobody(
    cast: Cast, enrolment: Enrolment, field: str, value: str
) -> None:
    fields = {"name": "Pat", "email": ADDRESS, "competence": "Does it.", field: value}
    with pytest.raises(ValidationError):
        actions.approve_expert(
            centre=cast.centre, edition=enrolment.edition, by=cast.admin, **fields
        )
    assert not ExpertWitness.objects.exists()


def test_an_expert_of_another_centres_own_unit_is_refused(cast: Cast, outsiders: Cast) -> None:
    theirs = make_edition(centre=outsiders.centre)
    with pytest.raises(ValidationError, match="your centre's list"):
        actions.approve_expert(
            centre=cast.centre,
            name="Pat",
            email=ADDRESS,
            competence="Does it.",
            edition=theirs,
            by=cast.admin,
        )


def test_another_learners_unit_is_not_touched(cast: Cast, invitation: WitnessInvitation) -> None:
    """The same person may be asked about two learners."""
    from_another = make_enrolment(
        cast.second_learner.portfolios.create(centre=cast.centre), make_edition(), cast.trainee
    )
    actions.invite_witness(**wanted(from_another, message=invitation.message))
    assert WitnessInvitation.objects.count() == 2
    newcomer = make_member(cast.centre, "assessor")
    assert permissions.can_ask_witness(newcomer, from_another) is False
