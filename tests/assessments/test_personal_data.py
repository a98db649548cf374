"""Three people look for others in the evidence: who hands it in, who judges it, who signs."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from assessments import actions
from assessments.models import SignOff, Submission
from assessments.requirements import missing_for_sign_off, ready_for_sign_off
from ledger.models import Entry
from portfolio.actions import answer_personal_data, new_version
from portfolio.models import EvidenceVersion, Redaction


def answered(version, personal_data, note=""):
    EvidenceVersion.objects.filter(pk=version.pk).update(
        personal_data=personal_data, permission_note=note
    )
    return EvidenceVersion.objects.get(pk=version.pk)


def hide(version, status="done"):
    return Redaction.objects.create(
        evidence=version.evidence,
        version=version,
        status=status,
        marks=[],
        made_by=version.evidence.portfolio.learner,
        finished_at=timezone.now(),
    )


def submit(unit, version):
    return actions.submit(version=version, declared=True, by=unit.cast.learner)[0]


# The learner's answer ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "note", "sentence"),
    [
        ("", "", "Say whether anybody else can be recognised"),
        ("permission", "", "Say who agreed"),
        ("permission", "  ", "Say who agreed"),
        ("present", "", "Hide them first, or change your answer"),
    ],
)
def test_an_open_answer_keeps_it_from_being_submitted(unit, answer, note, sentence):
    version = answered(unit.draft("P1"), answer, note)
    with pytest.raises(ValidationError, match=sentence):
        submit(unit, version)
    assert EvidenceVersion.objects.get(pk=version.pk).is_draft


@pytest.mark.parametrize(("answer", "note"), [("none", ""), ("permission", "Ann, by e-mail")])
def test_an_answer_is_frozen_and_in_the_ledger(unit, answer, note):
    submission = submit(unit, answered(unit.draft("P1"), answer, note))
    assert submission.frozen["people"] == {"answer": answer, "note": note}
    facts = Entry.objects.get(verb="evidence_submitted").facts
    assert facts["personal_data"] == answer
    assert "Ann" not in str(facts)


def test_once_they_are_hidden_it_can_be_submitted(unit):
    version = answered(unit.draft("P1"), "present")
    hide(version)
    assert submit(unit, version).pk


@pytest.mark.parametrize("status", ["queued", "running"])
def test_what_is_just_being_hidden_is_waited_for(unit, status):
    version = unit.draft("P1")
    hide(version, status)
    with pytest.raises(ValidationError, match="just being hidden"):
        submit(unit, version)


def test_a_failed_attempt_hides_nobody(unit):
    version = answered(unit.draft("P1"), "present")
    hide(version, "failed")
    with pytest.raises(ValidationError, match="Hide them first"):
        submit(unit, version)


def test_only_the_learner_answers_and_only_a_draft(unit, outsiders):
    version = unit.draft("P1")
    given = {"personal_data": "permission", "permission_note": " Ann said so. "}
    for person in [*unit.cast.people().values(), *outsiders.people().values()]:
        if person != unit.cast.learner:
            with pytest.raises(PermissionDenied):
                answer_personal_data(version=version, by=person, **given)
    answer_personal_data(version=version, by=unit.cast.learner, **given)
    assert (version.personal_data, version.permission_note) == ("permission", "Ann said so.")


# The assessor's ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("check", "sentence"),
    [("", "Say whether anybody can be recognised"), ("hide", "hidden first"), ("x", "Choose one")],
)
def test_it_is_accepted_only_when_nobody_is_found(unit, check, sentence):
    submission = unit.submitted("P1")
    unit.judge(submission)
    with pytest.raises(ValidationError, match=sentence):
        actions.accept(
            submission=submission, feedback="Good.", personal_data=check, by=unit.cast.assessor
        )
    assert Submission.objects.get(pk=submission.pk).status == "waiting"


def test_what_was_found_is_kept_with_the_decision(unit):
    submission = unit.accepted("P1")
    assert submission.personal_data == "clear"
    assert Entry.objects.get(verb="submission_accepted").facts["personal_data"] == "clear"


def returned_to_hide(unit, *codes):
    submission = unit.submitted(*codes)
    unit.judge(submission)
    return actions.return_(
        submission=submission,
        feedback="A customer's face can be seen.",
        personal_data="hide",
        by=unit.cast.assessor,
    )


def test_somebody_to_hide_is_reason_enough_for_a_return(unit):
    submission = returned_to_hide(unit, "P1")
    assert (submission.status, submission.personal_data) == ("returned", "hide")
    assert submission.version.status == "returned"


def test_a_return_still_needs_its_reason(unit):
    submission = unit.submitted("P1")
    unit.judge(submission)
    with pytest.raises(ValidationError, match="feedback"):
        actions.return_(
            submission=submission, feedback=" ", personal_data="hide", by=unit.cast.assessor
        )


def test_then_all_of_it_comes_again_and_the_question_is_asked_anew(unit):
    submission = returned_to_hide(unit, "P1", "K1")
    again = new_version(evidence=submission.version.evidence, by=unit.cast.learner)
    assert again.personal_data == ""
    assert {each.criterion.code for each in again.claims.all()} == {"P1", "K1"}


def test_what_was_hidden_before_the_assessor_asked_does_not_count(unit):
    version = unit.draft("P1")
    hide(version)
    submission = submit(unit, answered(version, "present"))
    unit.judge(submission)
    actions.return_(
        submission=submission, feedback="One more.", personal_data="hide", by=unit.cast.assessor
    )
    again = new_version(evidence=version.evidence, by=unit.cast.learner)
    again = answered(again, "present")
    with pytest.raises(ValidationError, match="Hide them first"):
        submit(unit, again)
    hide(again)
    assert submit(unit, again).pk


def test_another_return_keeps_the_answer(unit):
    submission = unit.submitted("P1", "P2")
    unit.judge(submission, P2="Unclear")
    actions.return_(submission=submission, feedback="Nearly.", by=unit.cast.assessor)
    again = new_version(evidence=submission.version.evidence, by=unit.cast.learner)
    assert again.personal_data == "none"
    assert [each.criterion.code for each in again.claims.all()] == ["P2"]


# At sign-off ---------------------------------------------------------------------------------


def test_the_unit_is_not_signed_off_unlooked(unit):
    version = unit.accepted().version
    with pytest.raises(ValidationError, match="tick that you did"):
        actions.sign_off(
            enrolment=unit.enrolment,
            credits=unit.credits(version),
            personal_data_checked=False,
            by=unit.cast.assessor,
        )
    assert not SignOff.objects.exists()


def test_the_tick_is_kept_and_in_the_ledger(unit):
    signed = unit.signed()
    assert signed.personal_data_checked
    assert Entry.objects.get(verb="unit_signed_off").facts["personal_data_checked"] is True


def test_evidence_that_counts_has_nobody_left_to_hide(unit):
    submission = returned_to_hide(unit, "P1")
    unit.accepted("P2", "K1")
    assert missing_for_sign_off(unit.enrolment) == [
        f"In evidence {submission.version.evidence.number} somebody has to be hidden first."
    ]
    assert not ready_for_sign_off(unit.cast.assessor).exists()
    hide(submission.version)
    assert not missing_for_sign_off(unit.enrolment)
    assert ready_for_sign_off(unit.cast.assessor).get() == unit.enrolment


# On the pages --------------------------------------------------------------------------------


def test_the_question_is_on_the_marking_page_and_its_answer_comes_back(unit, signed_in, url_of):
    submission = unit.submitted("P1")
    client = signed_in(unit.cast.assessor)
    page = client.get(url_of("submission", pk=submission.pk)).content.decode()
    assert "Can anybody be recognised who did not agree to it?" in page
    assert "Nobody else can be recognised" in page  # what the learner said
    unit.judge(submission)
    answer = client.post(url_of("accept", pk=submission.pk), {"feedback": "Good."})
    assert answer.status_code == 422
    assert 'href="#id_personal_data_0"' in answer.content.decode()
    answer = client.post(
        url_of("accept", pk=submission.pk), {"feedback": "", "personal_data": "clear"}
    )
    assert 'value="clear" class="form-check-input" id="id_personal_data_0" checked' in (
        " ".join(answer.content.decode().split())
    )


def test_the_evidence_page_shows_what_each_said(unit, signed_in):
    submission = unit.accepted("P1")
    version = submission.version
    address = f"/c/{unit.cast.centre.slug}/evidence/{version.evidence_id}/"
    page = signed_in(unit.cast.learner).get(address).content.decode()
    assert "Nobody else can be recognised" in page
    assert "Nobody can be recognised who did not agree to it" in page


def test_before_it_is_answered_the_learner_is_led_to_the_question(unit, signed_in):
    version = answered(unit.draft("P1"), "")
    address = f"/c/{unit.cast.centre.slug}/evidence/{version.evidence_id}/"
    client = signed_in(unit.cast.learner)
    page = client.get(address).content.decode()
    assert f'href="{address}people/"' in page
    assert 'name="declared"' not in page
    answer = client.post(address + "people/", {"personal_data": "none", "version": version.pk})
    assert answer.url == address
    assert 'name="declared"' in client.get(address).content.decode()
    assert client.post(address + "people/", {"personal_data": "x"}).status_code == 422
