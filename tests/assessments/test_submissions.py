import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from assessments import actions
from assessments.freezing import digest
from assessments.models import Submission
from files.models import Blob
from ledger.models import Entry
from ledger.transitions import TransitionRefused
from portfolio.models import EvidenceFile, EvidenceVersion
from tests.factories import make_claims, make_version


def submit(version, by, declared=True):
    return actions.submit(version=version, declared=declared, by=by)


def test_submitting_freezes_exactly_what_was_there(unit):
    version = unit.draft("P1", "K1")
    blob = Blob.objects.create(sha256="ab" * 32, size=12, media_type="image/jpeg")
    EvidenceFile.objects.create(version=version, blob=blob, name="Photo.jpg", order=1)
    version.claims.filter(criterion__code="P1").update(place="page 2")
    (submission,) = submit(version, unit.cast.learner)
    submission.refresh_from_db()
    frozen = submission.frozen
    assert frozen["title"] == version.title
    assert frozen["account"] == "I did the work."
    assert frozen["method"] == "account"
    assert frozen["gathered_on"] == "2026-10-01"
    assert frozen["edition"] == {
        "id": unit.enrolment.edition_id,
        "urn": unit.enrolment.edition.standard.urn,
    }
    assert frozen["files"] == [
        {"name": "Photo.jpg", "sha256": "ab" * 32, "size": 12, "type": "image/jpeg"}
    ]
    assert [(each["code"], each["place"]) for each in frozen["claims"]] == [
        ("P1", "page 2"),
        ("K1", ""),
    ]
    assert frozen["claims"][0]["text"] == "do what P1 asks"
    assert submission.frozen_sha256 == digest(frozen)


def test_submitting_moves_the_version_its_claims_and_its_evidence(unit):
    version = unit.draft()
    submit(version, unit.cast.learner)
    version = EvidenceVersion.objects.get(pk=version.pk)
    assert version.status == "submitted"
    assert version.submitted_at == version.evidence.first_submitted_at
    assert version.declaration_version
    assert "my own work" in version.declaration_text
    assert set(version.claims.values_list("status", flat=True)) == {"submitted"}


def test_the_first_submission_s_time_stays(unit):
    version = unit.draft()
    long_ago = timezone.now().replace(year=2020)
    version.evidence.first_submitted_at = long_ago
    version.evidence.save()
    submit(version, unit.cast.learner)
    version.evidence.refresh_from_db()
    assert version.evidence.first_submitted_at == long_ago


def test_each_unit_gets_its_own_submission_with_its_own_claims(unit, second_unit):
    version = unit.draft("P1")
    make_claims(version, second_unit, "P2")
    first, second = submit(version, unit.cast.learner)
    assert (first.enrolment, second.enrolment) == (unit.enrolment, second_unit)
    assert [each["code"] for each in first.frozen["claims"]] == ["P1"]
    assert [each["code"] for each in second.frozen["claims"]] == ["P2"]


def test_the_ledger_has_the_digest_and_no_personal_words(unit):
    (submission,) = submit(unit.draft("P1"), unit.cast.learner)
    entry = Entry.objects.get(verb="evidence_submitted")
    assert entry.stream_id == unit.portfolio.stream
    assert entry.actor == unit.cast.learner
    assert entry.facts["frozen_sha256"] == submission.frozen_sha256
    assert [each["criterion"] for each in entry.facts["claims"]] == ["P1"]
    assert "I did the work" not in str(entry.facts)


def test_two_equal_texts_have_different_digests(unit):
    """Otherwise a guess at erased words could be checked against the ledger."""
    first, second = unit.submitted("P1"), unit.submitted("P1")
    assert first.frozen["account"] == second.frozen["account"]
    assert first.frozen["salt"] != second.frozen["salt"]


def nothing_was_submitted(version):
    version = EvidenceVersion.objects.get(pk=version.pk)
    return (
        version.status == "draft"
        and version.submitted_at is None
        and not Submission.objects.exists()
        and not Entry.objects.exists()
        and set(version.claims.values_list("status", flat=True)) <= {"claimed"}
    )


def test_undeclared_is_refused(unit):
    version = unit.draft()
    with pytest.raises(ValidationError, match="own work"):
        submit(version, unit.cast.learner, declared=False)
    assert nothing_was_submitted(version)


def test_without_a_claim_is_refused(unit):
    version = make_version(unit.portfolio)
    with pytest.raises(ValidationError, match="at least one criterion"):
        submit(version, unit.cast.learner)
    assert nothing_was_submitted(version)


def test_without_account_and_file_is_refused(unit):
    version = make_version(unit.portfolio, account="  ", account_html="")
    make_claims(version, unit.enrolment)
    with pytest.raises(ValidationError, match="add a file"):
        submit(version, unit.cast.learner)
    assert nothing_was_submitted(version)


@pytest.mark.parametrize("part", ["second_learner", "assessor", "admin"])
def test_somebody_else_may_not(unit, part):
    version = unit.draft()
    with pytest.raises(PermissionDenied):
        submit(version, unit.cast.people()[part])
    assert nothing_was_submitted(version)


def test_a_second_submit_of_a_stale_page_is_refused(unit):
    version = unit.draft()
    stale = EvidenceVersion.objects.get(pk=version.pk)
    submit(version, unit.cast.learner)
    with pytest.raises(TransitionRefused, match="Submitted"):
        submit(stale, unit.cast.learner)
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("status", ["signed_off", "awaiting_countersignature", "withdrawn"])
def test_nothing_is_submitted_for_a_closed_unit(unit, status):
    version = unit.draft()
    type(unit.enrolment).objects.update(status=status)
    with pytest.raises(TransitionRefused, match="This unit is now"):
        submit(version, unit.cast.learner)
    assert nothing_was_submitted(version)
