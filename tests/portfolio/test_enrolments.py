"""Enrolling learners, allocating assessors, and the centre's pages for both."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from accounts.models import Membership, Role, User
from ledger.models import Entry, Sealed
from ledger.transitions import TransitionRefused
from portfolio import actions, permissions
from portfolio.models import Allocation, Enrolment, Portfolio
from portfolio.workflow import EnrolmentStatus
from tests.factories import (
    Cast,
    make_claims,
    make_edition,
    make_enrolment,
    make_member,
    make_portfolio,
    make_version,
)

STARTED = date(2026, 9, 1)


def as_part(cast: Cast, part: str) -> Client:
    client = Client()
    client.force_login(cast.people()[part])
    return client


def enrol(cast: Cast, **changes: Any) -> Enrolment:
    asked = {
        "centre": cast.centre,
        "learner": cast.learner,
        "edition": changes.pop("edition", None) or make_edition(),
        "started_on": STARTED,
        "by": cast.admin,
    }
    return actions.enrol(**{**asked, **changes})


def verbs(portfolio: Portfolio) -> list[str]:
    entries = Entry.objects.filter(stream=portfolio.stream).order_by("sequence")
    return list(entries.values_list("verb", flat=True))


# Actions ----------------------------------------------------------------------------------


def test_enrolling_makes_the_portfolio_once(cast: Cast) -> None:
    first = enrol(cast, registration_number=" R-7 ", cohort="Autumn")
    second = enrol(cast)

    assert first.portfolio == second.portfolio
    first.portfolio.refresh_from_db()
    assert (first.portfolio.registration_number, first.portfolio.cohort) == ("R-7", "Autumn")
    assert verbs(first.portfolio) == ["enrolled", "enrolled"]
    facts = str(list(Entry.objects.values_list("facts", flat=True)))
    assert "R-7" not in facts  # personal, so sealed
    assert Sealed.objects.filter(name="registration_number", text="R-7").exists()


def test_a_learner_takes_an_edition_once(cast: Cast) -> None:
    edition = make_edition()
    enrol(cast, edition=edition)
    with pytest.raises(ValidationError, match="already enrolled"):
        enrol(cast, edition=edition)
    assert Enrolment.objects.count() == 1


def test_only_learners_of_the_centre_are_enrolled(cast: Cast, outsiders: Cast) -> None:
    for person in (cast.assessor, outsiders.learner):
        with pytest.raises(ValidationError, match="not a learner"):
            enrol(cast, learner=person)
    assert not Portfolio.objects.exists()


def test_only_published_editions_that_the_centre_sees(cast: Cast, outsiders: Cast) -> None:
    with pytest.raises(ValidationError, match="published unit"):
        enrol(cast, edition=make_edition(centre=outsiders.centre))
    enrol(cast, edition=make_edition(centre=cast.centre))


@pytest.mark.parametrize("field", ["registration_number", "cohort"])
def test_too_long_details_save_nothing(cast: Cast, field: str) -> None:
    with pytest.raises(ValidationError, match="too long"):
        enrol(cast, **{field: "x" * 81})
    assert not Enrolment.objects.exists()
    assert not Portfolio.objects.exists()


def test_an_assessor_is_allocated_and_taken_off(cast: Cast) -> None:
    enrolment = enrol(cast)
    allocation = actions.allocate(enrolment=enrolment, assessor=cast.assessor, by=cast.admin)
    assert Enrolment.objects.visible_to(cast.assessor).filter(pk=enrolment.pk).exists()

    actions.end_allocation(allocation=allocation, by=cast.admin)

    assert not Enrolment.objects.visible_to(cast.assessor).filter(pk=enrolment.pk).exists()
    assert verbs(enrolment.portfolio) == ["enrolled", "assessor_allocated", "allocation_ended"]
    with pytest.raises(TransitionRefused):
        actions.end_allocation(allocation=allocation, by=cast.admin)
    actions.allocate(enrolment=enrolment, assessor=cast.assessor, by=cast.admin)  # and back


def test_who_cannot_be_allocated(cast: Cast, outsiders: Cast) -> None:
    enrolment = enrol(cast)
    Membership.objects.create(centre=cast.centre, user=cast.learner, role=Role.ASSESSOR)
    learner = User.objects.get(pk=cast.learner.pk)
    cast.other_assessor.is_active = False
    refused = {
        "own work": learner,
        "not an assessor": cast.iqa,
        "not an assessor at your centre": outsiders.assessor,
        "is not an assessor": cast.other_assessor,
    }
    for said, person in refused.items():
        with pytest.raises(ValidationError, match=said):
            actions.allocate(enrolment=enrolment, assessor=person, by=cast.admin)
    actions.allocate(enrolment=enrolment, assessor=cast.trainee, by=cast.admin)
    with pytest.raises(ValidationError, match="already has"):
        actions.allocate(enrolment=enrolment, assessor=cast.trainee, by=cast.admin)
    assert Allocation.objects.count() == 1


def test_a_unit_that_is_done_is_not_allocated(cast: Cast) -> None:
    enrolment = enrol(cast)
    Enrolment.objects.filter(pk=enrolment.pk).update(status=EnrolmentStatus.SIGNED_OFF)
    with pytest.raises(TransitionRefused):
        actions.allocate(enrolment=enrolment, assessor=cast.assessor, by=cast.admin)


def test_withdrawing_and_going_on(cast: Cast) -> None:
    enrolment = enrol(cast)
    actions.withdraw_enrolment(enrolment=enrolment, by=cast.admin)
    assert enrolment.status == EnrolmentStatus.WITHDRAWN
    with pytest.raises(TransitionRefused):
        actions.withdraw_enrolment(enrolment=enrolment, by=cast.admin)
    actions.reinstate_enrolment(enrolment=enrolment, by=cast.admin)
    assert enrolment.status == EnrolmentStatus.ACTIVE
    assert verbs(enrolment.portfolio) == [
        "enrolled",
        "enrolment_withdrawn",
        "enrolment_reinstated",
    ]


def test_details_may_be_emptied(cast: Cast) -> None:
    portfolio = make_portfolio(cast.centre, cast.learner, cohort="Autumn")
    actions.edit_portfolio(portfolio=portfolio, registration_number="R-2", cohort="", by=cast.admin)
    portfolio.refresh_from_db()
    assert (portfolio.registration_number, portfolio.cohort) == ("R-2", "")
    assert verbs(portfolio) == ["learner_details_changed"]


@pytest.mark.parametrize("action", ["enrol", "allocate", "end", "withdraw", "edit"])
def test_without_the_ledger_nothing_happens(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    edition = make_edition()
    enrolment = make_enrolment(make_portfolio(cast.centre, cast.learner), edition, cast.trainee)
    allocation = enrolment.allocations.get()
    calls: dict[str, Callable[[], Any]] = {
        "enrol": lambda: enrol(cast, learner=cast.second_learner, edition=edition),
        "allocate": lambda: actions.allocate(
            enrolment=enrolment, assessor=cast.assessor, by=cast.admin
        ),
        "end": lambda: actions.end_allocation(allocation=allocation, by=cast.admin),
        "withdraw": lambda: actions.withdraw_enrolment(enrolment=enrolment, by=cast.admin),
        "edit": lambda: actions.edit_portfolio(
            portfolio=enrolment.portfolio, registration_number="R-9", cohort="", by=cast.admin
        ),
    }

    def state() -> list[Any]:
        return [
            list(Enrolment.objects.order_by("pk").values_list("pk", "status")),
            list(Allocation.objects.order_by("pk").values_list("pk", "ended_at")),
            list(Portfolio.objects.order_by("pk").values_list("pk", "registration_number")),
        ]

    def breaks(**kwargs: Any) -> None:
        raise RuntimeError("the ledger is broken")

    before = state()
    monkeypatch.setattr("portfolio.actions.enrolments.record", breaks)
    with pytest.raises(RuntimeError, match="the ledger is broken"):
        calls[action]()
    assert state() == before


# Permissions --------------------------------------------------------------------------------

STAFF = {"assessor", "other_assessor", "trainee", "iqa", "admin", "data_lead"}
TABLE: dict[str, tuple[Callable[[Enrolment], Any], set[str]]] = {
    "can_see_learners": (lambda row: row.portfolio.centre, STAFF),
    "can_enrol": (lambda row: row.portfolio.centre, {"admin"}),
    "can_edit_portfolio": (lambda row: row.portfolio, {"admin"}),
    "can_withdraw_enrolment": (lambda row: row, {"admin"}),
    "can_reinstate_enrolment": (lambda row: row, {"admin"}),
    "can_allocate": (lambda row: row, {"admin"}),
    "can_end_allocation": (lambda row: row.allocations.get(), {"admin"}),
}


@pytest.mark.parametrize("verb", TABLE)
def test_who_may(cast: Cast, outsiders: Cast, enrolment: Enrolment, verb: str) -> None:
    thing_of, expected = TABLE[verb]
    thing, may = thing_of(enrolment), getattr(permissions, verb)
    assert {part for part, one in cast.people().items() if may(one, thing)} == expected
    assert not any(may(one, thing) for one in outsiders.people().values())
    for person in cast.people().values():
        person.is_active = False
        assert not may(person, thing)


def test_actions_ask_the_same_functions(cast: Cast, enrolment: Enrolment) -> None:
    allocation = enrolment.allocations.get()
    for person in (cast.iqa, cast.assessor, cast.learner):
        with pytest.raises(PermissionDenied):
            enrol(cast, learner=cast.second_learner, by=person)
        with pytest.raises(PermissionDenied):
            actions.allocate(enrolment=enrolment, assessor=cast.trainee, by=person)
        with pytest.raises(PermissionDenied):
            actions.end_allocation(allocation=allocation, by=person)
        with pytest.raises(PermissionDenied):
            actions.withdraw_enrolment(enrolment=enrolment, by=person)
        with pytest.raises(PermissionDenied):
            actions.edit_portfolio(
                portfolio=enrolment.portfolio, registration_number="", cohort="", by=person
            )


# Pages --------------------------------------------------------------------------------------


@pytest.fixture
def admin(client: Client, cast: Cast) -> Client:
    client.force_login(cast.admin)
    return client


def found(client: Client, url: str, **query: Any) -> list[str]:
    page = client.get(url, query)
    assert page.status_code == 200
    return [each.portfolio.learner.name for each in page.context["page_obj"]]


def test_the_list_can_be_narrowed(admin: Client, cast: Cast, url_of: Callable[..., str]) -> None:
    unit, other = make_edition(urn="ABC1"), make_edition(urn="ABC2")
    first = make_portfolio(cast.centre, cast.learner, cohort="Autumn")
    second = make_portfolio(cast.centre, cast.second_learner, cohort="Spring")
    make_enrolment(first, unit, cast.assessor)
    make_enrolment(second, other, status=EnrolmentStatus.SIGNED_OFF)
    hers, his = cast.learner.name, cast.second_learner.name
    url = url_of("enrolments")

    assert sorted(found(admin, url)) == sorted([hers, his])
    assert found(admin, url, text=cast.learner.email.upper()) == [hers]
    assert sorted(found(admin, url, text="r-1")) == sorted([hers, his])
    assert found(admin, url, unit="ABC2") == [his]
    assert found(admin, url, cohort="Autumn") == [hers]
    assert found(admin, url, assessor=cast.assessor.pk) == [hers]
    assert found(admin, url, assessor="none") == [his]
    assert found(admin, url, state="signed_off") == [his]
    assert found(admin, url, unit="ABC1", state="signed_off") == []
    assert len(found(admin, url, assessor="9" * 40 + "x", page="x")) == 2
    assert found(admin, url, assessor="9" * 40) == []


def test_the_list_counts_what_is_met(
    admin: Client, cast: Cast, enrolment: Enrolment, url_of: Callable[..., str]
) -> None:
    for _ in range(2):  # met twice, by two items, is met once
        version = make_version(enrolment.portfolio)
        for claim in make_claims(version, enrolment, "P1"):
            claim.status = claim.Status.MET
            claim.save()
    (row,) = admin.get(url_of("enrolments")).context["page_obj"]
    assert (row.met, row.criteria) == (1, 3)


def test_each_sees_their_part_of_the_list(
    cast: Cast, outsiders: Cast, enrolment: Enrolment, url_of: Callable[..., str]
) -> None:
    url = url_of("enrolments")
    expected = {"admin": 1, "iqa": 1, "assessor": 1, "other_assessor": 0, "trainee": 0}
    for part, count in expected.items():
        client = as_part(cast, part)
        assert len(found(client, url)) == count, part
        assert (url_of("enrol") in client.get(url).content.decode()) is (part == "admin")
    assert as_part(cast, "learner").get(url).status_code == 403
    for part in outsiders.people():
        assert as_part(outsiders, part).get(url).status_code == 404


def test_one_enrolment_belongs_to_one_centre(
    cast: Cast, outsiders: Cast, enrolment: Enrolment, url_of: Callable[..., str]
) -> None:
    url = url_of("enrolment", pk=enrolment.pk)
    for part, status in {
        "admin": 200,
        "iqa": 200,
        "assessor": 200,
        "other_assessor": 404,
        "learner": 403,
    }.items():
        assert as_part(cast, part).get(url).status_code == status, part
    through_theirs = url.replace(cast.centre.slug, outsiders.centre.slug)
    assert as_part(outsiders, "admin").get(through_theirs).status_code == 404


def test_an_iqa_looks_and_changes_nothing(
    cast: Cast, enrolment: Enrolment, url_of: Callable[..., str]
) -> None:
    client = as_part(cast, "iqa")
    page = client.get(url_of("enrolment", pk=enrolment.pk)).content.decode()
    main = page.split("<main")[1].split("</main>")[0]
    assert "<form" not in main
    allocation = enrolment.allocations.get()
    for name, pk in {
        "allocate": enrolment.pk,
        "withdraw_enrolment": enrolment.pk,
        "reinstate_enrolment": enrolment.pk,
        "learner_details": enrolment.pk,
        "end_allocation": allocation.pk,
    }.items():
        data = {"assessor": cast.trainee.pk, "cohort": "x"}
        assert client.post(url_of(name, pk=pk), data).status_code == 403, name
    assert client.get(url_of("enrol")).status_code == 403
    assert client.get(url_of("learners_import")).status_code == 403


def test_enrolling_through_the_page(admin: Client, cast: Cast, url_of: Callable[..., str]) -> None:
    edition = make_edition()
    page = admin.get(url_of("enrol"))
    assert cast.learner.email in page.content.decode()  # suggested: has no unit yet
    data = {
        "email": cast.learner.email.upper(),
        "edition": edition.pk,
        "started_on": "2026-09-01",
        "cohort": "Autumn",
    }
    answer = admin.post(url_of("enrol"), data)
    made = Enrolment.objects.get()
    assert answer.url == url_of("enrolment", pk=made.pk)
    assert made.started_on == STARTED

    again = admin.post(url_of("enrol"), data)
    assert again.status_code == 422
    assert "already enrolled" in again.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("email", "", "Fill this in"),
        ("email", "nobody@example.org", "No learner at your centre"),
        ("edition", "0", "valid choice"),
        ("started_on", "soon", "valid date"),
        ("cohort", "x" * 81, "at most 80"),
    ],
)
def test_a_wrong_enrolment_is_422(
    admin: Client, cast: Cast, url_of: Callable[..., str], field: str, value: str, said: str
) -> None:
    data = {
        "email": cast.learner.email,
        "edition": make_edition().pk,
        "started_on": "2026-09-01",
        field: value,
    }
    answer = admin.post(url_of("enrol"), data)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Enrolment.objects.exists()


def test_a_learner_of_another_centre_is_unknown_here(
    admin: Client, cast: Cast, outsiders: Cast, url_of: Callable[..., str]
) -> None:
    data = {
        "email": outsiders.learner.email,
        "edition": make_edition().pk,
        "started_on": "2026-09-01",
    }
    answer = admin.post(url_of("enrol"), data)
    assert answer.status_code == 422
    assert "No learner at your centre" in answer.content.decode()


def test_allocating_and_taking_off_through_the_page(
    admin: Client, cast: Cast, outsiders: Cast, enrolment: Enrolment, url_of: Callable[..., str]
) -> None:
    allocate = url_of("allocate", pk=enrolment.pk)
    assert admin.get(allocate).status_code == 405
    assert admin.post(allocate, {"assessor": cast.trainee.pk}).status_code == 302
    for wrong in ("", cast.trainee.pk, cast.learner.pk, outsiders.assessor.pk, "x"):
        assert admin.post(allocate, {"assessor": wrong}).status_code == 422, wrong
    assert enrolment.allocations.filter(ended_at=None).count() == 2

    theirs = enrolment.allocations.get(assessor=cast.trainee)
    assert admin.post(url_of("end_allocation", pk=theirs.pk)).status_code == 302
    assert admin.post(url_of("end_allocation", pk=theirs.pk)).status_code == 409


def test_an_assessor_who_lost_the_role_is_marked(
    admin: Client, cast: Cast, enrolment: Enrolment, url_of: Callable[..., str]
) -> None:
    url = url_of("enrolment", pk=enrolment.pk)
    assert "no assessor here any more" not in admin.get(url).content.decode()
    Membership.objects.filter(user=cast.assessor).delete()
    assert "no assessor here any more" in admin.get(url).content.decode()


def test_details_through_the_page(
    admin: Client, enrolment: Enrolment, url_of: Callable[..., str]
) -> None:
    url = url_of("learner_details", pk=enrolment.pk)
    assert admin.post(url, {"registration_number": "R-5", "cohort": "Late"}).status_code == 302
    enrolment.portfolio.refresh_from_db()
    assert enrolment.portfolio.cohort == "Late"
    wrong = admin.post(url, {"registration_number": "R-6", "cohort": "x" * 81})
    assert wrong.status_code == 422
    enrolment.portfolio.refresh_from_db()
    assert enrolment.portfolio.registration_number == "R-5"


def test_withdrawing_through_the_page(
    admin: Client, enrolment: Enrolment, url_of: Callable[..., str]
) -> None:
    page, withdraw = (
        url_of("enrolment", pk=enrolment.pk),
        url_of("withdraw_enrolment", pk=enrolment.pk),
    )
    assert admin.post(withdraw).status_code == 302
    assert admin.post(withdraw).status_code == 409
    shown = admin.get(page).content.decode()
    assert withdraw not in shown
    assert url_of("reinstate_enrolment", pk=enrolment.pk) in shown
    assert admin.post(url_of("reinstate_enrolment", pk=enrolment.pk)).status_code == 302


def test_queries_do_not_grow(
    admin: Client, cast: Cast, url_of: Callable[..., str], django_assert_max_num_queries: Any
) -> None:
    units = [make_edition() for _ in range(4)]
    for number in range(20):
        learner = make_member(cast.centre, Role.LEARNER, f"Learner {number}")
        portfolio = make_portfolio(cast.centre, learner, cohort=f"C{number % 3}")
        for unit in units:
            row = make_enrolment(portfolio, unit, cast.assessor, cast.trainee)
    with django_assert_max_num_queries(11):
        page = admin.get(url_of("enrolments"))
    assert len(page.context["page_obj"]) == 50
    with django_assert_max_num_queries(13):
        admin.get(url_of("enrolment", pk=row.pk))
