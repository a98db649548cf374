"""What broken or hostile input does to every form and every address: a page that says no.

Each form is sent by somebody who may send it, whole but for one field, which holds something
that no honest browser sends. No answer may be a failure of ours, on either database.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse

from portfolio.models import Claim
from standards.models import Draft, MarkingPoint
from tests.architecture.access import OUTSIDE, TABLE
from tests.architecture.matrix import BACKEND, ROLES, Row, rows
from tests.architecture.world import FIVE, World, make_world
from tests.factories import make_cast

HOSTILE = {
    "NUL": "a\0b",
    "half a pair": "\ud800",
    "control characters": "a\x07\x1b[31m\u202eb",
    "a number too large for a column": "9" * 30,
    "a number too long to read": "9" * 5000,
    "below zero": "-1",
    "foreign digits": "١٢",
    "very long": "x" * 60_000,
    "markup": "<script>alert(1)</script>'\"--",
    "no such day": "2026-02-30",
    "the first year": "0001-01-01",
    "the last year": "9999-12-31",
    "placeholders": "{{ 7|add:7 }} %(x)s %s {0}",
}
ROWS = rows(TABLE)
FORMS = [row for row in ROWS if row.method == "POST"]
PAGES = [row for row in ROWS if row.method == "GET"]
THINGS = [row for row in ROWS if row.things]
OUTSIDE_ROWS = rows(OUTSIDE)
MAY = {
    200,
    204,
    302,
    409,
    412,
    422,
}  # what the table says to those who may open the form or the page
FILTERS = ("q", "text", "unit", "cohort", "assessor", "learner", "role", "state", "page", "email")
FILTERS += ("portfolio", "under_way", "more", "ready", "preview", "version", "next")


@pytest.fixture(scope="module")
def world(tmp_path_factory, django_db_setup, django_db_blocker) -> Iterator[World]:
    changed = override_settings(
        BLOB_DIR=tmp_path_factory.mktemp("blobs"),
        AXES_ENABLED=False,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    )
    with changed, django_db_blocker.unblock(), transaction.atomic():
        yield make_world(make_cast())
        transaction.set_rollback(True)


@pytest.fixture
def browsers(world: World, db: None) -> dict[str, Client]:
    """By role. They raise what the server would answer with 500."""
    found = {"": Client()}
    for role in ROLES:
        found[role] = Client()
        found[role].force_login(getattr(world.cast, role), backend=BACKEND)
    return found


def who_may(row: Row) -> list[str]:
    """One role for each answer that lets somebody in."""
    return list(
        {
            answer: role for role, answer in zip(ROLES, row.answers, strict=True) if answer in MAY
        }.values()
    )


def address(world: World, row: Row, **instead: Any) -> str:
    kwargs = {argument: world.things[thing] for argument, thing in row.things.items()}
    centre = {} if row in OUTSIDE_ROWS else {"centre": world.cast.centre.slug}
    return reverse(row.name, kwargs=kwargs | centre | instead)


class Bytes:
    """Sends bytes as they are: the test client would write them in the charset they claim."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def post(self, path: str, *, data: bytes, content_type: str) -> HttpResponse:
        return self.client.generic("POST", path, data, content_type)


def ask(client: Client | Bytes, method: str, path: str, **how: Any) -> HttpResponse:
    """The answer; whatever it changed is undone."""
    mark = transaction.savepoint()
    try:
        answer = getattr(client, method)(path, **how)
    finally:
        transaction.savepoint_rollback(mark)
    assert answer.status_code < 500
    if answer.status_code >= 400 and method != "head":
        assert answer.content, f"an empty page with {answer.status_code}"
    return answer


def as_sent(fields: dict[str, str]) -> dict[str, str]:
    body = {name: value.encode("utf-8", "surrogatepass") for name, value in fields.items()}
    return {"data": urlencode(body), "content_type": "application/x-www-form-urlencoded"}


def spoilt(fields: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    for name in fields:
        for kind, value in HOSTILE.items():
            yield f"{name}: {kind}", fields | {name: value}


EVIDENCE = {
    "title": "A call",
    "method": "account",
    "gathered_on": "2026-10-01",
    "account": "Did it.",
    "personal_data": "permission",
    "permission_note": "Ann said so.",
}
EVIDENCE |= {"uploads": "1", "take_out": "1"}
WITNESS = {"name": "Pat", "email": "lee@shop.example", "message": "The call."}
TESTIMONY = {
    "relationship": "Her supervisor",
    "job": "Manager",
    "seen_on": "2026-10-03",
    "statement": "She rang.",
    "declared": "on",
    "step": "confirm",
}
SIGNATURE = {"personal_data_checked": "on", "declared": "on", "password": "secret"}
CORRECTION = {
    "revision": "0",
    "title": "Tea",
    "urn": "TEA1",
    "approved_on": "2021",
    "review_on": "2026-03-01",
    "sqa_code": "F",
    "tips": "a tip",
    "section_0": "words",
    "c-TOTAL_FORMS": "1",
    "c-INITIAL_FORMS": "0",
    "c-0-kind": "performance",
    "c-0-code": "P9",
    "c-0-order": "9",
    "c-0-group": "",
    "c-0-text": "do it",
    "c-0-subitems": "a",
}


def filled_in(world: World) -> dict[str, dict[str, str]]:
    """What an honest browser sends, by the form's address."""
    things, cast = world.things, world.cast
    draft = {"version": str(things["draft_version"])}
    criterion = str(Claim.objects.values_list("criterion", flat=True)[0])
    points = MarkingPoint.objects.filter(guide=things["guide"]).values_list("pk", flat=True)
    edition = str(things["edition"])
    return {
        "accounts:invite": {"name": "Ann", "email": "ann@example.org", "role": "learner"},
        "accounts:person": {"role": "learner"},
        "standards:draft_add": {"text": "Performance criteria\n1. boil water\n2. warm the pot"},
        "standards:draft": CORRECTION,
        "standards:draft_publish": {"revision": "0"},
        "standards:guide_serves": {"editions": edition},
        "portfolio:evidence_add": EVIDENCE,
        "portfolio:evidence_edit": EVIDENCE | draft,
        "portfolio:suggestions": {"account": "I rang the customer.", "tick": criterion},
        "portfolio:claims": {"criterion": criterion, f"place-{criterion}": "page 2"} | draft,
        "portfolio:withdraw_draft": draft,
        "portfolio:enrol": {
            "email": cast.second_learner.email,
            "edition": edition,
            "started_on": "2026-09-01",
            "registration_number": "R-1",
            "cohort": "Autumn",
        },
        "portfolio:learners_import": {"text": "name,email,unit\nAnn,ann@example.org,TEST1"},
        "portfolio:learner_details": {"registration_number": "R-1", "cohort": "Autumn"},
        "portfolio:allocate": {"assessor": str(cast.other_assessor.pk)},
        "portfolio:witness_ask": WITNESS | {"criteria": criterion, "as_expert": "on"},
        "portfolio:expert_add": WITNESS | {"edition": edition, "competence": "Does it."},
        "testimony": TESTIMONY | {"criteria": criterion},
        "assessments:submit": draft | {"declared": "on"},
        "assessments:judge": dict.fromkeys(FIVE, "on")
        | {"outcome": "met", "reason": "Clear.", "feedback": "Good."},
        "assessments:feedback": {"feedback": "Good."},
        "assessments:add_action": {"text": "Add the date.", "due_on": "2030-01-01"},
        "assessments:accept": {"feedback": "Good.", "personal_data": "clear"},
        "assessments:return": {"feedback": "Not yet.", "personal_data": "hide"},
        "assessments:sign_off": SIGNATURE | {f"point-{pk}": "1" for pk in points},
        "assessments:countersign": SIGNATURE,
        "assessments:refuse_countersignature": {"reason": "No.", "password": "secret"},
        "reports:add": {"scope": "whole", "paper": "A4", "portfolio": str(things["portfolio"])},
        "account_login": {"login": "ann@example.org", "password": "secret"},
        "account_reset_password": {"email": "ann@example.org"},
        "invitation": dict.fromkeys(("password", "again"), "correct-horse-battery"),
    }


@pytest.mark.parametrize("row", FORMS, ids=str)
def test_no_field_breaks_a_form(row, world, browsers):
    fields = filled_in(world).get(row.name, {"anything": "at all"})
    for role in who_may(row):
        for what, sent in spoilt(fields):
            print(role, what)  # shown only with a failure
            ask(browsers[role], "post", address(world, row), **as_sent(sent))


@pytest.mark.parametrize(
    "name", ["account_login", "account_reset_password", "invitation", "testimony"]
)
def test_nor_a_form_for_people_not_signed_in(name, world, browsers):
    (row,) = [row for row in OUTSIDE_ROWS if row.name == name]
    for what, sent in spoilt(filled_in(world)[name]):
        print(what)
        ask(Client(), "post", address(world, row), **as_sent(sent))


@pytest.mark.parametrize("row", PAGES, ids=str)
def test_no_filter_breaks_a_page(row, world, browsers):
    (role, *_others) = who_may(row)
    for kind in ("half a pair", "a number too large for a column", "a number too long to read"):
        query = urlencode(dict.fromkeys(FILTERS, HOSTILE[kind].encode("utf-8", "surrogatepass")))
        ask(browsers[role], "get", f"{address(world, row)}?{query}")
    answer = ask(browsers[role], "get", address(world, row) + "?q=a%00b")
    assert answer.status_code == 400


@pytest.mark.parametrize("row", THINGS, ids=str)
def test_an_id_larger_than_any_is_not_there(row, world, browsers):
    (role, *_others) = who_may(row)
    for number in (2**31, 2**63, 10**40):
        instead = {
            argument: UUID(int=min(number, 2**128 - 1))
            if isinstance(world.things[thing], UUID)
            else number
            for argument, thing in row.things.items()
        }
        answer = ask(browsers[role], row.method.lower(), address(world, row, **instead))
        assert answer.status_code == 404


def test_a_number_with_thousands_of_digits_is_no_address(world, browsers):
    path = f"/c/{world.cast.centre.slug}/evidence/{'9' * 5000}/"
    assert ask(browsers["learner"], "get", path).status_code == 404


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_another_method_is_no_failure(row, world, browsers):
    (role, *_others) = who_may(row)
    for method in ("get", "post", "put", "patch", "delete"):
        ask(browsers[role], method, address(world, row))


@pytest.mark.parametrize("charset", ["utf-16", "rot13", "unicode_escape", "no-such-thing"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_form_in_another_encoding_is_refused(charset, kind, world, browsers):
    path = reverse("portfolio:evidence_add", kwargs={"centre": world.cast.centre.slug})
    content_type = f"{kind}; boundary=x; charset={charset}"
    body = b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\n\\ud800\xff\r\n--x--\r\n'
    learner = Bytes(browsers["learner"])
    assert ask(learner, "post", path, data=body, content_type=content_type).status_code == 400


def test_bytes_that_are_no_text_are_not_kept(world, browsers):
    path = reverse("accounts:invite", kwargs={"centre": world.cast.centre.slug})
    body = b"name=\xff\xfe%ed%a0%80&email=ann%40example.org&role=learner"
    how = {"content_type": "application/x-www-form-urlencoded"}
    ask(browsers["admin"], "post", path, data=body, **how)


@pytest.mark.parametrize(
    "broken", [b"", b"--x", b"--x\r\n\r\n", b"--y\r\nContent-Disposition: a\r\n"]
)
def test_a_form_that_breaks_off_is_no_failure(broken, world, browsers):
    path = reverse("files:upload", kwargs={"centre": world.cast.centre.slug})
    how = {"content_type": "multipart/form-data; boundary=x"}
    assert ask(browsers["learner"], "post", path, data=broken, **how).status_code in {400, 422}


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("standards:draft_add", "file"),
        ("portfolio:learners_import", "file"),
        ("portfolio:evidence_add", "files"),
        ("files:upload", "file"),
    ],
)
@pytest.mark.parametrize("sent", ["a\0b.txt", "\x07\x1b.csv", "\u202e.txt", "..", "x" * 300])
def test_no_file_name_breaks_a_form(name, field, sent, world, browsers):
    role = "learner" if "evidence" in name else "admin"
    path = reverse(name, kwargs={"centre": world.cast.centre.slug})
    content = b"name,email,unit\nAnn,ann@example.org,TEST1\nPerformance criteria\n1. boil\n2. warm"
    file = SimpleUploadedFile("x", content)
    file._name = sent  # past Django's own tidying, as a hand-made request is
    ask(browsers[role], "post", path, data=EVIDENCE | {field: file})


def test_a_title_of_a_megabyte_is_refused(world, browsers):
    path = reverse("portfolio:evidence_add", kwargs={"centre": world.cast.centre.slug})
    answer = ask(browsers["learner"], "post", path, data=EVIDENCE | {"title": "x" * 1_000_000})
    assert answer.status_code == 422
    answer = ask(browsers["learner"], "post", path, data=EVIDENCE | {"title": "x" * 6_000_000})
    assert answer.status_code in {400, 413}


def test_a_correction_with_a_code_too_long_says_so(world, browsers):
    row = next(row for row in FORMS if row.name == "standards:draft")
    sent = CORRECTION | {"c-0-code": "P" * 21}
    answer = ask(browsers["admin"], "post", address(world, row), **as_sent(sent))
    assert answer.status_code == 422
    assert "at most 20 characters" in answer.content.decode()
    assert Draft.objects.get(pk=world.things["draft"]).revision == 0


def test_a_form_without_its_token_is_refused_on_a_page_of_ours(world, db):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.cast.admin, backend=BACKEND)
    path = reverse("accounts:invite", kwargs={"centre": world.cast.centre.slug})
    answer = ask(client, "post", path, data={"name": "Ann"})
    assert answer.status_code == 403
    assert "too old to be sent" in answer.content.decode()


def test_a_wrong_method_is_answered_with_a_page(world, browsers):
    path = reverse(
        "portfolio:new_version",
        kwargs={"centre": world.cast.centre.slug, "pk": world.things["evidence"]},
    )
    answer = ask(browsers["learner"], "get", path)
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert "opened like that" in answer.content.decode()
