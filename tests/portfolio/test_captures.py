"""What a phone sends from its outbox: taken in once, as a draft, for nobody but its own account."""

import json
import os
import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import User
from files.actions import receive
from files.models import Upload
from portfolio.actions import create_evidence
from portfolio.models import Enrolment, Evidence, EvidenceVersion, Portfolio
from portfolio.views import device
from portfolio.views.device import precached
from tests.factories import Cast, make_portfolio, uploaded

SignIn = Callable[[User], Client]
Address = Callable[..., str]


@pytest.fixture
def said(cast: Cast) -> dict[str, Any]:
    """What a phone says of a capture with no files."""
    return {
        "capture_id": str(uuid.uuid4()),
        "user": cast.learner.pk,
        "title": "",
        "unit": "",
        "text": "I calmed him down.",
        "captured_at": "2026-11-20T13:40:00.000Z",
    }


def photo(cast: Cast, by: User) -> Upload:
    return receive(file=uploaded(), centre=cast.centre, by=by)


def error_of(response: HttpResponse) -> str:
    assert response.status_code == 422
    return json.loads(response.content)["error"]


# Taking in


def test_a_capture_becomes_a_draft_of_new_evidence(
    her: Client, cast: Cast, url_of: Address, portfolio: Portfolio, said: dict[str, Any]
) -> None:
    upload = photo(cast, cast.learner)
    response = her.post(url_of("captures"), {**said, "uploads": [upload.pk]})
    version = EvidenceVersion.objects.get()
    assert response.status_code == 201
    assert response.json() == {
        "number": 1,
        "title": "Captured 20 Nov 2026, 13:40",
        "url": url_of("evidence", pk=version.evidence_id),
    }
    assert (version.status, version.method, version.account) == (
        "draft",
        "work_product",
        "I calmed him down.",
    )
    assert str(version.gathered_on) == "2026-11-20"
    assert [file.name for file in version.files.all()] == ["photo.jpg"]
    assert str(version.evidence.capture_id) == said["capture_id"]
    assert version.personal_data == ""  # asked before she submits


def test_words_alone_are_an_account(
    her: Client, url_of: Address, portfolio: Portfolio, said: dict[str, Any]
) -> None:
    assert her.post(url_of("captures"), said).status_code == 201
    assert EvidenceVersion.objects.get().method == "account"


def test_sent_again_it_is_named_and_not_made_again(
    her: Client, cast: Cast, url_of: Address, portfolio: Portfolio, said: dict[str, Any]
) -> None:
    """The phone never heard the first answer; the uploads are used up by now."""
    sent = {**said, "uploads": [photo(cast, cast.learner).pk]}
    first, second = (her.post(url_of("captures"), sent) for _time in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert Evidence.objects.count() == 1


def test_the_action_itself_makes_a_capture_once(cast: Cast, portfolio: Portfolio) -> None:
    capture_id = uuid.uuid4()
    made = [
        create_evidence(
            portfolio=portfolio,
            title="A visit",
            method="account",
            gathered_on=timezone.localdate(),
            account="I went.",
            uploads=[],
            capture_id=capture_id,
            by=cast.learner,
        )
        for _time in range(2)
    ]
    assert made[0] == made[1]
    portfolio.refresh_from_db()
    assert portfolio.last_number == 1


def test_the_same_number_in_another_portfolio_is_another_capture(
    cast: Cast,
    signed_in: SignIn,
    her: Client,
    url_of: Address,
    portfolio: Portfolio,
    said: dict[str, Any],
) -> None:
    make_portfolio(cast.centre, cast.second_learner)
    his = signed_in(cast.second_learner)
    assert her.post(url_of("captures"), said).status_code == 201
    other = his.post(url_of("captures"), {**said, "user": cast.second_learner.pk})
    assert other.status_code == 201
    assert Evidence.objects.count() == 2


def test_the_unit_comes_before_the_title(
    her: Client, url_of: Address, enrolment: Enrolment, said: dict[str, Any]
) -> None:
    urn = enrolment.edition.standard.urn
    her.post(url_of("captures"), {**said, "title": "Mr Hale", "unit": enrolment.pk})
    assert EvidenceVersion.objects.get().title == f"{urn}: Mr Hale"


@pytest.mark.parametrize("unit", ["999999", str(10**30)])
def test_a_unit_that_closed_meanwhile_loses_nothing(
    her: Client, url_of: Address, enrolment: Enrolment, said: dict[str, Any], unit: str
) -> None:
    response = her.post(url_of("captures"), {**said, "title": "Mr Hale", "unit": unit})
    assert response.status_code == 201
    assert EvidenceVersion.objects.get().title == "Mr Hale"


@pytest.mark.parametrize(
    "moment", ["9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00+14:00", "1970-01-01T00:00:07Z"]
)
def test_a_phone_whose_clock_went_wrong_gathered_it_today(
    her: Client, url_of: Address, portfolio: Portfolio, said: dict[str, Any], moment: str
) -> None:
    assert her.post(url_of("captures"), {**said, "captured_at": moment}).status_code == 201
    assert EvidenceVersion.objects.get().gathered_on == timezone.localdate()


def test_a_phone_whose_clock_is_ahead_gathered_it_today(
    her: Client, url_of: Address, portfolio: Portfolio, said: dict[str, Any]
) -> None:
    ahead = (timezone.now() + timedelta(days=400)).isoformat()
    assert her.post(url_of("captures"), {**said, "captured_at": ahead}).status_code == 201
    assert EvidenceVersion.objects.get().gathered_on == timezone.localdate()


# Refusing


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"text": ""}, "There is nothing in this capture."),
        ({"text": "x" * 50_001}, "at most 50000 characters"),
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"capture_id": "x"}, "Enter a valid UUID."),
        ({"capture_id": ""}, "Number of the capture: This field is required."),
        ({"user": ""}, "Account: This field is required."),
        ({"captured_at": "lately"}, "Enter a valid date/time."),
        ({"uploads": "999999"}, "One of the files did not arrive."),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    her: Client,
    url_of: Address,
    portfolio: Portfolio,
    said: dict[str, Any],
    wrong: dict[str, Any],
    sentence: str,
) -> None:
    assert sentence in error_of(her.post(url_of("captures"), {**said, **wrong}))
    assert not Evidence.objects.exists()


def test_another_accounts_capture_is_not_taken_under_this_one(
    her: Client, cast: Cast, url_of: Address, portfolio: Portfolio, said: dict[str, Any]
) -> None:
    response = her.post(url_of("captures"), {**said, "user": cast.second_learner.pk})
    assert response.status_code == 403
    assert not Evidence.objects.exists()


def test_another_persons_upload_did_not_arrive(
    her: Client, cast: Cast, url_of: Address, portfolio: Portfolio, said: dict[str, Any]
) -> None:
    his = photo(cast, cast.second_learner)
    response = her.post(url_of("captures"), {**said, "uploads": [his.pk]})
    assert "did not arrive" in error_of(response)


def test_without_a_portfolio_there_is_nowhere_to_put_it(
    her: Client, url_of: Address, said: dict[str, Any]
) -> None:
    assert "not on a unit" in error_of(her.post(url_of("captures"), said))
    assert her.get(url_of("capture"))["Location"] == url_of("home")


# What the device knows


def test_the_device_hears_whose_session_it_is_and_what_may_come(
    her: Client, cast: Cast, url_of: Address, enrolment: Enrolment
) -> None:
    response = her.get(url_of("captures"))
    facts = response.json()
    assert "no-store" in response["Cache-Control"]
    assert facts["user"] == cast.learner.pk
    assert facts["transfers"] == f"/c/{cast.centre.slug}/uploads/tus/"
    assert facts["largest"] == settings.MAX_UPLOAD_BYTES
    assert [unit["id"] for unit in facts["units"]] == [enrolment.pk]
    assert facts["token"]


def test_a_token_dies_with_its_session(
    cast: Cast, url_of: Address, portfolio: Portfolio, said: dict[str, Any], signed_in: SignIn
) -> None:
    """Nothing of the first account is sent under the next one on the same phone."""
    phone = Client(enforce_csrf_checks=True)
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    phone.force_login(cast.learner, backend=backend)
    token = phone.get(url_of("captures")).json()["token"]
    headers = {"X-CSRFToken": token}
    assert phone.post(url_of("captures"), said, headers=headers).status_code == 201
    again = phone.post("/accounts/logout/", headers=headers)
    assert again.status_code == 302
    page = phone.get("/accounts/login/")
    form = {"login": cast.second_learner.email, "password": "a-long-password-1"}
    cast.second_learner.set_password(form["password"])
    cast.second_learner.save()
    new = {"X-CSRFToken": str(page.context["csrf_token"])}
    assert phone.post("/accounts/login/", form, headers=new).status_code == 302
    later = phone.post(url_of("captures"), said, headers=headers)
    assert later.status_code == 403
    assert b"CSRF" in later.content or b"form" in later.content


# The public pages of the device


def test_the_manifest_names_pictures_that_exist(client: Client) -> None:
    response = client.get("/manifest.webmanifest")
    manifest = response.json()
    assert response["Content-Type"] == "application/manifest+json"
    assert (manifest["display"], manifest["start_url"]) == ("standalone", "/")
    assert {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]} == {
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    }


@pytest.mark.parametrize("address", ["/sw.js", "/sw.js?sends"])
def test_the_worker_is_never_an_old_one(client: Client, address: str) -> None:
    response = client.get(address)
    assert response["Content-Type"].startswith("text/javascript")
    assert "no-store" in response["Cache-Control"]
    assert ("importScripts" in response.content.decode()) == (address == "/sw.js")


def test_what_the_phone_keeps_says_nothing_of_anybody(
    her: Client, cast: Cast, portfolio: Portfolio
) -> None:
    """Asked with or without a session; the worker asks without."""
    kept = Client().get("/capture/").content.decode()
    assert cast.learner.name not in kept
    assert cast.centre.name not in kept
    assert 'data-user=""' in kept


def test_signing_out_clears_copies_but_not_what_waits(her: Client) -> None:
    assert "Clear-Site-Data" not in her.get("/accounts/logout/")
    assert her.post("/accounts/logout/")["Clear-Site-Data"] == '"cache"'


def test_everything_that_is_precached_exists() -> None:
    """Adding all of it to a cache fails as a whole when one of it is missing."""
    for address in precached():
        name = unquote(address).removeprefix(settings.STATIC_URL)
        hashed = re.sub(r"\.[0-9a-f]{12}(\.\w+)$", r"\1", name)
        assert finders.find(hashed), address


def test_every_module_that_a_kept_one_imports_is_kept_too() -> None:
    for name in (*device.ENTRIES.split(), *device.IMPORTED.split()):
        if not name.startswith("js/"):
            continue
        source = Path(finders.find(name)).read_text()
        for imported in re.findall(r'^(?:import|\} from|import .* from) "(\.[^"]+)"', source, re.M):
            wanted = os.path.normpath(Path(name).parent / imported)
            assert wanted in device.IMPORTED.split(), f"{name} imports {imported}"
