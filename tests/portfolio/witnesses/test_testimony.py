"""What a confirmed testimony becomes, and that nobody changes it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments import actions as assessing
from assessments.freezing import digest
from assessments.permissions import can_countersign, can_decide, can_judge, can_sign_off
from ledger.models import Entry, Sealed
from ledger.record import faults
from ledger.transitions import TransitionRefused
from portfolio import actions
from portfolio.declarations import CURRENT_WITNESS, wording
from portfolio.models import (
    Allocation,
    Enrolment,
    Evidence,
    EvidenceVersion,
    ExpertWitness,
    PersonalData,
    Testimony,
    WitnessInvitation,
)
from portfolio.permissions import can_edit_version, has_witnessed
from tests.factories import Cast, make_edition, make_enrolment, make_version
from tests.portfolio.witnesses.conftest import ADDRESS, SAID, answer, wanted

MARKDOWN = "She **rang**.\n\n- at once\n<script>alert(1)</script>"


@pytest.fixture
def version(invitation: WitnessInvitation) -> EvidenceVersion:
    """The draft that a confirmed testimony made."""
    return actions.give_testimony(**answer(invitation)).evidence.versions.get()


def hand_in(cast: Cast, version: EvidenceVersion) -> Any:
    people = {"personal_data": PersonalData.NONE, "permission_note": ""}
    actions.answer_personal_data(version=version, by=cast.learner, **people)
    return assessing.submit(version=version, declared=True, by=cast.learner)[0]


def test_it_becomes_a_numbered_draft_that_claims_what_the_witness_named(
    enrolment: Enrolment, invitation: WitnessInvitation
) -> None:
    make_version(enrolment.portfolio)
    named = list(enrolment.edition.criteria.filter(code="P2"))
    testimony = actions.give_testimony(**answer(invitation, criteria=named))

    evidence = testimony.evidence
    assert (evidence.number, evidence.by_witness) == (2, True)
    version = evidence.versions.get()
    assert version.is_draft
    assert version.title == "Testimony of Pat Moss"
    assert (version.method, version.gathered_on) == ("witness", SAID["seen_on"])
    assert version.account == SAID["statement"]
    assert "same day" in version.account_html
    assert version.personal_data == ""
    assert [(each.criterion.code, each.place) for each in version.claims.all()] == [("P2", "")]
    assert [each.code for each in testimony.criteria.all()] == ["P2"]
    assert (testimony.name, testimony.job) == ("Pat Moss", SAID["job"])
    assert testimony.declaration_text == wording(CURRENT_WITNESS)


def test_what_is_written_in_it_is_rendered_like_any_account(invitation: WitnessInvitation) -> None:
    testimony = actions.give_testimony(**answer(invitation, statement=MARKDOWN))
    html = testimony.evidence.versions.get().account_html
    assert "<strong>rang</strong>" in html
    assert "<script" not in html


def test_the_ledger_seals_who_said_what(cast: Cast, invitation: WitnessInvitation) -> None:
    actions.give_testimony(**answer(invitation))
    entry = Entry.objects.get(verb="testimony_given")
    assert entry.actor_id is None
    assert entry.stream.name == cast.learner.portfolios.get().stream
    assert entry.facts["criteria"] == ["P1", "P2"]
    assert "Moss" not in str(entry.facts)
    sealed = dict(Sealed.objects.filter(entry=entry).values_list("name", "text"))
    assert sealed == {
        "name": "Pat Moss",
        "email": ADDRESS,
        "relationship": SAID["relationship"],
        "job": SAID["job"],
        "statement": SAID["statement"],
    }
    assert not list(faults())


def test_without_the_ledger_nothing_is_kept(
    invitation: WitnessInvitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**entry: Any) -> None:
        raise RuntimeError("the ledger is full")

    monkeypatch.setattr("portfolio.actions.witnesses.record", broken)
    with pytest.raises(RuntimeError):
        actions.give_testimony(**answer(invitation))
    assert not Evidence.objects.exists()
    invitation.refresh_from_db()
    assert invitation.used_at is None


def test_the_link_gives_one_testimony(invitation: WitnessInvitation) -> None:
    actions.give_testimony(**answer(invitation))
    with pytest.raises(TransitionRefused):
        actions.give_testimony(**answer(invitation, statement="Something else."))
    assert Testimony.objects.get().statement == SAID["statement"]
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("relationship", " "),
        ("relationship", "x" * 201),
        ("job", ""),
        ("statement", " \n "),
        ("statement", "x" * 20_001),
        ("criteria", []),
        ("declared", False),
        ("seen_on", timezone.localdate() + timedelta(days=1)),
    ],
)
def test_what_is_missing_or_wrong_leaves_the_link_open(
    invitation: WitnessInvitation, field: str, value: Any
) -> None:
    with pytest.raises(ValidationError):
        actions.give_testimony(**answer(invitation, **{field: value}))
    assert not Testimony.objects.exists()
    assert actions.invitation_of(invitation.token()) == invitation


def test_only_what_was_asked_can_be_named(
    enrolment: Enrolment, invitation: WitnessInvitation
) -> None:
    everything = list(enrolment.edition.criteria.all())
    with pytest.raises(ValidationError, match="you were asked about"):
        actions.give_testimony(**answer(invitation, criteria=everything))


def test_a_unit_closed_meanwhile_takes_no_testimony(invitation: WitnessInvitation) -> None:
    Enrolment.objects.update(status=Enrolment.Status.WITHDRAWN)
    with pytest.raises(TransitionRefused):
        actions.give_testimony(**answer(invitation))


@pytest.mark.parametrize("part", ["learner", "assessor"])
def test_from_the_browser_of_the_learner_or_her_assessor_nothing_is_taken(
    cast: Cast, invitation: WitnessInvitation, part: str
) -> None:
    with pytest.raises(PermissionDenied):
        actions.give_testimony(**answer(invitation, signed_in=getattr(cast, part)))
    actions.give_testimony(**answer(invitation, signed_in=cast.iqa))


def test_an_expert_is_approved_when_confirming_too(
    cast: Cast, enrolment: Enrolment, expert: ExpertWitness
) -> None:
    asked = wanted(enrolment, as_expert=True)
    invitation, _token = actions.invite_witness(**asked)
    actions.end_expert_approval(expert=expert, by=cast.admin)
    with pytest.raises(ValidationError, match="not approved as an expert"):
        actions.give_testimony(**answer(invitation))
    assert actions.invitation_of(invitation.token()) == invitation

    ExpertWitness.objects.update(ended_at=None)
    testimony = actions.give_testimony(**answer(invitation))
    assert testimony.is_expert
    assert testimony.evidence.versions.get().method == "expert_witness"


def test_the_address_of_somebody_who_now_assesses_it_is_refused(
    cast: Cast, enrolment: Enrolment
) -> None:
    asked = wanted(enrolment, email=cast.other_assessor.email)
    invitation, _token = actions.invite_witness(**asked)
    Allocation.objects.create(enrolment=enrolment, assessor=cast.other_assessor)
    with pytest.raises(ValidationError, match="nobody assesses what they witnessed"):
        actions.give_testimony(**answer(invitation))


def test_whoever_gave_testimony_is_not_allocated_and_judges_nothing(
    cast: Cast, enrolment: Enrolment
) -> None:
    witness = cast.other_assessor
    invitation, _token = actions.invite_witness(**wanted(enrolment, email=witness.email))
    version = actions.give_testimony(**answer(invitation)).evidence.versions.get()
    with pytest.raises(ValidationError, match="gave testimony for this unit"):
        actions.allocate(enrolment=enrolment, assessor=witness, by=cast.admin)

    submission = hand_in(cast, version)
    for assessor in (cast.assessor, witness):
        Allocation.objects.get_or_create(enrolment=enrolment, assessor=assessor)
        may = assessor == cast.assessor
        assert can_judge(assessor, submission) is may
        assert can_decide(assessor, submission) is may
        assert can_sign_off(assessor, enrolment) is may


def test_whoever_gave_testimony_does_not_countersign(cast: Cast, enrolment: Enrolment) -> None:
    invitation, _token = actions.invite_witness(
        **wanted(enrolment, email=cast.other_assessor.email)
    )
    provisional = enrolment.sign_offs.create(
        status="awaiting_countersignature", assessor=cast.trainee, signed_at=timezone.now()
    )
    assert can_countersign(cast.other_assessor, provisional) is True
    actions.give_testimony(**answer(invitation))
    assert can_countersign(cast.other_assessor, provisional) is False


def test_a_testimony_used_for_another_unit_counts_as_witnessed_there(
    cast: Cast, enrolment: Enrolment
) -> None:
    other = make_enrolment(enrolment.portfolio, make_edition(), cast.trainee)
    witness = cast.other_assessor
    invitation, _token = actions.invite_witness(**wanted(enrolment, email=witness.email))
    version = actions.give_testimony(**answer(invitation)).evidence.versions.get()
    assert has_witnessed(witness, other) is False
    version.claims.create(enrolment=other, criterion=other.edition.criteria.first())
    assert has_witnessed(witness, other) is True


def test_the_database_keeps_a_testimony_as_it_is(version: EvidenceVersion) -> None:
    testimony = Testimony.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Testimony.objects.update(statement="She did nothing.")
    with pytest.raises(IntegrityError), transaction.atomic():
        testimony.criteria.clear()
    with pytest.raises(IntegrityError), transaction.atomic():
        Testimony.objects.all()._raw_delete("default")
    assert Testimony.objects.get().statement == SAID["statement"]


def test_the_learner_hands_it_in_but_changes_nothing_of_it(
    cast: Cast, enrolment: Enrolment, version: EvidenceVersion
) -> None:
    assert can_edit_version(cast.learner, version) is False
    changed = {"title": "Mine", "method": "account", "account": "I was great."}
    with pytest.raises(PermissionDenied):
        actions.edit_evidence(
            version=version, gathered_on=version.gathered_on, uploads=[], by=cast.learner, **changed
        )
    submission = hand_in(cast, version)
    version.refresh_from_db()
    assert version.account == SAID["statement"]
    assert "A witness wrote this" in version.declaration_text
    assert submission.frozen["testimony"]["name"] == "Pat Moss"
    assert submission.frozen_sha256 == digest(submission.frozen)


def test_the_learners_own_evidence_is_declared_as_before(
    cast: Cast, handed_in: Any, enrolment: Enrolment
) -> None:
    submission = handed_in("P1")
    assert "my own work" in submission.version.declaration_text
    assert submission.frozen["testimony"] is None


def test_a_returned_testimony_is_claimed_anew_but_not_rewritten(
    cast: Cast, version: EvidenceVersion, judge: Any
) -> None:
    submission = hand_in(cast, version)
    judge(submission, P1="She says nothing of it.")
    for each in submission.claims():
        if each.criterion.code == "P2":
            assert each.judgements.get().outcome == "met"
    assessing.return_(
        submission=submission, feedback="Ask her again.", by=cast.assessor, **people()
    )
    again = actions.new_version(evidence=version.evidence, by=cast.learner)
    assert again.account == SAID["statement"]
    assert can_edit_version(cast.learner, again) is False
    with pytest.raises(PermissionDenied):
        actions.edit_evidence(
            version=again,
            title="Mine",
            method="account",
            gathered_on=again.gathered_on,
            account="I was great.",
            uploads=[],
            by=cast.learner,
        )


def people() -> dict[str, str]:
    """The assessor's look for other people, which every decision asks for."""
    return {"personal_data": "clear"}
