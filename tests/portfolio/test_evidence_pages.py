"""The list of evidence, one item of it, and its files: what each person gets to see."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from assessments import actions as assessing
from assessments.models import Submission
from files.actions import receive
from portfolio import actions
from portfolio.models import Enrolment, EvidenceFile, EvidenceVersion, Portfolio
from tests.factories import (
    Cast,
    jpeg,
    make_claims,
    make_edition,
    make_enrolment,
    make_version,
    uploaded,
)

SignIn = Callable[[User], Client]
Address = Callable[..., str]
READERS = {
    "learner": 200,
    "second_learner": 404,
    "assessor": 200,
    "other_assessor": 404,
    "trainee": 404,
    "iqa": 200,
    "admin": 200,
}


def text_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def titles(client: Client, url: str, **query: str) -> list[str]:
    return [each.title for each in client.get(url, query).context["page_obj"]]


# The list


def test_an_empty_list_says_what_to_do_first(her: Client, url_of: Address) -> None:
    assert "You are not on a unit yet" in text_of(her, url_of("evidence_list"))


def test_a_learner_without_evidence_is_asked_for_the_first(
    her: Client, url_of: Address, enrolment: Enrolment
) -> None:
    assert "Add your first evidence" in text_of(her, url_of("evidence_list"))


def test_the_list_shows_the_newest_version_of_each_item(
    her: Client, cast: Cast, url_of: Address, sent_back: Submission
) -> None:
    draft = actions.new_version(evidence=sent_back.version.evidence, by=cast.learner)
    make_version(draft.evidence.portfolio, title="Second")
    response = her.get(url_of("evidence_list"))
    found = [(v.evidence.number, v.number, v.status) for v in response.context["page_obj"]]
    assert found == [(2, 1, "draft"), (1, 2, "draft")]


@pytest.fixture
def three(portfolio: Portfolio, enrolment: Enrolment) -> Enrolment:
    """Three items: a draft, one accepted for the first unit, one submitted for a second."""
    make_version(portfolio, title="Letter", account="To Mrs Bell")
    make_claims(make_version(portfolio, title="Call", status="accepted"), enrolment)
    second = make_enrolment(portfolio, make_edition())
    make_claims(make_version(portfolio, title="Photo", status="submitted"), second)
    return second


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["Photo", "Call", "Letter"]),
        ({"state": "accepted"}, ["Call"]),
        ({"state": "withdrawn"}, []),
        ({"state": "nonsense"}, ["Photo", "Call", "Letter"]),
        ({"q": "LETT"}, ["Letter"]),
        ({"q": "bell"}, ["Letter"]),
        ({"q": "2"}, ["Call"]),
        ({"q": "9" * 30}, []),
        ({"q": "nothing"}, []),
        ({"unit": "0"}, ["Photo", "Call", "Letter"]),
        ({"page": "99"}, ["Photo", "Call", "Letter"]),
    ],
)
def test_the_list_is_narrowed(
    her: Client, url_of: Address, three: Enrolment, query: dict[str, str], found: list[str]
) -> None:
    assert titles(her, url_of("evidence_list"), **query) == found


def test_the_list_is_narrowed_to_a_unit(her: Client, url_of: Address, three: Enrolment) -> None:
    assert titles(her, url_of("evidence_list"), unit=str(three.pk)) == ["Photo"]


def test_what_was_withdrawn_is_listed_when_asked_for(
    her: Client, cast: Cast, url_of: Address, portfolio: Portfolio
) -> None:
    version = make_version(portfolio, title="Given up")
    actions.withdraw_draft(version=version, by=cast.learner)
    assert titles(her, url_of("evidence_list")) == []
    assert titles(her, url_of("evidence_list"), state="withdrawn") == ["Given up"]
    assert her.get(url_of("evidence", pk=version.evidence_id)).status_code == 200


def test_a_long_list_has_pages(her: Client, url_of: Address, portfolio: Portfolio) -> None:
    for _ in range(26):
        make_version(portfolio)
    assert len(titles(her, url_of("evidence_list"))) == 25
    assert titles(her, url_of("evidence_list"), page="2") == ["Evidence 1"]


def test_only_learners_have_a_list(cast: Cast, signed_in: SignIn, url_of: Address) -> None:
    for part in ("assessor", "trainee", "iqa", "admin"):
        response = signed_in(getattr(cast, part)).get(url_of("evidence_list"))
        assert response.status_code == 403, part


# One item


def test_a_draft_is_the_learners_alone(
    cast: Cast, outsiders: Cast, signed_in: SignIn, url_of: Address, enrolment: Enrolment
) -> None:
    version = make_version(enrolment.portfolio)
    for name, extra in (("evidence", {}), ("evidence_version", {"number": 1})):
        url = url_of(name, pk=version.evidence_id, **extra)
        for part, person in cast.people().items():
            status = 200 if part == "learner" else 404
            assert signed_in(person).get(url).status_code == status, part
            assert signed_in(getattr(outsiders, part)).get(url).status_code == 404


def test_who_may_read_what_was_submitted_and_nobody_gets_controls(
    cast: Cast, outsiders: Cast, signed_in: SignIn, url_of: Address, sent_back: Submission
) -> None:
    url = url_of("evidence", pk=sent_back.version.evidence_id)
    for part, status in READERS.items():
        response = signed_in(getattr(cast, part)).get(url)
        assert response.status_code == status, part
        controls = b"Make a new version" in response.content
        assert controls is (part == "learner"), part
        assert signed_in(getattr(outsiders, part)).get(url).status_code == 404


def test_others_go_on_reading_the_submitted_version_while_a_new_one_is_drafted(
    cast: Cast, her: Client, signed_in: SignIn, url_of: Address, sent_back: Submission
) -> None:
    item = sent_back.version.evidence
    actions.new_version(evidence=item, by=cast.learner)
    EvidenceVersion.objects.filter(number=2).update(title="Still secret")
    assert "Still secret" in text_of(her, url_of("evidence", pk=item.pk))
    theirs = text_of(signed_in(cast.assessor), url_of("evidence", pk=item.pk))
    assert "Still secret" not in theirs
    assert "Call with Mr Hale" in theirs
    hidden = url_of("evidence_version", pk=item.pk, number=2)
    assert signed_in(cast.assessor).get(hidden).status_code == 404
    assert her.get(hidden).status_code == 200


def test_a_returned_item_shows_the_decision_and_what_to_do(
    her: Client, url_of: Address, sent_back: Submission
) -> None:
    page = text_of(her, url_of("evidence", pk=sent_back.version.evidence_id))
    for words in (
        "Returned for",
        "Nearly there.",
        "Ask him how it went",
        "Say what came of it.",
        "Ben Osei",
        "Make a new version",
        "You declared this as your own work",
    ):
        assert words in page


def test_an_old_version_is_read_as_it_was(
    her: Client, cast: Cast, url_of: Address, sent_back: Submission
) -> None:
    item = sent_back.version.evidence
    actions.new_version(evidence=item, by=cast.learner)
    old = text_of(her, url_of("evidence_version", pk=item.pk, number=1))
    assert "You are reading version 1." in old
    assert "Go to version 2, the newest" in old
    assert "Make a new version" not in old
    assert her.get(url_of("evidence_version", pk=item.pk, number=3)).status_code == 404


@pytest.mark.parametrize("status", EvidenceVersion.Status.values)
def test_every_state_has_its_page(
    her: Client, url_of: Address, portfolio: Portfolio, status: str
) -> None:
    version = make_version(portfolio, status=status)
    page = text_of(her, url_of("evidence", pk=version.evidence_id))
    assert f'data-state="{status}"' in page
    assert ("Withdraw this draft" in page) is (status == "draft")


@pytest.mark.parametrize(
    ("account", "codes", "words"),
    [
        ("", [], "say what you did or add a file"),
        ("I did.", [], "claim at least one criterion"),
        ("I did.", ["P1"], "I declare this."),
    ],
)
def test_a_draft_says_what_is_missing_or_asks_for_the_declaration(
    her: Client,
    url_of: Address,
    enrolment: Enrolment,
    account: str,
    codes: list[str],
    words: str,
) -> None:
    version = make_version(enrolment.portfolio, account=account)
    if codes:
        make_claims(version, enrolment, *codes)
    page = text_of(her, url_of("evidence", pk=version.evidence_id))
    assert words in page
    assert ('name="declared"' in page) is bool(codes)


def test_the_account_keeps_its_form(her: Client, url_of: Address, cast: Cast) -> None:
    portfolio = Portfolio.objects.create(centre=cast.centre, learner=cast.learner)
    version = actions.create_evidence(
        portfolio=portfolio,
        title="<b>x</b>",
        method="account",
        gathered_on=portfolio.created_at.date(),
        account="- one\n- **two**\n\n<script>alert(1)</script>",
        uploads=[],
        by=cast.learner,
    )
    page = text_of(her, url_of("evidence", pk=version.evidence_id))
    assert "<li><strong>two</strong>" in page
    assert "<script>alert" not in page
    assert "<b>x</b>" not in page


# Files


@pytest.fixture
def photo(cast: Cast, enrolment: Enrolment) -> EvidenceFile:
    """A photo in a draft, whose copy for others differs from it."""
    upload = receive(file=uploaded("desk.jpg"), centre=cast.centre, by=cast.learner)
    version = make_version(enrolment.portfolio)
    plain = uploaded("copy.jpg", jpeg(colour="navy"))
    copy = receive(file=plain, centre=cast.centre, by=cast.learner)
    upload.blob.shown_as = copy.blob
    upload.blob.save()
    return EvidenceFile.objects.create(version=version, blob=upload.blob, name="desk.jpg", order=1)


def body(response: object) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_the_learner_gets_what_she_sent_and_others_the_copy(
    cast: Cast, her: Client, signed_in: SignIn, url_of: Address, photo: EvidenceFile
) -> None:
    url = url_of("file", pk=photo.pk)
    assert signed_in(cast.assessor).get(url).status_code == 404  # still a draft
    make_claims(photo.version, Enrolment.objects.get(), "P1")
    assessing.submit(version=photo.version, declared=True, by=cast.learner)
    original = body(her.get(url))
    copy = body(her.get(url, {"preview": "1"}))
    assert original != copy
    for part in ("assessor", "iqa", "admin"):
        assert body(signed_in(getattr(cast, part)).get(url)) == copy, part


def test_a_file_is_shown_or_saved(her: Client, url_of: Address, photo: EvidenceFile) -> None:
    url = url_of("file", pk=photo.pk)
    assert her.get(url)["Content-Disposition"].startswith("inline")
    assert her.get(url, {"download": "1"})["Content-Disposition"].startswith("attachment")
    assert her.get(url)["X-Content-Type-Options"] == "nosniff"


def test_a_file_is_asked_about_without_being_sent(
    her: Client, url_of: Address, photo: EvidenceFile
) -> None:
    url = url_of("file", pk=photo.pk)
    asked = her.head(url)
    assert asked.status_code == 200
    assert asked["Content-Length"] == str(len(body(her.get(url))))
    assert her.post(url).status_code == 405


def test_nobody_else_gets_a_file(
    cast: Cast, outsiders: Cast, signed_in: SignIn, url_of: Address, photo: EvidenceFile
) -> None:
    url = url_of("file", pk=photo.pk)
    for part, person in cast.people().items():
        if part != "learner":
            assert signed_in(person).get(url).status_code == 404, part
        assert signed_in(getattr(outsiders, part)).get(url).status_code == 404, part
    assert Client().get(url).status_code == 302
