import pytest

from assessments.models import Submission
from portfolio.models import EvidenceVersion
from tests.factories import make_version


def body(answer):
    return answer.content.decode()


@pytest.fixture
def her(cast, signed_in):
    return signed_in(cast.learner)


@pytest.fixture
def draft(unit):
    return unit.draft("P1")


@pytest.fixture
def address(draft, url_of):
    return url_of("submit", pk=draft.evidence_id)


def data(version, **changes):
    return {"declared": "on", "version": version.pk} | changes


def test_submitting_leads_back_to_the_evidence(unit, her, draft, address):
    answer = her.post(address, data(draft))
    assert answer.status_code == 302
    assert answer.url == f"/c/{unit.cast.centre.slug}/evidence/{draft.evidence_id}/"
    assert Submission.objects.get().version == draft


def test_undeclared_is_422_and_nothing_is_sent(her, draft, address):
    answer = her.post(address, {"version": draft.pk})
    assert answer.status_code == 422
    assert "own work" in body(answer)
    assert EvidenceVersion.objects.get(pk=draft.pk).is_draft


def test_what_is_missing_is_422(unit, her, url_of):
    version = make_version(unit.portfolio)
    answer = her.post(url_of("submit", pk=version.evidence_id), data(version))
    assert answer.status_code == 422
    assert "Claim at least one criterion" in body(answer)


def test_a_second_press_is_409(her, draft, address):
    her.post(address, data(draft))
    assert her.post(address, data(draft)).status_code == 409
    assert Submission.objects.count() == 1


def test_it_is_not_sent_by_get(her, address):
    assert her.get(address).status_code == 405
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("part", "status"), [("second_learner", 404), ("assessor", 404), ("admin", 404)]
)
def test_nobody_else_submits(unit, signed_in, draft, address, part, status):
    """A draft is the learner's alone: to others it does not exist."""
    answer = signed_in(unit.cast.people()[part]).post(address, data(draft))
    assert answer.status_code == status
    assert EvidenceVersion.objects.get(pk=draft.pk).is_draft


def test_outsiders_find_nothing(unit, outsiders, signed_in, draft, address):
    own = address.replace(unit.cast.centre.slug, outsiders.centre.slug)
    for url in (address, own):
        assert signed_in(outsiders.learner).post(url, data(draft)).status_code == 404
