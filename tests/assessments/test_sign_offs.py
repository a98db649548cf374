import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from assessments import actions
from assessments.declarations import assessor_wording, countersigner_wording
from assessments.models import MarkingPointCredit, SignOff
from assessments.requirements import ready_for_sign_off
from ledger.models import Entry
from ledger.record import first_fault
from ledger.transitions import TransitionRefused
from portfolio.models import Enrolment
from standards.models import MarkingGuide, MarkingPoint
from tests.factories import make_claims, make_guide


def sign(unit, *versions, by=None, credits=None, looked=True):
    return actions.sign_off(
        enrolment=Enrolment.objects.get(pk=unit.enrolment.pk),
        credits=unit.credits(*versions) if credits is None else credits,
        personal_data_checked=looked,
        by=by or unit.cast.assessor,
    )


def status_of(enrolment):
    return Enrolment.objects.get(pk=enrolment.pk).status


def unsigned(unit):
    return (
        status_of(unit.enrolment) == "active"
        and not SignOff.objects.exists()
        and not MarkingPointCredit.objects.exists()
        and not Entry.objects.filter(verb__startswith="unit_").exists()
    )


def test_a_qualified_assessor_signs_the_unit_off(unit):
    version = unit.accepted().version
    signed = sign(unit, version)
    assert (signed.status, signed.assessor) == ("signed_off", unit.cast.assessor)
    assert signed.declaration_text == assessor_wording(signed.declaration_version)
    assert status_of(unit.enrolment) == "signed_off"
    credits = signed.credits.values_list("marking_point__number", "version", "wording")
    assert list(credits) == [
        (1, version.pk, "Award credit for point 1."),
        (2, version.pk, "Award credit for point 2."),
    ]
    entry = Entry.objects.get(verb="unit_signed_off")
    assert [each["versions"] for each in entry.facts["credits"]] == [[version.pk]] * 2
    assert first_fault(entry.stream) is None


def test_evidence_that_was_returned_still_earns_with_what_it_met(unit):
    submission = unit.submitted("P1", "P2")
    unit.judge(submission, P2="Unclear")
    actions.return_(submission=submission, feedback="Nearly.", by=unit.cast.assessor)
    unit.accepted("P2", "K1")
    sign(unit, submission.version)
    assert status_of(unit.enrolment) == "signed_off"


def test_a_unit_without_a_guide_has_no_points_to_credit(unit):
    unit.guide.editions.clear()
    unit.accepted()
    sign(unit, credits={})
    assert status_of(unit.enrolment) == "signed_off"


def test_every_criterion_must_be_met(unit):
    version = unit.accepted("P1").version
    with pytest.raises(ValidationError, match="P2, K1 are not met yet"):
        sign(unit, version)
    assert unsigned(unit)


def test_a_criterion_met_in_another_learner_s_unit_does_not_count(unit, cast):
    version = unit.accepted("P1", "P2").version
    k1 = unit.draft("K1")
    k1.claims.update(status="not_yet")
    with pytest.raises(ValidationError, match="K1 is not met yet"):
        sign(unit, version)
    assert unsigned(unit)


def test_every_point_needs_evidence(unit):
    version = unit.accepted().version
    first = unit.guide.marking_points.first()
    with pytest.raises(ValidationError, match="marking point 2"):
        sign(unit, credits={first.pk: [version.pk]})
    assert unsigned(unit)


def test_a_point_is_not_earned_by_evidence_without_a_met_claim_here(unit, second_unit):
    version = unit.accepted().version
    elsewhere = unit.draft("P1", enrolment=second_unit)
    elsewhere.claims.update(status="met")
    with pytest.raises(ValidationError, match="no met claim in this unit"):
        sign(unit, version, elsewhere)
    assert unsigned(unit)


def test_the_points_of_every_guide_that_serves_the_edition_count(unit):
    version = unit.accepted().version
    make_guide(unit.enrolment.edition, points=1)
    with pytest.raises(ValidationError, match="marking point 1"):
        sign(unit, version)


def test_a_guide_of_another_centre_does_not_count(unit, outsiders):
    version = unit.accepted().version
    theirs = MarkingGuide.objects.create(title="Theirs", centre=outsiders.centre)
    MarkingPoint.objects.create(guide=theirs, number=1, text="Theirs alone.")
    theirs.published_at = timezone.now()
    theirs.save()
    theirs.editions.add(unit.enrolment.edition)
    assert sign(unit, version).is_complete


def test_work_that_waits_is_decided_first(unit):
    version = unit.accepted().version
    unit.submitted("P1")
    with pytest.raises(ValidationError, match="1 item of evidence in this unit still waits"):
        sign(unit, version)
    assert unsigned(unit)


@pytest.mark.parametrize("part", ["learner", "other_assessor", "iqa", "admin"])
def test_only_those_allocated_sign(unit, part):
    version = unit.accepted().version
    with pytest.raises(PermissionDenied):
        sign(unit, version, by=unit.cast.people()[part])
    assert unsigned(unit)


def test_of_two_sign_offs_one_wins_and_the_other_is_told(unit):
    version = unit.accepted().version
    sign(unit, version)
    with pytest.raises(TransitionRefused, match="Ben Osei already signed this unit off on"):
        sign(unit, version, by=unit.cast.trainee)
    assert SignOff.objects.count() == 1


def test_after_sign_off_nothing_more_is_claimed_or_judged(unit):
    unit.signed()
    version = unit.draft("P1")
    with pytest.raises(TransitionRefused, match="Signed off"):
        actions.submit(version=version, declared=True, by=unit.cast.learner)


# Countersigning -----------------------------------------------------------------------------


def test_a_trainee_s_sign_off_waits(unit):
    signed = unit.signed(by=unit.cast.trainee)
    assert signed.status == "awaiting_countersignature"
    assert not signed.is_complete
    assert status_of(unit.enrolment) == "awaiting_countersignature"
    assert Entry.objects.filter(verb="unit_signed_off_provisionally").count() == 1


def test_a_colleague_countersigns(unit):
    signed = unit.signed(by=unit.cast.trainee)
    actions.countersign(sign_off=signed, by=unit.cast.other_assessor)
    signed = SignOff.objects.get()
    assert (signed.status, signed.countersigner) == ("signed_off", unit.cast.other_assessor)
    assert signed.countersigner_declaration_text == countersigner_wording(
        signed.countersigner_declaration_version
    )
    assert status_of(unit.enrolment) == "signed_off"
    assert Entry.objects.filter(verb="unit_countersigned").count() == 1


def test_refusing_opens_the_unit_again_and_it_can_be_signed_anew(unit):
    signed = unit.signed(by=unit.cast.trainee)
    version = signed.credits.first().version
    with pytest.raises(ValidationError, match="Say why"):
        actions.refuse_countersignature(sign_off=signed, reason="  ", by=unit.cast.other_assessor)
    actions.refuse_countersignature(
        sign_off=signed, reason="P2 is thin", by=unit.cast.other_assessor
    )
    assert status_of(unit.enrolment) == "active"
    refused = SignOff.objects.get()
    assert (refused.status, refused.countersigner_reason) == ("refused", "P2 is thin")
    entry = Entry.objects.get(verb="countersignature_refused")
    assert entry.sealed.get().text == "P2 is thin"
    assert sign(unit, version).is_complete
    assert SignOff.objects.count() == 2


@pytest.mark.parametrize("part", ["learner", "trainee", "iqa", "admin"])
def test_who_may_not_countersign(unit, part):
    signed = unit.signed(by=unit.cast.trainee)
    person = unit.cast.people()[part]
    with pytest.raises(PermissionDenied):
        actions.countersign(sign_off=signed, by=person)
    with pytest.raises(PermissionDenied):
        actions.refuse_countersignature(sign_off=signed, reason="No", by=person)
    assert status_of(unit.enrolment) == "awaiting_countersignature"


def test_of_two_countersigners_one_wins_and_the_other_is_told(unit):
    signed = unit.signed(by=unit.cast.trainee)
    first, second = SignOff.objects.get(), SignOff.objects.get()
    actions.countersign(sign_off=first, by=unit.cast.other_assessor)
    with pytest.raises(TransitionRefused, match="Grace Lund already countersigned this on"):
        actions.refuse_countersignature(sign_off=second, reason="No", by=unit.cast.assessor)
    assert SignOff.objects.get(pk=signed.pk).countersigner == unit.cast.other_assessor
    assert status_of(unit.enrolment) == "signed_off"


def test_late_colleagues_still_see_who_countersigned_and_outsiders_do_not(unit, outsiders):
    signed = unit.signed(by=unit.cast.trainee)
    actions.countersign(sign_off=signed, by=unit.cast.assessor)
    seen = SignOff.objects.visible_to
    assert seen(unit.cast.other_assessor).filter(pk=signed.pk).exists()
    for person in [*outsiders.people().values(), unit.cast.second_learner]:
        assert not seen(person).filter(pk=signed.pk).exists(), person


def test_a_countersigner_s_refusal_leaves_the_refused_credits_on_record(unit):
    signed = unit.signed(by=unit.cast.trainee)
    actions.refuse_countersignature(sign_off=signed, reason="Thin", by=unit.cast.assessor)
    assert signed.credits.count() == 2


# What is ready ------------------------------------------------------------------------------


def test_a_unit_is_ready_once_all_is_met_and_nothing_waits(unit):
    def ready():
        return list(ready_for_sign_off(unit.cast.assessor))

    assert ready() == []
    version = unit.accepted("P1", "P2").version
    assert ready() == []
    unit.accepted("K1")
    assert ready() == [unit.enrolment]
    assert not ready_for_sign_off(unit.cast.other_assessor).exists()
    waiting = unit.submitted("P1")
    assert ready() == []
    unit.judge(waiting)
    actions.accept(
        submission=waiting, feedback="Fine.", personal_data="clear", by=unit.cast.assessor
    )
    sign(unit, version)
    assert ready() == []


def test_met_in_one_unit_does_not_make_another_ready(unit, second_unit):
    version = unit.draft("P1", "P2")
    make_claims(version, second_unit)
    version.claims.update(status="met")
    assert not ready_for_sign_off(unit.cast.assessor).exists()
    assert list(ready_for_sign_off(unit.cast.other_assessor)) == [second_unit]


# The database itself ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE assessments_signoff SET declaration_text = 'other'",
        "DELETE FROM assessments_signoff",
        "UPDATE assessments_markingpointcredit SET wording = 'other'",
        "DELETE FROM assessments_markingpointcredit",
    ],
)
def test_sql_does_not_change_what_was_signed(unit, sql):
    unit.signed()
    with (
        pytest.raises(IntegrityError, match="never changed or deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
