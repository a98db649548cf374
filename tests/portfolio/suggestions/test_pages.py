"""Suggestions on the form: offered, carried to the claims page, and never more than that."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.models import User
from ledger.models import Entry
from portfolio.models import Claim, Enrolment, Evidence
from standards.models import Criterion, Edition, Standard
from tests.factories import Cast, make_edition, make_enrolment, make_portfolio, make_version

WORDS = {
    "P1": "collect feedback from customers about the new menu",
    "P2": "negotiate a compromise with the supplier",
    "K1": "the legal codes of practice for storing chilled food",
}
ACCOUNT = "I took down feedback on the new menu from every customer and collected it in a book."


@pytest.fixture
def unit(cast: Cast) -> Enrolment:
    """A unit whose criteria say something, and another that is closed."""
    standard = Standard.objects.create(urn="MENU1")
    edition = Edition.objects.create(
        standard=standard, title="Keep the menu", version="1", approved_on="2021-02-22"
    )
    for order, (code, text) in enumerate(WORDS.items()):
        kind = Criterion.Kind.KNOWLEDGE if code[0] == "K" else Criterion.Kind.PERFORMANCE
        edition.criteria.create(kind=kind, code=code, text=text, order=order)
    Edition.objects.filter(pk=edition.pk).update(published_at="2021-03-01T00:00Z")
    portfolio = make_portfolio(cast.centre, cast.learner)
    make_enrolment(portfolio, make_edition(), status=Enrolment.Status.SIGNED_OFF)
    return make_enrolment(portfolio, edition, cast.assessor)


@pytest.fixture
def p1(unit: Enrolment) -> Criterion:
    return unit.edition.criteria.get(code="P1")


def described(**changed: Any) -> dict[str, Any]:
    fields = {"title": "Menu", "method": "account", "gathered_on": "2026-10-01"}
    return {**fields, "account": ACCOUNT, **changed}


def tick(criterion: Criterion) -> str:
    return f'name="tick" value="{criterion.pk}"'


def test_what_the_words_touch_is_offered_with_the_words(
    her: Client, p1: Criterion, url_of: Callable[..., str]
) -> None:
    page = her.post(url_of("suggestions"), {"account": ACCOUNT})
    assert page.status_code == 200
    html = page.content.decode()
    assert "words might touch" in html
    assert tick(p1) in html
    assert "<q>feedback</q>" in html
    assert "negotiate" not in html
    assert "<html" not in html


def test_those_who_do_not_see_the_list_hear_how_long_it_is(
    her: Client, unit: Enrolment, url_of: Callable[..., str]
) -> None:
    asked = {"account": ACCOUNT}
    html = her.post(url_of("suggestions"), asked, headers={"HX-Request": "true"}).content.decode()
    assert 'hx-swap-oob="innerHTML"' in html
    assert "1 criterion might be touched." in html
    assert 'role="status"' in her.get(url_of("evidence_add")).content.decode()


def test_what_says_nothing_is_told_so(
    her: Client, unit: Enrolment, url_of: Callable[..., str]
) -> None:
    html = her.post(url_of("suggestions"), {"account": "qwer zxcv"}).content.decode()
    assert "No criterion stands out yet" in html
    assert "tick" not in html


def test_a_tick_stays_when_the_words_change(
    her: Client, p1: Criterion, url_of: Callable[..., str]
) -> None:
    sent = {"account": "Something else entirely, said at length.", "tick": [str(p1.pk)]}
    html = her.post(url_of("suggestions"), sent).content.decode()
    assert tick(p1) in html
    assert "checked" in html


@pytest.mark.parametrize("account", ["x " * 50_000, "customer feedback " * 3000])
def test_an_account_over_the_limit_is_refused(
    her: Client, unit: Enrolment, url_of: Callable[..., str], account: str
) -> None:
    page = her.post(url_of("suggestions"), {"account": account})
    assert page.status_code == 422
    assert "too long" in page.content.decode()
    assert "words might touch" not in page.content.decode()


def test_nothing_of_it_is_kept_or_told_anywhere(
    her: Client,
    p1: Criterion,
    url_of: Callable[..., str],
    caplog: pytest.LogCaptureFixture,
    django_assert_num_queries: Any,
) -> None:
    sessions = list(Session.objects.values_list("session_data"))
    with caplog.at_level(logging.DEBUG):
        page = her.post(url_of("suggestions"), {"account": ACCOUNT, "tick": [str(p1.pk)]})
    assert "no-store" in page["Cache-Control"]
    assert "menu from every" not in caplog.text
    assert not Claim.objects.exists()
    assert not Evidence.objects.exists()
    assert not Entry.objects.exists()
    assert list(Session.objects.values_list("session_data")) == sessions


def test_other_peoples_units_and_closed_ones_are_not_offered(
    her: Client, cast: Cast, p1: Criterion, url_of: Callable[..., str]
) -> None:
    others = make_edition()
    make_enrolment(make_portfolio(cast.centre, cast.second_learner), others)
    Enrolment.objects.filter(edition=p1.edition_id).update(status=Enrolment.Status.SIGNED_OFF)
    everything = [str(pk) for pk in Criterion.objects.values_list("pk", flat=True)]
    sent = {"account": ACCOUNT, "tick": everything}
    html = her.post(url_of("suggestions"), sent).content.decode()
    assert "tick" not in html


@pytest.mark.parametrize("part", ["assessor", "trainee", "iqa", "admin", "data_lead"])
def test_only_learners_ask(
    cast: Cast, signed_in: Callable[[User], Client], url_of: Callable[..., str], part: str
) -> None:
    page = signed_in(getattr(cast, part)).post(url_of("suggestions"), {"account": ACCOUNT})
    assert page.status_code == 403


def test_without_scripts_the_button_gives_the_form_back_and_saves_nothing(
    her: Client, p1: Criterion, url_of: Callable[..., str]
) -> None:
    page = her.post(url_of("evidence_add"), {"account": ACCOUNT, "suggest": "1"})
    assert page.status_code == 200
    html = page.content.decode()
    assert tick(p1) in html
    assert ACCOUNT in html
    assert "There is a problem" not in html
    assert not Evidence.objects.exists()


def test_without_scripts_an_account_too_long_is_said_beside_it(
    her: Client, unit: Enrolment, url_of: Callable[..., str]
) -> None:
    page = her.post(url_of("evidence_add"), {"account": "x " * 30_000, "suggest": "1"})
    assert page.status_code == 422
    assert "too long to look through" in page.content.decode()


def test_a_tick_is_carried_to_the_claims_and_claims_nothing(
    her: Client, p1: Criterion, url_of: Callable[..., str]
) -> None:
    page = her.post(url_of("evidence_add"), described(tick=[str(p1.pk), "9" * 30, "x"]))
    item = Evidence.objects.get()
    assert page["Location"] == f"{url_of('claims', pk=item.pk)}?tick={p1.pk}"
    assert not Claim.objects.exists()
    html = " ".join(her.get(page["Location"]).content.decode().split())
    assert not Claim.objects.exists()
    ticked = f'value="{p1.pk}" id="criterion-{p1.pk}"'
    assert ticked in html
    assert "checked" in html[html.index(ticked) :][:200]
    assert html.count(" checked") == 1


def test_in_a_draft_with_claims_a_tick_leads_to_the_claims_page(
    her: Client, unit: Enrolment, p1: Criterion, url_of: Callable[..., str]
) -> None:
    version = make_version(unit.portfolio)
    other = unit.edition.criteria.get(code="K1")
    Claim.objects.create(version=version, enrolment=unit, criterion=other)
    edit = url_of("evidence_edit", pk=version.evidence_id)
    ticked = her.post(edit, described(tick=[str(p1.pk)]))
    assert ticked["Location"] == f"{url_of('claims', pk=version.evidence_id)}?tick={p1.pk}"
    html = her.get(ticked["Location"]).content.decode()
    assert html.count(" checked") == 2
    assert her.post(edit, described())["Location"] == url_of("evidence", pk=version.evidence_id)
    assert [each.criterion.code for each in version.claims.all()] == ["K1"]


def test_a_form_with_an_error_keeps_what_was_offered_and_ticked(
    her: Client, p1: Criterion, url_of: Callable[..., str]
) -> None:
    page = her.post(url_of("evidence_add"), described(title="", tick=[str(p1.pk)]))
    assert page.status_code == 422
    html = page.content.decode()
    assert tick(p1) in html
    assert "checked" in html[html.index(tick(p1)) :][:200]


def test_a_tick_in_the_address_of_something_else_is_no_tick(
    her: Client, unit: Enrolment, url_of: Callable[..., str]
) -> None:
    version = make_version(unit.portfolio)
    claims = url_of("claims", pk=version.evidence_id)
    for nonsense in ("x", "9" * 30, "-1", "%00"[:0], "1.5"):
        page = her.get(claims, {"tick": nonsense})
        assert page.status_code == 200
        assert " checked" not in page.content.decode()


def test_the_account_is_asked_about_at_this_address_alone(
    her: Client, cast: Cast, unit: Enrolment, url_of: Callable[..., str]
) -> None:
    html = her.get(url_of("evidence_add")).content.decode()
    address = reverse("portfolio:suggestions", kwargs={"centre": cast.centre.slug})
    assert html.count(f'hx-post="{address}"') == 2
    assert 'hx-params="account,tick"' in html
    assert her.get(url_of("suggestions")).status_code == 405
