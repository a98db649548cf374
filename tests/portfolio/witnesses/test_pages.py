"""The status list, the expert witnesses, and the page behind a witness's link."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from portfolio import actions
from portfolio.models import Enrolment, Evidence, ExpertWitness, Testimony, WitnessInvitation
from tests.factories import Cast, make_version
from tests.portfolio.witnesses.conftest import ADDRESS, SAID, answer, wanted


@pytest.fixture(autouse=True)
def _no_tries_counted_yet() -> None:
    cache.clear()


@pytest.fixture
def link(invitation: WitnessInvitation) -> str:
    return reverse("testimony", args=[invitation.token()])


@pytest.fixture
def typed(enrolment: Enrolment) -> dict[str, Any]:
    """What the witness's browser sends."""
    return {
        **SAID,
        "seen_on": SAID["seen_on"].isoformat(),
        "criteria": [str(enrolment.edition.criteria.get(code="P1").pk)],
    }


def test_a_witness_says_it_reads_it_back_and_confirms(
    client: Client, link: str, typed: dict[str, Any]
) -> None:
    page = client.get(link)
    assert page.status_code == 200
    review = client.post(link, {**typed, "step": "review"})
    assert review.status_code == 200
    assert SAID["job"] in review.content.decode()
    assert not Testimony.objects.exists()

    hidden = {name: review.context["form"][name].value() for name in review.context["form"].fields}
    done = client.post(link, {**hidden, "declared": "on", "step": "confirm"})
    assert done.status_code == 302
    assert done["Location"] == reverse("testimony_given")
    assert b"Thank you" in client.get(done["Location"]).content
    testimony = Testimony.objects.get()
    assert testimony.statement == SAID["statement"]
    assert [each.code for each in testimony.criteria.all()] == ["P1"]


def test_going_back_keeps_every_word(client: Client, link: str, typed: dict[str, Any]) -> None:
    page = client.post(link, {**typed, "step": "change"})
    assert page.status_code == 200
    html = page.content.decode()
    assert SAID["relationship"] in html
    assert "error-summary" not in html
    assert "checked" in html


def test_the_page_shows_what_was_asked_and_nothing_else(
    client: Client, cast: Cast, enrolment: Enrolment, link: str
) -> None:
    make_version(enrolment.portfolio, title="Complaint of Mr Hale")
    html = client.get(link).content.decode()
    for asked in ("do what P1 asks", "do what P2 asks", "The call on Saturday.", cast.learner.name):
        assert asked in html
    for private in ("K1", "Hale", cast.learner.email, cast.assessor.name, "R-1"):
        assert private not in html


def test_nothing_of_it_is_kept_by_browsers_or_found_by_machines(client: Client, link: str) -> None:
    page = client.get(link)
    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Referrer-Policy"] == "same-origin"


def test_sent_twice_it_is_kept_once(client: Client, link: str, typed: dict[str, Any]) -> None:
    sent = {**typed, "declared": "on", "step": "confirm"}
    assert client.post(link, sent).status_code == 302
    again = client.post(link, {**sent, "statement": "Something else."})
    assert again.status_code == 410
    assert "You have answered already" in again.content.decode()
    assert Testimony.objects.get().statement == SAID["statement"]
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("why", ["used", "withdrawn", "expired", "closed", "unknown"])
def test_a_link_that_opens_nothing_says_so_plainly(
    client: Client, cast: Cast, invitation: WitnessInvitation, link: str, why: str, method: str
) -> None:
    if why == "used":
        actions.give_testimony(**answer(invitation))
    elif why == "withdrawn":
        actions.withdraw_witness_invitation(invitation=invitation, by=cast.learner)
    elif why == "expired":
        WitnessInvitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif why == "closed":
        Enrolment.objects.update(status=Enrolment.Status.SIGNED_OFF)
    else:
        link = reverse("testimony", args=["0" * 64])
    page = getattr(client, method)(link)
    assert page.status_code == 410
    html = page.content.decode()
    assert cast.learner.name not in html
    assert ("You have answered already" if why == "used" else "no longer works") in html
    assert "no-store" in page["Cache-Control"]


def test_whoever_tries_many_links_is_stopped_but_not_the_witness(client: Client, link: str) -> None:
    tried = [
        client.get(reverse("testimony", args=[f"{number:064x}"])).status_code
        for number in range(32)
    ]
    assert tried == [410] * 30 + [429] * 2
    assert client.get(link).status_code == 200


def test_without_the_declaration_the_answer_is_read_back_once_more(
    client: Client, link: str, typed: dict[str, Any]
) -> None:
    page = client.post(link, {**typed, "step": "confirm"})
    assert page.status_code == 422
    html = page.content.decode()
    assert "Tick this to confirm" in html
    assert SAID["relationship"] in html
    assert not Testimony.objects.exists()


@pytest.mark.parametrize("step", ["review", "change", "confirm"])
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("relationship", ""),
        ("job", "x" * 201),
        ("seen_on", "2999-01-01"),
        ("seen_on", "yesterday"),
        ("statement", ""),
        ("statement", "x" * 20_001),
        ("criteria", []),
        ("criteria", ["999999"]),
        ("criteria", ["P1"]),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    client: Client, link: str, typed: dict[str, Any], field: str, value: Any, step: str
) -> None:
    page = client.post(link, {**typed, field: value, "declared": "on", "step": step})
    assert page.status_code == 422
    assert "There is a problem" in page.content.decode()
    other = "job" if field == "relationship" else "relationship"
    assert SAID[other] in page.content.decode()
    assert not Testimony.objects.exists()


def test_an_approval_that_ended_is_said_on_the_page_with_every_word_kept(
    client: Client, cast: Cast, enrolment: Enrolment, expert: ExpertWitness, typed: dict[str, Any]
) -> None:
    _invitation, token = actions.invite_witness(**wanted(enrolment, as_expert=True))
    actions.end_expert_approval(expert=expert, by=cast.admin)
    sent = {**typed, "declared": "on", "step": "confirm"}
    page = client.post(reverse("testimony", args=[token]), sent)
    assert page.status_code == 422
    assert "not approved as an expert" in page.content.decode()
    assert SAID["job"] in page.content.decode()


@pytest.mark.parametrize("part", ["learner", "assessor"])
def test_the_learner_and_her_assessor_are_turned_away_by_name(
    cast: Cast, signed_in: Callable[[User], Client], link: str, typed: dict[str, Any], part: str
) -> None:
    browser = signed_in(getattr(cast, part))
    for page in (browser.get(link), browser.post(link, {**typed, "step": "confirm"})):
        assert page.status_code == 403
        assert "Nobody is witness to their own work" in page.content.decode()
    assert not Testimony.objects.exists()
    assert signed_in(cast.iqa).get(link).status_code == 200


def test_the_learner_asks_from_her_unit_and_sees_how_it_stands(
    her: Client, enrolment: Enrolment, url_of: Callable[..., str]
) -> None:
    listed = url_of("witnesses", pk=enrolment.pk)
    ask = url_of("witness_ask", pk=enrolment.pk)
    assert listed in her.get(url_of("unit", pk=enrolment.pk)).content.decode()
    assert ask in her.get(listed).content.decode()
    sent = {
        "name": "Pat Moss",
        "email": ADDRESS,
        "message": "The call.",
        "criteria": [str(enrolment.edition.criteria.first().pk)],
    }
    assert her.post(ask, sent, follow=True).redirect_chain == [(listed, 302)]
    html = her.get(listed).content.decode()
    assert "Being sent" in html
    invitation = WitnessInvitation.objects.get()
    assert invitation.token() not in html

    her.post(url_of("witness_resend", pk=invitation.pk))
    invitation.refresh_from_db()
    actions.give_testimony(**answer(invitation))
    html = her.get(listed).content.decode()
    assert "Given" in html
    assert url_of("evidence", pk=Evidence.objects.get().pk) in html
    assert "say where each criterion is shown" in html


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Fill this in"),
        ("email", "pat", "e-mail"),
        ("message", "", "Fill this in"),
        ("criteria", [], "Choose at least one criterion"),
        ("criteria", ["9" * 30], "criteria"),
        ("as_expert", "on", "not approved as an expert"),
    ],
)
def test_asking_says_what_is_wrong(
    her: Client,
    enrolment: Enrolment,
    url_of: Callable[..., str],
    field: str,
    value: Any,
    said: str,
) -> None:
    sent = {"name": "Pat", "email": ADDRESS, "message": "The call."}
    sent["criteria"] = [str(enrolment.edition.criteria.first().pk)]
    page = her.post(url_of("witness_ask", pk=enrolment.pk), {**sent, field: value})
    assert page.status_code == 422
    assert said in page.content.decode()
    assert not WitnessInvitation.objects.exists()


def test_the_assessor_sees_that_it_was_given_but_not_the_draft(
    cast: Cast,
    signed_in: Callable[[User], Client],
    invitation: WitnessInvitation,
    url_of: Callable[..., str],
) -> None:
    actions.give_testimony(**answer(invitation))
    html = signed_in(cast.assessor).get(url_of("witnesses", pk=invitation.enrolment_id))
    assert "has not submitted it yet" in html.content.decode()
    assert url_of("evidence", pk=Evidence.objects.get().pk) not in html.content.decode()


def test_the_evidence_page_names_the_witness_and_offers_no_change(
    her: Client, cast: Cast, invitation: WitnessInvitation, url_of: Callable[..., str]
) -> None:
    version = actions.give_testimony(**answer(invitation)).evidence.versions.get()
    item = version.evidence
    assert url_of("people", pk=item.pk) in her.get(url_of("evidence", pk=item.pk)).content.decode()
    people = {"personal_data": "none", "permission_note": ""}
    actions.answer_personal_data(version=version, by=cast.learner, **people)
    html = her.get(url_of("evidence", pk=item.pk)).content.decode()
    for told in ("Pat Moss", SAID["relationship"], SAID["job"], "same day"):
        assert told in html
    assert ADDRESS not in html
    assert url_of("evidence_edit", pk=item.pk) not in html
    assert url_of("claims", pk=item.pk) in html
    assert "A witness wrote this. I hand it in as it is" in html
    assert her.get(url_of("evidence_edit", pk=item.pk)).status_code == 403
    assert her.post(url_of("evidence_edit", pk=item.pk), {"title": "Mine"}).status_code == 403
    assert her.get(url_of("claims", pk=item.pk)).status_code == 200


def test_an_admin_approves_and_ends(
    cast: Cast,
    signed_in: Callable[[User], Client],
    enrolment: Enrolment,
    url_of: Callable[..., str],
) -> None:
    admin = signed_in(cast.admin)
    assert url_of("experts") in admin.get(url_of("enrolments")).content.decode()
    sent = {
        "name": "Pat Moss",
        "email": ADDRESS,
        "edition": str(enrolment.edition_id),
        "competence": "Does it daily.",
    }
    assert admin.post(url_of("expert_add"), {**sent, "competence": ""}).status_code == 422
    assert admin.post(url_of("expert_add"), sent).status_code == 302
    assert admin.post(url_of("expert_add"), sent).status_code == 422
    assert "Does it daily." in admin.get(url_of("experts")).content.decode()
    expert = ExpertWitness.objects.get()
    assert "Pat Moss" in signed_in(cast.assessor).get(url_of("experts")).content.decode()
    assert admin.post(url_of("expert_end", pk=expert.pk)).status_code == 302
    assert admin.post(url_of("expert_end", pk=expert.pk)).status_code == 409
    assert "No expert witness is approved now" in admin.get(url_of("experts")).content.decode()


def test_a_long_list_asks_no_more_of_the_database(
    her: Client, enrolment: Enrolment, url_of: Callable[..., str]
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as counted:
            assert her.get(url_of("witnesses", pk=enrolment.pk)).status_code == 200
        return len(counted)

    def ask(number: int) -> None:
        email = f"w{number}@shop.example"
        invitation, _token = actions.invite_witness(**wanted(enrolment, email=email))
        if number % 2:
            actions.give_testimony(**answer(invitation))

    for number in range(2):
        ask(number)
    few = queries()
    for number in range(2, 12):
        ask(number)
    assert queries() <= few + 1
