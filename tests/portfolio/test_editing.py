"""Forms: adding, editing, claiming, withdrawing and trying again, in the browser's own words."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import User
from assessments.models import Submission
from files.actions import receive
from files.models import Upload
from portfolio import actions
from portfolio.models import Claim, Enrolment, Evidence, EvidenceVersion, Portfolio
from tests.factories import (
    Cast,
    make_claims,
    make_edition,
    make_enrolment,
    make_version,
    uploaded,
)

SignIn = Callable[[User], Client]
Address = Callable[..., str]
FILLED = {
    "title": "A visit",
    "method": "account",
    "gathered_on": "2024-10-01",
    "account": "I *listened*.",
}


def sent(client: Client, url: str, status: int, **data: Any) -> str:
    response = client.post(url, data)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


# Adding


def test_adding_saves_a_draft_and_leads_to_the_claims(
    her: Client, url_of: Address, portfolio: Portfolio
) -> None:
    response = her.post(
        url_of("evidence_add"), {**FILLED, "files": [uploaded("a.jpg"), uploaded("b.jpg")]}
    )
    version = EvidenceVersion.objects.get()
    assert (version.title, version.status) == ("A visit", "draft")
    assert [file.name for file in version.files.all()] == ["a.jpg", "b.jpg"]
    assert not Upload.objects.exists()
    assert response.status_code == 302
    assert response["Location"] == url_of("claims", pk=version.evidence_id)


def test_files_sent_before_the_form_are_put_in(
    her: Client, cast: Cast, url_of: Address, portfolio: Portfolio
) -> None:
    upload = receive(file=uploaded("early.jpg"), centre=cast.centre, by=cast.learner)
    sent(her, url_of("evidence_add"), 302, **FILLED, uploads=[upload.pk])
    assert EvidenceVersion.objects.get().files.get().name == "early.jpg"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "Fill this in."),
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"title": "a\x00b"}, "Null characters are not allowed"),
        ({"method": "telepathy"}, "Select a valid choice"),
        ({"gathered_on": "yesterday"}, "Enter a valid date"),
        ({"gathered_on": "9999-01-01"}, "can&#x27;t be in the future"),
        ({"account": "x" * 50_001}, "at most 50000 characters"),
        ({"uploads": "999999"}, "is not here any more"),
        ({"uploads": "x"}, "is not a valid value"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_saved(
    her: Client, url_of: Address, portfolio: Portfolio, wrong: dict[str, str], sentence: str
) -> None:
    answer = sent(her, url_of("evidence_add"), 422, **FILLED | wrong)
    assert "There is a problem" in answer
    assert sentence in answer
    assert not Evidence.objects.exists()
    portfolio.refresh_from_db()
    assert portfolio.last_number == 0


def test_tomorrow_is_refused(her: Client, url_of: Address, portfolio: Portfolio) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    sent(her, url_of("evidence_add"), 422, **FILLED | {"gathered_on": tomorrow})


def test_one_bad_file_is_named_and_the_text_and_the_good_one_are_kept(
    her: Client, cast: Cast, url_of: Address, portfolio: Portfolio
) -> None:
    answer = sent(
        her,
        url_of("evidence_add"),
        422,
        **FILLED,
        files=[uploaded("good.jpg"), uploaded("bad.pdf", b"no pdf"), uploaded("none.jpg", b"")],
    )
    assert "bad.pdf: " in answer
    assert "none.jpg: This file is empty" in answer
    assert "good.jpg: " not in answer
    assert "I *listened*." in answer
    assert not Evidence.objects.exists()
    kept = Upload.objects.get()
    assert f'name="uploads" value="{kept.pk}"' in answer
    sent(her, url_of("evidence_add"), 302, **FILLED, uploads=[kept.pk])
    assert EvidenceVersion.objects.get().files.get().name == "good.jpg"


def test_somebody_elses_upload_is_no_choice(
    her: Client, cast: Cast, outsiders: Cast, url_of: Address, portfolio: Portfolio
) -> None:
    for one in (cast, outsiders):
        theirs = receive(file=uploaded(), centre=one.centre, by=one.second_learner)
        sent(her, url_of("evidence_add"), 422, **FILLED, uploads=[theirs.pk])
    assert not Evidence.objects.exists()


def test_an_upload_taken_by_another_tab_meanwhile_is_said_so(
    her: Client, url_of: Address, portfolio: Portfolio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(**_: Any) -> None:
        raise ValidationError("It was added already.")

    monkeypatch.setattr(actions, "create_evidence", too_late)
    assert "It was added already." in sent(her, url_of("evidence_add"), 422, **FILLED)


def test_only_a_learner_with_a_portfolio_adds(
    cast: Cast, outsiders: Cast, signed_in: SignIn, url_of: Address, portfolio: Portfolio
) -> None:
    url = url_of("evidence_add")
    for part in ("assessor", "trainee", "iqa", "admin"):
        client = signed_in(getattr(cast, part))
        assert client.get(url).status_code == 403, part
        assert client.post(url, FILLED).status_code == 403, part
    assert signed_in(outsiders.learner).get(url).status_code == 404
    response = signed_in(cast.second_learner).post(url, FILLED)
    assert (response.status_code, response["Location"]) == (302, url_of("home"))
    assert not Evidence.objects.exists()


# Editing


@pytest.fixture
def draft(portfolio: Portfolio) -> EvidenceVersion:
    return make_version(portfolio)


def test_editing_starts_with_what_is_there(
    her: Client, url_of: Address, draft: EvidenceVersion
) -> None:
    page = her.get(url_of("evidence_edit", pk=draft.evidence_id)).content.decode()
    assert 'value="Evidence 1"' in page
    assert 'value="2026-10-01"' in page
    assert "I did the work." in page


def test_editing_changes_adds_and_takes_out(
    her: Client, cast: Cast, url_of: Address, draft: EvidenceVersion
) -> None:
    url = url_of("evidence_edit", pk=draft.evidence_id)
    sent(her, url, 302, **FILLED, version=draft.pk, files=[uploaded("a.jpg"), uploaded("b.jpg")])
    gone = draft.files.get(name="a.jpg")
    sent(
        her,
        url,
        302,
        **FILLED | {"title": "New"},
        version=draft.pk,
        take_out=[gone.pk],
        files=[uploaded("c.jpg")],
    )
    draft.refresh_from_db()
    assert draft.title == "New"
    assert [file.name for file in draft.files.all()] == ["b.jpg", "c.jpg"]


def test_a_bad_file_in_an_edit_changes_nothing(
    her: Client, url_of: Address, draft: EvidenceVersion
) -> None:
    url = url_of("evidence_edit", pk=draft.evidence_id)
    sent(her, url, 302, **FILLED, version=draft.pk, files=[uploaded("a.jpg")])
    answer = sent(
        her,
        url,
        422,
        **FILLED | {"title": "Other"},
        version=draft.pk,
        take_out=[draft.files.get().pk],
        files=[uploaded("e.jpg", b"")],
    )
    assert "e.jpg: This file is empty" in answer
    draft.refresh_from_db()
    assert draft.title == "A visit"
    assert draft.files.count() == 1


def test_after_editing_she_goes_on_to_what_is_left(
    her: Client, url_of: Address, draft: EvidenceVersion, enrolment: Enrolment
) -> None:
    url = url_of("evidence_edit", pk=draft.evidence_id)
    response = her.post(url, {**FILLED, "version": draft.pk})
    assert response["Location"] == url_of("claims", pk=draft.evidence_id)
    make_claims(draft, enrolment, "P1")
    response = her.post(url, {**FILLED, "version": draft.pk})
    assert response["Location"] == url_of("evidence", pk=draft.evidence_id)


@pytest.mark.parametrize("name", ["evidence_edit", "claims"])
@pytest.mark.parametrize("status", ["submitted", "returned", "accepted", "withdrawn"])
def test_what_is_frozen_is_refused_with_409(
    her: Client, url_of: Address, draft: EvidenceVersion, name: str, status: str
) -> None:
    EvidenceVersion.objects.update(status=status)
    url = url_of(name, pk=draft.evidence_id)
    assert her.get(url).status_code == 409
    answer = sent(her, url, 409, **FILLED, version=draft.pk)
    assert "This evidence is now" in answer
    draft.refresh_from_db()
    assert draft.title == "Evidence 1"


def test_a_tab_left_open_on_an_old_version_does_not_change_the_new_one(
    her: Client, cast: Cast, url_of: Address, sent_back: Submission
) -> None:
    old = sent_back.version
    new = actions.new_version(evidence=old.evidence, by=cast.learner)
    sent(her, url_of("evidence_edit", pk=old.evidence_id), 409, **FILLED, version=old.pk)
    sent(her, url_of("claims", pk=old.evidence_id), 409, version=old.pk)
    sent(her, url_of("withdraw_draft", pk=old.evidence_id), 409, version=old.pk)
    new.refresh_from_db()
    assert (new.title, new.status) == (old.title, "draft")
    assert new.claims.count() == 1


@pytest.mark.parametrize("named", ["0", "x", "999999"])
def test_a_version_that_is_not_of_this_item_is_not_found(
    her: Client, url_of: Address, draft: EvidenceVersion, named: str
) -> None:
    sent(her, url_of("evidence_edit", pk=draft.evidence_id), 404, **FILLED, version=named)


@pytest.mark.parametrize("name", ["evidence_edit", "claims", "withdraw_draft", "new_version"])
def test_only_the_learner_has_the_forms(
    cast: Cast,
    outsiders: Cast,
    signed_in: SignIn,
    url_of: Address,
    sent_back: Submission,
    name: str,
) -> None:
    url = url_of(name, pk=sent_back.version.evidence_id)
    forbidden = {"second_learner": 404, "other_assessor": 404, "trainee": 404}
    for part, person in cast.people().items():
        if part != "learner":
            status = forbidden.get(part, 403)
            assert signed_in(person).post(url, FILLED).status_code == status, part
        outsider = signed_in(getattr(outsiders, part))
        assert outsider.post(url, FILLED).status_code == 404, part
    assert EvidenceVersion.objects.count() == 1


# Claiming


def test_criteria_of_all_open_units_can_be_claimed_with_their_places(
    her: Client, url_of: Address, draft: EvidenceVersion, enrolment: Enrolment
) -> None:
    second = make_enrolment(enrolment.portfolio, make_edition())
    closed = make_enrolment(enrolment.portfolio, make_edition(), status="signed_off")
    url = url_of("claims", pk=draft.evidence_id)
    page = her.get(url).content.decode()
    assert second.edition.standard.urn in page
    assert closed.edition.standard.urn not in page
    one, two = enrolment.edition.criteria.first(), second.edition.criteria.last()
    data = {"criterion": [one.pk, two.pk], f"place-{one.pk}": "page 2", f"place-{two.pk}": ""}
    response = her.post(url, {**data, "version": draft.pk})
    assert response["Location"] == url_of("evidence", pk=draft.evidence_id)
    assert {(c.enrolment_id, c.criterion_id, c.place) for c in Claim.objects.all()} == {
        (enrolment.pk, one.pk, "page 2"),
        (second.pk, two.pk, ""),
    }
    again = her.get(url).content.decode()
    assert 'value="page 2"' in again
    assert again.count(" checked>") == 2


def test_a_place_without_its_tick_is_no_claim(
    her: Client, url_of: Address, draft: EvidenceVersion, enrolment: Enrolment
) -> None:
    make_claims(draft, enrolment, "P1")
    pk = enrolment.edition.criteria.first().pk
    url = url_of("claims", pk=draft.evidence_id)
    sent(her, url, 302, **{f"place-{pk}": "page 9", "version": draft.pk})
    assert not Claim.objects.exists()


def test_what_is_met_already_is_marked(
    her: Client, url_of: Address, draft: EvidenceVersion, sent_back: Submission
) -> None:
    page = her.get(url_of("claims", pk=draft.evidence_id)).content.decode()
    assert page.count("Met already") == 1


def test_a_wrong_claim_is_refused_and_the_ticks_are_kept(
    her: Client, url_of: Address, draft: EvidenceVersion, enrolment: Enrolment
) -> None:
    good = enrolment.edition.criteria.first()
    foreign = make_edition().criteria.first()
    url = url_of("claims", pk=draft.evidence_id)
    for wrong, sentence in (
        ({"criterion": [good.pk, foreign.pk]}, "not in a unit you are working on"),
        ({"criterion": [good.pk, "x"]}, "is not a valid value"),
        ({"criterion": [good.pk], f"place-{good.pk}": "x" * 201}, "at most 200 letters"),
    ):
        answer = sent(her, url, 422, version=draft.pk, **wrong)
        assert sentence in answer
        assert f'id="criterion-{good.pk}" checked' in answer
    assert not Claim.objects.exists()


def test_without_an_open_unit_the_claims_page_says_so(
    her: Client, url_of: Address, draft: EvidenceVersion
) -> None:
    assert b"You have no open unit" in her.get(url_of("claims", pk=draft.evidence_id)).content


# Trying again, giving up


def test_a_new_version_is_made_once(her: Client, url_of: Address, sent_back: Submission) -> None:
    pk = sent_back.version.evidence_id
    response = her.post(url_of("new_version", pk=pk))
    assert response["Location"] == url_of("evidence_edit", pk=pk)
    sent(her, url_of("new_version", pk=pk), 409)
    assert EvidenceVersion.objects.count() == 2
    assert her.get(url_of("new_version", pk=pk)).status_code == 405


def test_withdrawing_leads_back_to_the_list(
    her: Client, url_of: Address, draft: EvidenceVersion
) -> None:
    url = url_of("withdraw_draft", pk=draft.evidence_id)
    assert her.get(url).status_code == 405
    response = her.post(url, {"version": draft.pk})
    assert response["Location"] == url_of("evidence_list")
    draft.refresh_from_db()
    assert draft.status == "withdrawn"
    sent(her, url, 409, version=draft.pk)
