"""Home and the unit page, as each person meets them."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from accounts.models import Membership, Role, User
from assessments import actions as assessing
from assessments.models import Submission
from portfolio import actions
from portfolio.models import Claim, Enrolment, EvidenceVersion, Portfolio
from standards.models import Criterion, Edition, Standard
from tests.factories import (
    Cast,
    make_claims,
    make_edition,
    make_enrolment,
    make_guide,
    make_version,
)

SignIn = Callable[[User], Client]
Address = Callable[..., str]
FAR = date(2999, 1, 1)


def text_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


# Home


def test_before_she_is_on_a_unit_home_says_what_to_do(her: Client, url_of: Address) -> None:
    assert "You are not on a unit yet" in text_of(her, url_of("home"))


def test_home_shows_each_unit_with_its_progress_in_words(
    her: Client, url_of: Address, enrolment: Enrolment
) -> None:
    make_claims(make_version(enrolment.portfolio), enrolment, "P1")
    home = text_of(her, url_of("home"))
    assert enrolment.edition.standard.urn in home
    assert "0 of 3 met" in home
    assert "2 criteria to do" in home
    assert f"{url_of('unit', pk=enrolment.pk)}?state=to_do" in home


def test_home_leaves_out_a_unit_she_was_withdrawn_from(
    her: Client, url_of: Address, enrolment: Enrolment
) -> None:
    Enrolment.objects.update(status="withdrawn")
    assert enrolment.edition.standard.urn not in text_of(her, url_of("home"))


@pytest.mark.parametrize("status", Enrolment.Status.values)
def test_home_shows_the_state_of_a_unit(
    her: Client, url_of: Address, enrolment: Enrolment, status: str
) -> None:
    Enrolment.objects.update(status=status)
    assert her.get(url_of("home")).status_code == 200


def test_home_starts_her_off_when_there_is_nothing_yet(
    her: Client, url_of: Address, enrolment: Enrolment
) -> None:
    assert "Start with one thing you did at work" in text_of(her, url_of("home"))


@pytest.mark.parametrize(
    ("account", "codes", "sentence", "leads_to"),
    [
        ("", [], "Next: say what you did, or add a file.", "evidence_edit"),
        ("I did.", [], "Next: claim the criteria that it shows.", "claims"),
        ("I did.", ["P1"], "Next: check it and submit it.", "evidence"),
    ],
)
def test_home_sends_her_to_a_drafts_next_step(
    her: Client,
    url_of: Address,
    enrolment: Enrolment,
    account: str,
    codes: list[str],
    sentence: str,
    leads_to: str,
) -> None:
    version = make_version(enrolment.portfolio, account=account)
    if codes:
        make_claims(version, enrolment, *codes)
    home = text_of(her, url_of("home"))
    assert sentence in home
    assert f'href="{url_of(leads_to, pk=version.evidence_id)}"' in home


def test_home_names_returned_evidence_before_drafts_with_what_to_do(
    her: Client, url_of: Address, enrolment: Enrolment, sent_back: Submission
) -> None:
    make_version(enrolment.portfolio, title="A later draft")
    home = text_of(her, url_of("home"))
    assert home.index("Call with Mr Hale") < home.index("A later draft")
    assert "1 criterion is not met yet" in home
    assert "Ask him how it went" in home


def test_once_she_tries_again_the_return_no_longer_waits(
    her: Client, cast: Cast, url_of: Address, sent_back: Submission
) -> None:
    actions.new_version(evidence=sent_back.version.evidence, by=cast.learner)
    home = text_of(her, url_of("home"))
    assert "not met yet" not in home
    assert "Next: check it and submit it." in home


def test_a_decision_that_is_not_given_yet_shows_nowhere(
    her: Client,
    cast: Cast,
    url_of: Address,
    handed_in: Callable[..., Submission],
    judge: Callable[..., None],
) -> None:
    submission = handed_in("P1")
    judge(submission, P1="A secret so far")
    assessing.add_action_point(
        submission=submission, text="Also secret", due_on=FAR, by=cast.assessor
    )
    EvidenceVersion.objects.update(status="returned")  # by another unit's assessor
    for url in (url_of("home"), url_of("evidence", pk=submission.version.evidence_id)):
        page = text_of(her, url)
        assert "A secret so far" not in page
        assert "Also secret" not in page


def test_what_was_accepted_with_something_to_do_stays_until_it_is_done(
    her: Client,
    cast: Cast,
    url_of: Address,
    handed_in: Callable[..., Submission],
    judge: Callable[..., None],
) -> None:
    submission = handed_in("P1")
    judge(submission)
    point = assessing.add_action_point(
        submission=submission, text="Read the policy", due_on=FAR, by=cast.assessor
    )
    assessing.accept(
        submission=submission, feedback="Good.", personal_data="clear", by=cast.assessor
    )
    assert "Read the policy" in text_of(her, url_of("home"))
    type(point).objects.update(due_on=date(2020, 1, 1))
    assert "Read the policy" in text_of(her, url_of("home"))
    assessing.mark_action_point(point=point, done=True, by=cast.learner)
    assert "Read the policy" not in text_of(her, url_of("home"))


@pytest.mark.parametrize(
    ("part", "leads_to"),
    [
        ("assessor", "queue/"),
        ("trainee", "queue/"),
        ("iqa", "learners/"),
        ("admin", "learners/"),
    ],
)
def test_home_sends_staff_to_their_own_work(
    cast: Cast, signed_in: SignIn, url_of: Address, part: str, leads_to: str
) -> None:
    response = signed_in(getattr(cast, part)).get(url_of("home"))
    assert response.status_code == 302
    assert response["Location"].endswith(leads_to)


def test_somebody_who_learns_and_assesses_gets_their_own_units(
    cast: Cast, signed_in: SignIn, url_of: Address
) -> None:
    Membership.objects.create(centre=cast.centre, user=cast.assessor, role=Role.LEARNER)
    assert signed_in(cast.assessor).get(url_of("home")).status_code == 200


# The unit page


def test_the_unit_page_has_every_criterion_with_its_state_and_evidence(
    her: Client, url_of: Address, enrolment: Enrolment, sent_back: Submission
) -> None:
    Claim.objects.filter(criterion__code="P2").update(place="page 2")
    unit = text_of(her, url_of("unit", pk=enrolment.pk))
    for criterion in enrolment.edition.criteria.all():
        assert f'<li id="{criterion.code}">' in unit
    assert "1. Call with Mr Hale</a>, page 2" in unit
    assert "1 of 3 met, 1 not yet, 1 to do" in unit


@pytest.mark.parametrize(
    ("state", "codes"),
    [
        ("", ["P1", "P2", "K1"]),
        ("met", ["P1"]),
        ("not_yet", ["P2"]),
        ("to_do", ["K1"]),
        ("submitted", []),
        ("nonsense", ["P1", "P2", "K1"]),
    ],
)
def test_criteria_are_filtered_by_state(
    her: Client,
    url_of: Address,
    enrolment: Enrolment,
    sent_back: Submission,
    state: str,
    codes: list[str],
) -> None:
    response = her.get(url_of("unit", pk=enrolment.pk), {"state": state})
    assert [each.criterion.code for each in response.context["criteria"]] == codes


def test_the_examiners_guidance_is_at_hand_and_no_other_guide(
    her: Client, url_of: Address, enrolment: Enrolment
) -> None:
    make_guide(enrolment.edition)
    unit = text_of(her, url_of("unit", pk=enrolment.pk))
    for words in ("Standards: keep them.", "Link what you did", "Once is enough."):
        assert words in unit
    other = make_enrolment(enrolment.portfolio, make_edition())
    assert "Once is enough." not in text_of(her, url_of("unit", pk=other.pk))


def test_groups_and_parts_of_criteria_are_shown(
    her: Client, url_of: Address, portfolio: Portfolio
) -> None:
    edition = Edition.objects.create(standard=Standard.objects.create(urn="G1"), title="Grouped")
    Criterion.objects.create(
        edition=edition,
        kind="performance",
        code="P1",
        text="meet each of these",
        group="Keep in touch",
        order=0,
        subitems=["by telephone"],
    )
    enrolment = make_enrolment(portfolio, edition)
    unit = text_of(her, url_of("unit", pk=enrolment.pk))
    assert "Keep in touch</h4>" in unit
    assert "<li>by telephone</li>" in unit
    draft = make_version(portfolio)
    claims = text_of(her, url_of("claims", pk=draft.evidence_id))
    assert "Performance criteria – Keep in touch" in claims
    assert "<li>by telephone</li>" in claims


def test_the_sign_off_and_who_gave_it(
    her: Client,
    cast: Cast,
    url_of: Address,
    enrolment: Enrolment,
    handed_in: Callable[..., Submission],
    judge: Callable[..., None],
) -> None:
    submission = handed_in()
    judge(submission)
    assessing.accept(
        submission=submission, feedback="Good.", personal_data="clear", by=cast.assessor
    )
    assert "Your assessor signs the unit off next" in text_of(her, url_of("home"))
    assessing.sign_off(
        enrolment=enrolment, credits={}, personal_data_checked=True, by=cast.assessor
    )
    unit = text_of(her, url_of("unit", pk=enrolment.pk))
    assert "Ben Osei signed this unit off on" in unit
    assert 'data-state="signed_off"' in unit


def test_who_may_read_the_unit_page_and_who_gets_controls(
    cast: Cast, outsiders: Cast, signed_in: SignIn, url_of: Address, enrolment: Enrolment
) -> None:
    url = url_of("unit", pk=enrolment.pk)
    expected = {
        "learner": 200,
        "second_learner": 404,
        "assessor": 200,
        "other_assessor": 404,
        "trainee": 404,
        "iqa": 200,
        "admin": 200,
    }
    for part, status in expected.items():
        response = signed_in(getattr(cast, part)).get(url)
        assert response.status_code == status, part
        assert (url_of("evidence_add").encode() in response.content) is (part == "learner"), part
        assert signed_in(getattr(outsiders, part)).get(url).status_code == 404
    assert Client().get(url).status_code == 302


def test_a_unit_of_another_centre_is_not_found_under_ones_own(
    her: Client, outsiders: Cast, url_of: Address, portfolio: Portfolio
) -> None:
    theirs = Portfolio.objects.create(centre=outsiders.centre, learner=outsiders.learner)
    enrolment = make_enrolment(theirs, make_edition())
    assert her.get(url_of("unit", pk=enrolment.pk)).status_code == 404


def test_an_assessor_does_not_see_a_drafts_claims(
    cast: Cast, signed_in: SignIn, url_of: Address, enrolment: Enrolment
) -> None:
    make_claims(make_version(enrolment.portfolio, title="Hidden so far"), enrolment)
    unit = text_of(signed_in(cast.assessor), url_of("unit", pk=enrolment.pk))
    assert "Hidden so far" not in unit
    assert "0 of 3 met, 3 to do" in unit
