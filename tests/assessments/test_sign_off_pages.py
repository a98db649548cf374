import pytest
from django.utils import timezone

from assessments import actions
from assessments.models import SignOff
from portfolio.models import Enrolment
from tests.assessments.conftest import count_queries
from tests.factories import PASSWORD, make_edition, make_enrolment

SIGNATURE = {"personal_data_checked": "on", "declared": "on", "password": PASSWORD}


def body(answer):
    return answer.content.decode()


@pytest.fixture(autouse=True)
def passwords(cast, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick
    for part in ("assessor", "other_assessor", "trainee"):
        user = cast.people()[part]
        user.set_password(PASSWORD)
        user.save()


@pytest.fixture
def ready(unit):
    """A unit in which every criterion is met."""
    return unit.accepted().version


@pytest.fixture
def address(unit, url_of):
    return url_of("sign_off", pk=unit.enrolment.pk)


def filled(unit, version, **changes):
    points = {f"point-{point}": pks for point, pks in unit.credits(version).items()}
    return points | SIGNATURE | changes


def status_now(unit):
    return Enrolment.objects.get(pk=unit.enrolment.pk).status


# Signing off --------------------------------------------------------------------------------


def test_the_page_offers_each_point_the_evidence_that_may_earn_it(unit, ready, theirs, address):
    text = body(theirs.get(address))
    assert "1. Award credit for point 1." in text
    assert f"1. {ready.title} (P1, P2, K1)" in text
    assert "3 of 3 met" in text


def test_signing_off(unit, ready, theirs, address, url_of):
    answer = theirs.post(address, filled(unit, ready))
    signed = SignOff.objects.get()
    assert answer.url == url_of("sign_off_detail", pk=signed.pk)
    assert (signed.status, signed.credits.count()) == ("signed_off", 2)
    text = body(theirs.get(answer.url))
    assert "Ben Osei" in text
    assert "Award credit for point 2." in text


def test_a_unit_that_lacks_something_says_what_and_has_no_form(unit, theirs, address):
    unit.accepted("P1")
    text = body(theirs.get(address))
    assert "P2, K1 are not met yet." in text
    assert "Your password" not in text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"password": "wrong-password"}, "This is not your password."),
        ({"password": ""}, "Enter your password."),
        ({"declared": ""}, "Tick this to declare it."),
        ({"personal_data_checked": ""}, "Look for other people in the evidence"),
    ],
)
def test_an_incomplete_signature_is_422(unit, ready, theirs, address, changes, sentence):
    answer = theirs.post(address, filled(unit, ready, **changes))
    assert answer.status_code == 422
    assert sentence in body(answer)
    assert status_now(unit) == "active"


def test_a_point_without_evidence_is_422_and_what_was_ticked_stays(unit, ready, theirs, address):
    data = filled(unit, ready)
    first = next(iter(data))
    data.pop(first)
    answer = theirs.post(address, data)
    assert answer.status_code == 422
    assert "Name the evidence that earns this point." in body(answer)
    # The other point, the look for other people, and the declaration.
    assert body(answer).count(" checked") == 3
    assert PASSWORD not in body(answer)


def test_evidence_of_elsewhere_is_422(unit, ready, theirs, address):
    data = filled(unit, ready)
    data[next(iter(data))] = [str(unit.draft("P1").pk)]
    assert theirs.post(address, data).status_code == 422
    assert status_now(unit) == "active"


def test_something_unmet_meanwhile_is_422(unit, ready, theirs, address):
    unit.submitted("P1")
    answer = theirs.post(address, filled(unit, ready))
    assert answer.status_code == 422
    assert "still waits for your decision" in body(answer)
    assert status_now(unit) == "active"


def test_too_many_wrong_passwords_lock_even_the_right_one(unit, ready, theirs, address, settings):
    wrong = filled(unit, ready, password="wrong-password")
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        assert theirs.post(address, wrong).status_code == 422
    assert theirs.post(address, wrong).status_code == 429
    assert theirs.post(address, filled(unit, ready)).status_code == 429
    assert status_now(unit) == "active"


def test_the_second_sign_off_is_409(unit, ready, signed_in, address):
    actions.sign_off(
        enrolment=unit.enrolment,
        credits=unit.credits(ready),
        personal_data_checked=True,
        by=unit.cast.assessor,
    )
    answer = signed_in(unit.cast.trainee).post(address, filled(unit, ready))
    assert answer.status_code == 409
    assert "Ben Osei already signed this unit off on" in body(answer)


@pytest.mark.parametrize(
    ("part", "status"),
    [
        ("assessor", 200),
        ("trainee", 200),
        ("learner", 403),
        ("iqa", 403),
        ("admin", 403),
        ("other_assessor", 404),
        ("second_learner", 404),
    ],
)
def test_who_opens_the_page(unit, ready, signed_in, address, part, status):
    client = signed_in(unit.cast.people()[part])
    assert client.get(address).status_code == status
    if status != 200:
        assert client.post(address, filled(unit, ready)).status_code == status
        assert status_now(unit) == "active"


def test_outsiders_find_nothing(unit, ready, outsiders, signed_in, address):
    own = address.replace(unit.cast.centre.slug, outsiders.centre.slug)
    for url in (address, own):
        assert signed_in(outsiders.assessor).post(url, filled(unit, ready)).status_code == 404


# Countersigning -----------------------------------------------------------------------------


@pytest.fixture
def signed(unit, ready, signed_in, address):
    """A trainee's, made through the page."""
    answer = signed_in(unit.cast.trainee).post(address, filled(unit, ready), follow=True)
    assert "A qualified colleague has to countersign it now." in body(answer)
    return SignOff.objects.get()


def test_countersigning(unit, signed, signed_in, url_of):
    client = signed_in(unit.cast.other_assessor)
    assert url_of("sign_off_detail", pk=signed.pk) in body(client.get(url_of("countersignatures")))
    detail = body(client.get(url_of("sign_off_detail", pk=signed.pk)))
    assert url_of("countersign", pk=signed.pk) in detail
    answer = client.post(url_of("countersign", pk=signed.pk), SIGNATURE)
    assert answer.url == url_of("countersignatures")
    assert status_now(unit) == "signed_off"
    after = body(client.get(url_of("sign_off_detail", pk=signed.pk)))
    assert "Grace Lund" in after
    assert url_of("countersign", pk=signed.pk) not in after


def test_not_agreeing_takes_a_reason_and_a_password(unit, signed, signed_in, url_of):
    client, url = (
        signed_in(unit.cast.other_assessor),
        url_of("refuse_countersignature", pk=signed.pk),
    )
    answer = client.post(url, {"password": PASSWORD, "reason": " "})
    assert answer.status_code == 422
    assert "Say why you do not countersign." in body(answer)
    answer = client.post(url, {"password": "wrong-password", "reason": "P2 is thin"})
    assert answer.status_code == 422
    assert "P2 is thin" in body(answer)
    assert status_now(unit) == "awaiting_countersignature"
    assert client.post(url, {"password": PASSWORD, "reason": "P2 is thin"}).status_code == 302
    assert status_now(unit) == "active"
    again = signed_in(unit.cast.trainee).get(url_of("sign_off", pk=unit.enrolment.pk))
    assert "P2 is thin" in body(again)


@pytest.mark.parametrize(
    "data", [{**SIGNATURE, "password": "wrong-password"}, {"password": PASSWORD}, {}]
)
def test_an_incomplete_countersignature_is_422(unit, signed, signed_in, url_of, data):
    client = signed_in(unit.cast.other_assessor)
    assert client.post(url_of("countersign", pk=signed.pk), data).status_code == 422
    assert status_now(unit) == "awaiting_countersignature"


@pytest.mark.parametrize("part", ["trainee", "learner", "iqa", "admin"])
@pytest.mark.parametrize("verb", ["countersign", "refuse_countersignature"])
def test_who_may_not_countersign(unit, signed, signed_in, url_of, part, verb):
    client = signed_in(unit.cast.people()[part])
    answer = client.post(url_of(verb, pk=signed.pk), SIGNATURE | {"reason": "x"})
    assert answer.status_code == 403
    assert status_now(unit) == "awaiting_countersignature"


def test_outsiders_can_t_countersign(unit, signed, outsiders, signed_in, url_of):
    url = url_of("countersign", pk=signed.pk)
    own = url.replace(unit.cast.centre.slug, outsiders.centre.slug)
    for each in (url, own):
        assert signed_in(outsiders.assessor).post(each, SIGNATURE).status_code == 404


def test_the_second_countersignature_is_409_even_for_one_who_lost_sight_of_the_unit(
    unit, signed, signed_in, url_of
):
    actions.countersign(sign_off=signed, by=unit.cast.assessor)
    client = signed_in(unit.cast.other_assessor)
    answer = client.post(url_of("countersign", pk=signed.pk), SIGNATURE)
    assert answer.status_code == 409
    assert "Ben Osei already countersigned this on" in body(answer)


# Measures -----------------------------------------------------------------------------------


def test_queries_do_not_grow_with_evidence(unit, ready, theirs, address, url_of):
    few = count_queries(theirs, address)
    for _ in range(5):
        unit.accepted("P1", "P2")
    assert count_queries(theirs, address) == few
    assert few <= 22
    versions = [claim.version for claim in unit.enrolment.claims.filter(criterion__code="P1")]
    signed = actions.sign_off(
        enrolment=unit.enrolment,
        credits=unit.credits(*versions),
        personal_data_checked=True,
        by=unit.cast.assessor,
    )
    other = unit.__class__(
        unit.cast,
        make_enrolment(unit.portfolio, make_edition(), unit.cast.assessor),
        unit.guide,
    )
    other.guide.editions.add(other.enrolment.edition)
    small = other.signed()
    assert count_queries(theirs, url_of("sign_off_detail", pk=signed.pk)) == count_queries(
        theirs, url_of("sign_off_detail", pk=small.pk)
    )


def test_a_point_of_an_unpublished_guide_is_not_asked_for(unit, ready, theirs, address):
    from_draft = unit.guide.__class__.objects.create(title="Being written")
    from_draft.marking_points.create(number=1, text="Not asked for yet.")
    from_draft.editions.add(unit.enrolment.edition)
    assert "Not asked for yet." not in body(theirs.get(address))
    from_draft.published_at = timezone.now()
    from_draft.save()
    assert "Not asked for yet." in body(theirs.get(address))
